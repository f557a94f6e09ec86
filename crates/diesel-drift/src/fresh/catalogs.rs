//! What a chain's states hold, from what is kept as far as it is.

use super::replay::{Seen, Stops, Task, replay};
use crate::cache::{Place, States};
use crate::check::Step;
use crate::error::Error;
use crate::introspect::{IntrospectError, Live, Wanted};
use crate::migrate::{Chain, FailedMigration, MigrateError};
use crate::provision::Options;
use crate::version::readable;
use std::collections::{BTreeMap, BTreeSet};

/// What a chain's states hold.
pub(crate) struct Catalogs {
    /// By the number of migrations applied.
    lives: BTreeMap<usize, Live>,
    /// The database that they were read from, without any secret.
    pub(crate) database: String,
    /// Whether they are all kept from an earlier run.
    pub(crate) is_kept: bool,
    /// The migration that failed behind the last of them, if one did.
    pub(crate) failed: Option<Box<FailedMigration>>,
}

impl Catalogs {
    /// The states of a chain, by the number of migrations applied; those that are kept, where neither the chain nor the server has changed since they
    /// were read last, and the others from a fresh database. Where a migration fails, those before it are what is had, if there are any.
    ///
    /// # Errors
    /// When there is no database to be had, a migration fails before the first of the states, or the database cannot be read.
    pub(crate) fn of(
        chain: &Chain,
        options: &Options,
        wanted: &Wanted,
        at: &BTreeSet<usize>,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let states = States::of(chain, options);
        let known = |state: &usize| Some((*state, states.as_ref()?.catalog(*state, wanted)?));
        let kept: BTreeMap<usize, Live> = at.iter().filter_map(known).collect();
        let missing: BTreeSet<usize> = (at.iter().copied())
            .filter(|state| !kept.contains_key(state))
            .collect();
        let Some(to) = missing.last().copied() else {
            return Ok(Self::from_earlier(kept, states.as_ref()));
        };
        let mut made = Made::default();
        let mut stops = Stops {
            at: &missing,
            wanted,
            see: &mut |seen| {
                made.see(seen);
                Ok(())
            },
        };
        let task = Task::of(chain, options, states.as_ref(), to);
        let (replayed, failed) = match replay(task, &mut stops, progress) {
            Ok(replayed) => (Some(replayed), None),
            Err(Error::Migrate(MigrateError::Failed(failed))) => (None, Some(failed)),
            Err(error) => return Err(error),
        };
        let current = (states.as_ref()).filter(|states| states.hold(made.provider, chain, options));
        if !kept.is_empty() && current.is_none() {
            // What was kept is not of this server.
            drop(replayed);
            let anew = Options {
                cache: Place::Off,
                ..options.clone()
            };
            return Self::of(chain, &anew, wanted, at, progress);
        }
        if let Some(states) = current {
            (made.lives.iter()).for_each(|(state, live)| states.keep_catalog(*state, wanted, live));
        }
        if let Some(replayed) = replayed {
            replayed.close()?;
        }
        let mut lives = kept;
        lives.append(&mut made.lives);
        if let Some(failed) = &failed {
            let is_behind = |last: &usize| {
                let mut names = chain.migrations.iter().map(|one| &one.name);
                names.position(|name| *name == failed.name) >= Some(*last)
            };
            if !lives
                .last_key_value()
                .is_some_and(|(last, _)| is_behind(last))
            {
                return Err(MigrateError::Failed(failed.clone()).into());
            }
        }
        Ok(Self {
            lives,
            database: made.database,
            is_kept: false,
            failed,
        })
    }

    fn from_earlier(lives: BTreeMap<usize, Live>, states: Option<&States>) -> Self {
        let version = lives.last_key_value().map(|(_, live)| live.server_version);
        let of_site = |states: &States| {
            format!(
                "{} PostgreSQL {} ({}), kept from an earlier run",
                states.site().provider,
                readable(version.unwrap_or_default()),
                states.site().place
            )
        };
        Self {
            lives,
            database: states.map(of_site).unwrap_or_default(),
            is_kept: true,
            failed: None,
        }
    }

    /// One of the states, which is asked for once.
    ///
    /// # Errors
    /// When a migration fails on the way there.
    pub(crate) fn take(&mut self, state: usize) -> Result<Live, Error> {
        let failed = || match self.failed.clone() {
            Some(failed) => MigrateError::Failed(failed).into(),
            None => {
                IntrospectError::Inconsistent(format!("state {state} was not asked for")).into()
            }
        };
        self.lives.remove(&state).ok_or_else(failed)
    }
}

/// What a replay made.
#[derive(Default)]
struct Made {
    lives: BTreeMap<usize, Live>,
    /// Its database, without any secret.
    database: String,
    provider: &'static str,
}

impl Made {
    fn see(&mut self, seen: Seen<'_>) {
        match seen {
            Seen::Begun(database) => {
                *self = Self {
                    lives: BTreeMap::new(),
                    database: database.describe(),
                    provider: database.provider(),
                };
            }
            Seen::State(state, live) => drop(self.lives.insert(state, *live)),
        }
    }
}
