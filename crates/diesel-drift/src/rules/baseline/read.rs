//! A baseline's file, read.

use super::{Baseline, Date, Entry, Key, Known, Was};
use crate::declared::Span;
use crate::finding::Severity;
use crate::migrate::line_of;
use crate::policy::Term;
use crate::project::ProjectError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    known: Vec<Spanned<RawKnown>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKnown {
    rule: String,
    subject: String,
    attribute: Option<String>,
    severity: Option<Severity>,
    expected: Option<String>,
    owner: Spanned<String>,
    reason: Spanned<String>,
    until: Spanned<toml::Value>,
}

impl Baseline {
    /// Reads a baseline; `root` is the project's, to which reports show the file relative.
    ///
    /// # Errors
    /// When it cannot be read, or an entry lacks something or says it twice.
    pub fn read(path: &Path, root: &Path) -> Result<Self, ProjectError> {
        let text = std::fs::read_to_string(path).map_err(|source| ProjectError::Io {
            path: path.to_owned(),
            source,
        })?;
        let shown = path.strip_prefix(root).unwrap_or(path);
        Self::parse(shown, text)
    }

    /// [`read`](Self::read), where there is one.
    ///
    /// # Errors
    /// As it has.
    pub fn read_if_there(path: &Path, root: &Path) -> Result<Self, ProjectError> {
        match Self::read(path, root) {
            Err(ProjectError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            read => read,
        }
    }

    pub(super) fn parse(path: &Path, text: String) -> Result<Self, ProjectError> {
        let raw: Raw =
            toml::from_str(&text).map_err(|error| ProjectError::toml(path, &text, &error))?;
        let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
        for known in raw.known {
            let place = known.span();
            let at =
                |(start, message): (usize, String)| ProjectError::at(path, &text, start, message);
            let (key, entry) = known.into_inner().entry().map_err(at)?;
            if let Some(other) = entries.get(&key) {
                let line = other.span.as_ref().map_or(0, |span| span.line);
                let message = format!(
                    "this finding is known already, from line {line}: remove one of the two"
                );
                return Err(at((place.start, message)));
            }
            let span = Some(span(path, &text, place));
            entries.insert(key, Entry { span, ..entry });
        }
        let source = Some((path.to_owned(), text));
        Ok(Self { entries, source })
    }
}

fn span(path: &Path, text: &str, place: Range<usize>) -> Span {
    Span {
        file: path.to_owned(),
        line: line_of(text, place.start),
        column: 1,
        start: place.start,
        end: place.end,
    }
}

impl RawKnown {
    /// # Errors
    /// A place in the text, and what is wrong there.
    fn entry(self) -> Result<(Key, Entry), (usize, String)> {
        for (said, message) in [
            (
                &self.owner,
                "an entry needs an `owner`: say who is to see to it",
            ),
            (
                &self.reason,
                "an entry needs a `reason`: say why it is not mended today",
            ),
        ] {
            if said.get_ref().trim().is_empty() {
                return Err((said.span().start, message.to_owned()));
            }
        }
        let until = match self.until.get_ref() {
            toml::Value::Datetime(day) => day.to_string().parse::<Date>().ok(),
            _ => None,
        };
        let until = until.ok_or_else(|| {
            let message = "`until` is a day, without quotes: `until = 2027-01-31`";
            (self.until.span().start, message.to_owned())
        })?;
        let key = Key {
            rule: self.rule,
            subject: self.subject,
            attribute: self.attribute,
        };
        let entry = Entry {
            known: Known {
                term: Term {
                    owner: self.owner.into_inner(),
                    until,
                },
                reason: self.reason.into_inner(),
            },
            was: Was {
                severity: self.severity,
                expected: self.expected,
            },
            span: None,
        };
        Ok((key, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{ENTRY, parse};
    use crate::rules::trial::refused;

    #[test]
    fn what_is_missing_or_wrong_is_an_error_with_its_line() {
        let marked = format!("<<<<<<< HEAD\n{ENTRY}=======\n>>>>>>> other\n");
        for (text, message) in [
            (
                ENTRY.replace("\"ann\"", "\" \""),
                "base.toml:4: an entry needs an `owner`",
            ),
            (
                ENTRY.replace("\"old\"", "\"\""),
                "base.toml:5: an entry needs a `reason`",
            ),
            (
                ENTRY.replace("owner = \"ann\"\n", ""),
                "base.toml:1: missing field `owner`",
            ),
            (
                ENTRY.replace("2026-03-31", "\"2026-03-31\""),
                "base.toml:6: `until` is a day",
            ),
            (
                ENTRY.replace("2026-03-31", "2026-03-31T00:00:00Z"),
                "base.toml:6: `until` is a day",
            ),
            (ENTRY.replace("2026-03-31", "2026-02-30"), "base.toml:6: "),
            (
                ENTRY.replace("reason", "why"),
                "base.toml:5: unknown field `why`",
            ),
            (
                ENTRY.to_owned() + "severity = \"bad\"",
                "base.toml:7: unknown variant `bad`",
            ),
            (
                format!("{ENTRY}{ENTRY}"),
                "base.toml:7: this finding is known already, from line 1",
            ),
            (
                format!("{ENTRY}\n{marked}"),
                "base.toml:8: this is the mark of a merge that is not settled",
            ),
        ] {
            refused(parse(&text), message);
        }
    }

    #[test]
    fn line_ends_and_order_are_nobody_s_business() {
        let text = "# by hand\r\n[[known]]\r\nuntil = 2026-03-31 # soon\r\nreason = \"old\"\r\nowner = \"ann\"\r\n\
                    subject = \"public.visits\"\r\nrule = \"primary-key-absent\"\r\n";
        let (read, plain) = (parse(text).unwrap(), parse(ENTRY).unwrap());
        let said = |baseline: &super::Baseline| {
            let entries = baseline.entries.iter();
            entries
                .map(|(key, entry)| (key.clone(), entry.known.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(said(&read), said(&plain));
        assert_eq!(
            read.entries
                .values()
                .next()
                .unwrap()
                .span
                .as_ref()
                .unwrap()
                .line,
            2
        );
    }
}
