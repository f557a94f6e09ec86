//! The whole path: project → fresh database → migrations → catalog → comparison → report.

use crate::compare::compare;
use crate::declared::{self, Declared, Reading, Type};
use crate::error::Error;
use crate::introspect::{self, Wanted};
use crate::migrate::{self, Chain};
use crate::project::{DRIFT_TOML, Project};
use crate::provision;
use crate::report::{Compared, Report};
use diesel::{Connection, PgConnection};

/// The database that a project is held against.
#[derive(Clone, Debug)]
pub enum Target {
    /// A fresh one, with the project's migrations applied.
    Fresh(provision::Options),
    /// One that is already migrated; it is only read.
    Migrated {
        /// Its libpq URL or connection string.
        url: String,
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
        return Err(Error::NothingDeclared {
            places: project
                .schemas
                .iter()
                .map(|source| source.path.clone())
                .collect(),
        });
    }
    match target {
        Target::Migrated { url } => {
            let database = provision::describe_url(url);
            compare_with(project, reading, url, database, None, progress)
        }
        Target::Fresh(options) => {
            let chain = match project.migrate_command {
                Some(_) => None,
                None => {
                    let directory =
                        migrate::find_directory(&project.root, project.migrations.as_deref())?;
                    Some(Chain::read(&directory)?)
                }
            };
            progress(Step::Provision);
            let database = provision::provision(options)?;
            migrate(project, chain.as_ref(), database.url(), progress)?;
            let count = chain.map(|chain| chain.migrations.len());
            let report = compare_with(
                project,
                reading,
                database.url(),
                database.describe(),
                count,
                progress,
            )?;
            database.close()?;
            Ok(report)
        }
    }
}

fn migrate(
    project: &Project,
    chain: Option<&Chain>,
    url: &str,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(), Error> {
    if let Some(command) = &project.migrate_command {
        progress(Step::Command);
        migrate::run_command(command, &project.root, url)?;
    }
    if let Some(chain) = chain {
        let mut connection = connect(url)?;
        migrate::apply(&mut connection, chain, &mut |done, total, migration| {
            progress(Step::Migrate {
                done,
                total,
                name: &migration.name,
            });
        })?;
    }
    Ok(())
}

fn compare_with(
    project: &Project,
    reading: Reading,
    url: &str,
    database: String,
    migrations: Option<usize>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    progress(Step::Introspect);
    let mut connection = connect(url)?;
    let live = introspect::introspect(&mut connection, &wanted(&reading))?;
    progress(Step::Compare);
    let findings = compare(&reading, &live, &project.scope);
    let (findings, suppressed) = project.policy.apply(findings);
    let mut sources = reading.declared.sources;
    sources.extend(
        project
            .drift_toml
            .clone()
            .map(|text| (DRIFT_TOML.into(), text)),
    );
    Ok(Report {
        root: project.root.clone(),
        database,
        server_version: live.server_version,
        compared: Compared {
            tables: reading.declared.tables.len(),
            columns: reading
                .declared
                .tables
                .iter()
                .map(|table| table.columns.len())
                .sum(),
            joins: reading.declared.joinables.len(),
            enums: reading.declared.enums.len(),
            migrations,
        },
        findings,
        suppressed,
        notices: reading.notices,
        sources,
    })
}

fn connect(url: &str) -> Result<PgConnection, Error> {
    PgConnection::establish(url).map_err(|error| Error::Connect {
        database: provision::describe_url(url),
        message: error.to_string(),
    })
}

/// What the declarations name that may not be the project's own.
fn wanted(reading: &Reading) -> Wanted {
    let mut wanted = Wanted::default();
    for declared in std::iter::once(&reading.declared).chain(&reading.generated) {
        add_wanted(&mut wanted, declared);
    }
    wanted
}

fn add_wanted(wanted: &mut Wanted, declared: &Declared) {
    wanted
        .relations
        .extend(declared.tables.iter().map(|table| table.name.clone()));
    wanted.types.extend(
        declared
            .sql_types
            .iter()
            .map(|sql_type| sql_type.name.clone()),
    );
    for column in declared.tables.iter().flat_map(|table| &table.columns) {
        let mut data_type = &column.data_type;
        while let Type::Array { element, .. } = data_type {
            data_type = element;
        }
        match data_type {
            Type::Known { name, .. } => {
                wanted.types.insert(name.clone());
            }
            Type::Unknown { name } => wanted.types.extend(likely_sql_names(name)),
            Type::Array { .. } => {}
        }
    }
}

/// The names that a type of another crate may have in PostgreSQL, going by its Rust name.
fn likely_sql_names(rust_name: &str) -> [String; 2] {
    use heck::ToSnakeCase;
    [rust_name.to_lowercase(), rust_name.to_snake_case()]
}
