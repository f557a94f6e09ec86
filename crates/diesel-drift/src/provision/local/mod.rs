//! A server of one's own, run from the machine's `initdb` and `postgres`.
//!
//! It listens on a free port of the loopback interface, because not every migration runner knows Unix sockets, with a random
//! password, because everybody on the machine can reach that port. Its cluster is a copy of a cached one.

pub(crate) mod account;
mod cluster;
mod install;
mod pipe;
pub(super) mod postmaster;
pub(super) mod shared;
mod site;

use super::major::Major;
use super::registry::{Held, Startup};
use super::rundir::{self, RunDir};
use super::{DATABASE, Made, Options, Refusal, SUPERUSER, Site, Use, own, probe, secret};
use crate::cache::{Cache, Kind};
use account::Account;
use diesel::RunQueryDsl;
use install::Install;
use postmaster::{Failure, Postmaster};
use std::path::PathBuf;

const INSTALL: &str = "install PostgreSQL's server (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install \
    postgresql-server; macOS: brew install postgresql), or set DIESEL_DRIFT_PG_BIN to the directory that holds initdb";

/// Whether the machine has the binaries of a server.
pub(super) fn is_installed(options: &Options, major: Major) -> bool {
    find(options, major, Cache::open(&options.cache).as_ref()).is_ok()
}

fn find(options: &Options, major: Major, cache: Option<&Cache>) -> Result<Install, String> {
    Install::find(
        options.pg_bin.as_deref(),
        std::env::var_os("PATH").as_deref(),
        major,
        cache,
    )
}

/// The server that would be run, where there is one.
pub(super) fn site(options: &Options, cache: &Cache) -> Option<Site> {
    let mut attempts = Major::attempts(options.major).into_iter();
    let install = attempts.find_map(|major| find(options, major, Some(cache)).ok())?;
    Site::of(&install, cache)
}

/// Removes what dead runs left on this machine.
pub(super) fn sweep() {
    if let Ok(account) = Account::choose() {
        rundir::sweep(account.as_ref());
    }
}

/// A server of one's own, or the one that all share who want a content.
pub(super) fn make(
    options: &Options,
    startup: &Startup,
    major: Major,
    used: Use<'_>,
) -> Result<Made, Refusal> {
    let refuse = |advice: &'static str| {
        move |reason: String| Refusal {
            provider: "local",
            reason,
            advice: advice.to_owned(),
        }
    };
    let cache = Cache::open(&options.cache);
    let install = find(options, major, cache.as_ref()).map_err(refuse(INSTALL))?;
    let account = Account::choose().map_err(refuse("run as another user"))?;
    let check = refuse("check the installation, or set DIESEL_DRIFT_PG_BIN to another one");
    let account = account.as_ref();
    let kept = match used {
        Use::Scratch(kept) => kept,
        Use::Shared { content, kept } => {
            return shared::join_or_start(options, &install, account, startup, content, kept)
                .map_err(check);
        }
    };
    let started = start(options, &install, account, None, kept, startup);
    let (postmaster, kept) = started.map_err(check)?;
    let retry = refuse("try again; if it stays, please report it");
    let (password, server_version) = secure(&postmaster).map_err(&retry)?;
    let server = Server {
        directory: postmaster.socket_directory().to_owned(),
        port: postmaster.port(),
        password,
        server_version,
        kept,
    };
    server.made(&install, DATABASE, postmaster).map_err(retry)
}

/// How a running server is reached.
struct Server {
    /// Its run directory, with its socket.
    directory: PathBuf,
    /// On 127.0.0.1.
    port: u16,
    /// The superuser's.
    password: String,
    /// `server_version_num`.
    server_version: u32,
    /// The key of the migrated cluster that it was started from.
    kept: Option<String>,
}

impl Server {
    /// What the provider hands over, with the URL of a `database`; `held` is what keeps the server running.
    fn made(
        &self,
        install: &Install,
        database: &str,
        held: impl Held + 'static,
    ) -> Result<Made, String> {
        let Self { port, password, .. } = self;
        // `sslmode` is said because PGSSLMODE may ask for what this server does not speak.
        let url = format!(
            "postgres://{SUPERUSER}:{password}@127.0.0.1:{port}/{database}?sslmode=disable"
        );
        Ok(Made {
            libpq: own::libpq_url(&url)?,
            url,
            provider: "local",
            server_version: self.server_version,
            place: install.bin.display().to_string(),
            kept: self.kept.clone(),
            server: Some((self.directory.clone(), self.port)),
            passfile: None,
            held: Box::new(held),
        })
    }
}

/// A server, and the key of the migrated cluster that it was started from, if it is one of `kept`.
fn start(
    options: &Options,
    install: &Install,
    account: Option<&Account>,
    join: Option<&str>,
    kept: &[String],
    startup: &Startup,
) -> Result<(Postmaster, Option<String>), String> {
    let cache = Cache::open(&options.cache);
    let mut fresh = false;
    let mut keys = kept.iter();
    loop {
        let run = RunDir::create(account)?;
        let kept =
            (cache.as_ref()).and_then(|cache| cluster::place_kept(cache, account, &run, &mut keys));
        let cached = match kept {
            Some(_) => true,
            None => cluster::place(install, account, cache.as_ref(), &run, startup)?,
        };
        match (
            Postmaster::start(install, account, run, join, startup),
            &cache,
        ) {
            (Ok(postmaster), _) => return Ok((postmaster, kept)),
            (Err(Failure::Stopped(_)), Some(cache)) if let Some(key) = &kept => {
                cache.forget(Kind::Migrated, key);
            }
            // A cached cluster that does not start is made anew, once.
            (Err(Failure::Stopped(_)), Some(cache)) if cached && !fresh => {
                cluster::forget(cache, install);
                fresh = true;
            }
            (Err(Failure::Stopped(log)), _) => {
                return Err(format!(
                    "the server of {} stopped while starting{log}",
                    install.bin.display()
                ));
            }
            (Err(Failure::Other(reason)), _) => return Err(reason),
        }
    }
}

/// Gives the superuser a random password, over the socket that only the server's user and root can reach.
fn secure(postmaster: &Postmaster) -> Result<(String, u32), String> {
    let socket = postmaster.socket_directory().display();
    let port = postmaster.port();
    let pairs = format!("host='{socket}' port={port} user={SUPERUSER} dbname={DATABASE}");
    let mut connection = own::libpq_url(&pairs)?.connect().map_err(|reason| {
        let blame = own::blame();
        format!("the server runs, and connecting to it failed: {reason}{blame}")
    })?;
    let password = secret::random_hex(16)?;
    diesel::sql_query(format!("ALTER ROLE {SUPERUSER} PASSWORD '{password}'"))
        .execute(&mut connection)
        .map_err(|error| {
            format!("setting the server's password failed: {error}").replace(&password, "***")
        })?;
    Ok((password, probe::server_version(&mut connection)?))
}
