//! A project's own way to migrate.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use super::error::MigrateError;
use super::redact;

/// How much of a failed command's output is quoted, in bytes and in lines.
const TAIL_BYTES: u64 = 16 * 1024;
const TAIL_LINES: usize = 40;

/// Migrates with the project's own command (`command` in `[migrate]` of `drift.toml`): `sh -c` in the project's root,
/// `DATABASE_URL` set to the scratch database, standard input closed. Its output is kept from the terminal.
///
/// # Errors
/// If it cannot be started or ends with anything but 0. The end of its output is quoted, without the password.
pub fn run_command(
    command: &str,
    project_root: &Path,
    database_url: &str,
) -> Result<(), MigrateError> {
    let shown = redact::text_of_connection(command, database_url);
    let (status, tail) = run(command, project_root, database_url).map_err(|error| {
        MigrateError::CommandNotStarted {
            command: shown.clone(),
            directory: project_root.to_owned(),
            message: error.to_string(),
        }
    })?;
    if status.success() {
        return Ok(());
    }
    Err(MigrateError::CommandFailed {
        command: shown,
        directory: project_root.to_owned(),
        status: status.to_string(),
        output: last_lines(&redact::text_of_connection(&tail, database_url)),
    })
}

/// The output goes to a file: a pipe would have to be read until its last writer ends, and a command may leave one behind.
fn run(command: &str, root: &Path, database_url: &str) -> io::Result<(ExitStatus, String)> {
    let mut output = tempfile::tempfile()?;
    let status = Command::new("sh")
        .arg("-c")
        .arg(command)
        .current_dir(root)
        .env("DATABASE_URL", database_url)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?)
        .status()?;
    let length = output.metadata()?.len();
    output.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    output.take(TAIL_BYTES).read_to_end(&mut tail)?;
    Ok((status, String::from_utf8_lossy(&tail).into_owned()))
}

fn last_lines(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
