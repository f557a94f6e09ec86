//! Directories of one run, locked for as long as the run lives.
//!
//! `diesel-drift-<random>/` in memory where there is plenty of it, else in the temporary directory, mode 0700. Its file `diesel-drift.lock` is the mark, and whoever can lock it knows
//! that the owner is gone: the operating system drops a file lock with the process, whatever ends it.

use super::local::account::Account;
use super::local::postmaster;
use super::secret;
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

const PREFIX: &str = "diesel-drift-";

/// Name of the lock file in a run directory.
pub(super) const LOCK: &str = "diesel-drift.lock";

/// Longest path of a run directory: a Unix socket's path holds 103 bytes on every system, `/.s.PGSQL.65535.lock` is 20.
const LONGEST: usize = 83;

/// Linux keeps this directory in memory.
const MEMORY: &str = "/dev/shm";

/// Free bytes that a run has to find in memory.
const ROOM: u64 = 2 << 30;

/// A directory that is removed when it is dropped.
pub(super) struct RunDir {
    path: PathBuf,
    lock: File,
    left: bool,
}

impl RunDir {
    /// Makes a directory that `account` owns, if there is one.
    pub(super) fn create(account: Option<&Account>) -> Result<Self, String> {
        let mut last =
            "no temporary directory has a path that is short enough and open to the server's user"
                .to_owned();
        for base in bases(account).into_iter().filter(|base| has_room(base)) {
            // A sweep of another run may take a directory before its lock is held; then another one is made.
            for _ in 0..8 {
                match Self::create_in(&base, account) {
                    Ok(Some(made)) => return Ok(made),
                    Ok(None) => {}
                    Err(error) => {
                        last = format!("a directory in {} cannot be made: {error}", base.display());
                        break;
                    }
                }
            }
        }
        Err(last)
    }

    fn create_in(base: &Path, account: Option<&Account>) -> std::io::Result<Option<Self>> {
        let name = secret::random_hex(6).map_err(std::io::Error::other)?;
        let path = base.join(format!("{PREFIX}{name}"));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        let Ok(lock) = File::create_new(path.join(LOCK)) else {
            return Ok(None);
        };
        if lock.try_lock().is_err() || !path.join(LOCK).exists() {
            return Ok(None);
        }
        let made = RunDir {
            path,
            lock,
            left: false,
        };
        if let Some(account) = account {
            account.own(&made.path)?;
            account.own(&made.path.join(LOCK))?;
        }
        Ok(Some(made))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The lock, for a process that will hold it as well: it lasts as long as one of them.
    pub(super) fn lock(&self) -> std::io::Result<File> {
        self.lock.try_clone()
    }

    /// Leaves the directory to another process that holds its lock.
    pub(super) fn leave(&mut self) {
        self.left = true;
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        if !self.left {
            let _ = remove(&self.path);
        }
    }
}

/// The directories of this user's runs, whether they live or not.
pub(super) fn all(account: Option<&Account>) -> Vec<PathBuf> {
    let own = rustix::process::geteuid().as_raw();
    let is_own = |path: &PathBuf| {
        // Somebody else's directory may hold anything; it is theirs.
        fs::symlink_metadata(path).is_ok_and(|data| {
            data.is_dir()
                && (data.uid() == own || account.is_some_and(|account| account.uid == data.uid()))
        })
    };
    let entries = bases(account)
        .into_iter()
        .flat_map(|base| fs::read_dir(base).into_iter().flatten().flatten());
    entries
        .map(|entry| entry.path())
        .filter(|path| is_named_ours(path) && is_own(path))
        .collect()
}

/// Removes a directory; one that is gone already is removed.
pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Removes what dead runs of this user left, and stops the servers in it. Failures are the next run's.
pub(super) fn sweep(account: Option<&Account>) {
    for path in all(account) {
        sweep_one(&path, account);
    }
}

fn sweep_one(path: &Path, account: Option<&Account>) {
    match is_alive(path) {
        Some(false) => {
            postmaster::kill_stray(path, account);
            let _ = remove(path);
        }
        Some(true) => {}
        // A run that died between making its directory and its lock left it empty: `remove_dir` removes no other.
        None => drop(fs::remove_dir(path)),
    }
}

/// Whether the owner of a run directory lives; `None` where no lock file says.
pub(super) fn is_alive(path: &Path) -> Option<bool> {
    let lock = File::open(path.join(LOCK)).ok()?;
    match lock.try_lock() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => Some(true),
    }
}

fn is_named_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.strip_prefix(PREFIX))
        .is_some_and(|random| {
            random.len() == 12 && random.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// Where run directories may stand, best first: short enough for a Unix socket, and the server's user has to get there.
fn bases(account: Option<&Account>) -> Vec<PathBuf> {
    // Making a cluster's 1,300 files takes 0.04 s in memory and up to 0.6 s on a disk. Who sets TMPDIR wants that directory.
    let first = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from(MEMORY), PathBuf::from);
    let mut bases = vec![first];
    bases.extend(["/tmp", "/var/tmp"].map(PathBuf::from));
    bases.retain(|base| {
        base.is_absolute()
            && base.as_os_str().len() + 1 + PREFIX.len() + 12 <= LONGEST
            && (account.is_none() || is_open(base))
    });
    bases
}

/// Whether a run may fill this base: a container's `/dev/shm` often holds no more than 64 MB.
fn has_room(base: &Path) -> bool {
    base != Path::new(MEMORY)
        || rustix::fs::statvfs(base)
            .is_ok_and(|space| space.f_bavail.saturating_mul(space.f_frsize) >= ROOM)
}

/// Whether everybody may pass through `path` and everything above it.
fn is_open(path: &Path) -> bool {
    path.ancestors()
        .all(|part| fs::metadata(part).is_ok_and(|data| data.permissions().mode() & 0o001 != 0))
}

#[cfg(test)]
mod tests {
    use super::{PermissionsExt, RunDir, fs, is_alive, is_named_ours, is_open};
    use std::path::Path;

    #[test]
    fn a_directory_lives_as_long_as_its_guard() {
        let dir = RunDir::create(None).unwrap();
        let path = dir.path().to_owned();
        assert!(is_named_ours(&path));
        assert_eq!(is_alive(&path), Some(true));
        drop(dir);
        assert!(!path.exists());
    }

    #[test]
    fn names_are_ours_only_in_full() {
        assert!(is_named_ours(Path::new("/tmp/diesel-drift-0123456789ab")));
        for other in [
            "/tmp/diesel-drift-",
            "/tmp/diesel-drift-mine",
            "/tmp/xdiesel-drift-0123456789ab",
        ] {
            assert!(!is_named_ours(Path::new(other)), "{other}");
        }
    }

    #[test]
    fn a_private_directory_is_not_open_to_others() {
        let private = tempfile::tempdir().unwrap();
        fs::set_permissions(private.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!is_open(private.path()));
        assert!(is_open(Path::new("/")));
    }
}
