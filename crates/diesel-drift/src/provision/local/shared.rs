//! A server that the test processes of one user share, and that no process of the harness serves: the first starts it, the others join,
//! and its supervisor stops it when all of them are gone.
//!
//! Only processes that want the same content on the same installation find each other, because what their migrations make of the whole
//! cluster, such as roles, is common to them.

use super::account::Account;
use super::cluster;
use super::install::Install;
use super::postmaster;
use super::{Server, pipe, secure, start};
use crate::cache::{Cache, Kind};
use crate::digest::sha256;
use crate::provision::registry::{Held, Startup};
use crate::provision::{Made, Options, roles, rundir};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a server that nobody uses waits for the next: test binaries that run one after the other find it running.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// How long it waits if one of its databases is kept.
pub(in crate::provision) const KEPT: Duration = Duration::from_secs(60 * 60);

/// While this file is in the run directory, the server waits for [`KEPT`].
pub(in crate::provision) const KEEP: &str = "keep";

/// The database that those who share connect to: [`DATABASE`](crate::provision::DATABASE) may be what they copy.
const MAINTENANCE: &str = "postgres";

/// Where those who join find how to connect.
const ADDRESS: &str = "address";

/// Joins the server for `content`, and starts it where there is none.
pub(super) fn join_or_start(
    options: &Options,
    install: &Install,
    account: Option<&Account>,
    startup: &Startup,
    content: &str,
    kept: &dyn Fn() -> Vec<String>,
) -> Result<Made, String> {
    let key = sha256(
        format!(
            "{:?}\n{:?}\n{}\n{:?}\n{}\n{content}",
            day(),
            install.bin,
            install.version,
            options.roles,
            cluster::ingredients()
        )
        .as_bytes(),
    );
    let name = format!("join-{}", &key[..16]);
    if let Some(joined) = join(&name, install, account) {
        return Ok(joined);
    }
    // Of few, so that they need no clearing away: who waits for another content's server loses a second. Without a cache, several are
    // started at worst.
    let _lock = Cache::open(&options.cache).and_then(|cache| {
        cache.builder(
            Kind::Migrated,
            &sha256(format!("shared {}", &key[..1]).as_bytes()),
            startup.left(),
        )
    });
    // Another process may have been first.
    if let Some(joined) = join(&name, install, account) {
        return Ok(joined);
    }
    rundir::sweep(account);
    let (postmaster, kept) = start(options, install, account, Some(&name), &kept(), startup)?;
    let (password, server_version) = secure(&postmaster)?;
    let server = Server {
        directory: postmaster.socket_directory().to_owned(),
        port: postmaster.port(),
        password,
        server_version,
        kept,
    };
    let mut made = server.made(install, MAINTENANCE, ())?;
    // Before anybody else can make them.
    roles::make(&made, &options.roles).map_err(|refusal| refusal.reason)?;
    write_address(&server).map_err(|error| format!("the server cannot be shared: {error}"))?;
    made.held = Box::new(Joined(postmaster.share()?));
    Ok(made)
}

/// The day (UTC), because migrations may ask the clock: what they made of the cluster yesterday is nothing to go on from today.
fn day() -> Option<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_secs() / (24 * 60 * 60))
}

/// Looks for a server that can be joined under `name` in this user's run directories.
fn join(name: &str, install: &Install, account: Option<&Account>) -> Option<Made> {
    rundir::all(account).into_iter().find_map(|directory| {
        let pipe = pipe::join(&directory.join(name))?;
        let server = read_address(directory)?;
        // One that has just crashed is not joined.
        postmaster::is_ready(&server.directory)
            .then(|| server.made(install, MAINTENANCE, Joined(pipe)).ok())
            .flatten()
    })
}

fn write_address(server: &Server) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(server.directory.join(ADDRESS))?;
    writeln!(
        file,
        "{} {} {} {}",
        server.port,
        server.server_version,
        server.password,
        server.kept.as_deref().unwrap_or_default()
    )
}

fn read_address(directory: PathBuf) -> Option<Server> {
    let path = directory.join(ADDRESS);
    // The directory may be the server's user's; the address is the harness's own.
    let own = fs::symlink_metadata(&path).ok()?.uid() == rustix::process::geteuid().as_raw();
    let text = fs::read_to_string(&path).ok().filter(|_| own)?;
    let mut words = text.split_whitespace();
    Some(Server {
        directory,
        port: words.next()?.parse().ok()?,
        server_version: words.next()?.parse().ok()?,
        password: words.next()?.to_owned(),
        kept: words.next().map(str::to_owned),
    })
}

/// One process's hold on the server.
struct Joined(File);

impl Held for Joined {
    fn release(self: Box<Self>) -> Result<(), String> {
        drop(self.0);
        Ok(())
    }
}

/// A server on this machine that runs on after the tests that used it, because one of its databases is kept (`DIESEL_DRIFT_KEEP`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptServer {
    /// Its run directory, with its socket.
    pub directory: PathBuf,
    /// On 127.0.0.1, and of its socket.
    pub port: u16,
    /// When a database on it was kept last.
    pub since: SystemTime,
}

impl KeptServer {
    /// Lets it end, with the databases on it, once no test uses it any more; at once if none does.
    ///
    /// # Errors
    /// When the file that keeps it cannot be removed.
    pub fn end(&self) -> std::io::Result<()> {
        match fs::remove_file(self.directory.join(KEEP)) {
            // It has ended meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            outcome => outcome,
        }
    }
}

/// This user's servers that are kept, oldest first.
#[must_use]
pub fn kept_servers() -> Vec<KeptServer> {
    let Ok(account) = Account::choose() else {
        return Vec::new();
    };
    let mut kept: Vec<KeptServer> = (rundir::all(account.as_ref()).into_iter())
        .filter(|directory| rundir::is_alive(directory) == Some(true))
        .filter_map(|directory| {
            let since = fs::metadata(directory.join(KEEP)).ok()?.modified().ok()?;
            let Server {
                directory, port, ..
            } = read_address(directory)?;
            Some(KeptServer {
                directory,
                port,
                since,
            })
        })
        .collect();
    kept.sort_by_key(|server| server.since);
    kept
}

/// Lets the server in `directory` wait for [`KEPT`].
pub(in crate::provision) fn keep(directory: &Path) -> std::io::Result<()> {
    fs::write(directory.join(KEEP), "")
}
