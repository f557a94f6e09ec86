//! The programs that the harness is measured against, where they are installed.

use crate::Failure;
use crate::measure::timed;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A program: in the server's own directory of programs where that is on this machine, because `pg_dump` refuses newer servers; else as
/// `PATH` has it. `None` where it is not installed.
pub fn find(name: &str, beside_the_server: Option<&Path>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = beside_the_server.map(Path::to_owned).into_iter();
    directories
        .chain(std::env::split_paths(&path))
        .map(|directory| directory.join(name))
        .find(|program| program.is_file())
}

/// Runs a program to its end, its output thrown away, and says how long it took. What it says on stderr is the error if it fails.
pub fn time(command: &mut Command) -> Result<Duration, Failure> {
    let (output, took) = timed(|| command.stdin(Stdio::null()).stdout(Stdio::null()).output());
    let output = output.map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(took)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{command:?} failed: {said}").into())
    }
}
