//! One migration tried: up, down, up again, with the catalog read in between, and once more with rows in the tables.

use super::data::{self, Catalogs, Known, Rows, Seeds};
use super::ground::{Ground, Site, state};
use crate::catalog::class::SEQUENCE;
use crate::catalog::{Object, ObjectPath};
use crate::compare::{Change, Difference, Scope, State, diff};
use crate::error::Error;
use crate::introspect::Live;
use crate::migrate::{Chain, Direction, FailedMigration, MigrateError, Steps};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What happened when a migration was tried. Plain data.
#[derive(Debug)]
pub(super) struct Trial {
    /// Its place in the chain, from 0.
    pub(super) number: usize,
    /// What the up made that was not there.
    pub(super) made: Vec<ObjectPath>,
    /// Whether the up changed the catalog at all.
    pub(super) changes: bool,
    /// The way back.
    pub(super) down: Down,
    /// The second way up.
    pub(super) again: Again,
    /// What became of rows; none where they were not looked at.
    pub(super) rows: Option<Rows>,
}

/// The way back.
#[derive(Debug)]
pub(super) enum Down {
    /// There is no `down.sql`, or no statement in it: Diesel refuses.
    Nothing(Nothing),
    /// It fails.
    Failed(Box<FailedMigration>),
    /// It runs, and this differs from what was before.
    Ran(Vec<Change>),
}

/// Why there is no way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nothing {
    /// No file.
    Missing,
    /// A file without a statement.
    Empty,
}

/// The second way up.
#[derive(Debug)]
pub(super) enum Again {
    /// Without a way back there is none.
    NotTried,
    /// It fails.
    Failed(Box<FailedMigration>),
    /// It runs, and this differs from what the first one made.
    Ran(Vec<Change>),
}

impl Trial {
    /// Whether everything was as it had been, so that the database is in the state after the migration.
    pub(super) fn is_exact(&self) -> bool {
        matches!(&self.down, Down::Ran(changes) if changes.is_empty())
            && matches!(&self.again, Again::Ran(changes) if changes.is_empty())
    }
}

/// A database and what is known of it.
struct Place {
    site: Site,
    live: Live,
    state: State,
    /// Nothing was tried on it yet.
    fresh: bool,
}

/// Tries migrations one after the other.
pub(super) struct Walk<'a> {
    pub(super) chain: &'a Chain,
    pub(super) steps: &'a Steps<'a>,
    pub(super) scope: &'a Scope,
    pub(super) seeds: &'a Seeds,
    /// What was learned of putting rows into tables.
    pub(super) known: RefCell<Known>,
    /// Whether rows are looked at.
    pub(super) with_rows: bool,
}

impl Walk<'_> {
    /// Tries those migrations and hands each result to `report`, which may end it by saying false.
    pub(super) fn go(
        &self,
        ground: &mut Ground<'_>,
        numbers: std::ops::Range<usize>,
        report: &mut dyn FnMut(Trial) -> bool,
    ) -> Result<(), Error> {
        let mut place = None;
        for number in numbers {
            let here = match place.take() {
                Some(here) => here,
                None => self.place(ground, number)?,
            };
            let (trial, next) = self.certainly(ground, here, number)?;
            place = next;
            if !report(trial) {
                break;
            }
        }
        match place {
            Some(place) => ground.remove(place.site),
            None => Ok(()),
        }
    }

    fn place(&self, ground: &mut Ground<'_>, number: usize) -> Result<Place, Error> {
        let mut site = ground.at(number)?;
        let live = site.read()?;
        Ok(Place {
            state: state(&live, self.scope)?,
            live,
            site,
            fresh: true,
        })
    }

    /// Tries a migration. What is found on a database on which others were tried is found once more on a new one, so that nothing is told of
    /// a migration that another one did.
    fn certainly(
        &self,
        ground: &mut Ground<'_>,
        place: Place,
        number: usize,
    ) -> Result<(Trial, Option<Place>), Error> {
        let fresh = place.fresh;
        let mut tried = self.once(ground, place, number)?;
        if !fresh && !matches!(tried, Tried::Exact(..)) {
            let place = self.place(ground, number)?;
            tried = self.once(ground, place, number)?;
        }
        match tried {
            Tried::Exact(trial, place) => Ok((trial, Some(*place))),
            Tried::Other(trial) => Ok((trial, None)),
            Tried::UpFailed(failed) => Err(MigrateError::Failed(failed).into()),
        }
    }

    fn once(
        &self,
        ground: &mut Ground<'_>,
        mut place: Place,
        number: usize,
    ) -> Result<Tried, Error> {
        if let Some(failed) = self.run(&mut place.site, number, Direction::Up)? {
            ground.remove(place.site)?;
            return Ok(Tried::UpFailed(failed));
        }
        let after_live = place.site.read()?;
        let after = state(&after_live, self.scope)?;
        let made = self.changes(&place.state, &after);
        let mut trial = Trial {
            number,
            changes: !made.is_empty(),
            made: made
                .into_iter()
                .filter(|change| change.difference == Difference::Unexpected)
                .map(|change| change.path)
                .collect(),
            down: Down::Ran(Vec::new()),
            again: Again::NotTried,
            rows: None,
        };
        trial.down = match self.down(&mut place.site, number)? {
            Err(down) => {
                if self.with_rows {
                    let catalogs = Catalogs {
                        before: &place.live.catalog,
                        after: &after_live.catalog,
                        back: None,
                    };
                    trial.rows = self.rows(ground, None, number, catalogs)?;
                }
                down
            }
            Ok(()) => {
                let back_live = place.site.read()?;
                let back = state(&back_live, self.scope)?;
                let changes = self.changes(&place.state, &back);
                if self.with_rows {
                    let catalogs = Catalogs {
                        before: &place.live.catalog,
                        after: &after_live.catalog,
                        back: Some(&back_live.catalog),
                    };
                    let restored = changes.is_empty().then_some(&mut place.site);
                    trial.rows = self.rows(ground, restored, number, catalogs)?;
                }
                trial.again = match self.run(&mut place.site, number, Direction::Up)? {
                    Some(failed) => Again::Failed(failed),
                    None => {
                        let again = place.site.read()?;
                        Again::Ran(self.changes(&after, &state(&again, self.scope)?))
                    }
                };
                Down::Ran(changes)
            }
        };
        if trial.is_exact() {
            let place = Place {
                site: place.site,
                live: after_live,
                state: after,
                fresh: false,
            };
            return Ok(Tried::Exact(trial, Box::new(place)));
        }
        ground.remove(place.site)?;
        Ok(Tried::Other(trial))
    }

    fn changes(&self, from: &State, to: &State) -> Vec<Change> {
        let versions = (from.server_version, to.server_version);
        let changes = diff(&from.objects, &to.objects, versions);
        without_followers(changes, from, to)
    }

    fn run(
        &self,
        site: &mut Site,
        number: usize,
        direction: Direction,
    ) -> Result<Option<Box<FailedMigration>>, Error> {
        Ok(data::run(&mut site.runner, self.steps, number, direction)?)
    }

    fn down(&self, site: &mut Site, number: usize) -> Result<Result<(), Down>, Error> {
        let file = self.chain.migrations.get(number).map(|of| of.down_sql());
        if file.is_none_or(|file| !file.exists()) {
            return Ok(Err(Down::Nothing(Nothing::Missing)));
        }
        match self.run(site, number, Direction::Down) {
            Ok(None) => Ok(Ok(())),
            Ok(Some(failed)) => Ok(Err(Down::Failed(failed))),
            Err(Error::Migrate(MigrateError::Empty { .. })) => {
                Ok(Err(Down::Nothing(Nothing::Empty)))
            }
            Err(error) => Err(error),
        }
    }

    /// What becomes of rows. On the database itself where it is restored and everything can be rolled back; else on a new one.
    fn rows(
        &self,
        ground: &mut Ground<'_>,
        restored: Option<&mut Site>,
        number: usize,
        catalogs: Catalogs<'_>,
    ) -> Result<Option<Rows>, Error> {
        let known = &mut *self.known.borrow_mut();
        let in_transaction = (self.chain.migrations.get(number))
            .is_some_and(|migration| migration.run_in_transaction);
        if let (Some(site), true) = (restored, in_transaction) {
            let connection = &mut site.runner;
            let made_of = (self.seeds, &mut *known);
            let tried =
                data::in_one_transaction(connection, self.steps, number, catalogs, made_of)?;
            if tried.is_some() {
                return Ok(tried);
            }
        }
        let mut site = ground.at(number)?;
        let made_of = (self.seeds, &mut *known);
        let rows = data::trip(&mut site.runner, self.steps, number, catalogs, made_of)?;
        ground.remove(site)?;
        Ok(rows)
    }
}

/// The changes without those sequences that came or went with the table whose they are.
fn without_followers(changes: Vec<Change>, from: &State, to: &State) -> Vec<Change> {
    let moved: BTreeSet<String> = (changes.iter())
        .filter(|change| !matches!(change.difference, Difference::Changed { .. }))
        .filter_map(|change| change.path.sql_name())
        .collect();
    let follows = |change: &Change| {
        let side = match change.difference {
            Difference::Missing => from,
            Difference::Unexpected => to,
            _ => return false,
        };
        let is_it = |object: &&Object| object.path() == change.path;
        let owner = (side.objects.iter().find(is_it))
            .and_then(|object| object.attributes.get("owned_by")?.get("relation")?.as_str());
        owner.is_some_and(|owner| moved.contains(owner))
    };
    let (followers, kept): (Vec<Change>, Vec<Change>) =
        (changes.into_iter()).partition(|change| change.path.class == &SEQUENCE && follows(change));
    drop(followers);
    kept
}

/// How a trial ended.
enum Tried {
    /// The database is in the state after the migration.
    Exact(Trial, Box<Place>),
    /// The database is gone.
    Other(Trial),
    /// So is it here, and the migration could not even be applied.
    UpFailed(Box<FailedMigration>),
}
