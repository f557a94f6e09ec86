//! A container that is kept from run to run: it is found by its labels, and is used as a server that was named.
//!
//! Finding it, and not reaping it, is testcontainers' own reuse; that starts a container that has stopped and takes one that does not answer,
//! so that both are removed before it looks. The password is in a file of the cache's directory, in the format of libpq's password files.

use super::{Failure, Ready, engine, on_own_thread, ready, retry, serve};
use crate::cache::{Cache, Kind};
use crate::digest::sha256;
use crate::provision::conninfo::Conninfo;
use crate::provision::major::Major;
use crate::provision::registry::Startup;
use crate::provision::settings::SETTINGS;
use crate::provision::{KeptContainer, Made, Options, Refusal, ServerUrl, Use, secret, server};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use testcontainers_modules::testcontainers::bollard::models::ContainerSummaryStateEnum as State;
use tokio::runtime::{Builder, Runtime};

/// How long a container that was found may take to answer: its starter may have been killed while it came up.
const ANSWER: Duration = Duration::from_secs(10);

/// What a password file begins with: `host:port:database:user:`, of which only the user is the same for ever.
const PASSWORD: &str = "*:*:*:postgres:";

/// The server of a kept container.
pub(super) struct Server {
    /// For every driver.
    url: String,
    /// For the harness's own connections.
    libpq: ServerUrl,
    descriptor: String,
    passfile: PathBuf,
}

impl Server {
    /// A scratch database on it, or the server itself.
    pub(super) fn made(
        self,
        options: &Options,
        startup: &Startup,
        used: Use<'_>,
    ) -> Result<Made, Refusal> {
        let named = Options {
            server_url: Some(self.libpq),
            ..options.clone()
        };
        let made = match used {
            Use::Shared { .. } => server::named(&named, startup),
            Use::Scratch(_) => server::make(&named, startup),
        };
        let refused = |reason| Refusal {
            provider: "container",
            reason,
            advice: "try again; `diesel-drift cache clear` removes the kept container".to_owned(),
        };
        let made = made.map_err(|refusal| refused(refusal.reason))?;
        // What overrules libpq's variables is not in the URL that every driver gets.
        let conninfo =
            |url: &ServerUrl| Conninfo::parse(url).map_err(|reason| refused(reason.to_owned()));
        let scratch = conninfo(&made.libpq)?;
        let public = conninfo(&ServerUrl::from(self.url.as_str()))?;
        Ok(Made {
            url: public.url_of(scratch.database().unwrap_or_default(), &[]),
            provider: "container",
            place: format!("{}, kept", self.descriptor),
            passfile: Some(self.passfile),
            ..made
        })
    }
}

/// Finds the kept container, and starts it where there is none that answers.
pub(super) fn run(
    cache: &Cache,
    options: &Options,
    startup: &Startup,
    pull: Duration,
    major: Major,
) -> Result<super::Server, Failure> {
    let ready = ready(options, startup, pull, major)?;
    let key = key(&ready, cache);
    let passfile = passfile(cache, &key);
    // One process starts it, and the others find it.
    let _lock = (cache.builder(Kind::Cluster, &key, startup.left())).ok_or_else(|| {
        retry("another process is starting the kept container, and did not get done".to_owned())
    })?;
    let server = match found(&ready, startup, cache, &key, &passfile) {
        Some(server) => server,
        None => start(&ready, startup, cache, &key, passfile)?,
    };
    Ok(super::Server::Kept(server))
}

/// What a container is made from, and for whom.
fn key(ready: &Ready, cache: &Cache) -> String {
    let made_from = format!("{}\n{}\n{SETTINGS:?}", ready.descriptor(), ready.id);
    sha256(format!("{made_from}\n{}", owner(cache)).as_bytes())
}

/// The cache that the password is in: a directory of a user on a machine.
fn owner(cache: &Cache) -> String {
    let directory = cache.directory();
    let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let user = rustix::process::geteuid().as_raw();
    let system = rustix::system::uname();
    let machine = system.nodename().to_string_lossy();
    sha256(format!("{machine}\n{user}\n{}", directory.display()).as_bytes())
}

/// The one that is there, if it can be used.
fn found(
    ready: &Ready,
    startup: &Startup,
    cache: &Cache,
    key: &str,
    passfile: &Path,
) -> Option<Server> {
    let password = password(passfile)?;
    let there = (ready.runtime).block_on(engine::ours(&ready.docker, &label(key)));
    let [only] = there.as_slice() else {
        return None;
    };
    if only.state != Some(State::RUNNING) {
        return None;
    }
    serving(
        ready,
        &startup.within(ANSWER),
        cache,
        key,
        passfile,
        &password,
    )
    .ok()
}

/// A new one, in the place of what cannot be used.
fn start(
    ready: &Ready,
    startup: &Startup,
    cache: &Cache,
    key: &str,
    passfile: PathBuf,
) -> Result<Server, Failure> {
    let remove = || {
        let label = label(key);
        (ready.runtime).block_on(engine::remove_labelled(&ready.docker, &label));
    };
    remove();
    let password = secret::random_hex(16).map_err(retry)?;
    write(&passfile, &password).map_err(|error| {
        let place = passfile.display();
        retry(format!(
            "the kept container's password cannot be written to {place}: {error}"
        ))
    })?;
    serving(ready, startup, cache, key, &passfile, &password).inspect_err(|_| {
        remove();
        let _ = fs::remove_file(&passfile);
    })
}

fn serving(
    ready: &Ready,
    startup: &Startup,
    cache: &Cache,
    key: &str,
    passfile: &Path,
    password: &str,
) -> Result<Server, Failure> {
    let labels = [
        (engine::KEPT, key.to_owned()),
        (engine::CACHE, owner(cache)),
    ];
    let serving = serve(ready, startup, password, true, labels)?;
    Ok(Server {
        url: serving.url,
        libpq: serving.libpq,
        descriptor: ready.descriptor(),
        passfile: passfile.to_owned(),
    })
}

fn passfile(cache: &Cache, key: &str) -> PathBuf {
    cache.directory().join(format!("container-{key}.pgpass"))
}

fn label(key: &str) -> String {
    format!("{}={key}", engine::KEPT)
}

fn password(passfile: &Path) -> Option<String> {
    let line = fs::read_to_string(passfile).ok()?;
    line.trim_end().strip_prefix(PASSWORD).map(str::to_owned)
}

/// Writes a file that nobody else may read.
fn write(passfile: &Path, password: &str) -> std::io::Result<()> {
    // Its rights are those that it is made with.
    let _ = fs::remove_file(passfile);
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(passfile)?;
    writeln!(file, "{PASSWORD}{password}")
}

fn runtime() -> Result<Runtime, String> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("no asynchronous runtime: {error}"))
}

/// The containers that are kept for a cache.
pub(in crate::provision) fn kept(cache: &Cache) -> Vec<KeptContainer> {
    let listed = on_own_thread(|| {
        runtime()?.block_on(async {
            let docker = engine::connect().await?;
            Ok::<_, String>(
                engine::ours(&docker, &format!("{}={}", engine::CACHE, owner(cache))).await,
            )
        })
    });
    let listed = listed.and_then(|listed| listed).unwrap_or_default();
    let kept = listed.into_iter().filter_map(|container| {
        let key = container.labels?.remove(engine::KEPT)?;
        let name = container.names?.into_iter().next()?;
        let created = Duration::from_secs(container.created.unwrap_or_default().unsigned_abs());
        Some(KeptContainer {
            name: name.trim_start_matches('/').to_owned(),
            image: container.image.unwrap_or_default(),
            since: SystemTime::UNIX_EPOCH + created,
            passfile: passfile(cache, &key),
        })
    });
    kept.collect()
}

/// Removes a kept container.
pub(in crate::provision) fn remove(kept: &KeptContainer) -> Result<(), String> {
    let removed = on_own_thread(|| {
        runtime()?.block_on(async {
            let docker = engine::connect().await?;
            engine::remove_named(&docker, &kept.name).await
        })
    });
    removed.and_then(|removed| removed)?;
    match fs::remove_file(&kept.passfile) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.to_string()),
        _ => Ok(()),
    }
}
