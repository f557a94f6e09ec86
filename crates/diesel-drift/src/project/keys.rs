//! The keys of `drift.toml`, read before what they hold: serde names neither what was meant nor how many brackets it takes.

use super::ProjectError;
use crate::text::{proposed, visible};
use std::collections::BTreeMap;
use std::path::Path;
use toml::{Spanned, Value};

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// `[levels]`: one table.
    Table,
    /// `[[suppress]]`: a table for each.
    Tables,
}

/// Every key, in the order of the documentation.
const KEYS: [(&str, Holds); 10] = [
    ("levels", Holds::Table),
    ("suppress", Holds::Tables),
    ("ignore", Holds::Tables),
    ("scope", Holds::Table),
    ("migrate", Holds::Table),
    ("provision", Holds::Table),
    ("docs", Holds::Table),
    ("irreversible", Holds::Tables),
    ("rule", Holds::Tables),
    ("scorecard", Holds::Table),
];

/// # Errors
/// When there is a key that the harness does not know, or one table where it takes several, or the other way round. What is no TOML is not told here.
pub(super) fn check(path: &Path, text: &str) -> Result<(), ProjectError> {
    let Ok(said) = toml::from_str::<BTreeMap<Spanned<String>, Value>>(text) else {
        return Ok(());
    };
    let wrong = said.iter().filter_map(|(key, value)| {
        let message = wrong(key.get_ref(), value)?;
        Some((key.span().start, message))
    });
    match wrong.min_by_key(|(start, _)| *start) {
        Some((start, message)) => Err(ProjectError::at(path, text, start, message)),
        None => Ok(()),
    }
}

/// What is wrong with an entry.
fn wrong(key: &str, value: &Value) -> Option<String> {
    let Some((_, holds)) = KEYS.iter().find(|(known, _)| *known == key) else {
        let names = KEYS.iter().map(|(known, _)| *known);
        let all: Vec<String> = (KEYS.iter())
            .map(|(known, holds)| format!("`{}`", holds.written(known)))
            .collect();
        return Some(format!(
            "there is no `{}` in `drift.toml`{}; there are {}",
            visible(key),
            proposed(key, names),
            all.join(", ")
        ));
    };
    // A rule's own reader knows which of a rule's tables is meant.
    let is_wrong = match holds {
        Holds::Table => !value.is_table(),
        Holds::Tables => !value.is_array() && key != "rule",
    };
    is_wrong.then(|| match holds {
        Holds::Table => format!("`{key}` is one table: write `[{key}]` once"),
        Holds::Tables => {
            format!("`{key}` is a list: write `[[{key}]]`, with two brackets, above each")
        }
    })
}

impl Holds {
    /// As `drift.toml` has the key.
    fn written(self, key: &str) -> String {
        match self {
            Self::Table => format!("[{key}]"),
            Self::Tables => format!("[[{key}]]"),
        }
    }
}

/// The keys as serde lists the fields of a struct.
#[cfg(test)]
pub(super) fn listed() -> String {
    KEYS.map(|(key, _)| format!("`{key}`")).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let error = check(Path::new("drift.toml"), text).err()?;
        Some(error.to_string())
    }

    #[test]
    fn what_there_is_not_is_told_with_what_there_is() {
        for (text, line, hint) in [
            (
                "\n[[rules]]\nid = \"a\"\n",
                2,
                "no `rules` in `drift.toml` (did you mean `rule`?); ",
            ),
            ("[[Rule]]\nid = \"a\"\n", 1, "(did you mean `rule`?)"),
            ("[level]\n", 1, "(did you mean `levels`?)"),
            ("[docs]\n\n[[suppression]]\n", 3, "`[[suppress]]`"),
            ("[database.pool]\n", 1, "no `database` in"),
            (
                "owns = \"part\"\n",
                1,
                "there are `[levels]`, `[[suppress]]`, `[[ignore]]`, `[scope]`, `[migrate]`, ",
            ),
            ("[suppress]\n", 1, "write `[[suppress]]`, with two brackets"),
            (
                "[[scope]]\n",
                1,
                "`scope` is one table: write `[scope]` once",
            ),
            ("levels = \"off\"\n", 1, "write `[levels]` once"),
            // The first one.
            ("[b]\n[a]\n", 1, "no `b`"),
        ] {
            let told = told(text).unwrap_or_else(|| panic!("{text}"));
            assert!(told.starts_with(&format!("drift.toml:{line}: ")), "{told}");
            assert!(told.contains(hint), "{told}");
        }
    }

    #[test]
    fn what_there_is_is_not_told_nor_what_is_no_toml() {
        let tables = |(key, holds): &(&str, Holds)| format!("{}\n", holds.written(key));
        let all: String = KEYS.iter().map(tables).collect();
        for text in ["", &all, "[rule]\n", "[levels\n", "a = 1\na = 2\n"] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
