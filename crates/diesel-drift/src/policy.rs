//! What a project makes of findings: the levels and suppressions of `drift.toml`.

use crate::declared::Span;
use crate::finding::{Finding, Fixture, Kind, Severity};
use crate::kinds;
use crate::rules::baseline::Date;
use crate::subject::Subject;

/// The levels and suppressions that a project sets.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Kinds with another level than their own.
    pub levels: Vec<(&'static Kind, Level)>,
    /// Findings that are known and accepted.
    pub suppressions: Vec<Suppression>,
}

/// What becomes of a kind's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not reported.
    Off,
    /// They get this severity.
    At(Severity),
}

/// A finding that a project accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The kind.
    pub kind: &'static Kind,
    /// The subject, as reports print it.
    pub subject: String,
    /// Only this attribute of an object that two catalogs have; none for every one.
    pub attribute: Option<String>,
    /// Why.
    pub reason: String,
    /// Where `drift.toml` says so.
    pub span: Span,
}

/// A finding that was suppressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The suppression's reason.
    pub reason: String,
    /// By whom and for how long, where it is accepted for now only.
    pub term: Option<Term>,
}

/// Who is to see to what is accepted for now, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Who.
    pub owner: String,
    /// The last day on which it is accepted.
    pub until: Date,
}

impl Policy {
    /// Applies levels and suppressions, and makes findings of those suppressions of declarations' kinds that suppress nothing.
    pub fn apply(&self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
        self.apply_where(findings, |kind| {
            matches!(kind.fixture, Some(Fixture::Database { .. }))
        })
    }

    /// Applies levels and suppressions where one that suppresses nothing may be meant for another database, or another command.
    pub fn apply_to_a_part(&self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
        self.apply_where(findings, |_| false)
    }

    /// Applies levels and suppressions, and makes findings of those suppressions that suppress nothing and whose kind was `looked_for`.
    pub fn apply_where(
        &self,
        findings: Vec<Finding>,
        looked_for: impl Fn(&Kind) -> bool,
    ) -> (Vec<Finding>, Vec<Suppressed>) {
        let mut used = vec![false; self.suppressions.len()];
        let mut kept = Vec::new();
        let mut suppressed: Vec<Suppressed> = Vec::new();
        for finding in findings {
            let mut suppressions = self.suppressions.iter();
            match suppressions.position(|suppression| suppression.matches(&finding)) {
                Some(index) => {
                    used[index] = true;
                    suppressed.push(Suppressed {
                        finding,
                        reason: self.suppressions[index].reason.clone(),
                        term: None,
                    });
                }
                None => kept.push(finding),
            }
        }
        // What another suppresses is there: it is said twice.
        let is_twice = |suppression: &Suppression| {
            let mut found = suppressed.iter().map(|it| &it.finding);
            found.any(|finding| suppression.matches(finding))
        };
        let unused = (self.suppressions.iter().zip(used))
            .filter(|(suppression, used)| !used && looked_for(suppression.kind))
            .map(|(suppression, _)| suppression.unused(is_twice(suppression)));
        kept.extend(unused);
        (
            kept.into_iter()
                .filter_map(|finding| self.leveled(finding))
                .collect(),
            suppressed,
        )
    }

    /// The level that the project sets for a kind.
    pub(crate) fn level_of(&self, kind: &Kind) -> Option<Level> {
        let (_, level) = self.levels.iter().find(|(other, _)| *other == kind)?;
        Some(*level)
    }

    /// A finding at the level that the project sets for its kind; none where that is off.
    pub(crate) fn leveled(&self, finding: Finding) -> Option<Finding> {
        match self.level_of(finding.kind) {
            None => Some(finding),
            Some(Level::Off) => None,
            Some(Level::At(severity)) => Some(finding.severity(severity)),
        }
    }
}

impl Suppression {
    fn matches(&self, finding: &Finding) -> bool {
        self.kind == finding.kind
            && self.subject == finding.subject.to_string()
            && (self.attribute.is_none() || self.attribute == finding.attribute)
    }

    fn unused(&self, is_twice: bool) -> Finding {
        let subject = Subject::Suppression {
            kind: self.kind.id.to_owned(),
            subject: match &self.attribute {
                Some(attribute) => format!("{} {attribute}", self.subject),
                None => self.subject.clone(),
            },
        };
        let help = match is_twice {
            true => "remove it from drift.toml: another `[[suppress]]` before it says the same",
            false => {
                "remove it from drift.toml: what it was written for is gone, or its subject is misspelt"
            }
        };
        Finding::new(&kinds::SUPPRESSION_UNUSED, subject)
            .at(&self.span)
            .help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QualifiedName;

    fn finding() -> Finding {
        let kind = kinds::find("table-missing").unwrap();
        Finding::new(
            kind,
            Subject::Relation(QualifiedName::new("public", "posts")),
        )
    }

    fn suppression(subject: &str) -> Suppression {
        Suppression {
            kind: kinds::find("table-missing").unwrap(),
            subject: subject.into(),
            attribute: None,
            reason: "made at run time".into(),
            span: Span {
                file: "drift.toml".into(),
                start: 0,
                end: 1,
                line: 1,
                column: 1,
            },
        }
    }

    #[test]
    fn a_suppression_takes_just_what_it_names() {
        let policy = Policy {
            suppressions: vec![suppression("public.posts")],
            ..Policy::default()
        };
        let (kept, suppressed) = policy.apply(vec![finding()]);
        assert!(kept.is_empty());
        assert_eq!(suppressed[0].reason, "made at run time");
    }

    #[test]
    fn a_suppression_that_suppresses_nothing_is_a_finding() {
        let policy = Policy {
            suppressions: vec![suppression("public.users")],
            ..Policy::default()
        };
        let (kept, suppressed) = policy.apply(vec![finding()]);
        assert_eq!(
            kept.iter()
                .map(|finding| finding.kind.id)
                .collect::<Vec<_>>(),
            ["table-missing", "suppression-unused"]
        );
        assert!(suppressed.is_empty());
    }

    #[test]
    fn what_is_said_twice_is_told() {
        let twice = vec![suppression("public.posts"), suppression("public.posts")];
        let policy = Policy {
            suppressions: twice,
            ..Policy::default()
        };
        let (kept, suppressed) = policy.apply(vec![finding()]);
        assert_eq!((kept.len(), suppressed.len()), (1, 1));
        assert!(kept[0].help[0].ends_with("before it says the same"));
    }

    #[test]
    fn one_attribute_can_be_accepted_alone() {
        let only = |attribute: &str| Policy {
            suppressions: vec![Suppression {
                attribute: Some(attribute.into()),
                ..suppression("public.posts")
            }],
            ..Policy::default()
        };
        let findings = || vec![finding().attribute("comment")];
        assert!(only("comment").apply(findings()).0.is_empty());
        assert_eq!(only("owner").apply(findings()).0.len(), 2);
    }

    #[test]
    fn a_level_replaces_the_severity_or_silences_the_kind() {
        let kind = kinds::find("table-missing").unwrap();
        let at = |level| Policy {
            levels: vec![(kind, level)],
            ..Policy::default()
        };
        assert_eq!(
            at(Level::At(Severity::Note)).apply(vec![finding()]).0[0].severity,
            Severity::Note
        );
        assert!(at(Level::Off).apply(vec![finding()]).0.is_empty());
    }
}
