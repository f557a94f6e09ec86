//! Whether the guard bites: every known drift is made on a scratch database, and has to be found as what it is; every
//! change that is no drift has to stay unseen.
//!
//! The cases are data, in `fixtures/drift-cases`. Each is made on a copy of one base schema.

mod abilities;
mod bench;
mod case;
pub mod coverage;
pub mod report;
mod shared;

use crate::check::Step;
use crate::compare::{Scope, State};
use crate::finding::Finding;
use crate::introspect::IntrospectError;
use crate::kinds::compare_states;
use crate::provision::{self, ProvisionError};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

pub use abilities::Abilities;
pub use bench::{Bench, Copy, Worker};
pub use case::{BASE, Case, drift_cases, no_drift_cases};

/// How many cases are tried beside each other.
const WORKERS: usize = 4;

/// What became of every case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selftest {
    /// The server, without a password.
    pub server: String,
    /// Each case once, in the order of the cases.
    pub outcomes: Vec<Outcome>,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The case.
    pub case: &'static Case,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Found as what it is; of a change that is no drift: not found.
    Passed,
    /// Something is found that should not be, or the other way round.
    Wrong {
        /// What should be found and is not.
        missed: Vec<String>,
        /// What is found and should not be.
        unexpected: Vec<String>,
    },
    /// The server cannot make it; why.
    Skipped(String),
    /// A statement failed, or the catalog could not be read; why.
    Failed(String),
}

impl Verdict {
    /// Whether it speaks against the guard.
    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Wrong { .. } | Self::Failed(_))
    }
}

impl Selftest {
    /// Whether every case that the server can make has passed.
    pub fn passed(&self) -> bool {
        !self.outcomes.iter().any(|outcome| outcome.verdict.is_bad())
    }
}

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Case {}

/// Tries the cases whose names begin with one of `only`, or all where there is none, on a server of `options`, and tells
/// `progress` how many are done.
///
/// # Errors
/// When no name begins so, when there is no server to be had, or the base schema cannot be made on it.
pub fn selftest(
    options: &provision::Options,
    only: &[String],
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Selftest, SelftestError> {
    let wanted = |case: &&Case| {
        let begins = |start: &String| case.name.starts_with(start.as_str());
        only.is_empty() || only.iter().any(begins)
    };
    let all = drift_cases().iter().chain(no_drift_cases());
    let cases: Vec<&'static Case> = all.filter(wanted).collect();
    if cases.is_empty() {
        return Err(SelftestError::NoCase(only.join(", ")));
    }
    progress(Step::Provision);
    let bench = Bench::make(options)?;
    let next = AtomicUsize::new(0);
    let (report, reports) = mpsc::channel();
    let mut verdicts = vec![None; cases.len()];
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            let (report, bench, cases, next) = (report.clone(), &bench, &cases, &next);
            scope.spawn(move || work(bench, cases, next, &report));
        }
        drop(report);
        for (done, reported) in reports.iter().enumerate() {
            let (place, verdict) = reported?;
            verdicts[place] = Some(verdict);
            progress(Step::Case {
                done: done + 1,
                total: cases.len(),
            });
        }
        Ok::<_, SelftestError>(())
    })?;
    let server = bench.describe();
    bench.close()?;
    let outcomes = cases.into_iter().zip(verdicts);
    Ok(Selftest {
        server,
        outcomes: outcomes
            .filter_map(|(case, verdict)| {
                Some(Outcome {
                    case,
                    verdict: verdict?,
                })
            })
            .collect(),
    })
}

type Reported = Result<(usize, Verdict), SelftestError>;

fn work(bench: &Bench, cases: &[&Case], next: &AtomicUsize, report: &mpsc::Sender<Reported>) {
    let mut worker = match bench.worker() {
        Ok(worker) => worker,
        Err(error) => {
            let _ = report.send(Err(error));
            return;
        }
    };
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(case) = cases.get(place) else { return };
        // Nobody listens any more once another worker has failed.
        if report
            .send(Ok((place, verdict(bench, &mut worker, case))))
            .is_err()
        {
            return;
        }
    }
}

/// Tries one case.
pub fn verdict(bench: &Bench, worker: &mut Worker<'_>, case: &Case) -> Verdict {
    if let Some(reason) = bench.abilities().lacks(case) {
        return Verdict::Skipped(reason);
    }
    let tried = worker.prepare(case).and_then(|mut copy| {
        // With what belongs to the environment: both are databases of one server.
        let after = State::of(&copy.change(case)?)?;
        Ok(found(bench, &State::of(copy.before())?, &after))
    });
    match tried {
        Ok(found) => judge(case.finds_on(bench.abilities().major()), &found),
        Err(error) => Verdict::Failed(bench.as_written(&error.to_string())),
    }
}

/// What is found between two states, as cases write it.
pub fn found(bench: &Bench, from: &State, to: &State) -> Vec<String> {
    compare_states(from, to, &Scope::default())
        .iter()
        .map(|finding| bench.as_written(&line(finding)))
        .collect()
}

/// A finding as cases write it.
pub fn line(finding: &Finding) -> String {
    let attribute = finding.attribute.iter().map(String::as_str);
    [finding.kind.id, &finding.subject.to_string()]
        .into_iter()
        .chain(attribute)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Holds what is found against what has to be found; neither order nor repetition counts.
pub fn judge(expected: &[String], found: &[String]) -> Verdict {
    let (expected, found): (BTreeSet<_>, BTreeSet<_>) =
        (expected.iter().collect(), found.iter().collect());
    if expected == found {
        return Verdict::Passed;
    }
    let beyond = |these: &BTreeSet<&String>, those: &BTreeSet<&String>| {
        these
            .difference(those)
            .map(|line| (*line).clone())
            .collect()
    };
    Verdict::Wrong {
        missed: beyond(&expected, &found),
        unexpected: beyond(&found, &expected),
    }
}

/// Why the self-test could not be made, or a case could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum SelftestError {
    /// No database.
    #[error(transparent)]
    Provision(#[from] ProvisionError),
    /// The role may not make what the cases are about.
    #[error(
        "the role is no superuser, and the cases make roles, languages and event triggers: name a server where it is \
         with --server, or let diesel-drift start one of its own with --provider local or --provider container"
    )]
    NoSuperuser,
    /// No case is wanted.
    #[error("no case's name begins with {0}; `diesel-drift selftest --verbose` prints the names")]
    NoCase(String),
    /// The server does not answer as it should.
    #[error("asking the server failed: {0}")]
    Asking(String),
    /// The base schema.
    #[error("the schema that the cases change cannot be made on this server: {0}")]
    Base(String),
    /// A case's statement.
    #[error("{0}")]
    Case(String),
    /// The catalog could not be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
}

impl SelftestError {
    fn asking(error: diesel::result::Error) -> Self {
        Self::Asking(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_case_has_to_find_exactly_what_it_names() {
        let expected = lines(&["index-missing a", "column-changed b type"]);
        let same = lines(&["column-changed b type", "index-missing a"]);
        assert_eq!(judge(&expected, &same), Verdict::Passed);
        let other = lines(&["index-missing a", "index-missing c"]);
        assert_eq!(
            judge(&expected, &other),
            Verdict::Wrong {
                missed: lines(&["column-changed b type"]),
                unexpected: lines(&["index-missing c"]),
            }
        );
        assert!(judge(&expected, &[]).is_bad());
        assert!(judge(&[], &expected).is_bad());
        assert_eq!(judge(&[], &[]), Verdict::Passed);
    }
}
