//! A baseline: what a project that takes rules up today knows to be broken, each with who is to see to it and until when. Only what is new fails,
//! and what got worse is new.

mod date;
mod read;
mod write;

use crate::declared::Span;
use crate::finding::{Finding, Found, Severity};
use crate::kinds::BASELINE_UNUSED;
use crate::policy::{Policy, Suppressed, Term};
use crate::subject::Subject;
pub use date::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
pub use write::Written;

/// What is known to be broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Key, Entry>,
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
}

/// One known finding.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    known: Known,
    was: Was,
    /// Where the file says so; nowhere for one that no file says yet.
    span: Option<Span>,
}

/// What of a finding is known of it; what an entry does not say is not held against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Was {
    severity: Option<Severity>,
    /// Of a rule of the project's own: what it asks for and does not have.
    expected: Option<String>,
}

/// Whose entries can be said to be about nothing.
pub(super) struct Asked<'a> {
    /// Whether there is a rule of that id.
    pub(super) is_rule: &'a dyn Fn(&str) -> bool,
    /// Whether a rule was looked for.
    pub(super) looked_for: &'a dyn Fn(&str) -> bool,
    /// Whether all rules that are on were.
    pub(super) all: bool,
}

impl Baseline {
    /// The file and its text, for reports whose findings point into it.
    pub(super) fn source(&self) -> Option<(PathBuf, String)> {
        self.source.clone()
    }

    /// What of the findings that are left is known today; what was until yesterday, and what is worse than it was, says so.
    pub(super) fn apply(
        &self,
        today: Date,
        left: Vec<Finding>,
        policy: &Policy,
        suppressed: &mut Vec<Suppressed>,
    ) -> Vec<Finding> {
        let mut failing = Vec::new();
        for finding in left {
            let Some(entry) = self.entries.get(&Key::of(&finding)) else {
                failing.push(finding);
                continue;
            };
            let worse = entry.was.worse(&finding, policy);
            match worse.or_else(|| entry.expired(today)) {
                Some(because) => failing.push(finding.help(because + &entry.place())),
                None => suppressed.push(Suppressed {
                    finding,
                    reason: entry.known.reason.clone(),
                    term: Some(entry.known.term.clone()),
                }),
            }
        }
        failing
    }

    /// Entries that are about nothing: `left` was not accepted before the baseline was asked, `elsewhere` was.
    pub(super) fn unused<'a>(
        &self,
        left: &[Finding],
        elsewhere: impl Iterator<Item = &'a Finding>,
        asked: &Asked<'_>,
    ) -> Vec<Finding> {
        let left: BTreeSet<Key> = left.iter().map(Key::of).collect();
        let elsewhere: BTreeSet<Key> = elsewhere.map(Key::of).collect();
        let help = |key: &Key| {
            match () {
            () if left.contains(key) => None,
            () if !(asked.is_rule)(&key.rule) => {
                asked.all.then_some("no rule is called so: it was renamed, or is gone; `diesel-drift kinds` lists them. Remove the entry")
            }
            () if !(asked.looked_for)(&key.rule) => None,
            () if elsewhere.contains(key) => {
                Some("remove the entry: drift.toml, or a comment in a migration, accepts it for good")
            }
            () => Some("remove the entry: it is mended, or its name is another now"),
        }
        };
        (self.entries.iter())
            .filter_map(|(key, entry)| Some(entry.unused(key, help(key)?)))
            .collect()
    }
}

impl Key {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.kind.id.to_owned(),
            subject: finding.subject.to_string(),
            attribute: finding.attribute.clone(),
        }
    }
}

impl Was {
    fn of(finding: &Finding) -> Self {
        let is_own = matches!(finding.kind.found, Found::ByOwnRule);
        Self {
            severity: Some(finding.severity),
            expected: finding.declared.clone().filter(|_| is_own),
        }
    }

    /// What is worse than it was, in a sentence without its end. A severity that the project sets for the whole rule is nobody's getting worse.
    fn worse(&self, finding: &Finding, policy: &Policy) -> Option<String> {
        let is = finding.severity;
        let is_free = policy.level_of(finding.kind).is_none();
        let severity = self.severity.filter(|was| is > *was && is_free);
        let severity = severity.map(|was| {
            format!(
                "it was known as {}: it is {} now",
                article(was),
                article(is)
            )
        });
        let expected = || {
            let known = self.expected.as_ref()?;
            (finding.declared.as_ref() != Some(known))
                .then(|| format!("it was known while the rule asked for something else: {known}"))
        };
        severity.or_else(expected)
    }
}

fn article(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "a note",
        Severity::Warning => "a warning",
        Severity::Error => "an error",
    }
}

impl Entry {
    /// Why it no longer holds, where its last day is over.
    fn expired(&self, today: Date) -> Option<String> {
        let Known { term, reason } = &self.known;
        let Term { owner, until } = term;
        (*until < today).then(|| {
            format!("it was accepted until {until}, for {owner} to see to, because: {reason}")
        })
    }

    /// Where the file says it, as the end of a sentence.
    fn place(&self) -> String {
        let place = self.span.as_ref();
        let place = place.map(|span| format!(" ({}:{})", span.file.display(), span.line));
        place.unwrap_or_default()
    }

    fn unused(&self, key: &Key, help: &str) -> Finding {
        let subject = Subject::Suppression {
            kind: key.rule.clone(),
            subject: match &key.attribute {
                Some(attribute) => format!("{} {attribute}", key.subject),
                None => key.subject.clone(),
            },
        };
        let finding = Finding::new(&BASELINE_UNUSED, subject).help(help);
        match &self.span {
            Some(span) => finding.at(span),
            None => finding,
        }
    }
}

#[cfg(test)]
mod trial;

#[cfg(test)]
mod tests {
    use super::trial::{ENTRY, day, finding, parse};
    use super::*;
    use crate::policy::Level;

    /// What fails, with what it says, and how many are accepted.
    fn applied(text: &str, today: &str, left: &[Finding], policy: &Policy) -> (Vec<String>, usize) {
        let mut suppressed = Vec::new();
        let baseline = parse(text).unwrap();
        let left = baseline.apply(day(today), left.to_vec(), policy, &mut suppressed);
        let told = |finding: &Finding| format!("{} {}", finding.subject, finding.help.join("; "));
        (left.iter().map(told).collect(), suppressed.len())
    }

    #[test]
    fn what_is_known_is_accepted_to_the_last_day_and_fails_from_the_next() {
        let all = [finding("visits"), finding("posts")];
        let on = |today| applied(ENTRY, today, &all, &Policy::default());
        assert_eq!(on("2026-03-31"), (vec!["public.posts ".to_owned()], 1));
        let (left, accepted) = on("2026-04-01");
        assert_eq!(
            left[0],
            "public.visits it was accepted until 2026-03-31, for ann to see to, because: old (base.toml:1)"
        );
        assert_eq!((left.len(), accepted), (2, 0));
    }

    #[test]
    fn what_got_worse_is_new_and_what_got_better_is_not() {
        let warning = ENTRY.to_owned() + "severity = \"warning\"\n";
        let at = |severity| {
            applied(
                &warning,
                "2026-01-01",
                &[finding("visits").severity(severity)],
                &Policy::default(),
            )
        };
        let (left, _) = at(Severity::Error);
        assert_eq!(
            left,
            ["public.visits it was known as a warning: it is an error now (base.toml:1)"]
        );
        assert_eq!(at(Severity::Warning).1 + at(Severity::Note).1, 2);
        // What does not say how it was is known however it is; and a level is the project's word on the rule, not on what it finds.
        let error = [finding("visits").severity(Severity::Error)];
        let plain = applied(ENTRY, "2026-01-01", &error, &Policy::default());
        assert_eq!(plain.1, 1);
        let policy = Policy {
            levels: vec![(error[0].kind, Level::At(Severity::Error))],
            ..Policy::default()
        };
        assert_eq!(applied(&warning, "2026-01-01", &error, &policy).1, 1);
    }

    #[test]
    fn what_is_about_nothing_is_told_where_it_was_looked_at() {
        let unused = |text: &str, left: &[Finding], elsewhere: &[Finding], all| {
            let asked = Asked {
                is_rule: &|id| id.starts_with("primary"),
                looked_for: &|id| id == "primary-key-absent",
                all,
            };
            let baseline = parse(text).unwrap();
            let told = baseline.unused(left, elsewhere.iter(), &asked);
            told.into_iter()
                .map(|finding| {
                    let line = finding.span.as_ref().map_or(0, |span| span.line);
                    format!("{line}: {}: {}", finding.message(), finding.help.join("; "))
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(unused(ENTRY, &[finding("visits")], &[], true), "");
        let gone = "1: `primary-key-absent public.visits` is known, and no longer there: remove the entry: it is mended, or its name is another now";
        assert_eq!(unused(ENTRY, &[finding("posts")], &[], true), gone);
        assert_eq!(unused(ENTRY, &[finding("posts")], &[], false), gone);
        let told = unused(ENTRY, &[], &[finding("visits")], true);
        assert!(
            told.ends_with(
                "remove the entry: drift.toml, or a comment in a migration, accepts it for good"
            ),
            "{told}"
        );
        // A rule that is off says nothing of its entries, and one that there is not says so where all are asked.
        let off = ENTRY.replace("-absent", "-int4");
        assert_eq!(unused(&off, &[], &[], true), "");
        let unknown = ENTRY.replace("primary", "prime");
        assert!(unused(&unknown, &[], &[], true).contains("no rule is called so"));
        assert_eq!(unused(&unknown, &[], &[], false), "");
    }
}
