//! The whole path: project → fresh database → migrations → catalog → comparison → report.

use crate::declared::{self, Reading};
use crate::error::Error;
use crate::introspect::{self, Wanted};
use crate::migrate::{self, Chain};
use crate::project::Project;
use crate::provision::{self, ServerUrl};
use crate::report::Report;
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
    /// Comparing.
    Compare,
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
    if reading.declared.tables.is_empty() {
        let places = project
            .schemas
            .iter()
            .map(|source| source.path.clone())
            .collect();
        return Err(Error::NothingDeclared { places });
    }
    match target {
        Target::Migrated { url } => hold(project, reading, url, url.describe(), None, progress),
        Target::Fresh(options) => {
            let fresh = MigratedDatabase::make(project, options, progress)?;
            let report = hold(
                project,
                reading,
                fresh.database.libpq(),
                fresh.database.describe(),
                fresh.migrations,
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
    migrations: Option<usize>,
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
        // Before a server is started for nothing.
        let chain = match project.migrate_command {
            Some(_) => None,
            None => Some(read_chain(project)?),
        };
        progress(Step::Provision);
        let database = provision::provision(options)?;
        if let Some(command) = &project.migrate_command {
            progress(Step::Command);
            let without = database.misleading_variables();
            migrate::run_command(command, &project.root, database.url(), &without)?;
        }
        if let Some(chain) = &chain {
            let mut connection = connect(database.libpq())?;
            migrate::apply(&mut connection, chain, &mut |done, total, migration| {
                progress(Step::Migrate {
                    done,
                    total,
                    name: &migration.name,
                });
            })?;
        }
        let migrations = chain.map(|chain| chain.migrations.len());
        Ok(Self {
            database,
            migrations,
        })
    }

    /// The database's URL, for any PostgreSQL driver. It may hold a password.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// Removes the database, and says if that failed (dropping cannot).
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub fn close(self) -> Result<(), Error> {
        Ok(self.database.close()?)
    }
}

fn read_chain(project: &Project) -> Result<Chain, Error> {
    let directory = migrate::find_directory(
        &project.root,
        project.migration_dir.as_deref(),
        project.configured_migrations.as_deref(),
    )?;
    Ok(Chain::read(&directory)?)
}

fn hold(
    project: &Project,
    reading: Reading,
    url: &ServerUrl,
    database: String,
    migrations: Option<usize>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    progress(Step::Introspect);
    let mut connection = connect(url)?;
    let live = introspect::introspect(&mut connection, &Wanted::of(&reading))?;
    progress(Step::Compare);
    Ok(Report::new(project, reading, &live, database, migrations))
}

fn connect(url: &ServerUrl) -> Result<PgConnection, Error> {
    url.connect().map_err(|message| Error::Connect {
        database: url.describe(),
        message,
    })
}
