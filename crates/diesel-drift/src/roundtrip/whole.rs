//! All down to nothing, and up again.

use super::ground::{Site, state};
use super::judge::made_again;
use super::trial::{Again, Down, Trial};
use super::work::Walking;
use crate::catalog::ObjectPath;
use crate::compare::{Difference, State, diff};
use crate::error::Error;
use crate::finding::Finding;
use crate::kinds::round_trip::{AGAIN_FAILS, ALL_LEAVES};
use crate::migrate::{Direction, MigrateError, Steps};
use crate::subject::Subject;
use std::collections::BTreeSet;

/// What is known of a migration's way back.
pub(super) struct Way {
    number: usize,
    made: Vec<ObjectPath>,
    /// What its own down is known to leave.
    left: Vec<ObjectPath>,
    /// Whether it runs.
    pub(super) runs: bool,
    exact: bool,
}

impl Way {
    pub(super) fn of(trial: &Trial) -> Self {
        let changes = match &trial.down {
            Down::Ran(changes) => changes.as_slice(),
            Down::Nothing(_) | Down::Failed(_) => &[],
        };
        Self {
            number: trial.number,
            made: trial.made.clone(),
            left: changes
                .iter()
                .filter(|change| change.difference == Difference::Unexpected)
                .map(|change| change.path.clone())
                .collect(),
            runs: matches!(&trial.down, Down::Ran(_)),
            exact: trial.is_exact() || matches!(&trial.again, Again::Ran(_)),
        }
    }
}

impl Walking<'_> {
    /// Reverts everything from the last migration to the first, and applies it again. Where one has no way back, that begins before the first
    /// such migration, and ends at nothing.
    pub(super) fn whole(&self, ways: &[Way]) -> Result<Vec<Finding>, Error> {
        let steps = Steps::of(self.chain)?;
        let mut site: Option<Site> = None;
        // What is above the first that has no way back does not count: below it a new database takes over.
        let first = ways.iter().position(|way| !way.runs);
        let mut broken = first.is_some();
        let back = ways.get(..first.unwrap_or(ways.len())).unwrap_or_default();
        for way in back.iter().rev() {
            let mut here = match site.take() {
                Some(here) => here,
                None => self.land.ground(&steps)?.at(way.number + 1)?,
            };
            match steps.run(&mut here.runner, way.number, Direction::Down) {
                Ok(()) => site = Some(here),
                // What others have left may be in its way: that is theirs.
                Err(MigrateError::Failed(_)) => {
                    self.land.ground(&steps)?.remove(here)?;
                    broken = true;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let Some(mut site) = site else {
            return Ok(Vec::new());
        };
        let nothing = {
            let mut ground = self.land.ground(&steps)?;
            let mut empty = ground.at(0)?;
            let live = empty.read()?;
            ground.remove(empty)?;
            state(&live, self.scope)?
        };
        let mut findings = self.left(
            &site.read().and_then(|live| state(&live, self.scope))?,
            &nothing,
            ways,
        );
        let exact = !broken && ways.iter().all(|way| way.exact && way.left.is_empty());
        if exact && findings.is_empty() {
            for way in ways {
                match steps.run(&mut site.runner, way.number, Direction::Up) {
                    Ok(()) => {}
                    Err(MigrateError::Failed(failed)) => {
                        findings.push(self.cannot_begin_again(way.number, &failed.message));
                        break;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            if findings.is_empty() {
                let again = site.read().and_then(|live| state(&live, self.scope))?;
                let mut ground = self.land.ground(&steps)?;
                let mut head = ground.at(ways.len())?;
                let once = head.read().and_then(|live| state(&live, self.scope))?;
                ground.remove(head)?;
                findings.extend(self.otherwise(&once, &again, ways));
            }
        }
        self.land.ground(&steps)?.remove(site)?;
        Ok(findings)
    }

    fn name(&self, number: usize) -> String {
        let migration = self.chain.migrations.get(number);
        migration.map_or_else(String::new, |migration| migration.name.clone())
    }

    /// What is there that was not in the beginning, and that no migration is known to leave.
    fn left(&self, there: &State, nothing: &State, ways: &[Way]) -> Vec<Finding> {
        let known: BTreeSet<&ObjectPath> = ways.iter().flat_map(|way| &way.left).collect();
        let versions = (nothing.server_version, there.server_version);
        diff(&nothing.objects, &there.objects, versions)
            .into_iter()
            .filter(|change| change.difference == Difference::Unexpected)
            .filter(|change| !known.contains(&change.path))
            .filter_map(|change| {
                let maker = ways.iter().find(|way| way.made.contains(&change.path))?;
                let subject = Subject::InMigration {
                    migration: self.name(maker.number),
                    object: change.path,
                };
                Some(Finding::new(&ALL_LEAVES, subject).help(
                    "the down of its migration drops it when that is reverted alone: what it does depends on more than the catalog, such as rows that later migrations have changed",
                ))
            })
            .collect()
    }

    /// What the whole chain makes otherwise the second time, although each of its migrations did not when it was tried alone.
    fn otherwise(&self, once: &State, again: &State, ways: &[Way]) -> Vec<Finding> {
        let versions = (once.server_version, again.server_version);
        diff(&once.objects, &again.objects, versions)
            .into_iter()
            .map(|change| {
                let makes = |way: &&Way| way.made.contains(&change.path);
                let maker = ways.iter().find(makes).map(|way| way.number);
                let migration = self.name(maker.unwrap_or(ways.len().saturating_sub(1)));
                made_again(change, migration).help(
                    "every migration was reverted before, down to nothing, and applied again: the one that is named made it first",
                )
            })
            .collect()
    }

    fn cannot_begin_again(&self, number: usize, message: &str) -> Finding {
        Finding::new(&AGAIN_FAILS, Subject::Migration(self.name(number)))
            .live(message)
            .help("every migration was reverted before, down to nothing, and nothing was left in the catalog")
    }
}
