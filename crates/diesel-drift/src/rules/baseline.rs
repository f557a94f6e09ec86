//! A baseline: what a project that takes rules up today knows to be broken, each with who is to see to it and until when. Only what is new fails.

use crate::declared::Span;
use crate::finding::{Finding, Severity};
use crate::kinds::BASELINE_UNUSED;
use crate::migrate::line_of;
use crate::policy::{Suppressed, Term};
use crate::project::ProjectError;
use crate::subject::Subject;
use crate::text::toml_string;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use toml::Spanned;

/// A day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day that it is, by the system's clock.
    pub fn today() -> Self {
        Self(Timestamp::now().to_zoned(TimeZone::UTC).date())
    }
}

/// `2027-01-31`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = String;

    /// # Errors
    /// A sentence, for what is no day of the calendar.
    fn from_str(text: &str) -> Result<Self, String> {
        (text.parse::<jiff::civil::Date>().ok())
            .filter(|date| date.to_string() == text)
            .map(Self)
            .ok_or_else(|| "this is no day: write it as 2027-01-31".to_owned())
    }
}

/// What is known to be broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, Known>,
    /// The file, as reports show it, and its text; nothing for one that was not read.
    source: Option<(PathBuf, String)>,
}

/// What finding is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    subject: String,
    attribute: Option<String>,
}

/// What there is to say of a known finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who is to see to it, and until when.
    pub term: Term,
    /// Why it is accepted for now.
    pub reason: String,
    /// Where the file says so.
    span: Option<Span>,
}

impl Known {
    /// One that no file says yet.
    pub fn new(term: Term, reason: String) -> Self {
        Self {
            term,
            reason,
            span: None,
        }
    }
}

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
    owner: Spanned<String>,
    reason: Spanned<String>,
    until: Spanned<toml::Value>,
}

/// How many entries a baseline has, and how they came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Entries that the former one did not have.
    pub new: usize,
    /// Entries that it had as well; they say what they said there.
    pub kept: usize,
    /// Entries of the former one whose findings are gone, and they with them.
    pub gone: usize,
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

    fn parse(path: &Path, text: String) -> Result<Self, ProjectError> {
        let raw: Raw =
            toml::from_str(&text).map_err(|error| ProjectError::toml(path, &text, &error))?;
        let mut known = BTreeMap::new();
        for entry in raw.known {
            let place = entry.span();
            let at =
                |start: usize, message: &str| Err(ProjectError::at(path, &text, start, message));
            let entry = entry.into_inner();
            for (said, message) in [
                (
                    &entry.owner,
                    "an entry needs an `owner`: say who is to see to it",
                ),
                (
                    &entry.reason,
                    "an entry needs a `reason`: say why it is not mended today",
                ),
            ] {
                if said.get_ref().trim().is_empty() {
                    return at(said.span().start, message);
                }
            }
            let day = match entry.until.get_ref() {
                toml::Value::Datetime(day) => day.to_string().parse().ok(),
                _ => None,
            };
            let Some(until) = day else {
                let message = "`until` is a day, without quotes: `until = 2027-01-31`";
                return at(entry.until.span().start, message);
            };
            let key = Key {
                rule: entry.rule,
                subject: entry.subject,
                attribute: entry.attribute,
            };
            let span = Span {
                file: path.to_owned(),
                line: line_of(&text, place.start),
                column: 1,
                start: place.start,
                end: place.end,
            };
            let entry = Known {
                term: Term {
                    owner: entry.owner.into_inner(),
                    until,
                },
                reason: entry.reason.into_inner(),
                span: Some(span),
            };
            if known.insert(key, entry).is_some() {
                return at(
                    place.start,
                    "this finding is known already: remove one of the two",
                );
            }
        }
        let source = Some((path.to_owned(), text));
        Ok(Self { known, source })
    }

    /// The file and its text, for reports whose findings point into it.
    pub(super) fn source(&self) -> Option<(PathBuf, String)> {
        self.source.clone()
    }

    /// What of the findings that are left is known today; what was until yesterday says so. `all` is everything that was found, whether it is
    /// accepted otherwise or not.
    pub(super) fn apply(
        &self,
        today: Date,
        left: Vec<Finding>,
        suppressed: &mut Vec<Suppressed>,
    ) -> Vec<Finding> {
        let mut failing = Vec::new();
        for finding in left {
            match self.known.get(&Key::of(&finding)) {
                Some(known) if known.term.until >= today => suppressed.push(Suppressed {
                    finding,
                    reason: known.reason.clone(),
                    term: Some(known.term.clone()),
                }),
                Some(known) => failing.push(known.expired(finding)),
                None => failing.push(finding),
            }
        }
        failing
    }

    /// Entries of rules that were looked at, and whose findings are not among `all`.
    pub(super) fn unused(&self, all: &[Finding], looked_at: impl Fn(&str) -> bool) -> Vec<Finding> {
        let found: BTreeSet<Key> = all.iter().map(Key::of).collect();
        let unused =
            (self.known.iter()).filter(|(key, _)| !found.contains(key) && looked_at(&key.rule));
        unused.map(|(key, known)| known.unused(key)).collect()
    }

    /// A baseline of those findings that are broken rules of at least that severity. An entry that this one has stays as it is; others are as
    /// `new` says.
    #[must_use]
    pub fn renewed(
        &self,
        findings: &[Finding],
        threshold: Severity,
        new: &Known,
    ) -> (Self, Written) {
        let broken = (findings.iter())
            .filter(|finding| finding.kind.is_rule() && finding.severity >= threshold);
        let entry = |finding: &Finding| {
            let key = Key::of(finding);
            // What an expired entry added to a finding is no part of it.
            let known = self.known.get(&key).unwrap_or(new).clone();
            (key, known)
        };
        let known: BTreeMap<Key, Known> = broken.map(entry).collect();
        let kept = (known.keys())
            .filter(|key| self.known.contains_key(key))
            .count();
        let written = Written {
            new: known.len() - kept,
            kept,
            gone: self.known.len() - kept,
        };
        let source = None;
        (Self { known, source }, written)
    }

    /// The file's text: sorted, one entry a finding.
    pub fn to_toml(&self) -> String {
        let entries = self.known.iter().map(|(key, known)| {
            let attribute = (key.attribute.as_ref())
                .map(|attribute| format!("attribute = {}\n", toml_string(attribute)));
            format!(
                "\n[[known]]\nrule = {}\nsubject = {}\n{}owner = {}\nreason = {}\nuntil = {}\n",
                toml_string(&key.rule),
                toml_string(&key.subject),
                attribute.unwrap_or_default(),
                toml_string(&known.term.owner),
                toml_string(&known.reason),
                known.term.until
            )
        });
        HEAD.to_owned() + &entries.collect::<String>()
    }
}

const HEAD: &str = "\
# What is known to break the rules of `diesel-drift lint`, and accepted for now: only what is not here fails.
# Written by `diesel-drift lint --write-baseline`, which keeps what entries say and removes those whose findings are gone.
";

impl Key {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.kind.id.to_owned(),
            subject: finding.subject.to_string(),
            attribute: finding.attribute.clone(),
        }
    }
}

impl Known {
    fn expired(&self, finding: Finding) -> Finding {
        let Term { owner, until } = &self.term;
        let place = self.span.as_ref().map(|span| {
            let file = span.file.display();
            format!(" ({file}:{})", span.line)
        });
        finding.help(format!(
            "it was accepted until {until}, for {owner} to see to, because: {}{}",
            self.reason,
            place.unwrap_or_default()
        ))
    }

    fn unused(&self, key: &Key) -> Finding {
        let subject = Subject::Suppression {
            kind: key.rule.clone(),
            subject: match &key.attribute {
                Some(attribute) => format!("{} {attribute}", key.subject),
                None => key.subject.clone(),
            },
        };
        let finding = Finding::new(&BASELINE_UNUSED, subject)
            .help("remove the entry: it is mended, or its name is another now");
        match &self.span {
            Some(span) => finding.at(span),
            None => finding,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QualifiedName;
    use crate::kinds;

    const ENTRY: &str = "[[known]]\nrule = \"primary-key-absent\"\nsubject = \"public.visits\"\nowner = \"ann\"\nreason = \"old\"\n\
                         until = 2026-03-31\n";

    fn parse(text: &str) -> Result<Baseline, String> {
        Baseline::parse(Path::new("base.toml"), text.to_owned()).map_err(|error| error.to_string())
    }

    fn finding(table: &str) -> Finding {
        let kind = kinds::find("primary-key-absent").unwrap();
        Finding::new(kind, Subject::Relation(QualifiedName::new("public", table)))
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_known_is_accepted_to_the_last_day_and_fails_from_the_next() {
        let baseline = parse(ENTRY).unwrap();
        let mut suppressed = Vec::new();
        let all = vec![finding("visits"), finding("posts")];
        let left = baseline.apply(day("2026-03-31"), all.clone(), &mut suppressed);
        assert_eq!(left, [finding("posts")]);
        let [known] = &suppressed[..] else {
            panic!("{suppressed:?}")
        };
        assert_eq!(known.reason, "old");
        assert_eq!(known.term.as_ref().unwrap().owner, "ann");

        let mut suppressed = Vec::new();
        let left = baseline.apply(day("2026-04-01"), all, &mut suppressed);
        assert!(suppressed.is_empty());
        assert_eq!(
            left[0].help,
            ["it was accepted until 2026-03-31, for ann to see to, because: old (base.toml:1)"]
        );
        assert_eq!(left[1], finding("posts"));
    }

    #[test]
    fn what_is_mended_is_told_where_it_was_looked_at() {
        let baseline = parse(ENTRY).unwrap();
        assert!(baseline.unused(&[finding("visits")], |_| true).is_empty());
        assert!(baseline.unused(&[], |_| false).is_empty());
        let unused = baseline.unused(&[finding("posts")], |_| true);
        assert_eq!(
            unused[0].message(),
            "`primary-key-absent public.visits` is known, and no longer there"
        );
        assert_eq!(unused[0].span.as_ref().unwrap().line, 1);
    }

    #[test]
    fn writing_keeps_what_entries_say_and_is_read_as_it_was() {
        let former = parse(&format!("{ENTRY}\n{}", ENTRY.replace("visits", "gone"))).unwrap();
        let term = Term {
            owner: "bob \"b\"".into(),
            until: day("2027-01-31"),
        };
        let new = Known::new(term, "two\nlines".into());
        let note = finding("notes").severity(Severity::Note);
        let broken = [finding("visits"), finding("a\"b"), note, finding("visits")];
        let (renewed, written) = former.renewed(&broken, Severity::Warning, &new);
        let expected = Written {
            new: 1,
            kept: 1,
            gone: 1,
        };
        assert_eq!(written, expected);
        let text = renewed.to_toml();
        assert!(text.contains("owner = \"ann\"\nreason = \"old\"\nuntil = 2026-03-31\n"));
        assert!(text.contains("reason = \"two\\nlines\"\nuntil = 2027-01-31\n"));
        let read = parse(&text).unwrap();
        assert_eq!(read.to_toml(), text);
        assert_eq!(read.known.len(), 2);
        let (_, again) = read.renewed(&broken, Severity::Warning, &new);
        assert_eq!((again.new, again.kept, again.gone), (0, 2, 0));
    }

    #[test]
    fn what_is_missing_or_wrong_is_an_error_with_its_line() {
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
                format!("{ENTRY}{ENTRY}"),
                "base.toml:7: this finding is known already",
            ),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        assert_eq!(day("2028-02-29").to_string(), "2028-02-29");
        for text in [
            "2027-02-29",
            "2027-1-1",
            "tomorrow",
            "",
            "2027-01-01T00:00:00",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
