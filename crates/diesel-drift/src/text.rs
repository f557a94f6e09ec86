//! Names and texts from elsewhere, for people.

use std::ops::RangeInclusive;

/// A name for people: bare where it is plain, else in double quotes, and [`visible`].
pub fn show_name(name: &str) -> String {
    let plain = |c: char| c == '_' || c == '$' || c.is_ascii_alphanumeric();
    if !name.is_empty() && name.chars().all(plain) {
        return name.to_owned();
    }
    format!(
        "\"{}\"",
        visible(&name.replace('\\', "\\\\").replace('"', "\"\""))
            .replace('\n', "\\u{a}")
            .replace('\t', "\\u{9}")
    )
}

/// Text from elsewhere for a terminal: control characters but line feeds and tabs, and characters that change or hide the text around
/// them, escaped as Rust does.
pub fn visible(text: &str) -> String {
    let escape = |c: char| match c {
        c if !['\n', '\t'].contains(&c) && is_misleading(c) => format!("\\u{{{:x}}}", c as u32),
        c => c.to_string(),
    };
    text.replace("\r\n", "\n").chars().map(escape).collect()
}

/// Control characters, spaces other than the plain one, zero-width characters, and marks that change the direction of text.
pub(crate) fn is_misleading(c: char) -> bool {
    const RANGES: [RangeInclusive<char>; 12] = [
        '\u{a0}'..='\u{a0}',
        '\u{ad}'..='\u{ad}',
        '\u{61c}'..='\u{61c}',
        '\u{180e}'..='\u{180e}',
        '\u{2000}'..='\u{200f}',
        '\u{2028}'..='\u{202f}',
        '\u{205f}'..='\u{206f}',
        '\u{3000}'..='\u{3000}',
        '\u{fe00}'..='\u{fe0f}',
        '\u{feff}'..='\u{feff}',
        '\u{fff9}'..='\u{fffb}',
        '\u{e0000}'..='\u{e0fff}',
    ];
    c.is_control() || RANGES.iter().any(|range| range.contains(&c))
}

/// A text as a basic string of TOML, on one line whatever it holds.
pub(crate) fn toml_string(text: &str) -> String {
    // JSON's escapes are TOML's, which alone also wants DEL escaped.
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

/// `1 table`, `2 tables`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The name that is nearly `text`, where one is; else the only one of whose words it is one, or that begins so.
pub(crate) fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.7;
    const SHORTEST_BEGINNING: usize = 3;
    let text = text.to_lowercase();
    let names: Vec<&str> = names.into_iter().collect();
    let has_it = |name: &&&str| name.split(['_', '-']).any(|word| word == text);
    let of_word = || match names.iter().filter(has_it).collect::<Vec<_>>()[..] {
        [only] => Some(*only),
        _ => None,
    };
    let begins = || match names
        .iter()
        .filter(|name| name.starts_with(&text))
        .collect::<Vec<_>>()[..]
    {
        [only] if text.len() >= SHORTEST_BEGINNING => Some(*only),
        _ => None,
    };
    let scored = names.iter().map(|name| {
        let score = strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &text);
        (score, name)
    });
    (scored.filter(|(score, _)| *score >= ALIKE))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| *name)
        .or_else(of_word)
        .or_else(begins)
}

/// The name that `text` is but for a letter or two, of five at least. What goes on where another ends, `orders`, is a name of its own.
pub(crate) fn misspelt<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const SHORTEST: usize = 5;
    const FARTHEST: usize = 2;
    const ALIKE: f64 = 0.7;
    if text.len() < SHORTEST {
        return None;
    }
    let is_near = |name: &&str| {
        let goes_on = [(text, *name), (*name, text)]
            .iter()
            .any(|(long, short)| long.starts_with(short) || long.ends_with(short));
        !goes_on
            && strsim::damerau_levenshtein(text, name) <= FARTHEST
            && strsim::normalized_damerau_levenshtein(text, name) >= ALIKE
    };
    (names.into_iter().filter(is_near)).min_by_key(|name| strsim::damerau_levenshtein(text, name))
}

/// ` (did you mean `x`?)`, for the name of `names` that `text` nearly is; nothing where there is none.
pub(crate) fn proposed<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let found = nearest(text, names);
    found.map_or_else(String::new, |name| {
        format!(" (did you mean `{}`?)", visible(name))
    })
}

/// The last lines of a text, at most `count`; blank ones are left out.
pub(crate) fn last_lines(text: &str, count: usize) -> Vec<&str> {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_mislead_are_quoted_and_escaped() {
        assert_eq!(show_name("posts"), "posts");
        assert_eq!(show_name("two words"), "\"two words\"");
        assert_eq!(show_name("a.b"), "\"a.b\"");
        assert_eq!(show_name("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(show_name("line\nbreak"), "\"line\\u{a}break\"");
        assert_eq!(show_name("evil\u{202e}txt"), "\"evil\\u{202e}txt\"");
        assert_eq!(show_name("café"), "\"café\"");
        assert_eq!(show_name(""), "\"\"");
    }

    #[test]
    fn what_is_misspelt_gets_the_name_that_was_meant() {
        let names = ["foreign-key", "primary-key", "table"];
        assert_eq!(nearest("foreign_key", names), Some("foreign-key"));
        assert_eq!(nearest("Tables", names), Some("table"));
        assert_eq!(nearest("anything", names), None);
        assert_eq!(nearest("foreign", names), Some("foreign-key"));
        assert_eq!(nearest("prim", names), Some("primary-key"));
        assert_eq!(nearest("key", names), None);
        assert_eq!(proposed("tabel", names), " (did you mean `table`?)");
    }

    #[test]
    fn the_end_is_kept_without_blank_lines() {
        assert_eq!(last_lines("a\n\n b\r\nc\n \n", 2), [" b", "c"]);
        assert_eq!(last_lines("a", 2), ["a"]);
        assert!(last_lines("\n", 2).is_empty());
    }

    #[test]
    fn a_string_of_toml_is_read_as_it_was() {
        for text in ["plain", "a\nb\r\t\"x\" \\", "\u{7f}\u{1}\0\u{202e}😀"] {
            let table: toml::Table = toml::from_str(&format!("{} = 1", toml_string(text))).unwrap();
            assert_eq!(table.keys().collect::<Vec<_>>(), [text]);
            assert_eq!(toml_string(text).lines().count(), 1);
        }
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(
            visible("a\x1b[2J\u{202e}\r\nü\t"),
            "a\\u{1b}[2J\\u{202e}\nü\t"
        );
    }
}
