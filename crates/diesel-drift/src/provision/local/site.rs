//! What is known of the machine's own server before it runs.

use super::account::{Account, command};
use super::cluster;
use super::install::Install;
use crate::cache::Cache;
use crate::digest::sha256;
use crate::provision::Site;
use crate::provision::patience::wait_for;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// How long `initdb` may take to say where its files are.
const ANSWER: Duration = Duration::from_secs(5);

/// Files of an installation that what a server makes depends on: the scripts of its extensions, and the files of text search.
const SHARED: [&str; 2] = ["extension", "tsearch_data"];

impl Site {
    /// `None` where the installation does not say where its files are.
    pub(super) fn of(install: &Install, cache: &Cache) -> Option<Self> {
        let mut lines = vec![install.version.clone(), cluster::ingredients()];
        lines.extend(makings(install).ok()?);
        let share = share(install, cache)?;
        for name in SHARED {
            lines.extend(stamps(&share.join(name)).ok()?);
        }
        Some(Self {
            provider: "local",
            place: install.bin.display().to_string(),
            identity: sha256(lines.join("\n").as_bytes()),
        })
    }
}

/// Where glibc keeps its locales, of which `initdb` makes collations. Those of other systems are part of them.
const LOCALES: &str = "/usr/lib/locale";

/// What makes a cluster, and what it is made of.
pub(super) fn makings(install: &Install) -> io::Result<Vec<String>> {
    let mut stamps = stamps(Path::new(LOCALES))?;
    stamps.extend(programs(install)?);
    Ok(stamps)
}

/// The programs that make a cluster and serve it.
fn programs(install: &Install) -> io::Result<[String; 2]> {
    Ok([
        stamp(&install.bin.join("postgres"))?,
        stamp(&install.bin.join("initdb"))?,
    ])
}

/// Each file of a directory; one that is not there has none.
fn stamps(directory: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut stamps: Vec<String> = entries
        .map(|entry| stamp(&entry?.path()))
        .collect::<io::Result<_>>()?;
    stamps.sort();
    Ok(stamps)
}

/// What tells a file from another version of it. Package managers keep the time of the package, so that it is the same on another machine.
fn stamp(path: &Path) -> io::Result<String> {
    let data = match fs::metadata(path) {
        // A link that leads nowhere.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(format!("{} is not there", path.display()));
        }
        data => data?,
    };
    let modified = data.modified()?.duration_since(UNIX_EPOCH);
    let modified = modified.unwrap_or_default().as_nanos();
    Ok(format!("{} {} {modified}", path.display(), data.len()))
}

/// `SHAREDIR` of an installation. It is asked for once: `initdb` takes 30 ms to say it.
fn share(install: &Install, cache: &Cache) -> Option<PathBuf> {
    if let Some(known) = &install.share {
        return Some(known.clone());
    }
    let account = Account::choose().ok()?;
    let mut initdb = command(install.bin.join("initdb"), account.as_ref());
    initdb.args(["--show", "-D", "/nonexistent"]);
    let output = wait_for(ANSWER, move || initdb.output()).ok()?.ok()?;
    // It says so on one or the other, depending on the version.
    let said =
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    let path = said
        .iter()
        .flat_map(|said| said.lines())
        .find_map(|line| line.strip_prefix("share_path="))
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())?;
    install.note(&path, cache);
    Some(path)
}
