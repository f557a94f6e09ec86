//! The newest migration, and all others: two lines of one round trip.

use super::{Judged, Kind, status_of, told};
use crate::finding::{Finding, Severity};
use crate::report::Report;
use crate::roundtrip::{Tried, Verdict};
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, tried};
use crate::subject::Subject;
use crate::text::plural;

pub(super) static NEWEST: Kind = Kind {
    id: "downgrade",
    title: "downgrade by one step works, and up again",
    asked: None,
    judge: newest,
};

pub(super) static OTHERS: Kind = Kind {
    id: "round-trip",
    title: "every other migration goes up, down and up again",
    asked: None,
    judge: others,
};

fn newest(evidence: &Evidence<'_>) -> Judged {
    let report = match &evidence.round_trip {
        Ok(report) => report,
        Err(because) => return super::untried(because),
    };
    let Some(last) = tried(report).last() else {
        return super::untried("there is no migration");
    };
    let bad = findings(report, |subject| is_about(subject, last));
    judged(&bad, std::slice::from_ref(last))
}

fn others(evidence: &Evidence<'_>) -> Judged {
    let report = match &evidence.round_trip {
        _ if evidence.quick => return super::untried("only the newest was asked for (`--quick`)"),
        Ok(report) => report,
        Err(because) => return super::untried(because),
    };
    let Some((last, others)) = tried(report).split_last() else {
        return super::untried("there is no migration");
    };
    let bad = findings(report, |subject| !is_about(subject, last));
    if bad.is_empty() && others.is_empty() {
        return (Status::Green, vec!["there is no other".to_owned()]);
    }
    judged(&bad, others)
}

fn is_about(subject: &Subject, tried: &Tried) -> bool {
    match subject {
        Subject::Migration(migration) | Subject::InMigration { migration, .. } => {
            *migration == tried.migration
        }
        _ => false,
    }
}

/// What was found, and fails.
fn findings(report: &Report, wanted: impl Fn(&Subject) -> bool) -> Vec<&Finding> {
    (report.findings.iter())
        .filter(|finding| finding.severity > Severity::Note && wanted(&finding.subject))
        .collect()
}

fn judged(bad: &[&Finding], tried: &[Tried]) -> Judged {
    if !bad.is_empty() {
        return (status_of(bad), told(bad));
    }
    let count = |verdict: Verdict| tried.iter().filter(|of| of.verdict == verdict).count();
    if let (
        [
            Tried {
                verdict: Verdict::Irreversible,
                says,
                ..
            },
        ],
        1,
    ) = (tried, tried.len())
    {
        let reason = says.as_deref().unwrap_or("drift.toml says so");
        let sentence = format!("it cannot be taken back, as drift.toml says: {reason}");
        return (Status::Yellow, vec![sentence]);
    }
    let mut sentence = match tried {
        [only] => format!(
            "{}: what was before is restored, catalog and rows",
            only.migration
        ),
        _ => format!(
            "{}: what was before each is restored, catalog and rows",
            plural(tried.len(), "migration")
        ),
    };
    let reordered = count(Verdict::Reordered);
    if reordered > 0 {
        sentence += &format!("; {reordered} but for the order of columns");
    }
    let irreversible = count(Verdict::Irreversible);
    if irreversible > 0 {
        sentence += &format!("; {irreversible} cannot be taken back, as drift.toml says");
    }
    (Status::Green, vec![sentence])
}
