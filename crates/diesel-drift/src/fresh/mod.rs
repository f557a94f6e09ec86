//! A fresh database with migrations applied: one door for who needs the database, one for who needs no more than its catalog.

mod catalogs;
mod replay;

use crate::cache::States;
use crate::check::{Plan, Step, Target, connect, read_database};
use crate::error::Error;
use crate::introspect::{Live, Wanted};
use crate::migrate::Chain;
use crate::project::Project;
use crate::provision::{self, Options, ServerUrl};
use crate::report::Migrated;
use diesel::PgConnection;
use replay::handed_out;
use std::collections::BTreeSet;

pub(crate) use catalogs::Catalogs;
pub(crate) use replay::{Seen, Stops, Task, is_worth_keeping, keep_head, replay};

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
            let task = Task::whole(chain, options, states.as_ref());
            let database = handed_out(task, progress)?;
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

    /// The database, as libpq is told.
    pub(crate) fn libpq(&self) -> &ServerUrl {
        self.database.libpq()
    }

    /// The database, without any secret.
    pub(crate) fn describe(&self) -> String {
        self.database.describe()
    }

    /// How it came to its schema.
    pub(crate) fn migrated(&self) -> Migrated {
        self.migrated
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
    /// What a target holds: a fresh database, or one that is only read.
    ///
    /// # Errors
    /// As [`of_project`](Self::of_project), or when the database cannot be read.
    pub(crate) fn of_target(
        project: &Project,
        target: &Target,
        wanted: &Wanted,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        match target {
            Target::Fresh(options) => Self::of_project(project, options, wanted, progress),
            Target::Migrated { url } => {
                progress(Step::Introspect);
                Ok(Self {
                    live: read_database(url, wanted)?,
                    database: url.describe(),
                    migrated: Migrated::Before,
                    notices: Vec::new(),
                })
            }
        }
    }

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
        let count = chain.migrations.len();
        let at = BTreeSet::from([count]);
        let mut catalogs = Catalogs::of(chain, options, wanted, &at, progress)?;
        Ok(Self {
            live: catalogs.take(count)?,
            database: catalogs.database,
            migrated: match catalogs.is_kept {
                true => Migrated::Kept(count),
                false => Migrated::ByChain(count),
            },
            notices: [Plan::notices_of(chain), refusals(options)].concat(),
        })
    }
}

/// A sentence about a cache that is not used.
pub(crate) fn refusals(options: &Options) -> Vec<String> {
    options.cache.refusal().into_iter().collect()
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
