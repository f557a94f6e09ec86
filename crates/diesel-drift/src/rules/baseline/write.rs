//! A baseline's file, written.

use super::{Baseline, Date, Entry, Key, Known, Was};
use crate::finding::{Finding, Severity};
use crate::policy::Policy;
use crate::text::toml_string;
use std::collections::BTreeMap;

/// How many entries a baseline has, and how they came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Entries that the former one did not have, or of something that was not as bad then.
    pub new: usize,
    /// Entries that it had as well; they say what they said there.
    pub kept: usize,
    /// Those of them whose last day is over: they fail until somebody writes another one.
    pub over: usize,
    /// Entries of the former one whose findings are gone, and they with them.
    pub gone: usize,
}

impl Baseline {
    /// A baseline of those findings that are broken rules of at least that severity. An entry that this one has stays as it is, unless what it
    /// is about got worse; others are as `new` says. `today` tells whose last day is over.
    #[must_use]
    pub fn renewed(
        &self,
        findings: &[Finding],
        policy: &Policy,
        threshold: Severity,
        new: &Known,
        today: Date,
    ) -> (Self, Written) {
        let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
        let mut kept = 0;
        for finding in findings.iter().filter(|finding| finding.kind.is_rule()) {
            let key = Key::of(finding);
            let former = self.entries.get(&key);
            if entries.contains_key(&key) || former.is_none() && finding.severity < threshold {
                continue;
            }
            let former = former.filter(|it| it.was.worse(finding, policy).is_none());
            kept += usize::from(former.is_some());
            let entry = Entry {
                known: former.map_or(new, |former| &former.known).clone(),
                was: Was::of(finding),
                span: None,
            };
            entries.insert(key, entry);
        }
        let gone = self
            .entries
            .keys()
            .filter(|key| !entries.contains_key(*key));
        let written = Written {
            new: entries.len() - kept,
            kept,
            over: (entries.values())
                .filter(|entry| entry.known.term.until < today)
                .count(),
            gone: gone.count(),
        };
        let source = None;
        (Self { entries, source }, written)
    }

    /// The file's text: sorted, one entry a finding.
    pub fn to_toml(&self) -> String {
        let entries = self.entries.iter().map(|(key, entry)| {
            let optional = |name: &str, value: Option<&str>| {
                let line = value.map(|value| format!("{name} = {}\n", toml_string(value)));
                line.unwrap_or_default()
            };
            let severity = entry.was.severity.map(|severity| severity.to_string());
            let Known { term, reason } = &entry.known;
            format!(
                "\n[[known]]\nrule = {}\nsubject = {}\n{}{}{}owner = {}\nreason = {}\nuntil = {}\n",
                toml_string(&key.rule),
                toml_string(&key.subject),
                optional("attribute", key.attribute.as_deref()),
                optional("severity", severity.as_deref()),
                optional("expected", entry.was.expected.as_deref()),
                toml_string(&term.owner),
                toml_string(reason),
                term.until
            )
        });
        HEAD.to_owned() + &entries.collect::<String>()
    }
}

const HEAD: &str = "\
# What is known to break the rules of `diesel-drift lint`, and accepted for now: only what is not here, or is worse than here, fails.
# Written by `diesel-drift lint --write-baseline`, which keeps owner, reason and day of the entries and removes those whose findings are gone.
# It does not keep comments: what there is to say stands in `reason`.
";

#[cfg(test)]
mod tests {
    use super::super::trial::{ENTRY, day, finding, parse};
    use super::*;
    use crate::policy::Term;

    fn new() -> Known {
        let term = Term {
            owner: "bob \"b\"".into(),
            until: day("2027-01-31"),
        };
        let reason = "two\nlines".into();
        Known { term, reason }
    }

    /// On the day after the last one of `ENTRY`.
    fn renewed(former: &Baseline, broken: &[Finding]) -> (Baseline, [usize; 4]) {
        let (policy, today) = (Policy::default(), day("2026-04-01"));
        let (baseline, written) = former.renewed(broken, &policy, Severity::Warning, &new(), today);
        let Written {
            new,
            kept,
            over,
            gone,
        } = written;
        (baseline, [new, kept, over, gone])
    }

    #[test]
    fn writing_keeps_what_entries_say_and_is_read_as_it_was() {
        let former = parse(&format!("{ENTRY}\n{}", ENTRY.replace("visits", "gone"))).unwrap();
        let note = finding("notes").severity(Severity::Note);
        let broken = [finding("visits"), finding("a\"b"), note, finding("visits")];
        let (baseline, written) = renewed(&former, &broken);
        assert_eq!(written, [1, 1, 1, 1]);
        let text = baseline.to_toml();
        let old = "severity = \"warning\"\nowner = \"ann\"\nreason = \"old\"\nuntil = 2026-03-31\n";
        assert!(text.contains(old), "{text}");
        assert!(text.contains("reason = \"two\\nlines\"\nuntil = 2027-01-31\n"));
        let read = parse(&text).unwrap();
        assert_eq!(read.to_toml(), text);
        assert_eq!(read.entries.len(), 2);
        assert_eq!(renewed(&read, &broken).1, [0, 2, 1, 0]);
    }

    #[test]
    fn what_got_worse_is_written_as_new_and_what_got_better_stays() {
        let known = |severity: &str| parse(&format!("{ENTRY}severity = \"{severity}\"\n")).unwrap();
        let (baseline, written) = renewed(&known("note"), &[finding("visits")]);
        assert_eq!(written, [1, 0, 0, 0]);
        assert!(baseline.to_toml().contains("bob"));
        let better = [finding("visits").severity(Severity::Note)];
        let (baseline, written) = renewed(&known("error"), &better);
        assert_eq!(written, [0, 1, 1, 0]);
        assert!(
            baseline
                .to_toml()
                .contains("severity = \"note\"\nowner = \"ann\"")
        );
    }
}
