//! The migrations of a directory, in the order in which Diesel applies them.

use std::path::{Path, PathBuf};

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel_migrations::{FileBasedMigrations, MigrationError};

use super::error::MigrateError;
use crate::text::visible;

/// A directory of migrations, as plain data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The directory that was read.
    pub directory: PathBuf,
    /// In the order in which Diesel applies them: by version, compared as text. No version occurs twice.
    pub migrations: Vec<MigrationDir>,
}

/// Which way a migration is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Applied: `up.sql`.
    Up,
    /// Reverted: `down.sql`.
    Down,
}

/// One migration: a directory with an `up.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationDir {
    /// What Diesel records in `__diesel_schema_migrations`: the directory's name up to the first `_`, without dashes.
    pub version: String,
    /// The directory's name.
    pub name: String,
    /// The directory.
    pub path: PathBuf,
    /// Whether Diesel runs the file and its bookkeeping in one transaction. Diesel's rule: true without a `metadata.toml`
    /// and with one that cannot be read; false with one that does not say `run_in_transaction = true`.
    pub run_in_transaction: bool,
}

impl MigrationDir {
    /// The file that is applied.
    pub fn up_sql(&self) -> PathBuf {
        self.path.join("up.sql")
    }

    /// The file that reverts it; it need not be there.
    pub fn down_sql(&self) -> PathBuf {
        self.path.join("down.sql")
    }

    /// The file that is run.
    pub fn sql(&self, direction: Direction) -> PathBuf {
        match direction {
            Direction::Up => self.up_sql(),
            Direction::Down => self.down_sql(),
        }
    }
}

impl Chain {
    /// Reads what Diesel would apply from a directory; each `up.sql` is read only when it is applied.
    ///
    /// # Errors
    /// Where Diesel refuses the directory (it cannot be read, a subdirectory has no `up.sql`), and where what Diesel would
    /// do is not defined (two directories of one version: it applies one, whichever the file system lists last).
    pub fn read(directory: &Path) -> Result<Self, MigrateError> {
        let refused = |error| refusal(directory, error);
        let source = FileBasedMigrations::from_path(directory).map_err(refused)?;
        let found = MigrationSource::<Pg>::migrations(&source).map_err(|error| {
            MigrateError::Unreadable {
                path: directory.to_owned(),
                message: error.to_string(),
            }
        })?;
        let mut migrations: Vec<MigrationDir> = found
            .iter()
            .map(|migration| {
                let name = migration.name().to_string();
                MigrationDir {
                    version: migration.name().version().to_string(),
                    path: directory.join(&name),
                    name,
                    run_in_transaction: migration.metadata().run_in_transaction(),
                }
            })
            .collect();
        migrations.sort_by(|a, b| (&a.version, &a.name).cmp(&(&b.version, &b.name)));
        refuse_duplicates(&migrations)?;
        refuse_foreign_names(&migrations)?;
        Ok(Self {
            directory: directory.to_owned(),
            migrations,
        })
    }
}

impl Chain {
    /// A sentence about `.sql` files that lie in the directory itself, as other tools keep their migrations: Diesel does not
    /// look at them.
    pub fn stray_sql_notice(&self) -> Option<String> {
        let entries = std::fs::read_dir(&self.directory).ok()?;
        let mut names: Vec<String> = (entries.filter_map(Result::ok))
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_sql(name))
            .collect();
        names.sort();
        let shown: Vec<String> = names.iter().take(NAMED).map(|name| visible(name)).collect();
        let more = match names.len().checked_sub(NAMED + 1) {
            Some(more) => format!(" and {} more", more + 1),
            None => String::new(),
        };
        let (these, were) = match names.len() {
            0 => return None,
            1 => ("lies outside of a directory with an up.sql: it is", "was"),
            _ => (
                "lie outside of a directory with an up.sql: they are",
                "were",
            ),
        };
        Some(format!(
            "{}{more} in {} {these} no migration for Diesel and {were} not run; if another tool runs what is there, let it: \
             `[migrate] command` in drift.toml, or --database-url",
            shown.join(", "),
            self.directory.display(),
        ))
    }
}

/// How many files are named.
const NAMED: usize = 3;

/// Whether a file of that name is SQL.
pub(crate) fn is_sql(name: &str) -> bool {
    !name.starts_with('.') && name.to_lowercase().ends_with(".sql")
}

fn refusal(directory: &Path, error: MigrationError) -> MigrateError {
    match error {
        MigrationError::UnknownMigrationFormat(path) => MigrateError::NoUpSql { path },
        other => MigrateError::Unreadable {
            path: directory.to_owned(),
            message: other.to_string(),
        },
    }
}

fn refuse_duplicates(sorted: &[MigrationDir]) -> Result<(), MigrateError> {
    let twice = sorted
        .windows(2)
        .find(|pair| pair[0].version == pair[1].version);
    twice.map_or(Ok(()), |pair| {
        Err(MigrateError::DuplicateVersion {
            version: pair[0].version.clone(),
            first: pair[0].path.clone(),
            second: pair[1].path.clone(),
        })
    })
}

/// Diesel replaces what is not UTF-8 in a name, so that the name no longer leads to the directory.
fn refuse_foreign_names(migrations: &[MigrationDir]) -> Result<(), MigrateError> {
    let lost = migrations.iter().find(|migration| !migration.path.is_dir());
    lost.map_or(Ok(()), |migration| {
        Err(MigrateError::Unreadable {
            path: migration.path.clone(),
            message: "its name is not UTF-8, rename it".to_owned(),
        })
    })
}
