//! Trying migrations on several databases at once.

use super::data::Seeds;
use super::ground::Land;
use super::trial::{Trial, Walk};
use crate::Step;
use crate::compare::Scope;
use crate::error::Error;
use crate::migrate::{Chain, Steps};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::mpsc;
use std::thread;

/// How many databases are worked on where nobody says.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
}

/// More would wait for the server.
const MOST: usize = 8;

/// Fewer are not worth a worker, which has to bring a database to where they begin.
const FEWEST: usize = 8;

/// What is tried, and where.
pub(super) struct Walking<'a> {
    pub(super) chain: &'a Chain,
    pub(super) scope: &'a Scope,
    pub(super) seeds: &'a Seeds,
    pub(super) with_rows: bool,
    pub(super) land: &'a Land,
}

type Reported = Result<Trial, Error>;

impl Walking<'_> {
    /// Tries those migrations; the trials are in the order of the chain.
    pub(super) fn all(
        &self,
        numbers: Range<usize>,
        workers: usize,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Vec<Trial>, Error> {
        let total = numbers.len();
        let (report, reports) = mpsc::channel::<Reported>();
        let mut trials = Vec::with_capacity(total);
        thread::scope(|scope| {
            for part in parts(numbers, workers) {
                let report = report.clone();
                scope.spawn(move || {
                    if let Err(error) = self.part(part, &report) {
                        // Nobody listens any more once another worker has failed.
                        let _ = report.send(Err(error));
                    }
                });
            }
            drop(report);
            for (done, reported) in reports.into_iter().enumerate() {
                let trial = reported?;
                let migration = self.chain.migrations.get(trial.number);
                progress(Step::RoundTrip {
                    done: done + 1,
                    total,
                    name: migration.map_or("", |migration| &migration.name),
                });
                trials.push(trial);
            }
            Ok::<_, Error>(())
        })?;
        trials.sort_by_key(|trial| trial.number);
        Ok(trials)
    }

    fn part(&self, numbers: Range<usize>, report: &mpsc::Sender<Reported>) -> Result<(), Error> {
        let steps = Steps::of(self.chain)?;
        let mut ground = self.land.ground(&steps)?;
        let walk = Walk {
            chain: self.chain,
            steps: &steps,
            scope: self.scope,
            seeds: self.seeds,
            known: RefCell::default(),
            with_rows: self.with_rows,
        };
        walk.go(&mut ground, numbers, &mut |trial| {
            report.send(Ok(trial)).is_ok()
        })
    }
}

/// A range in about equal parts, one for each worker that is worth it.
fn parts(numbers: Range<usize>, workers: usize) -> Vec<Range<usize>> {
    let workers = workers.min(numbers.len().div_ceil(FEWEST)).max(1);
    let size = numbers.len().div_ceil(workers).max(1);
    let end = numbers.end;
    numbers
        .step_by(size)
        .map(|first| first..(first + size).min(end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_whole() {
        for (length, workers) in [(0, 3), (1, 3), (20, 3), (285, 2), (285, 8)] {
            let parts = parts(5..5 + length, workers);
            assert!(parts.len() <= workers);
            let whole: Vec<usize> = parts.into_iter().flatten().collect();
            assert_eq!(whole, (5..5 + length).collect::<Vec<_>>());
        }
        assert_eq!(parts(0..7, 4).len(), 1);
    }
}
