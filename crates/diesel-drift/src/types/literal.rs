//! Names, texts and comments of a database as TypeScript writes them. They are data: none can end its literal or comment early, and
//! what hides or turns text around is escaped.

use crate::text::{is_misleading, visible};

/// A string literal.
pub(super) fn string(text: &str) -> String {
    let escape = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if is_misleading(c) => format!("\\u{{{:x}}}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// The name of a property: bare where it can be. Keywords can.
pub(super) fn property(name: &str) -> String {
    let start = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    match name {
        // In an object literal any other form sets the prototype.
        "__proto__" => "[\"__proto__\"]".to_owned(),
        bare if bare.starts_with(start) && bare.chars().all(|c| start(c) || c.is_ascii_digit()) => {
            bare.to_owned()
        }
        quoted => string(quoted),
    }
}

/// A doc comment, `indent` deep, with its line feed. Of paragraphs that are empty nothing is said.
pub(super) fn doc_comment(paragraphs: &[&str], indent: &str) -> String {
    let text = paragraphs
        .iter()
        .map(|paragraph| paragraph.trim())
        .filter(|paragraph| !paragraph.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    // A comment can also speak to the compiler.
    let text = visible(&text)
        .replace("*/", "*\\/")
        .replace("@ts-", "\\@ts-");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    match lines[..] {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        ref lines => {
            let lines = lines.iter().map(|line| format!("{indent} * {line}"));
            let lines: Vec<_> = lines
                .map(|line| line.trim_end().to_owned() + "\n")
                .collect();
            format!("{indent}/**\n{}{indent} */\n", lines.concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_literal() {
        for (text, literal) in [
            ("plain", r#""plain""#),
            ("say \"hi\"\\", r#""say \"hi\"\\""#),
            ("two\r\nlines\t", r#""two\r\nlines\t""#),
            ("\u{2028}\u{202e}\u{0}", r#""\u{2028}\u{202e}\u{0}""#),
            ("é😀`${x}`", "\"é😀`${x}`\""),
        ] {
            assert_eq!(string(text), literal);
        }
    }

    #[test]
    fn properties_are_quoted_where_they_must_be() {
        for (name, written) in [
            ("created_at", "created_at"),
            ("class", "class"),
            ("$1", "$1"),
            ("1st", "\"1st\""),
            ("two words", "\"two words\""),
            ("", "\"\""),
            ("é", "\"é\""),
            ("__proto__", "[\"__proto__\"]"),
        ] {
            assert_eq!(property(name), written);
        }
    }

    #[test]
    fn comments_cannot_end_early_nor_speak_to_the_compiler() {
        assert_eq!(doc_comment(&["", " "], ""), "");
        assert_eq!(doc_comment(&["one", ""], "  "), "  /** one */\n");
        assert_eq!(
            doc_comment(&["a */ b", "c  \n\n@ts-ignore\u{1b}"], ""),
            "/**\n * a *\\/ b\n *\n * c\n *\n * \\@ts-ignore\\u{1b}\n */\n"
        );
    }
}
