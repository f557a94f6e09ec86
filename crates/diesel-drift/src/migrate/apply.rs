//! Applying a chain.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use diesel::PgConnection;
use diesel::connection::BoxableConnection;
use diesel::migration::{Migration, MigrationMetadata, MigrationName, MigrationSource};
use diesel::pg::Pg;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use super::chain::{Chain, Direction, MigrationDir};
use super::error::MigrateError;
use super::explain::{Facts, explain};
use super::failure::shown;
use super::{redact, statements};

/// What [`apply`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The names of the migrations that were run, in order. Those that the database had before are not among them.
    pub names: Vec<String>,
}

/// Applies every migration of a chain that the database does not have yet, as `diesel migration run` does, in the chain's order.
///
/// `progress` is called before each migration with the number of migrations done and of those to do in all.
/// The connection is for this alone: what a migration sets for its session stays set, and after an error the database
/// is only good for being dropped, because a failed migration is run once more, in a transaction that is rolled back, to find
/// out what PostgreSQL tells nobody else.
///
/// # Errors
/// If a file cannot be read or is refused by Diesel, and if a migration fails.
pub fn apply(
    connection: &mut PgConnection,
    chain: &Chain,
    progress: &mut dyn FnMut(usize, usize, &MigrationDir),
) -> Result<Applied, MigrateError> {
    let mut watch = |event: Event<'_>| {
        if let Event::Before {
            done,
            total,
            migration,
        } = event
        {
            progress(done, total, migration);
        }
        Ok(())
    };
    apply_watched(connection, chain, &|_| true, &mut watch)
}

/// What happens while a chain is applied.
#[derive(Debug)]
pub enum Event<'a> {
    /// A migration comes next.
    Before {
        /// How many were applied.
        done: usize,
        /// How many there are to apply.
        total: usize,
        /// The one that comes.
        migration: &'a MigrationDir,
    },
    /// A migration was applied.
    After(&'a MigrationDir),
}

/// As [`apply`], for the migrations that `wanted` admits; `watch` is told of each before and after it, and may break off.
///
/// # Errors
/// As [`apply`], and what `watch` returns.
pub fn apply_watched<E: From<MigrateError>>(
    connection: &mut PgConnection,
    chain: &Chain,
    wanted: &dyn Fn(&MigrationDir) -> bool,
    watch: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
) -> Result<Applied, E> {
    apply_while(connection, chain, wanted, watch, &mut |_, _| true)
}

/// As [`apply_watched`], up to the first migration that `go_on` does not want to be applied, which is shown the connection.
///
/// # Errors
/// As [`apply_watched`].
pub(crate) fn apply_while<E: From<MigrateError>>(
    connection: &mut PgConnection,
    chain: &Chain,
    wanted: &dyn Fn(&MigrationDir) -> bool,
    watch: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    go_on: &mut dyn FnMut(&mut PgConnection, &MigrationDir) -> bool,
) -> Result<Applied, E> {
    let pending = pending(connection, chain, wanted)?;
    let mut names = Vec::with_capacity(pending.len());
    for (migration, directory) in &pending {
        if !go_on(connection, directory) {
            break;
        }
        watch(Event::Before {
            done: names.len(),
            total: pending.len(),
            migration: directory,
        })?;
        run_one(connection, migration.as_ref(), directory, Direction::Up)?;
        watch(Event::After(directory))?;
        names.push(directory.name.clone());
    }
    Ok(Applied { names })
}

/// The migrations of a chain, to be run one by one in either direction.
pub(crate) struct Steps<'chain> {
    chain: &'chain Chain,
    migrations: HashMap<String, Box<dyn Migration<Pg>>>,
}

impl<'chain> Steps<'chain> {
    /// # Errors
    /// If the directory has changed since the chain was read.
    pub(crate) fn of(chain: &'chain Chain) -> Result<Self, MigrateError> {
        let changed = |error: &dyn std::fmt::Display| chain_changed(chain, &error.to_string());
        let source =
            FileBasedMigrations::from_path(&chain.directory).map_err(|error| changed(&error))?;
        let found = MigrationSource::<Pg>::migrations(&source).map_err(|error| changed(&error))?;
        let migrations = (found.into_iter())
            .map(|migration| (migration.name().to_string(), migration))
            .collect();
        Ok(Self { chain, migrations })
    }

    /// Makes Diesel's table of applied migrations, where it is not there.
    ///
    /// # Errors
    /// If the server refuses.
    pub(crate) fn prepare(connection: &mut PgConnection) -> Result<(), MigrateError> {
        let known = connection.applied_migrations();
        known.map(drop).map_err(|error| MigrateError::Bookkeeping {
            message: redact::text(&error.to_string()),
        })
    }

    /// Applies or reverts the chain's `number`th migration, from 0, whatever else was applied. What a migration sets for its session stays set.
    ///
    /// # Errors
    /// If a file cannot be read or is refused by Diesel, and if the migration fails.
    pub(crate) fn run(
        &self,
        connection: &mut PgConnection,
        number: usize,
        direction: Direction,
    ) -> Result<(), MigrateError> {
        let gone = || chain_changed(self.chain, "a migration has gone since it was read");
        let directory = self.chain.migrations.get(number).ok_or_else(gone)?;
        let migration = self.migrations.get(&directory.name).ok_or_else(gone)?;
        run_one(connection, migration.as_ref(), directory, direction)
    }
}

type Pending<'chain> = Vec<(Box<dyn Migration<Pg>>, &'chain MigrationDir)>;

/// The migrations that the database does not have yet and `wanted` admits, in the chain's order.
fn pending<'chain>(
    connection: &mut PgConnection,
    chain: &'chain Chain,
    wanted: &dyn Fn(&MigrationDir) -> bool,
) -> Result<Pending<'chain>, MigrateError> {
    let source = FileBasedMigrations::from_path(&chain.directory)
        .map_err(|error| chain_changed(chain, &error.to_string()))?;
    let pending =
        connection
            .pending_migrations(source)
            .map_err(|error| MigrateError::Bookkeeping {
                message: redact::text(&error.to_string()),
            })?;
    let read: HashMap<&str, (usize, &MigrationDir)> = (chain.migrations.iter().enumerate())
        .map(|(at, migration)| (migration.name.as_str(), (at, migration)))
        .collect();
    let known = |migration: Box<dyn Migration<Pg>>| {
        let name = migration.name().to_string();
        let (at, directory) = read.get(name.as_str()).copied().ok_or_else(|| {
            chain_changed(chain, &format!("`{name}` has appeared since it was read"))
        })?;
        Ok((at, migration, directory))
    };
    let mut all: Vec<_> = pending
        .into_iter()
        .map(known)
        .collect::<Result<_, MigrateError>>()?;
    all.sort_by_key(|(at, ..)| *at);
    Ok(all
        .into_iter()
        .map(|(_, migration, directory)| (migration, directory))
        .filter(|(_, directory)| wanted(directory))
        .collect())
}

fn chain_changed(chain: &Chain, message: &str) -> MigrateError {
    MigrateError::Unreadable {
        path: chain.directory.clone(),
        message: message.to_owned(),
    }
}

/// Applies or reverts one migration, as Diesel does it.
fn run_one(
    connection: &mut PgConnection,
    migration: &dyn Migration<Pg>,
    directory: &MigrationDir,
    direction: Direction,
) -> Result<(), MigrateError> {
    let sql = read_sql(&directory.sql(direction))?;
    let watched = Watched {
        migration,
        sql: &sql,
        outcome: RefCell::new(Outcome::NotRun),
    };
    let ran = match direction {
        Direction::Up => connection.run_migration(&watched),
        Direction::Down => connection.revert_migration(&watched),
    };
    let Err(after) = ran else {
        return Ok(());
    };
    let (facts, ran_through) = match watched.outcome.into_inner() {
        Outcome::Failed(error) => (Facts::of(&error), false),
        Outcome::NotRun | Outcome::Done => {
            let error = after.downcast_ref::<diesel::result::Error>();
            let facts = error.map_or_else(|| Facts::of_message(&after.to_string()), Facts::of);
            (facts, true)
        }
    };
    let failed = explain(connection, (directory, direction), &sql, facts, ran_through);
    Err(MigrateError::Failed(Box::new(failed)))
}

/// The text of a migration; what Diesel would refuse with a sentence that names no file is refused here.
pub(crate) fn read_sql(file: &Path) -> Result<String, MigrateError> {
    let bytes = fs::read(file).map_err(|error| MigrateError::Unreadable {
        path: shown(file),
        message: error.to_string(),
    })?;
    let sql = String::from_utf8(bytes).map_err(|error| MigrateError::NotUtf8 {
        file: shown(file),
        line: line_of_byte(error.as_bytes(), error.utf8_error().valid_up_to()),
    })?;
    if statements::split(&sql).is_empty() {
        return Err(MigrateError::Empty { file: shown(file) });
    }
    Ok(sql)
}

fn line_of_byte(text: &[u8], byte: usize) -> usize {
    1 + text.iter().take(byte).filter(|&&c| c == b'\n').count()
}

/// How far the text of a migration came.
enum Outcome {
    NotRun,
    Failed(diesel::result::Error),
    Done,
}

/// Diesel's own migration, except that it keeps the error that Diesel's wraps beyond reach (its `RunMigrationsError` is private).
struct Watched<'a> {
    migration: &'a dyn Migration<Pg>,
    sql: &'a str,
    outcome: RefCell<Outcome>,
}

impl Migration<Pg> for Watched<'_> {
    fn run(&self, connection: &mut dyn BoxableConnection<Pg>) -> diesel::migration::Result<()> {
        self.send(connection)
    }

    fn revert(&self, connection: &mut dyn BoxableConnection<Pg>) -> diesel::migration::Result<()> {
        self.send(connection)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        self.migration.metadata()
    }

    fn name(&self) -> &dyn MigrationName {
        self.migration.name()
    }
}

impl Watched<'_> {
    fn send(&self, connection: &mut dyn BoxableConnection<Pg>) -> diesel::migration::Result<()> {
        match connection.batch_execute(self.sql) {
            Ok(()) => {
                self.outcome.replace(Outcome::Done);
                Ok(())
            }
            Err(error) => {
                let message = error.to_string();
                self.outcome.replace(Outcome::Failed(error));
                Err(message.into())
            }
        }
    }
}
