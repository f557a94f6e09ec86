//! The whole path: project → fresh database → migrations → catalog → comparison → report.

use crate::blame::Lineage;
use crate::declared;
use crate::error::Error;
use crate::fresh::Fresh;
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
    /// Looking for the migrations behind the findings: replaying them on a scratch database.
    Blame {
        /// How many are applied.
        done: usize,
        /// How many are to be.
        total: usize,
        /// The one that comes next.
        name: &'a str,
    },
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
    let wanted = Wanted::of(&reading);
    let Fresh {
        live,
        database,
        migrated,
        notices,
    } = Fresh::of_target(project, target, &wanted, progress)?;
    progress(Step::Compare);
    let mut report = Report::new(project, reading, &live, database, migrated, notices);
    if let Target::Fresh(options) = target
        && !report.findings.is_empty()
    {
        report.lineages.extend(Lineage::of(project, options)?);
    }
    Ok(report)
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
            Self::Chain(chain) => Self::notices_of(chain),
            Self::Command(_) => Vec::new(),
        }
    }

    /// [`notices`](Self::notices) of a chain.
    pub(crate) fn notices_of(chain: &Chain) -> Vec<String> {
        chain.stray_sql_notice().into_iter().collect()
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
