//! The newest migration, and all others: two lines of one round trip.

use super::{Judge, Judged, Kind, listed, status_of, told, untried};
use crate::finding::{Finding, Severity};
use crate::kinds::round_trip::{FAILS, LOST};
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
    judge: Judge::Evidence(newest),
};

pub(super) static OTHERS: Kind = Kind {
    id: "round-trip",
    title: "every other migration goes up, down and up again",
    asked: None,
    judge: Judge::Evidence(others),
};

fn newest(evidence: &Evidence<'_>) -> Judged {
    let report = match &evidence.round_trip {
        Ok(report) => report,
        Err(because) => return untried(because),
    };
    match tried(report).last() {
        Some(last) => judged(evidence, report, std::slice::from_ref(last), |subject| {
            is_about(subject, last)
        }),
        None => untried("there is no migration"),
    }
}

fn others(evidence: &Evidence<'_>) -> Judged {
    let report = match &evidence.round_trip {
        _ if evidence.quick => return untried("only the newest was asked for (`--quick`)"),
        Ok(report) => report,
        Err(_) if evidence.schema.is_ok() => return untried("for the same reason"),
        Err(because) => return untried(because),
    };
    match tried(report).split_last() {
        None => untried("there is no migration"),
        Some((last, others)) => {
            judged(evidence, report, others, |subject| !is_about(subject, last))
        }
    }
}

fn is_about(subject: &Subject, tried: &Tried) -> bool {
    match subject {
        Subject::Migration(migration) | Subject::InMigration { migration, .. } => {
            *migration == tried.migration
        }
        _ => false,
    }
}

fn judged(
    evidence: &Evidence<'_>,
    report: &Report,
    tried: &[Tried],
    is_meant: impl Fn(&Subject) -> bool,
) -> Judged {
    let meant = (report.findings.iter()).filter(|finding| is_meant(&finding.subject));
    let (notes, bad): (Vec<&Finding>, Vec<&Finding>) =
        meant.partition(|finding| finding.severity == Severity::Note);
    if !bad.is_empty() {
        let status = status_of(&bad);
        let (told_there, here): (Vec<&Finding>, Vec<&Finding>) = bad
            .into_iter()
            .partition(|finding| is_of_chain(evidence, finding));
        let reference = (!told_there.is_empty()).then(|| {
            let count = plural(told_there.len(), "migration");
            format!("{count} without a way back that runs: see the line about the chain")
        });
        return (status, reference.into_iter().chain(told(&here)).collect());
    }
    if tried.iter().all(|of| of.verdict == Verdict::Irreversible) {
        return match tried {
            [] => (
                Status::Green,
                vec!["there is only one migration: the line above is about it".to_owned()],
            ),
            all => (Status::Yellow, vec![no_way_back(all)]),
        };
    }
    let lost = notes.into_iter().filter(|note| note.kind.id == LOST.id);
    let lost: Vec<String> = lost.map(Finding::message).collect();
    let sentences = std::iter::once(restored(tried, lost.is_empty())).chain(lost);
    (Status::Green, listed(sentences))
}

fn no_way_back(tried: &[Tried]) -> String {
    match tried {
        [only] => format!(
            "it cannot be taken back, as drift.toml says: {}",
            only.says.as_deref().unwrap_or("no reason is given")
        ),
        all => format!(
            "none of the {} can be taken back, as drift.toml says",
            all.len()
        ),
    }
}

/// Whether the line about the chain tells it: a down that is not there, is empty, or is no SQL.
fn is_of_chain(evidence: &Evidence<'_>, finding: &Finding) -> bool {
    let Ok(chain) = &evidence.chain else {
        return false;
    };
    (chain.findings.iter()).any(|of| {
        let is_same = of.kind.id == finding.kind.id;
        let is_text = of.kind.id == "syntax-error" && finding.kind.id == FAILS.id;
        of.subject == finding.subject && of.severity > Severity::Note && (is_same || is_text)
    })
}

/// What is as it was, of what was looked at.
fn restored(tried: &[Tried], with_rows: bool) -> String {
    let count = |verdict: Verdict| tried.iter().filter(|of| of.verdict == verdict).count();
    let irreversible = count(Verdict::Irreversible);
    let mut sentence = match tried {
        [only] => format!("{}: the catalog is as it was before", only.migration),
        _ => format!(
            "{}: the catalog is as it was before each",
            plural(tried.len() - irreversible, "migration")
        ),
    };
    let reordered = count(Verdict::Reordered);
    if reordered > 0 {
        sentence += match tried {
            [_] => ", but for the order of columns".to_owned(),
            _ => format!(" ({reordered} but for the order of columns)"),
        }
        .as_str();
    }
    sentence += &rows(tried, with_rows);
    if irreversible > 0 {
        sentence += &format!("; {irreversible} cannot be taken back, as drift.toml says");
    }
    sentence
}

/// Rows are there where some could be made, or seeds bring them.
fn rows(tried: &[Tried], all: bool) -> String {
    let tables = tried.iter().map(|of| of.tables_with_rows).max();
    match (tables.unwrap_or(0), all, tried) {
        (0, ..) => "; there were no rows to look for".to_owned(),
        (tables, true, [_]) => format!(", and no row of {} is lost", plural(tables, "table")),
        (tables, true, _) => format!(", and no row of up to {} is lost", plural(tables, "table")),
        (tables, false, _) => format!(
            "; of rows in {}{}, this is lost:",
            if tried.len() > 1 { "up to " } else { "" },
            plural(tables, "table")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(verdict: Verdict, tables_with_rows: usize) -> Tried {
        Tried {
            migration: "1_a".to_owned(),
            verdict,
            says: None,
            tables_with_rows,
        }
    }

    #[test]
    fn what_was_compared_is_said() {
        use Verdict::{Exact, Irreversible, Reordered};
        let said = |verdicts: &[(Verdict, usize)], with_rows| {
            let all: Vec<Tried> = (verdicts.iter())
                .map(|(verdict, tables)| tried(*verdict, *tables))
                .collect();
            restored(&all, with_rows)
        };
        assert_eq!(
            said(&[(Exact, 2)], true),
            "1_a: the catalog is as it was before, and no row of 2 tables is lost"
        );
        assert_eq!(
            said(&[(Exact, 0)], true),
            "1_a: the catalog is as it was before; there were no rows to look for"
        );
        assert_eq!(
            said(&[(Exact, 1)], false),
            "1_a: the catalog is as it was before; of rows in 1 table, this is lost:"
        );
        assert_eq!(
            said(&[(Exact, 0), (Reordered, 3), (Irreversible, 1)], true),
            "2 migrations: the catalog is as it was before each (1 but for the order of columns), and no row of up to 3 tables is lost; \
             1 cannot be taken back, as drift.toml says"
        );
    }
}
