//! Which tables an SQL text names.

use std::sync::LazyLock;

use regex::Regex;

use crate::migrate::uncommented;

/// A table's name as the text has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) name: String,
    /// Whether its rows are written.
    pub(super) is_written: bool,
}

const NAME: &str = r#"((?:"[^"]+"|[A-Za-z_]\w*)(?:\.(?:"[^"]+"|[A-Za-z_]\w*))?)"#;

/// Words behind which a table's rows are written.
const WRITES: &str = r"insert\s+into|merge\s+into|update|delete\s+from|truncate(?:\s+table)?|copy";

/// Words behind which a table's rows are read; they are words of sentences, too.
const READS: [&str; 3] = ["from", "join", "using"];

struct Grammar {
    first: Regex,
    next: Regex,
}

static GRAMMAR: LazyLock<Option<Grammar>> = LazyLock::new(|| {
    let reads = READS.join("|");
    let first = format!(r"(?i)\b({WRITES}|{reads})\s+(?:only\s+)?{NAME}");
    // `from posts as p, users`: behind a name and what it is called here, another.
    let next = format!(
        r#"(?i)^\s*\*?\s*(?:(?:as\s+)?(?:"[^"]+"|[a-z_]\w*))?\s*,\s*(?:lateral\s+)?(?:only\s+)?{NAME}"#
    );
    Some(Grammar {
        first: Regex::new(&first).ok()?,
        next: Regex::new(&next).ok()?,
    })
});

/// The tables that a text names where SQL has tables. What it calls otherwise, such as a common table expression, is among them.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let Some(grammar) = GRAMMAR.as_ref() else {
        return Vec::new();
    };
    let text = uncommented(text);
    let lower = text.to_lowercase();
    let is_query = ["select", "delete", "update", "merge into"]
        .iter()
        .any(|verb| lower.contains(verb));
    let mut mentions = Vec::new();
    for found in grammar.first.captures_iter(&text) {
        let (Some(verb), Some(name)) = (found.get(1), found.get(2)) else {
            continue;
        };
        let verb = verb.as_str().to_ascii_lowercase();
        let is_read = READS.contains(&verb.as_str());
        if is_read && !is_query {
            continue;
        }
        let mut push = |name: &str| {
            mentions.push(Mention {
                name: name.to_owned(),
                is_written: !is_read,
            });
        };
        push(name.as_str());
        // Elsewhere a comma is another thing's: of values, or of what is set.
        if !is_read && !verb.starts_with("truncate") {
            continue;
        }
        let mut at = name.end();
        while let Some(next) = (grammar.next.captures(&text[at..])).and_then(|next| next.get(1)) {
            push(next.as_str());
            at += next.end();
        }
    }
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("SELECT 1 FROM posts p, users AS u WHERE true", "", "posts users")]
    #[case("SELECT 1 FROM a,b , ONLY c, LATERAL d", "", "a b c d")]
    #[case("SELECT a, b FROM ONLY x ORDER BY a, b", "", "x")]
    #[case("SELECT 1 FROM x JOIN y USING (id), z", "", "x y")]
    #[case("DELETE FROM ONLY tags USING posts, users u", "tags", "posts users")]
    #[case(
        "MERGE INTO a USING app.\"b\" AS s ON true WHEN MATCHED THEN DO NOTHING",
        "a",
        "app.\"b\""
    )]
    #[case("MERGE INTO ONLY a USING (SELECT 1 FROM c) s ON true", "a", "c")]
    #[case("TRUNCATE TABLE ONLY a, b CASCADE", "a b", "")]
    #[case("INSERT INTO a SELECT x, y FROM b", "a", "b")]
    #[case("UPDATE ONLY a SET x = 1, y = 2 FROM b", "a", "b")]
    #[case("SELECT 1 -- FROM a\nFROM b", "", "b")]
    #[case("a letter from posts, users and tags", "", "")]
    fn a_text_names_tables(#[case] text: &str, #[case] writes: &str, #[case] reads: &str) {
        let named = |is_written: bool| -> Vec<String> {
            let mentions = mentions(text).into_iter();
            mentions
                .filter(|mention| mention.is_written == is_written && mention.name != "SET")
                .map(|mention| mention.name)
                .collect()
        };
        assert_eq!(
            (named(true).join(" "), named(false).join(" ")),
            (writes.into(), reads.into())
        );
    }
}
