//! The states that a chain leads through, read when they are asked for.
//!
//! State `n` is the database after the chain's first `n` migrations. It is made on a scratch database by replaying them; one that stands at a
//! lower state goes on from there. What was read is kept in memory, and in the cache where the server is known before it runs.

use super::script::Script;
use super::store::{Packed, State, Store};
use super::{BlameError, Lineage};
use crate::cache::States;
use crate::check::{Step, connect};
use crate::compare::{Change, diff};
use crate::error::Error;
use crate::introspect::{IntrospectError, Wanted, introspect, introspect_inside};
use crate::manifest::strip;
use crate::migrate::{Chain, Event, MigrateError, MigrationDir, apply_watched};
use crate::provision::{self, Choice, Database, provision};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Where in a chain: behind so many migrations, and so many statements of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Moment {
    pub(super) migrations: usize,
    pub(super) statements: usize,
}

impl Moment {
    pub(super) fn state(migrations: usize) -> Self {
        Self {
            migrations,
            statements: 0,
        }
    }

    /// Behind so many statements of the migration that leads to state `step`.
    pub(super) fn within(step: usize, statements: usize) -> Self {
        Self {
            migrations: step - 1,
            statements,
        }
    }
}

/// A chain and what is known of its states.
pub(super) struct History<'a> {
    lineage: &'a Lineage,
    migrations: Vec<&'a MigrationDir>,
    pub(super) store: Store,
    known: BTreeMap<Moment, State>,
    /// The scratch database that is brought from state to state. Before the server that it is on, so that it is dropped first.
    scratch: Option<Scratch>,
    server: Option<Database>,
    server_version: u32,
    kept: Option<States>,
    /// How many states are in the cache.
    in_cache: usize,
    /// Until when states may be read.
    until: Option<Instant>,
}

/// What is kept, beside catalogs.
const KEPT: &str = "history";

/// What is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    server_version: u32,
    states: Packed,
}

/// A scratch database at a state.
struct Scratch {
    at: usize,
    /// As Diesel has one for all migrations: what one sets for its session, the next finds.
    migrating: PgConnection,
    reading: PgConnection,
    /// None for the first, which is the server's own. Behind the connections, so that it is dropped after them.
    database: Option<Database>,
}

impl<'a> History<'a> {
    /// Of what was applied of a chain. Nothing is read yet but what the cache has.
    pub(super) fn of(lineage: &'a Lineage) -> Self {
        let migrations: Vec<&MigrationDir> = lineage.migrations().collect();
        let chain = Chain {
            directory: lineage.chain.directory.clone(),
            migrations: migrations.iter().copied().cloned().collect(),
        };
        let mut history = Self {
            lineage,
            migrations,
            store: Store::default(),
            known: BTreeMap::new(),
            scratch: None,
            server: None,
            server_version: 0,
            kept: States::of(&chain, &lineage.options),
            in_cache: 0,
            until: None,
        };
        let found = (history.kept.as_ref())
            .and_then(|states| states.beginning(KEPT))
            .and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok())
            .and_then(|kept| Some((kept.server_version, Store::unpack(kept.states)?)));
        if let Some((server_version, (store, known))) = found {
            history.in_cache = known.len();
            (history.store, history.known) = (store, known);
            history.server_version = server_version;
        }
        history
    }

    /// Reads no more states when so much time is over.
    pub(super) fn within(mut self, limit: Duration) -> Self {
        self.until = Some(Instant::now() + limit);
        self
    }

    /// Puts what was read into the cache, as far as it is the same on another day.
    fn keep(&self) {
        let Some(states) = &self.kept else { return };
        let Some(last) = states.last() else { return };
        let chain = Chain {
            directory: self.lineage.chain.directory.clone(),
            migrations: self.migrations.iter().copied().cloned().collect(),
        };
        if self.known.len() == self.in_cache || !states.are_current(&chain, &self.lineage.options) {
            return;
        }
        let is_of_beginning = |moment: &Moment| *moment <= Moment::state(last);
        let known = self
            .known
            .iter()
            .filter(|(moment, _)| is_of_beginning(moment));
        let kept = Kept {
            server_version: self.server_version,
            states: self.store.pack(known),
        };
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            states.keep_beginning(last, KEPT, &bytes);
        }
    }

    /// How many migrations there are, and so the number of the last state.
    pub(super) fn end(&self) -> usize {
        self.migrations.len()
    }

    /// The migration that leads to state `n`, which is not 0.
    pub(super) fn migration(&self, n: usize) -> Option<&'a MigrationDir> {
        self.migrations.get(n.checked_sub(1)?).copied()
    }

    /// A state that was read.
    pub(super) fn at(&self, moment: Moment) -> Option<&State> {
        self.known.get(&moment)
    }

    /// What changes between two moments that were read.
    pub(super) fn changes(&self, from: Moment, to: Moment) -> Vec<Change> {
        let (Some(from), Some(to)) = (self.at(from), self.at(to)) else {
            return Vec::new();
        };
        let (from, to) = self.store.differing(from, to);
        diff(&from, &to, (self.server_version, self.server_version))
    }

    /// Reads states. `tell` is told of each.
    ///
    /// # Errors
    /// When there is no database to be had, a migration fails, or the catalog cannot be read.
    pub(super) fn read(
        &mut self,
        states: &BTreeSet<usize>,
        tell: &mut dyn FnMut(Step<'_>),
    ) -> Result<(), Error> {
        let is_unknown = |state: &&usize| !self.known.contains_key(&Moment::state(**state));
        let unknown: BTreeSet<usize> = states.iter().filter(is_unknown).copied().collect();
        let (Some(first), Some(last)) = (unknown.first(), unknown.last()) else {
            return Ok(());
        };
        self.reach(*first, *last, &unknown, tell)
    }

    /// Reads the states behind the first statements of the migration that leads to state `n`. False where its statements cannot be run one
    /// by one as they are run together.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) fn read_statements(
        &mut self,
        n: usize,
        script: &Script,
        wanted: &BTreeSet<usize>,
        tell: &mut dyn FnMut(Step<'_>),
    ) -> Result<bool, Error> {
        let moment = |statements| Moment::within(n, statements);
        let is_unknown = |count: &&usize| !self.known.contains_key(&moment(**count));
        let unknown: BTreeSet<usize> = wanted.iter().filter(is_unknown).copied().collect();
        let (Some(steps), false) = (script.steps(), unknown.is_empty()) else {
            return Ok(unknown.is_empty());
        };
        self.reach(n - 1, n - 1, &BTreeSet::new(), tell)?;
        let Some(scratch) = &mut self.scratch else {
            return Ok(false);
        };
        let read = step_by_step(&mut scratch.migrating, steps, &unknown);
        let Some(read) = read else {
            // The session may be in any state.
            self.scratch = None;
            return Ok(false);
        };
        for (count, mut live) in read {
            strip(&mut live.catalog);
            let state = self.store.add(&live.catalog).map_err(no_json)?;
            self.known.insert(moment(count), state);
        }
        Ok(true)
    }

    /// Brings a scratch database that stands before `first`, or there, to `last`, and reads what is wanted on the way.
    fn reach(
        &mut self,
        first: usize,
        last: usize,
        wanted: &BTreeSet<usize>,
        tell: &mut dyn FnMut(Step<'_>),
    ) -> Result<(), Error> {
        self.bring(first, tell)?;
        let is_second = |scratch: &Scratch| scratch.database.is_some();
        match self.go_on(last, wanted, tell) {
            // What a server has only once, roles for one, the first database may have made already.
            Err(Error::Migrate(MigrateError::Failed(_)))
                if self.scratch.as_ref().is_some_and(is_second) =>
            {
                self.scratch = None;
                self.server = None;
                self.bring(first, tell)?;
                self.go_on(last, wanted, tell)
            }
            result => result,
        }
    }

    /// Sees to a scratch database that is at a state, or before it.
    fn bring(&mut self, state: usize, tell: &mut dyn FnMut(Step<'_>)) -> Result<(), Error> {
        if self
            .scratch
            .as_ref()
            .is_some_and(|scratch| scratch.at <= state)
        {
            return Ok(());
        }
        self.scratch = None;
        let (database, url) = match &self.server {
            None => {
                tell(Step::Provision);
                let server = provision(&self.lineage.options)?;
                self.server_version = server.server_version();
                let url = server.libpq().clone();
                self.server = Some(server);
                (None, url)
            }
            Some(server) => {
                let beside = provision(&provision::Options {
                    provider: Choice::Server,
                    server_url: Some(server.libpq().clone()),
                    roles: Vec::new(),
                    ..self.lineage.options.clone()
                })?;
                let url = beside.libpq().clone();
                (Some(beside), url)
            }
        };
        self.scratch = Some(Scratch {
            at: 0,
            migrating: connect(&url)?,
            reading: connect(&url)?,
            database,
        });
        Ok(())
    }

    /// Brings the scratch database to a state and reads those that are wanted on the way.
    fn go_on(
        &mut self,
        to: usize,
        wanted: &BTreeSet<usize>,
        tell: &mut dyn FnMut(Step<'_>),
    ) -> Result<(), Error> {
        let Some(scratch) = &mut self.scratch else {
            return Ok(());
        };
        let Scratch {
            at,
            migrating,
            reading,
            database: _,
        } = scratch;
        let (store, known, until) = (&mut self.store, &mut self.known, self.until);
        let mut read = |state: usize| -> Result<(), Error> {
            if wanted.contains(&state) {
                let mut live = introspect(reading, &Wanted::default())?;
                strip(&mut live.catalog);
                let state_read = store.add(&live.catalog).map_err(no_json)?;
                known.insert(Moment::state(state), state_read);
            }
            Ok(())
        };
        read(*at)?;
        let due: BTreeSet<&str> = (self.migrations.iter())
            .take(to)
            .map(|migration| migration.version.as_str())
            .collect();
        if *at == to {
            return Ok(());
        }
        let mut watch = |event: Event<'_>| -> Result<(), Error> {
            match event {
                Event::Before { .. } if until.is_some_and(|until| Instant::now() > until) => {
                    Err(BlameError::TooLong.into())
                }
                Event::Before { migration, .. } => {
                    tell(Step::Blame {
                        done: *at,
                        total: to,
                        name: &migration.name,
                    });
                    Ok(())
                }
                Event::After(_) => {
                    *at += 1;
                    read(*at)
                }
            }
        };
        let is_due = |migration: &MigrationDir| due.contains(migration.version.as_str());
        apply_watched(migrating, &self.lineage.chain, &is_due, &mut watch)?;
        Ok(())
    }

    /// Keeps what was read, and removes what was made for it.
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub(super) fn close(&mut self) -> Result<(), Error> {
        self.keep();
        self.scratch = None;
        match self.server.take() {
            Some(server) => Ok(server.close()?),
            None => Ok(()),
        }
    }
}

/// Runs statements one by one in a transaction that is rolled back, and reads what is there behind so many of them. None where one fails.
fn step_by_step<'s>(
    connection: &mut PgConnection,
    steps: impl Iterator<Item = &'s str>,
    wanted: &BTreeSet<usize>,
) -> Option<Vec<(usize, crate::introspect::Live)>> {
    /// Takes what was read out of the transaction.
    enum Undone {
        Read(Vec<(usize, crate::introspect::Live)>),
        Failed,
    }
    impl From<diesel::result::Error> for Undone {
        fn from(_: diesel::result::Error) -> Self {
            Self::Failed
        }
    }
    let last = wanted.last().copied()?;
    let ended = connection.transaction(|connection| {
        let mut read = Vec::new();
        let mut steps = steps.take(last);
        for count in 0..=last {
            if wanted.contains(&count) {
                let live = introspect_inside(connection, &Wanted::default());
                read.push((count, live.map_err(|_| Undone::Failed)?));
            }
            if let Some(statement) = steps.next() {
                connection.batch_execute(statement)?;
            }
        }
        Err::<std::convert::Infallible, _>(Undone::Read(read))
    });
    match ended {
        Err(Undone::Read(read)) => Some(read),
        Err(Undone::Failed) => None,
    }
}

fn no_json(error: serde_json::Error) -> IntrospectError {
    IntrospectError::Inconsistent(error.to_string())
}

/// A chain whose states are asked for, and where they are made.
impl Lineage {
    fn migrations(&self) -> impl Iterator<Item = &MigrationDir> {
        let was_applied = |migration: &&MigrationDir| {
            let versions = self.versions.as_ref();
            versions.is_none_or(|versions| versions.contains(&migration.version))
        };
        self.chain.migrations.iter().filter(was_applied)
    }
}
