//! Names and texts as Markdown: whatever they hold, they are shown as they are and break nothing around them.
//!
//! What is escaped is escaped by a rule of CommonMark or of GitHub's tables, and every block is on one line, so that no line of a
//! text can be taken for another block.

use crate::text::{is_misleading, show_name, visible};

/// SQL, a type or a name as it is, in the face of code, on one line.
pub(super) fn code(text: &str) -> String {
    let one_line = match text.contains('\n') {
        true => text.lines().map(trimmed).collect::<Vec<_>>().join(" "),
        false => text.to_owned(),
    };
    let text = visible(&one_line).replace('\t', " ");
    let simple = |c: char| !matches!(c, '`' | '|');
    if text.chars().all(simple) && !text.is_empty() && trimmed(&text) == text {
        return format!("`{text}`");
    }
    // A code span has no escapes, and a table's cell ends at a `|` in one.
    let escaped: String = with_neighbours(&text)
        .map(|(before, c, after)| match c {
            '_' if is_in_word(before, after) => c.to_string(),
            c if c.is_alphanumeric() || " -.,()'\"=:;+%^?".contains(c) => c.to_string(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            c => format!("&#{};", c as u32),
        })
        .collect();
    format!("<code>{escaped}</code>")
}

/// Each character, with those before and after it.
fn with_neighbours(text: &str) -> impl Iterator<Item = (char, char, char)> {
    let before = std::iter::once(' ').chain(text.chars());
    let after = text.chars().skip(1).chain(std::iter::once(' '));
    before
        .zip(text.chars())
        .zip(after)
        .map(|((before, c), after)| (before, c, after))
}

/// Whether a `_` there is a letter, and no emphasis.
fn is_in_word(before: char, after: char) -> bool {
    before.is_alphanumeric() && after.is_alphanumeric()
}

/// Without white space at its ends that nobody could see; other white space than this is shown escaped.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace())
}

/// A raw name in the face of code.
pub(super) fn name(name: &str) -> String {
    code(&show_name(name))
}

/// Raw names, in the face of code and with commas.
pub(super) fn names(names: &[String]) -> String {
    joined(names.iter().map(|raw| name(raw)))
}

/// Texts with commas.
pub(super) fn joined(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

/// A comment as one line of prose, for a paragraph or a cell; `` `x` `` in it is code, as whoever writes that means it.
pub(super) fn prose(text: &str) -> String {
    let lines = trimmed(text).lines().map(|line| {
        let parts: Vec<_> = trimmed(line).split('`').collect();
        let paired = parts.len() % 2 == 1
            && parts
                .iter()
                .skip(1)
                .step_by(2)
                .all(|it| !trimmed(it).is_empty());
        match paired {
            true => (parts.iter().enumerate())
                .map(|(place, part)| match place % 2 {
                    0 => escaped(part),
                    _ => code(trimmed(part)),
                })
                .collect(),
            false => escaped(trimmed(line)),
        }
    });
    let text = lines.collect::<Vec<String>>().join("<br>");
    // What begins a block does so at the beginning of its line only.
    let marker = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let begins_list = marker.len() < text.len() && marker.starts_with(['.', ')']);
    match text.chars().next() {
        Some('#' | '-' | '+' | '=' | ':') => format!("\\{text}"),
        _ if begins_list => {
            let digits = text.len() - marker.len();
            format!("{}\\{marker}", &text[..digits])
        }
        _ => text,
    }
}

fn escaped(text: &str) -> String {
    let escape = |(before, c, after)| match c {
        '_' if is_in_word(before, after) => c.to_string(),
        '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => format!("\\{c}"),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        // What GitHub takes for mathematics.
        '$' => "<span>$</span>".to_owned(),
        '\t' | '\u{a0}' => " ".to_owned(),
        // Emoji are made of several characters with these.
        '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => c.to_string(),
        c if is_misleading(c) => format!("\\\\u{{{:x}}}", c as u32),
        c => c.to_string(),
    };
    with_neighbours(text).map(escape).collect()
}

/// A block of SQL, in the face of code and with its lines.
pub(super) fn block(language: &str, text: &str) -> String {
    let text = visible(text.trim_matches('\n'));
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    let lines = text.lines().map(|line| line.trim_end().to_owned() + "\n");
    format!("{fence}{language}\n{}{fence}\n", lines.collect::<String>())
}

/// The text without what is in blocks of a language, but with the blocks.
pub(super) fn without_blocks(language: &str, text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut kept = String::new();
    for line in text.lines() {
        let closes = fence.is_some_and(|fence| line == fence);
        if closes {
            fence = None;
        } else if fence.is_some() {
            continue;
        } else if let Some(ticks) = line.strip_suffix(language)
            && ticks.len() >= 3
            && ticks.chars().all(|c| c == '`')
        {
            fence = Some(ticks);
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// A table. Columns and rows without anything in them are left out, and of an empty table nothing is left.
pub(super) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<const N: usize>(
        headings: [&'static str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }

    /// The table and an empty line; nothing where it has no rows.
    pub fn write(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let used: Vec<usize> = (0..self.headings.len())
            .filter(|&column| self.rows.iter().any(|row| !row[column].is_empty()))
            .collect();
        let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
        let headings = line(used.iter().map(|&column| self.headings[column]).collect());
        let rule = format!("|{}\n", "---|".repeat(used.len()));
        let rows = self.rows.iter();
        let rows: String = rows
            .map(|row| line(used.iter().map(|&column| row[column].as_str()).collect()))
            .collect();
        format!("{headings}{rule}{rows}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    #[test]
    fn code_is_a_span_where_that_can_hold_it() {
        assert_eq!(code("'eu'::text"), "`'eu'::text`");
        assert_eq!(code("a\n    OR b"), "`a OR b`");
        assert_eq!(code("C:\\"), "`C:\\`");
        assert_eq!(code("a || b"), "<code>a &#124;&#124; b</code>");
        assert_eq!(code("`<b>"), "<code>&#96;&lt;b&gt;</code>");
        assert_eq!(code("_a|b_c"), "<code>&#95;a&#124;b_c</code>");
        assert_eq!(code(" "), "<code> </code>");
    }

    #[test]
    fn names_are_shown_as_reports_show_them() {
        assert_eq!(name("repos"), "`repos`");
        assert_eq!(name("two words"), "`\"two words\"`");
        assert_eq!(name("a\n\u{202e}b"), "`\"a\\u{a}\\u{202e}b\"`");
        assert_eq!(name("a|b"), "<code>\"a&#124;b\"</code>");
        assert_eq!(name("\u{200b}"), "`\"\\u{200b}\"`");
    }

    #[test]
    fn prose_is_shown_as_it_was_written() {
        assert_eq!(prose("Repositories, in words."), "Repositories, in words.");
        assert_eq!(prose("See `repos.id`."), "See `repos.id`.");
        assert_eq!(prose("one ` only"), "one \\` only");
        assert_eq!(
            prose("*a* _b_ [c](d) <script> &amp;"),
            "\\*a\\* \\_b\\_ \\[c\\](d) &lt;script&gt; &amp;amp;"
        );
        assert_eq!(
            prose("executor_id of __all__"),
            "executor_id of \\_\\_all\\_\\_"
        );
        assert_eq!(prose("a|b\n\nc"), "a\\|b<br><br>c");
        assert_eq!(prose("# no heading"), "\\# no heading");
        assert_eq!(prose("2026. A year"), "2026\\. A year");
        assert_eq!(prose("- no list"), "\\- no list");
        assert_eq!(prose("evil\u{202e}txt"), "evil\\\\u{202e}txt");
        assert_eq!(prose("❤\u{fe0f}"), "❤\u{fe0f}");
        assert_eq!(prose("$1 or $2"), "<span>$</span>1 or <span>$</span>2");
    }

    #[test]
    fn a_block_holds_any_fence() {
        assert_eq!(
            block("sql", " SELECT 1\n   FROM t;\n"),
            "```sql\n SELECT 1\n   FROM t;\n```\n"
        );
        let hostile = block("sql", "'\n````\n'");
        assert_eq!(hostile, "`````sql\n'\n````\n'\n`````\n");
        let page = format!("a\n{hostile}b\n```mermaid\nc\n```\n");
        let bare = "a\n`````sql\n`````\nb\n```mermaid\nc\n```\n";
        assert_eq!(without_blocks("sql", &page), bare);
    }

    #[test]
    fn a_table_has_what_there_is() {
        let row = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        let table = Table::new(["A", "B"], [row("1", ""), row("2", "")]);
        assert_eq!(table.write(), "| A |\n|---|\n| 1 |\n| 2 |\n\n");
        assert_eq!(Table::new(["A", "B"], []).write(), "");
    }

    /// What a reader sees in the cells of a page's only table, as a parser of GitHub's Markdown has it; anything but text and the
    /// elements that are written here is no cell.
    fn cells(page: &str) -> Result<Vec<String>, String> {
        let mut cells = Vec::new();
        let mut cell = None;
        for event in Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match (event, &mut cell) {
                (Event::Start(Tag::TableCell), _) => cell = Some(String::new()),
                (Event::End(TagEnd::TableCell), _) => cells.extend(cell.take()),
                (Event::Text(text) | Event::Code(text), Some(cell)) => cell.push_str(&text),
                (Event::InlineHtml(html), Some(cell)) if *html == *"<br>" => cell.push('\n'),
                (Event::InlineHtml(html), Some(_))
                    if ["<code>", "</code>", "<span>", "</span>"].contains(&&*html) => {}
                (Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow), None)
                | (Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow), None) => {}
                (other, _) => return Err(format!("{other:?}")),
            }
        }
        Ok(cells)
    }

    fn any_text() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            prop::sample::select(vec![
                "|",
                "`",
                "``",
                "\\",
                "*",
                "_",
                "~~",
                "[a](b)",
                "![a](b)",
                "<script>",
                "-->",
                "&lt;",
                "$",
                "#",
                "- ",
                "1. ",
                "\n",
                "\r\n",
                "\n\n",
                "    ",
                "\u{202e}",
                "\u{200b}",
                "🎉",
                "e\u{301}",
                "<b>",
                "http://a.b",
                "\t",
                "{",
                "'",
                "\"",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,3}",
        ];
        prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
    }

    /// Text without its white space, which a page may have more or less of.
    fn seen(text: &str) -> String {
        text.split_whitespace().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_cell_shows_any_text_and_nothing_else(text in any_text()) {
            let row = [format!("x{}", code(&text)), format!("x{}", name(&text)), format!("x{}", prose(&text)), prose(&text)];
            let full = ["1", "2", "3", "4"].map(str::to_owned);
            let page = Table::new(["A", "B", "C", "D"], [row, full]).write();
            let cells = cells(&page).map_err(TestCaseError::fail)?;
            prop_assert_eq!(cells.len(), 12, "{}", page);
            prop_assert_eq!(seen(&cells[4]), seen(&format!("x{}", visible(&text))), "{}", page);
            prop_assert_eq!(seen(&cells[5]), seen(&format!("x{}", show_name(&text))), "{}", page);
            let escaped: String = (trimmed(&text).replace("\r\n", "\n").replace('\u{a0}', " ").chars())
                .map(|c| match c {
                    '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => c.to_string(),
                    c => visible(&c.to_string()),
                })
                .collect();
            // Backticks in pairs make code.
            let words = |text: &str| seen(&text.replace('`', " "));
            prop_assert_eq!(words(&cells[7]), words(&escaped), "{}", page);
        }
    }
}
