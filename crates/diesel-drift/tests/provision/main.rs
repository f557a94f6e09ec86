//! Fresh databases from each provider, for real. What has to die does so in a process of its own: this very binary, run again with
//! [`child::harness`] as its only test.

// clippy.toml allows these in test functions; here the functions beside them are tests' too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod auto;
mod child;
mod container;
mod local;
#[path = "../shared/process.rs"]
mod process;
mod server;
#[path = "../shared/sql.rs"]
mod sql;

use diesel::{Connection, PgConnection};
use diesel_drift::cache::Place;
use diesel_drift::provision::{Choice, Database, Options, provision};
use sql::{ask, execute};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Options of the local provider.
fn local() -> Options {
    Options {
        provider: Choice::Local,
        ..Options::default()
    }
}

/// Options of the server provider.
fn server(url: &str) -> Options {
    Options {
        provider: Choice::Server,
        server_url: Some(url.into()),
        ..Options::default()
    }
}

/// A server for the tests of this process. Nobody drops it: its supervisor stops it when the process ends.
fn base() -> &'static Database {
    static BASE: OnceLock<Database> = OnceLock::new();
    BASE.get_or_init(|| provision(&local()).unwrap())
}

/// The run directory of a local database, and the process number of its server.
fn traces(url: &str) -> (PathBuf, u32) {
    let data = PathBuf::from(ask(url, "current_setting('data_directory')"));
    let file = std::fs::read_to_string(data.join("postmaster.pid")).unwrap();
    let pid = file.lines().next().unwrap().parse().unwrap();
    (data.parent().unwrap().to_owned(), pid)
}

fn is_running(pid: u32) -> bool {
    // The shell's own `kill`: a small system has no other.
    let listed = std::process::Command::new("sh")
        .args(["-c", &format!("kill -0 {pid}")])
        .output();
    listed.unwrap().status.success()
}

fn assert_gone((directory, pid): &(PathBuf, u32)) {
    assert!(!directory.exists(), "{} is left", directory.display());
    assert!(!is_running(*pid), "process {pid} is left");
}

/// Waits for something that happens in another process; a minute is far more than it can take.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "waited for a minute: {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Says what could not be tested here. libtest hides what a passing test prints; this goes past it.
fn skip(what: &str, why: &str) {
    #[allow(clippy::explicit_write)] // `eprintln!` would be captured
    writeln!(std::io::stderr(), "skipped: {what}: {why}").unwrap();
}

/// The directory of the installation that the local provider takes.
fn installed() -> PathBuf {
    let description = base().describe();
    let (_, place) = description.split_once('(').unwrap();
    Path::new(place.trim_end_matches(')')).to_owned()
}

/// An installation whose `program` is a script and whose other programs are the real ones.
fn installation_with(program: &str, script: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let bin = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir_in("/tmp")
        .unwrap();
    let real = installed();
    for name in ["initdb", "postgres"] {
        let path = bin.path().join(name);
        let own = format!("exec {}/{name} \"$@\"", real.display());
        let script = if name == program {
            script.replace("REAL", &own)
        } else {
            own
        };
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    bin
}
