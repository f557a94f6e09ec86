//! The whole path: project → fresh database → migrations → catalog → comparison → report.

use crate::declared::{self, Reading};
use crate::error::Error;
use crate::introspect::{self, Live, Wanted};
use crate::migrate::{self, Chain, Event, MigrateError};
use crate::project::Project;
use crate::provision::{self, ServerUrl};
use crate::report::{Migrated, Report};
use diesel::PgConnection;

/// The database that a project is held against.
#[derive(Clone, Debug)]
pub enum Target {
    /// A fresh one, with the project's migrations applied.
    Fresh(provision::Options),
    /// One that is already migrated; it is only read.
    Migrated {
        /// Its libpq URL or connection string.
        url: ServerUrl,
    },
}

/// What a check is doing, told while it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Reading the declarations.
    Declared,
    /// Bringing up a fresh database.
    Provision,
    /// Applying migrations.
    Migrate {
        /// How many are applied.
        done: usize,
        /// How many there are.
        total: usize,
        /// The one that comes next.
        name: &'a str,
    },
    /// Running `[migrate] command`.
    Command,
    /// Reading the catalog.
    Introspect,
    /// Trying the cases of the self-test.
    Case {
        /// How many are done.
        done: usize,
        /// How many there are.
        total: usize,
    },
    /// Trying migrations up, down and up again.
    RoundTrip {
        /// How many are done.
        done: usize,
        /// How many there are.
        total: usize,
        /// The one that was done.
        name: &'a str,
    },
    /// Taking all migrations down to nothing, and up again.
    RoundTripWhole,
    /// Comparing.
    Compare,
}

impl<'a> Step<'a> {
    /// The migration that comes next, where one does.
    pub(crate) fn next(event: &Event<'a>) -> Option<Self> {
        match *event {
            Event::Before {
                done,
                total,
                migration,
            } => Some(Self::Migrate {
                done,
                total,
                name: &migration.name,
            }),
            Event::After(_) => None,
        }
    }
}

/// Holds `project` against `target` and tells `progress` of each step.
///
/// # Errors
/// When the comparison could not be made; drift is no error.
pub fn check(
    project: &Project,
    target: &Target,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    progress(Step::Declared);
    let reading = declared::read(&project.root, &project.schemas)?;
    // A file that is named may be empty: Diesel CLI prints one where there is no table yet.
    let named = project.schemas.iter().any(|source| source.path.is_file());
    if reading.declared.tables.is_empty() && !named {
        let places = project
            .schemas
            .iter()
            .map(|source| source.path.clone())
            .collect();
        return Err(Error::NothingDeclared { places });
    }
    match target {
        Target::Migrated { url } => hold(
            project,
            reading,
            url,
            url.describe(),
            Migrated::Before,
            Vec::new(),
            progress,
        ),
        Target::Fresh(options) => {
            let fresh = MigratedDatabase::make(project, options, progress)?;
            let report = hold(
                project,
                reading,
                fresh.database.libpq(),
                fresh.database.describe(),
                fresh.migrated,
                fresh.notices.clone(),
                progress,
            )?;
            fresh.close()?;
            Ok(report)
        }
    }
}

/// A fresh database with a project's migrations applied. Dropping it removes everything that was made for it.
#[derive(Debug)]
pub struct MigratedDatabase {
    database: provision::Database,
    migrated: Migrated,
    notices: Vec<String>,
}

impl MigratedDatabase {
    /// Brings up a fresh database and migrates it: with the project's chain, or with its `[migrate] command`.
    ///
    /// # Errors
    /// When there is no database to be had, no migrations directory, or a migration fails.
    pub fn make(
        project: &Project,
        options: &provision::Options,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let plan = Plan::of(project)?;
        progress(Step::Provision);
        let database = provision::provision(options)?;
        let migrated = plan.carry_out(project, &database, progress)?;
        Ok(Self {
            database,
            migrated,
            notices: plan.notices(),
        })
    }

    /// The database's URL, for any PostgreSQL driver. It may hold a password.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// What it holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(&self) -> Result<Live, Error> {
        read_database(self.database.libpq(), &Wanted::default())
    }

    /// Removes the database, and says if that failed (dropping cannot).
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub fn close(self) -> Result<(), Error> {
        Ok(self.database.close()?)
    }
}

impl Live {
    /// A fresh database with the migrations of `project` applied.
    ///
    /// # Errors
    /// When the database cannot be had or read.
    pub fn of_fresh(
        project: &Project,
        options: &provision::Options,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let fresh = MigratedDatabase::make(project, options, progress)?;
        progress(Step::Introspect);
        let live = fresh.read()?;
        fresh.close()?;
        Ok(live)
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

/// How a fresh database will be migrated; made before a server is started for nothing.
pub(crate) enum Plan<'a> {
    Chain(Chain),
    Command(&'a str),
}

impl<'a> Plan<'a> {
    /// A directory that the caller chose goes before the project's own command.
    pub(crate) fn of(project: &'a Project) -> Result<Self, Error> {
        if let (Some(command), None) = (&project.migrate_command, &project.migration_dir) {
            return Ok(Self::Command(command));
        }
        let chosen = project.migration_dir.as_deref();
        let configured = project.configured_migrations.as_deref();
        let directory = migrate::find_directory(&project.root, chosen, configured)?;
        Ok(Self::Chain(Chain::read(&directory)?))
    }

    /// What lies beside the migrations and may have been meant as one.
    pub(crate) fn notices(&self) -> Vec<String> {
        match self {
            Self::Chain(chain) => chain.stray_sql_notice().into_iter().collect(),
            Self::Command(_) => Vec::new(),
        }
    }

    pub(crate) fn carry_out(
        &self,
        project: &Project,
        database: &provision::Database,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Migrated, Error> {
        match self {
            Self::Command(command) => {
                progress(Step::Command);
                let without = database.misleading_variables();
                migrate::run_command(command, &project.root, database.url(), &without)?;
                Ok(Migrated::ByCommand)
            }
            Self::Chain(chain) => {
                apply_chain(database.libpq(), chain, progress)?;
                Ok(Migrated::ByChain(chain.migrations.len()))
            }
        }
    }
}

/// Applies a chain to a database and tells `progress` of each migration.
pub(crate) fn apply_chain(
    url: &ServerUrl,
    chain: &Chain,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(), Error> {
    let mut tell = |event: Event<'_>| {
        Step::next(&event).into_iter().for_each(&mut *progress);
        Ok::<_, MigrateError>(())
    };
    migrate::apply_watched(&mut connect(url)?, chain, &|_| true, &mut tell)?;
    Ok(())
}

fn hold(
    project: &Project,
    reading: Reading,
    url: &ServerUrl,
    database: String,
    migrated: Migrated,
    notices: Vec<String>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    progress(Step::Introspect);
    let live = read_database(url, &Wanted::of(&reading))?;
    progress(Step::Compare);
    Ok(Report::new(
        project, reading, &live, database, migrated, notices,
    ))
}

/// What the database at `url` holds, whoever made it.
pub(crate) fn read_database(url: &ServerUrl, wanted: &Wanted) -> Result<Live, Error> {
    Ok(introspect::introspect(&mut connect(url)?, wanted)?)
}

/// A connection, or a sentence.
pub(crate) fn connect(url: &ServerUrl) -> Result<PgConnection, Error> {
    url.connect().map_err(|message| Error::Connect {
        database: url.describe(),
        message,
    })
}
