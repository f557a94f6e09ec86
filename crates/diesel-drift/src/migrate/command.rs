//! A project's own way to migrate.

use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::error::MigrateError;
use super::redact;
use crate::provision::{Held, hold};
use crate::text::last_lines;

/// How much of a failed command's output is quoted, in bytes and in lines.
const TAIL_BYTES: u64 = 16 * 1024;
const TAIL_LINES: usize = 40;
/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(10);
/// How long an interrupted command has before it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// Migrates with the project's own command (`command` in `[migrate]` of `drift.toml`): `sh -c` in the project's root,
/// `DATABASE_URL` set to the scratch database, the variables `without` unset, standard input closed. Its output is kept from the terminal.
///
/// # Errors
/// If it cannot be started or ends with anything but 0. The end of its output is quoted, without the password.
pub fn run_command(
    command: &str,
    project_root: &Path,
    database_url: &str,
    without: &[&str],
) -> Result<(), MigrateError> {
    let shown = redact::text_of_connection(command, database_url);
    let (status, tail) = run(command, project_root, database_url, without).map_err(|error| {
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
        output: last_lines(&redact::text_of_connection(&tail, database_url), TAIL_LINES).join("\n"),
    })
}

/// The output goes to a file: a pipe would have to be read until its last writer ends, and a command may leave one behind.
fn run(
    command: &str,
    root: &Path,
    database_url: &str,
    without: &[&str],
) -> io::Result<(ExitStatus, String)> {
    let mut output = tempfile::tempfile()?;
    let mut shell = Command::new("sh");
    for variable in without {
        shell.env_remove(variable);
    }
    let child = shell
        .arg("-c")
        .arg(command)
        .current_dir(root)
        .env("DATABASE_URL", database_url)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?)
        // A group of its own, so that what the shell starts can be stopped with it.
        .process_group(0)
        .spawn()?;
    let child = Arc::new(Mutex::new(child));
    let _lease = hold(Box::new(Running(Arc::clone(&child))));
    let status = loop {
        if let Some(status) = lock(&child).try_wait()? {
            break status;
        }
        std::thread::sleep(POLL);
    };
    let length = output.metadata()?.len();
    output.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    output.take(TAIL_BYTES).read_to_end(&mut tail)?;
    Ok((status, String::from_utf8_lossy(&tail).into_owned()))
}

/// A command that may still be running.
struct Running(Arc<Mutex<Child>>);

impl Held for Running {
    /// Ends the command and what it started; one that does not go on SIGTERM is killed.
    fn release(self: Box<Self>) -> Result<(), String> {
        let deadline = Instant::now() + GRACE;
        let mut signal = Signal::TERM;
        loop {
            let mut child = lock(&self.0);
            if child
                .try_wait()
                .map_err(|error| error.to_string())?
                .is_some()
            {
                return Ok(());
            }
            // Not waited for yet, so the process id is still the child's.
            kill_process_group(Pid::from_child(&child), signal)
                .map_err(|error| error.to_string())?;
            drop(child);
            std::thread::sleep(POLL);
            if Instant::now() > deadline {
                signal = Signal::KILL;
            }
        }
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}
