//! Why a database could not be migrated.

use std::path::PathBuf;

use super::failure::FailedMigration;

/// Why a database could not be migrated. Every message is a sentence that says what to do, and holds no password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// No directory of migrations is where Diesel looks for one.
    #[error(
        "no directory of migrations was found: {looked}\n\
         name it with `dir` in [migrations_directory] of diesel.toml, or with --migration-dir; a project that migrates \
         without Diesel sets `command` in [migrate] of drift.toml"
    )]
    DirectoryNotFound {
        /// Where it was looked for, as text.
        looked: String,
    },
    /// Several directories could be meant.
    #[error(
        "several directories of migrations could be meant: {}\n\
         name one with `dir` in [migrations_directory] of diesel.toml, or with --migration-dir",
        list(.candidates)
    )]
    DirectoryAmbiguous {
        /// The candidates.
        candidates: Vec<PathBuf>,
    },
    /// A directory or file could not be read.
    #[error("cannot read {}: {message}", .path.display())]
    Unreadable {
        /// What could not be read.
        path: PathBuf,
        /// The reason.
        message: String,
    },
    /// A directory among the migrations is none. Diesel refuses the whole chain.
    #[error(
        "{} is no migration, because it holds no `up.sql`, and Diesel refuses every migration beside it: give it an \
         `up.sql`, remove it, move it elsewhere, or start its name with a dot, which Diesel ignores",
        .path.display()
    )]
    NoUpSql {
        /// The directory.
        path: PathBuf,
    },
    /// Two directories of one version.
    #[error(
        "{} and {} are both version {version}, and Diesel applies only one of them (which one, the file system decides): \
         rename one; its version is the name up to the first `_`, without dashes",
        .first.display(), .second.display()
    )]
    DuplicateVersion {
        /// The version that both names stand for.
        version: String,
        /// One directory.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// An `up.sql` is not UTF-8.
    #[error("{}:{line}: not UTF-8, and Diesel reads nothing else: convert the file", .file.display())]
    NotUtf8 {
        /// The file.
        file: PathBuf,
        /// The line of the first byte that is not UTF-8, counted from 1.
        line: usize,
    },
    /// An `up.sql` that Diesel refuses because nothing in it can be run.
    #[error(
        "{}: it holds no statement, and Diesel refuses to run it: remove the migration, or write `SELECT 1;`",
        .file.display()
    )]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Diesel's table of applied migrations could not be created or read.
    #[error(
        "cannot prepare the table `__diesel_schema_migrations`: {message}\n\
         the role needs the right to create tables in the first schema of its `search_path`"
    )]
    Bookkeeping {
        /// PostgreSQL's message.
        message: String,
    },
    /// A migration failed.
    #[error("{0}")]
    Failed(Box<FailedMigration>),
    /// The project's own command could not be started.
    #[error("cannot run [migrate] command `{command}` in {}: {message}", .directory.display())]
    CommandNotStarted {
        /// The command, without passwords.
        command: String,
        /// Where it was to run.
        directory: PathBuf,
        /// The reason.
        message: String,
    },
    /// The project's own command failed.
    #[error("[migrate] command `{command}` failed in {} ({status}){}", .directory.display(), quoted(.output))]
    CommandFailed {
        /// The command, without passwords.
        command: String,
        /// Where it ran.
        directory: PathBuf,
        /// How it ended, for example `exit status: 1`.
        status: String,
        /// The end of what it wrote to its standard output and error, without passwords.
        output: String,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(", ")
}

fn quoted(output: &str) -> String {
    if output.is_empty() {
        return " and wrote nothing".to_owned();
    }
    let lines: Vec<String> = output.lines().map(|line| format!("\n  | {line}")).collect();
    format!("; the end of its output:{}", lines.concat())
}
