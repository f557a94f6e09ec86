//! The initialised cluster: made once, kept in the cache, copied for each run.

use super::account::{Account, command};
use super::install::Install;
use super::postmaster::quoted_log;
use super::site;
use crate::cache::{Cache, Kind};
use crate::digest::sha256;
use crate::provision::registry::Startup;
use crate::provision::rundir::{self, RunDir};
use crate::provision::settings::SETTINGS;
use crate::provision::{DATABASE, SUPERUSER};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Tried in this order: not every system has `C.UTF-8`. Either sorts by code point, on every machine alike.
const LOCALES: [&str; 2] = ["C.UTF-8", "C"];

const INITDB: [&str; 7] = [
    "--encoding=UTF8",
    "--auth-local=trust", // the socket's directory is the server user's alone
    "--auth-host=scram-sha-256", // a port of the loopback interface is everybody's
    "--wal-segsize=1",    // 16 MiB less to copy
    "--no-sync",
    "--no-clean",
    "--text-search-config=simple", // else derived from the locale
];

/// What only a server of the machine's own needs, besides [`SETTINGS`].
const OWN_SETTINGS: [(&str, &str); 4] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_permissions", "0700"),
    ("dynamic_shared_memory_type", "mmap"), // in the data directory, so that it goes with it
    ("logging_collector", "off"),
];

/// Puts a fresh cluster into `data` of a run directory; says whether it came from the cache.
pub(super) fn place(
    install: &Install,
    account: Option<&Account>,
    cache: Option<&Cache>,
    run: &RunDir,
    startup: &Startup,
) -> Result<bool, String> {
    if let Some(cache) = cache
        && fill(cache, install, account, run, startup).is_ok()
    {
        return Ok(true);
    }
    startup.check("initialising a cluster")?;
    remove_if_there(&data(run))?;
    initialise(install, account, run, startup)?;
    Ok(false)
}

/// Puts the first cluster that is kept under one of `keys` into `data` of a run directory, and says which that is.
pub(super) fn place_kept(
    cache: &Cache,
    account: Option<&Account>,
    run: &RunDir,
    keys: &mut std::slice::Iter<'_, String>,
) -> Option<String> {
    let found = keys.find(|key| {
        cache.has(Kind::Migrated, key)
            && remove_if_there(&data(run)).is_ok()
            && (cache.copy_out(Kind::Migrated, key, &data(run), account)).is_ok()
    });
    found.cloned()
}

/// Drops the cached cluster of an installation, because it does not start.
pub(super) fn forget(cache: &Cache, install: &Install) {
    cache.forget(Kind::Cluster, &key(install));
}

/// Copies the cached cluster into a run directory, and makes it first where it is missing or not whole.
fn fill(
    cache: &Cache,
    install: &Install,
    account: Option<&Account>,
    run: &RunDir,
    startup: &Startup,
) -> Result<(), String> {
    let key = key(install);
    let copy = || {
        remove_if_there(&data(run))?;
        cache
            .copy_out(Kind::Cluster, &key, &data(run), account)
            .map_err(|error| error.to_string())
    };
    copy().or_else(|_| {
        let _lock = cache.builder(Kind::Cluster, &key, startup.left());
        // Another process may have made it meanwhile.
        copy().or_else(|_| {
            startup.check("initialising a cluster")?;
            remove_if_there(&data(run))?;
            initialise(install, account, run, startup)?;
            let what = format!("{} ({})", install.version, install.bin.display());
            cache.copy_in(Kind::Cluster, &key, &what, &data(run));
            Ok(())
        })
    })
}

/// Everything that a fresh cluster depends on.
fn key(install: &Install) -> String {
    let makings = site::makings(install).unwrap_or_default().join("\n");
    let made_by = format!("{makings}\n{}\n{}", install.version, ingredients());
    sha256(made_by.as_bytes())
}

/// How clusters are made.
pub(super) fn ingredients() -> String {
    let configuration = configuration();
    format!("{INITDB:?}\n{LOCALES:?}\n{configuration}\n{SUPERUSER}\n{DATABASE}")
}

fn data(run: &RunDir) -> PathBuf {
    run.path().join("data")
}

fn remove_if_there(path: &Path) -> Result<(), String> {
    rundir::remove(path).map_err(|error| format!("{} cannot be removed: {error}", path.display()))
}

/// Runs `initdb` into `data` of a run directory.
fn initialise(
    install: &Install,
    account: Option<&Account>,
    run: &RunDir,
    startup: &Startup,
) -> Result<(), String> {
    let initdb = install.bin.join("initdb");
    let mut outcome = Ok(());
    for locale in LOCALES {
        remove_if_there(&data(run))?;
        outcome = run_to_end(
            command(&initdb, account)
                .args(INITDB)
                .arg(format!("--username={SUPERUSER}"))
                .arg(format!("--locale={locale}"))
                .arg("-D")
                .arg(data(run)),
            "",
            run,
            startup,
        );
        if !outcome.as_ref().is_err_and(|log| log.contains("locale")) {
            break;
        }
    }
    outcome.map_err(|log| format!("{} failed{log}", initdb.display()))?;
    let settings = data(run).join("postgresql.conf");
    OpenOptions::new()
        .append(true)
        .open(&settings)
        .and_then(|mut file| file.write_all(configuration().as_bytes()))
        .map_err(|error| format!("{} cannot be written: {error}", settings.display()))?;
    let postgres = install.bin.join("postgres");
    run_to_end(
        command(&postgres, account)
            .args(["--single", "-F", "-D"])
            .arg(data(run))
            .arg("postgres"),
        &format!("CREATE DATABASE {DATABASE} TEMPLATE template0\n"),
        run,
        startup,
    )
    .map_err(|log| format!("{} --single failed{log}", postgres.display()))
}

/// What is added to `postgresql.conf`.
fn configuration() -> String {
    let settings = SETTINGS.iter().chain(&OWN_SETTINGS);
    settings
        .map(|(name, value)| format!("{name} = '{value}'\n"))
        .collect()
}

/// Runs a command to its end, its output in the run directory's log. The error is the end of that log.
fn run_to_end(
    command: &mut std::process::Command,
    input: &str,
    run: &RunDir,
    startup: &Startup,
) -> Result<(), String> {
    let started = || -> std::io::Result<_> {
        let log = File::create(run.path().join("log"))?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut stdin = child.stdin.take();
        let written = stdin
            .as_mut()
            .map_or(Ok(()), |stdin| stdin.write_all(input.as_bytes()));
        // One that ended before it read speaks through its exit status.
        drop(written);
        Ok(child)
    };
    let mut child = { started }().map_err(|error| format!(": {error}"))?;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => {}
            Err(error) => return Err(format!(": {error}")),
        }
        if let Err(reason) = startup.check("initialising a cluster") {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!(": {reason}{}", quoted_log(run.path())));
        }
        startup.tick();
    };
    // In single-user mode PostgreSQL reports an error and ends well.
    let log = quoted_log(run.path());
    if status.success() && !log.contains("ERROR:") && !log.contains("FATAL:") {
        let _ = fs::remove_file(run.path().join("log"));
        return Ok(());
    }
    Err(format!(" ({status}){log}"))
}
