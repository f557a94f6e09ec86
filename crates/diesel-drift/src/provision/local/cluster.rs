//! The initialised cluster: made once, kept in the cache, copied for each run.

use super::account::{Account, command};
use super::install::Install;
use super::postmaster::quoted_log;
use crate::provision::registry::Startup;
use crate::provision::rundir::{self, RunDir};
use crate::provision::settings::SETTINGS;
use crate::provision::{DATABASE, SUPERUSER, secret};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Another layout of the cache is another number.
const FORMAT: u32 = 1;

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
    cache: Option<&Path>,
    run: &RunDir,
    startup: &Startup,
) -> Result<bool, String> {
    if let Some(cache) = cache
        && Cache::open(cache, install)
            .is_some_and(|cache| cache.fill(install, account, run, startup).is_ok())
    {
        return Ok(true);
    }
    startup.check("initialising a cluster")?;
    remove_if_there(&data(run))?;
    initialise(install, account, run, startup)?;
    Ok(false)
}

/// Drops the cached cluster of an installation, because it does not start.
pub(super) fn forget(cache: &Path, install: &Install) {
    if let Some(cache) = Cache::open(cache, install)
        && cache.lock.lock().is_ok()
    {
        let _ = rundir::remove(&cache.entry);
    }
}

/// The user's cache directory for clusters; `None` where there is none, or where root would leave files in somebody's home.
pub(in crate::provision) fn default_cache() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let home = || std::env::home_dir().filter(|home| home.is_absolute());
    let user = variable("XDG_CACHE_HOME").or_else(|| match cfg!(target_os = "macos") {
        true => home().map(|home| home.join("Library/Caches")),
        false => home().map(|home| home.join(".cache")),
    })?;
    let owner = user
        .ancestors()
        .find_map(|path| fs::metadata(path).ok())?
        .uid();
    match rustix::process::geteuid().as_raw() {
        0 if owner != 0 => Some(PathBuf::from("/var/cache/diesel-drift")),
        _ => Some(user.join("diesel-drift")),
    }
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
pub(super) fn configuration() -> String {
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

/// The place of one installation's cluster in the cache.
struct Cache {
    /// The cluster's directory; it is renamed into place when it is whole.
    entry: PathBuf,
    /// Exclusive while the cluster is made or removed, shared while it is copied.
    lock: File,
    /// What the cluster has to have been made by.
    made_by: String,
}

impl Cache {
    /// One entry an installation, so that an upgrade replaces the entry of the version before it.
    ///
    /// `None` where the cache cannot be written: then every run initialises a cluster of its own.
    fn open(cache: &Path, install: &Install) -> Option<Self> {
        let ingredients = (INITDB, LOCALES, configuration(), SUPERUSER, DATABASE);
        let key = format!("cluster-{}", hash(&install.bin));
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(cache)
            .ok()?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(cache.join(format!("{key}.lock")))
            .ok()?;
        Some(Cache {
            entry: cache.join(key),
            lock,
            made_by: format!(
                "format {FORMAT}, {}, {}",
                install.version,
                hash(ingredients)
            ),
        })
    }

    /// Copies the cluster into a run directory, and makes it first where it is missing or not whole.
    fn fill(
        &self,
        install: &Install,
        account: Option<&Account>,
        run: &RunDir,
        startup: &Startup,
    ) -> Result<(), String> {
        let text = |error: std::io::Error| error.to_string();
        self.lock.lock_shared().map_err(text)?;
        let copied = self.copy_to(&data(run), account);
        self.lock.unlock().map_err(text)?;
        if copied.is_ok() {
            return Ok(());
        }
        remove_if_there(&data(run))?;
        self.lock.lock().map_err(text)?;
        // Another process may have made it meanwhile.
        let outcome = self
            .copy_to(&data(run), account)
            .map_err(text)
            .or_else(|_| {
                startup.check("initialising a cluster")?;
                let draft = RunDir::create(account)?;
                initialise(install, account, &draft, startup)?;
                self.store(&data(&draft)).map_err(text)?;
                remove_if_there(&data(run))?;
                self.copy_to(&data(run), account).map_err(text)
            });
        self.lock.unlock().map_err(text)?;
        outcome
    }

    /// Takes a cluster into the cache: a copy beside the entry, then its inventory, then one rename.
    fn store(&self, cluster: &Path) -> std::io::Result<()> {
        let random = secret::random_hex(4).map_err(std::io::Error::other)?;
        let draft = self.entry.with_extension(format!("{random}.draft"));
        let stored = (|| {
            DirBuilder::new().mode(0o700).create(&draft)?;
            let inventory = copy_tree(cluster, &draft.join("data"), None)?;
            fs::write(
                draft.join("inventory"),
                format!("{}\n{inventory}", self.made_by),
            )?;
            rundir::remove(&self.entry)?;
            fs::rename(&draft, &self.entry)
        })();
        if stored.is_err() {
            let _ = rundir::remove(&draft);
        }
        stored
    }

    /// Copies the cluster out of the cache; one that does not hold what its inventory says is refused.
    fn copy_to(&self, target: &Path, account: Option<&Account>) -> std::io::Result<()> {
        let not_whole =
            || std::io::Error::other("the cached cluster is not whole or of another version");
        let inventory = fs::read_to_string(self.entry.join("inventory"))?;
        let expected = inventory
            .strip_prefix(&self.made_by)
            .ok_or_else(not_whole)?;
        let copied = copy_tree(&self.entry.join("data"), target, account)?;
        if copied.to_string() == expected.trim_start() {
            Ok(())
        } else {
            Err(not_whole())
        }
    }
}

fn hash(of: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// How much a tree holds.
#[derive(Clone, Copy, Default)]
struct Inventory {
    files: u64,
    bytes: u64,
}

impl std::fmt::Display for Inventory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} files, {} bytes", self.files, self.bytes)
    }
}

/// Copies a directory of directories and files. The standard library's copy shares blocks where the file system can.
fn copy_tree(from: &Path, to: &Path, account: Option<&Account>) -> std::io::Result<Inventory> {
    let mut copied = Inventory::default();
    DirBuilder::new().mode(0o700).create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            let below = copy_tree(&entry.path(), &target, account)?;
            copied.files += below.files;
            copied.bytes += below.bytes;
        } else {
            copied.bytes += fs::copy(entry.path(), &target)?;
            copied.files += 1;
            account.map_or(Ok(()), |account| account.own(&target))?;
        }
    }
    account.map_or(Ok(()), |account| account.own(to))?;
    Ok(copied)
}
