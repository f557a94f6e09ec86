//! What is kept between runs: initialised clusters, migrated clusters, and catalogs.
//!
//! One directory holds entries by kind and key. A key is the digest of everything that the entry was made from, so that an entry is never
//! out of date: it is found or it is not. Entries are verified by a checksum when they are used, written beside their place and renamed
//! into it, and removed when there are too many, the least recently used first. Whatever goes wrong here, a full disk, a directory that
//! cannot be written, a builder that was killed, costs time and nothing else: what cannot be had from the cache is made anew.
//!
//! Locks are advisory ones of the operating system, which go with their process: `lock` is held shared while a draft is written or a tree
//! is copied, and exclusively while entries and drafts are removed. Whoever has it exclusively knows that no draft is anybody's.

mod blob;
mod clock;
mod entry;
mod files;
mod place;
mod session;
mod states;
mod tree;

pub use entry::{Cleared, Entry, Kind};
pub use place::Place;
pub(crate) use session::{Rest, Session};
pub(crate) use states::{States, Wish};

use crate::provision::Account;
use blob::Head;
use entry::kind_of;
use files::{is_of_the_target, remove, remove_all, touch, write_new};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// How much the cache may hold, in bytes.
const LIMIT: u64 = 1 << 30;

/// How long a lock is waited for; then the cache does without.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it is waited for by who has more to do than that.
const ROOM: Duration = Duration::from_secs(1);

/// The file that is locked.
const LOCK: &str = "lock";

/// The file of an entry that is a directory; beside it, [`DATA`].
const HEAD: &str = "entry";
const DATA: &str = "data";

/// What an unfinished entry ends with, and what the lock of an entry does.
const DRAFT: &str = "draft";
const BUILDER: &str = "lock";

/// A directory in which entries are kept.
#[derive(Debug)]
pub struct Cache {
    directory: PathBuf,
    limit: u64,
    /// Whether something was added, so that room has to be made.
    is_fuller: AtomicBool,
}

impl Cache {
    /// The cache at `place`, which is made where it is not there. `None` where it is switched off or cannot be written, and where it is
    /// [refused](Place::refusal).
    #[must_use]
    pub fn open(place: &Place) -> Option<Self> {
        Self::within(place.directory()?, LIMIT)
    }

    /// As [`open`](Self::open), and where there is no directory none is made: for who looks, and clears.
    #[must_use]
    pub fn existing(place: &Place) -> Option<Self> {
        let directory = place.directory()?;
        match directory.exists() {
            true => Self::within(directory, LIMIT),
            false => Some(Self {
                directory,
                limit: LIMIT,
                is_fuller: AtomicBool::new(false),
            }),
        }
    }

    fn within(directory: PathBuf, limit: u64) -> Option<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .ok()?;
        if place::distrusted(&directory).is_some() {
            return None;
        }
        let cache = Self {
            directory,
            limit,
            is_fuller: AtomicBool::new(false),
        };
        cache.lock_file(LOCK).ok()?;
        Some(cache)
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What was written under a key. What is not as it was written is removed, and reads as absent.
    pub(crate) fn read(&self, kind: Kind, key: &str) -> Option<Vec<u8>> {
        let path = self.path(kind, key);
        let bytes = fs::read(&path).ok()?;
        match blob::decode(bytes) {
            Some((_, content)) => {
                touch(&path);
                Some(content)
            }
            None => {
                self.discard(&path);
                None
            }
        }
    }

    /// Writes under a key; `what` tells people what it is for. Whether that failed makes no difference to anybody.
    pub(crate) fn write(&self, kind: Kind, key: &str, what: &str, content: &[u8]) {
        let Some(_shared) = self.shared() else { return };
        let (target, draft) = (self.path(kind, key), self.draft(kind, key));
        let written = write_new(&draft, &blob::encode(what, content))
            .and_then(|()| fs::rename(&draft, target));
        match written {
            Ok(()) => self.is_fuller.store(true, Ordering::Relaxed),
            Err(_) => drop(fs::remove_file(&draft)),
        }
    }

    /// Whether there is an entry, which may turn out not to be whole.
    pub(crate) fn has(&self, kind: Kind, key: &str) -> bool {
        self.path(kind, key).exists()
    }

    /// Copies a tree out of the cache, for `account` if there is one. One that is not as it was stored is removed; `target` may hold a part of it
    /// then.
    pub(crate) fn copy_out(
        &self,
        kind: Kind,
        key: &str,
        target: &Path,
        account: Option<&Account>,
    ) -> io::Result<()> {
        let _shared = self.shared().ok_or(io::ErrorKind::ResourceBusy)?;
        let entry = self.path(kind, key);
        let head = fs::read(entry.join(HEAD))?;
        let expected = blob::decode(head).map(|(_, content)| content);
        let copied = tree::copy(&entry.join(DATA), target, account).map(tree::Inventory::describe);
        match copied {
            Ok(copied) if expected.as_deref() == Some(copied.as_bytes()) => {
                touch(&entry.join(HEAD));
                Ok(())
            }
            // The target may be what is full; then nothing is wrong with the entry.
            Err(error) if is_of_the_target(&error) => Err(error),
            _ => {
                self.discard(&entry);
                Err(io::Error::other("the entry is not whole"))
            }
        }
    }

    /// Takes a tree into the cache; `what` tells people what it is for. Returns whether it is there now.
    pub(crate) fn copy_in(&self, kind: Kind, key: &str, what: &str, source: &Path) -> bool {
        let Some(_shared) = self.shared() else {
            return false;
        };
        let (target, draft) = (self.path(kind, key), self.draft(kind, key));
        let drafted = (|| {
            DirBuilder::new().mode(0o700).create(&draft)?;
            let copied = tree::copy(source, &draft.join(DATA), None)?;
            write_new(
                &draft.join(HEAD),
                &blob::encode(what, copied.describe().as_bytes()),
            )
        })();
        // Where another process was faster, its entry is as good as this one.
        let stored = drafted.is_ok() && (fs::rename(&draft, &target).is_ok() || target.exists());
        remove(&draft);
        if stored {
            self.is_fuller.store(true, Ordering::Relaxed);
        }
        stored
    }

    /// Removes an entry that turned out to be of no use.
    pub(crate) fn forget(&self, kind: Kind, key: &str) {
        self.discard(&self.path(kind, key));
    }

    /// A lock for who makes an entry that several processes may want at once, once it is free; `None` where it is not to be had in time.
    pub(crate) fn builder(&self, kind: Kind, key: &str, patience: Duration) -> Option<File> {
        let name = format!("{}-{key}.{BUILDER}", kind.id());
        self.locked(&name, File::try_lock, patience)
    }

    /// What it holds, the most recently used first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.names().filter_map(|name| self.entry(&name)).collect();
        entries.sort_by(|a, b| (b.used, &b.path).cmp(&(a.used, &a.path)));
        entries
    }

    /// Removes every entry, and what killed processes left. Processes that are copying an entry are waited for; those that want one
    /// afterwards make it anew.
    pub fn clear(&self) -> Cleared {
        let mut cleared = Cleared::default();
        if !self.directory.exists() {
            return cleared;
        }
        let Some(_exclusive) = self.locked(LOCK, File::try_lock, PATIENCE) else {
            let directory = self.directory.display();
            cleared.left.push(format!(
                "{directory} is in use, and was for {PATIENCE:?}: try again"
            ));
            return cleared;
        };
        for entry in self.entries() {
            match remove_all(&entry.path) {
                Ok(()) => cleared.removed.push(entry),
                Err(error) => {
                    let path = entry.path.display();
                    cleared
                        .left
                        .push(format!("{path} cannot be removed: {error}"));
                }
            }
        }
        self.sweep();
        let builders = self
            .names()
            .filter(|name| name.ends_with(&format!(".{BUILDER}")) && kind_of(name).is_some());
        for name in builders {
            let is_free = |file: File| file.try_lock().is_ok();
            if self.lock_file(&name).is_ok_and(is_free) {
                let _ = fs::remove_file(self.directory.join(name));
            }
        }
        cleared
    }

    /// Removes what killed processes left, and the entries that have been out of use for longest, until the rest is within the limit. Left to
    /// the next run where somebody is at work; for a moment only that is waited out where there is too much, or among many processes it would
    /// never be anybody's turn.
    fn make_room(&self) {
        let held: u64 =
            (self.entries().iter()).fold(0, |held, entry| held.saturating_add(entry.bytes));
        let patience = match held > self.limit {
            true => ROOM,
            false => Duration::ZERO,
        };
        let Some(_exclusive) = self.locked(LOCK, File::try_lock, patience) else {
            return;
        };
        self.sweep();
        let mut held = 0_u64;
        for entry in self.entries() {
            held = held.saturating_add(entry.bytes);
            // What has no head is of another format, or not whole.
            if held > self.limit || entry.used == SystemTime::UNIX_EPOCH {
                remove(&entry.path);
            }
        }
    }

    /// Removes drafts. The lock is held exclusively, so that they are nobody's.
    fn sweep(&self) {
        let drafts = self
            .names()
            .filter(|name| name.ends_with(&format!(".{DRAFT}")) && kind_of(name).is_some());
        drafts.for_each(|name| remove(&self.directory.join(name)));
    }

    /// Takes an entry away at once, whoever is copying it, and then removes it.
    fn discard(&self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let aside = self.directory.join(format!("{name}.{}.{DRAFT}", random()));
        if fs::rename(path, &aside).is_ok() {
            remove(&aside);
        }
    }

    fn entry(&self, name: &str) -> Option<Entry> {
        let kind = kind_of(name).filter(|_| !name.contains('.'))?;
        let path = self.directory.join(name);
        let head = match kind.is_tree() {
            true => path.join(HEAD),
            false => path.clone(),
        };
        let data = fs::metadata(&head).ok();
        let used = (data.as_ref()).and_then(|data| data.modified().ok());
        let Head { what, content } = blob::head(&head).unwrap_or_default();
        let bytes = match kind.is_tree() {
            true => tree::bytes(&content),
            false => data.map_or(0, |data| data.len()),
        };
        Some(Entry {
            kind,
            what,
            bytes,
            used: used.unwrap_or(SystemTime::UNIX_EPOCH),
            path,
        })
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let entries = fs::read_dir(&self.directory).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok())
    }

    fn path(&self, kind: Kind, key: &str) -> PathBuf {
        self.directory.join(format!("{}-{key}", kind.id()))
    }

    fn draft(&self, kind: Kind, key: &str) -> PathBuf {
        let name = format!("{}-{key}.{}.{DRAFT}", kind.id(), random());
        self.directory.join(name)
    }

    fn shared(&self) -> Option<File> {
        self.locked(LOCK, File::try_lock_shared, PATIENCE)
    }

    /// A handle of its own for each lock: one that is shared between threads would be unlocked for all of them.
    fn locked(
        &self,
        name: &str,
        lock: fn(&File) -> Result<(), TryLockError>,
        patience: Duration,
    ) -> Option<File> {
        let file = self.lock_file(name).ok()?;
        let started = Instant::now();
        loop {
            match lock(&file) {
                Ok(()) => return Some(file),
                Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(4));
                }
                Err(_) => return None,
            }
        }
    }

    fn lock_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.directory.join(name))
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        if self.is_fuller.load(Ordering::Relaxed) {
            self.make_room();
        }
    }
}

/// What tells two drafts apart. Without random bytes, the process number does so for two processes.
fn random() -> String {
    crate::provision::random_hex(4).unwrap_or_else(|_| std::process::id().to_string())
}

#[cfg(test)]
mod tests;
