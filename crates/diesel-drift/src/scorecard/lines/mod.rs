//! The lines of a scorecard, one file each.

mod audit_log;
mod chain;
mod immutability;
mod join_tables;
mod linkage;
mod migrations;
mod parity;
mod required;
mod round_trip;
mod rules;
mod snapshots;
mod writers;

use super::gather::{Evidence, Schema};
use super::{Line, Status};
use crate::finding::{Finding, Severity};
use crate::project::ScorecardToml;
use crate::text::plural;

/// What makes a line.
pub(super) struct Kind {
    id: &'static str,
    title: &'static str,
    /// What has to be said in `[scorecard]` for it, and what it looks at then.
    asked: Option<Asked>,
    judge: Judge,
}

/// What a line looks at.
enum Judge {
    /// All that there is.
    Evidence(fn(&Evidence<'_>) -> Judged),
    /// What the migrations make, which has to be there for it.
    Schema(fn(&Evidence<'_>, &Schema) -> Judged),
    /// The same, and it is about tables.
    Tables(fn(&Evidence<'_>, &Schema) -> Judged),
}

impl Judge {
    fn of(&self, evidence: &Evidence<'_>) -> Judged {
        let schema = evidence.schema.as_ref();
        match (self, schema) {
            (Self::Evidence(judge), _) => judge(evidence),
            (_, Err(unmade)) => untried(unmade.because),
            (Self::Tables(_), Ok(schema)) if schema.catalog.tables().is_empty() => {
                untried("there is no table")
            }
            (Self::Schema(judge) | Self::Tables(judge), Ok(schema)) => judge(evidence, schema),
        }
    }
}

/// A key of `[scorecard]`.
struct Asked {
    is: fn(&ScorecardToml) -> bool,
    /// `required = […]`: what would be looked at.
    sentence: &'static str,
}

/// What a line says.
type Judged = (Status, Vec<String>);

/// The lines, in the order in which they are read.
static LINES: &[&Kind] = &[
    &required::LINE,
    &join_tables::LINE,
    &chain::LINE,
    &migrations::LINE,
    &round_trip::NEWEST,
    &round_trip::OTHERS,
    &parity::LINE,
    &snapshots::LINE,
    &rules::KEYS,
    &rules::REFERENCES,
    &rules::INDEXES,
    &rules::OTHERS,
    &immutability::LINE,
    &linkage::LINE,
    &audit_log::LINE,
];

/// The lines that a project asks for.
pub(super) fn all(evidence: &Evidence<'_>) -> Vec<Line> {
    (LINES.iter())
        .filter(|kind| (kind.asked.as_ref()).is_none_or(|asked| (asked.is)(evidence.asked)))
        .map(|kind| {
            let (status, evidence) = kind.judge.of(evidence);
            Line {
                id: kind.id,
                title: kind.title,
                status,
                evidence,
            }
        })
        .collect()
}

/// What it does not ask for.
pub(super) fn unasked(asked: &ScorecardToml) -> Vec<&'static str> {
    (LINES.iter())
        .filter_map(|kind| kind.asked.as_ref())
        .filter(|of| !(of.is)(asked))
        .map(|of| of.sentence)
        .collect()
}

/// What is said where there is nothing to look at.
fn untried(because: &str) -> Judged {
    (Status::Yellow, vec![format!("not tried: {because}")])
}

/// So many findings are told in full.
const MOST: usize = 5;

/// The messages of findings with their places in the sources, the worst first.
fn told(findings: &[&Finding]) -> Vec<String> {
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    listed(sorted.iter().map(|finding| {
        let place = finding.span.as_ref().map_or_else(String::new, |span| {
            format!(" ({}:{})", span.file.display(), span.line)
        });
        format!("{}: {}{place}", finding.kind.id, finding.message())
    }))
}

/// The first of some sentences, and how many more there are.
fn listed(sentences: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = sentences.into_iter().collect();
    if all.len() > MOST + 1 {
        let more = all.len() - MOST;
        all.truncate(MOST);
        all.push(format!("and {more} more"));
    }
    all
}

/// Red for an error, yellow for a warning, green for what is to a team's taste.
fn status_of(findings: &[&Finding]) -> Status {
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => Status::Red,
        Some(Severity::Warning) => Status::Yellow,
        _ => Status::Green,
    }
}

/// How many differences a team accepted.
fn accepted(count: usize) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "{} accepted in drift.toml or in migrations, with reasons",
            plural(count, "finding")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_has_an_id_of_its_own() {
        let ids: BTreeSet<&str> = LINES.iter().map(|kind| kind.id).collect();
        assert_eq!(ids.len(), LINES.len());
        assert_eq!(unasked(&ScorecardToml::default()).len(), 5);
    }

    #[test]
    fn a_long_list_is_cut() {
        let list = |count: usize| listed((0..count).map(|n| n.to_string()));
        assert_eq!(list(6).len(), 6);
        assert_eq!(list(7), ["0", "1", "2", "3", "4", "and 2 more"]);
    }
}
