//! A fresh database with migrations applied: one door for who needs the database, one for who needs no more than its catalog.

use crate::cache::{Rest, Session, States};
use crate::check::{Plan, Step, connect, read_database};
use crate::error::Error;
use crate::introspect::{Live, Wanted};
use crate::migrate::{Chain, Event, MigrateError, MigrationDir, apply_while};
use crate::project::Project;
use crate::provision::{self, Database, Options, ServerUrl};
use crate::report::Migrated;
use crate::version::readable;
use diesel::PgConnection;
use std::time::{Duration, Instant};

/// A fresh database with a project's migrations applied. Dropping it removes everything that was made for it.
#[derive(Debug)]
pub struct MigratedDatabase {
    database: provision::Database,
    migrated: Migrated,
}

impl MigratedDatabase {
    /// Brings up a fresh database and migrates it: with the project's chain, or with its `[migrate] command`.
    ///
    /// # Errors
    /// When there is no database to be had, no migrations directory, or a migration fails.
    pub fn make(
        project: &Project,
        options: &Options,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        Self::of(&Plan::of(project)?, project, options, progress)
    }

    fn of(
        plan: &Plan<'_>,
        project: &Project,
        options: &Options,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        if let Plan::Chain(chain) = plan {
            let states = States::of(chain, options);
            let replay = Replay::of(chain, options, states.as_ref(), progress)?;
            let database = replay.handed_out(progress)?;
            let migrated = Migrated::ByChain(chain.migrations.len());
            return Ok(Self { database, migrated });
        }
        progress(Step::Provision);
        let database = provision::provision(options)?;
        let migrated = plan.carry_out(project, &database, progress)?;
        Ok(Self { database, migrated })
    }

    /// A database in which the chain was applied.
    pub(crate) fn of_chain(database: provision::Database, chain: &Chain) -> Self {
        Self {
            database,
            migrated: Migrated::ByChain(chain.migrations.len()),
        }
    }

    /// The database's URL, for any PostgreSQL driver: also for connection pools, and for diesel-async and sqlx. It may hold a password.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// A connection to the database. `PgConnection::establish(database.url())` heeds variables of libpq, this does not where the server
    /// is the harness's own.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn connect(&self) -> Result<PgConnection, Error> {
        connect(self.database.libpq())
    }

    /// Removes the database, and says if that failed (dropping cannot).
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub fn close(self) -> Result<(), Error> {
        Ok(self.database.close()?)
    }
}

/// What a fresh, migrated database holds.
pub(crate) struct Fresh {
    /// What it holds.
    pub(crate) live: Live,
    /// The database, without any secret.
    pub(crate) database: String,
    /// How it came to its schema.
    pub(crate) migrated: Migrated,
    /// Sentences about what could not be looked at.
    pub(crate) notices: Vec<String>,
}

impl Fresh {
    /// The catalog of a fresh database with the project's migrations applied.
    ///
    /// # Errors
    /// As [`MigratedDatabase::make`], and when the database cannot be read.
    pub(crate) fn of_project(
        project: &Project,
        options: &Options,
        wanted: &Wanted,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let plan = Plan::of(project)?;
        if let Plan::Chain(chain) = &plan {
            return Self::of_chain(chain, options, wanted, progress);
        }
        // What a command reads is not known, so that nothing of it is kept.
        let made = MigratedDatabase::of(&plan, project, options, progress)?;
        progress(Step::Introspect);
        let fresh = Self {
            live: read_database(made.database.libpq(), wanted)?,
            database: made.database.describe(),
            migrated: made.migrated,
            notices: plan.notices(),
        };
        made.close()?;
        Ok(fresh)
    }

    /// The catalog of a fresh database with a chain applied; where neither the chain nor the server has changed since it was read last, what
    /// was kept of it.
    ///
    /// # Errors
    /// When there is no database to be had, a migration fails, or the database cannot be read.
    pub(crate) fn of_chain(
        chain: &Chain,
        options: &Options,
        wanted: &Wanted,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let notices = Plan::notices_of(chain);
        let count = chain.migrations.len();
        let states = States::of(chain, options);
        if let Some(states) = &states
            && let Some(live) = states.catalog(count, wanted)
        {
            let version = readable(live.server_version);
            return Ok(Self {
                live,
                database: format!(
                    "{} PostgreSQL {version} ({}), kept from an earlier run",
                    states.site().provider,
                    states.site().place
                ),
                migrated: Migrated::Kept(count),
                notices,
            });
        }
        let replay = Replay::of(chain, options, states.as_ref(), progress)?;
        progress(Step::Introspect);
        let live = read_database(replay.database.libpq(), wanted)?;
        if let Some(states) = replay.current_states() {
            states.keep_catalog(count, wanted, &live);
        }
        let fresh = Self {
            live,
            database: replay.database.describe(),
            migrated: Migrated::ByChain(count),
            notices,
        };
        replay.close()?;
        Ok(fresh)
    }
}

/// A fresh database to which a chain is being applied.
struct Replay<'a> {
    chain: &'a Chain,
    options: &'a Options,
    states: Option<&'a States>,
    /// What the migrations are applied over: what one of them sets stays set for the next.
    connection: PgConnection,
    /// What the connection was before them.
    session: Option<Session>,
    database: Database,
    /// How many of the migrations are applied.
    applied: usize,
    /// How long those took that were applied in this run.
    took: Duration,
}

impl<'a> Replay<'a> {
    /// Applies a chain: to an empty database, or from the longest unchanged part of it whose cluster is kept.
    fn of(
        chain: &'a Chain,
        options: &'a Options,
        states: Option<&'a States>,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Replayed<'a>, Error> {
        let worked_on = states.and_then(States::unchanged);
        states.inspect(|states| states.note());
        progress(Step::Provision);
        let replay = Self::begin(chain, options, states)?;
        let was_kept = replay.database.kept().is_some();
        match replay.go_on(worked_on, progress) {
            // What is kept has lost what a session had. The error that counts is the one that a cold run meets.
            Err(_) if was_kept => Self::of(chain, options, None, progress),
            outcome => outcome,
        }
    }

    fn begin(
        chain: &'a Chain,
        options: &'a Options,
        states: Option<&'a States>,
    ) -> Result<Self, Error> {
        let kept = states.map(States::clusters).unwrap_or_default();
        let keys: Vec<String> = kept.iter().map(|(key, _)| key.clone()).collect();
        let database = provision::provision_from(options, &keys)?;
        let found = kept.iter().find(|(key, _)| Some(&**key) == database.kept());
        let mut connection = connect(database.libpq())?;
        Ok(Self {
            chain,
            options,
            states,
            session: states.and_then(|_| Session::of(&mut connection)),
            connection,
            database,
            applied: found.map_or(0, |(_, applied)| *applied),
            took: Duration::ZERO,
        })
    }

    /// Applies the rest. The state before the migration that is being worked on is kept on the way, for the next time.
    fn go_on(
        mut self,
        worked_on: Option<usize>,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Replayed<'a>, Error> {
        let all = &self.chain.migrations;
        let halt = worked_on.and_then(|count| Some(&*all.get(count)?.name));
        let mut halted = false;
        if self.applied < all.len() {
            let mut tell = |event: Event<'_>| {
                Step::next(&event).into_iter().for_each(&mut *progress);
                Ok::<_, MigrateError>(())
            };
            let first = self.session.as_ref();
            let started = Instant::now();
            let mut go_on = |connection: &mut PgConnection, next: &MigrationDir| {
                halted = Some(&*next.name) == halt
                    && is_worth_keeping(started.elapsed())
                    && Session::rest(first, connection) == Rest::Clean;
                !halted
            };
            let connection = &mut self.connection;
            let applied = apply_while(connection, self.chain, &|_| true, &mut tell, &mut go_on)?;
            self.took += started.elapsed();
            self.applied += applied.names.len();
        }
        match halted {
            true => self.end().restarted()?.go_on(None, progress),
            false => Ok(self.end()),
        }
    }

    /// Closes the connection, and with it what the migrations left open there.
    fn end(mut self) -> Replayed<'a> {
        Replayed {
            rest: Session::rest(self.session.as_ref(), &mut self.connection),
            chain: self.chain,
            options: self.options,
            states: self.states,
            database: self.database,
            applied: self.applied,
            took: self.took,
        }
    }
}

/// Replays a chain so that its cluster is kept, where that is worth it.
///
/// # Errors
/// When there is no database to be had, or a migration fails.
pub(crate) fn keep_head(chain: &Chain, options: &Options, states: &States) -> Result<(), Error> {
    let replay = Replay::of(chain, options, Some(states), &mut |_| {})?;
    replay.close().map(drop)
}

/// A replay that took less is not kept: copying a cluster into the cache takes a tenth of a second, and so does copying it out.
pub(crate) fn is_worth_keeping(took: Duration) -> bool {
    took >= Duration::from_millis(500)
}

/// A fresh database to which a chain was applied.
struct Replayed<'a> {
    chain: &'a Chain,
    options: &'a Options,
    states: Option<&'a States>,
    database: Database,
    applied: usize,
    took: Duration,
    rest: Rest,
}

impl<'a> Replayed<'a> {
    /// The states, if the chain and the server are still what they were when it began.
    fn current_states(&self) -> Option<&'a States> {
        let states = self
            .states
            .filter(|states| self.database.provider() == states.site().provider)?;
        states
            .are_current(self.chain, self.options)
            .then_some(states)
    }

    /// The states, if its cluster is to be kept.
    fn keeping_states(&self) -> Option<&'a States> {
        match is_worth_keeping(self.took) && self.rest != Rest::Other {
            true => self.current_states(),
            false => None,
        }
    }

    /// Removes the database, and keeps its cluster where that is worth it. Says whether it is kept.
    fn close(self) -> Result<bool, Error> {
        let Some(states) = self.keeping_states() else {
            self.database.close()?;
            return Ok(false);
        };
        let mut is_kept = false;
        self.database.close_keeping(&mut |data| {
            is_kept = states.keep_cluster(self.applied, self.rest, data);
        })?;
        Ok(is_kept)
    }

    /// Closes it and begins again, from what was kept of it.
    fn restarted(self) -> Result<Replay<'a>, Error> {
        let (chain, options, states) = (self.chain, self.options, self.states);
        let is_kept = self.close()?;
        Replay::begin(chain, options, states.filter(|_| is_kept))
    }

    /// The database, for whoever will change what is in it: it is kept before.
    fn handed_out(self, progress: &mut dyn FnMut(Step<'_>)) -> Result<Database, Error> {
        if self.keeping_states().is_none() {
            return Ok(self.database);
        }
        Ok(self.restarted()?.go_on(None, progress)?.database)
    }
}

impl Live {
    /// What a fresh database with the migrations of `project` applied holds.
    ///
    /// # Errors
    /// When the database cannot be had or read.
    pub fn of_fresh(
        project: &Project,
        options: &Options,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let fresh = Fresh::of_project(project, options, &Wanted::default(), progress)?;
        Ok(fresh.live)
    }

    /// The database at `url`, which is only read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of_database(url: &ServerUrl, progress: &mut dyn FnMut(Step<'_>)) -> Result<Self, Error> {
        progress(Step::Introspect);
        read_database(url, &Wanted::default())
    }
}
