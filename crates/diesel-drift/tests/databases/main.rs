//! A database for each test, for real: what has to be a test process of its own is this very binary, run again with [`child::test`] as
//! its only test.

// clippy.toml allows these in test functions; here the functions beside them are tests' too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod child;
mod equal;
mod keep;
mod lint;
mod local;
#[path = "../shared/process.rs"]
mod process;
mod project;
mod server;
#[path = "../shared/sql.rs"]
mod sql;

use sql::{ask, execute};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The run directory of a local server.
fn directory(url: &str) -> PathBuf {
    let data = PathBuf::from(ask(url, "current_setting('data_directory')"));
    data.parent().unwrap().to_owned()
}

/// Waits for something that happens in another process; two minutes are far more than it can take.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(
            started.elapsed() < Duration::from_secs(120),
            "waited for two minutes: {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a process has the directory in its command line; none where there is no `/proc` to look into.
fn processes_of(directory: &Path) -> Option<usize> {
    let wanted = directory.to_str().unwrap();
    let lines = std::fs::read_dir("/proc")
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let bytes = std::fs::read(entry.path().join("cmdline")).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        });
    Some(lines.filter(|line| line.contains(wanted)).count())
}
