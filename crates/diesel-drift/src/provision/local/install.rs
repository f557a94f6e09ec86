//! Finding `initdb` and `postgres`.

use crate::cache::{Cache, Kind};
use crate::digest::sha256;
use crate::provision::major::Major;
use crate::version::OLDEST;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where distributions put the server's programs. One `*` stands for a part of one name.
const USUAL: [&str; 14] = [
    "/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
    "/usr/pgsql-*/bin",                  // PostgreSQL's own RPMs
    "/usr/lib/postgresql*/bin",          // SUSE
    "/usr/lib64/postgresql-*/bin",       // Gentoo
    "/usr/libexec/postgresql*",          // Alpine
    "/usr/bin",                          // Fedora, Arch
    "/usr/local/pgsql/bin",              // built from source
    "/opt/homebrew/opt/postgresql*/bin", // Homebrew
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin", // MacPorts
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/run/current-system/sw/bin", // NixOS
    "/nix/var/nix/profiles/default/bin",
];

/// A directory that holds `initdb` and `postgres`.
pub(super) struct Install {
    /// The directory.
    pub(super) bin: PathBuf,
    /// What `postgres --version` prints: `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    pub(super) version: String,
    /// `SHAREDIR`, where an earlier run asked for it.
    pub(super) share: Option<PathBuf>,
}

/// What tells an installation from another one, and from what it was before.
struct Identity(String);

impl Identity {
    /// `None` where its programs are none of PostgreSQL's own but scripts, or another program under their names, which may lead anywhere
    /// and elsewhere the next time.
    fn of(bin: &Path) -> Option<Self> {
        let mut made_of = String::new();
        for program in PROGRAMS {
            let path = fs::canonicalize(bin.join(program)).ok()?;
            let mut magic = [0; 4];
            File::open(&path).ok()?.read_exact(&mut magic).ok()?;
            if path.file_name()? != program || !EXECUTABLE.contains(&magic) {
                return None;
            }
            let data = fs::metadata(&path).ok()?;
            made_of += &format!(
                "{} {} {} {}.{:09} {}\n",
                path.display(),
                data.len(),
                data.dev(),
                data.mtime(),
                data.mtime_nsec(),
                data.ino()
            );
        }
        Some(Self(sha256(made_of.as_bytes())))
    }

    /// The version and `SHAREDIR`.
    fn known(&self, cache: &Cache) -> Option<(String, PathBuf)> {
        let bytes = cache.read(Kind::Installation, &self.0)?;
        let text = String::from_utf8(bytes).ok()?;
        let (version, share) = text.split_once('\n')?;
        let is_path = Path::new(share).is_absolute();
        is_path.then(|| (version.to_owned(), share.into()))
    }
}

/// What makes a directory an installation.
const PROGRAMS: [&str; 2] = ["initdb", "postgres"];

/// How compiled programs begin: ELF, and Mach-O, also where it is of several processors.
const EXECUTABLE: [[u8; 4]; 3] = [
    *b"\x7fELF",
    [0xcf, 0xfa, 0xed, 0xfe],
    [0xca, 0xfe, 0xba, 0xbe],
];

impl Install {
    /// The installation in `chosen`, else the one of those that work that fits `wanted` best: on `path`, then in the usual
    /// places, newest first. What they say of themselves is kept in `cache`.
    pub(super) fn find(
        chosen: Option<&Path>,
        path: Option<&OsStr>,
        wanted: Major,
        cache: Option<&Cache>,
    ) -> Result<Self, String> {
        if let Some(bin) = chosen {
            return Self::at(bin, cache).map_err(|reason| {
                format!(
                    "{} holds no usable PostgreSQL server: {reason}",
                    bin.display()
                )
            });
        }
        let on_path = path
            .map(|path| std::env::split_paths(path).collect::<Vec<_>>())
            .unwrap_or_default();
        let home = std::env::home_dir().map(|home| home.join(".nix-profile/bin"));
        let usual = USUAL.iter().flat_map(|pattern| expand(pattern));
        let working = on_path
            .into_iter()
            .filter(|bin| bin.is_absolute())
            .map(|bin| real(&bin))
            .chain(usual)
            .chain(home)
            .filter_map(|bin| Self::at(&bin, cache).ok());
        wanted
            .choose(working, |install| major(&install.version))
            .ok_or_else(|| {
                let what = match wanted {
                    Major::Exactly(major) => format!(" of PostgreSQL {major}"),
                    Major::Any | Major::Nearest(_) => String::new(),
                };
                format!("neither PATH nor the usual places hold `initdb` and `postgres`{what}")
            })
    }

    fn at(bin: &Path, cache: Option<&Cache>) -> Result<Self, String> {
        for program in PROGRAMS {
            if !bin.join(program).is_file() {
                return Err(format!("`{program}` is not there"));
            }
        }
        let known = cache.and_then(|cache| Identity::of(bin)?.known(cache));
        let (version, share) = match known {
            Some((version, share)) => (version, Some(share)),
            None => (ask_version(bin)?, None),
        };
        match major(&version) {
            Some(major) if major < OLDEST => Err(format!(
                "it is PostgreSQL {major}, and {OLDEST} is the oldest that diesel-drift works with"
            )),
            _ => Ok(Install {
                bin: bin.to_owned(),
                version,
                share,
            }),
        }
    }

    /// Notes its `SHAREDIR` down for the next time, and its version with it.
    pub(super) fn note(&self, share: &Path, cache: &Cache) {
        let (Some(identity), Some(share)) = (Identity::of(&self.bin), share.to_str()) else {
            return;
        };
        let what = format!("{} ({})", self.version, self.bin.display());
        let content = format!("{}\n{share}", self.version);
        cache.write(Kind::Installation, &identity.0, &what, content.as_bytes());
    }
}

/// What `postgres --version` prints.
fn ask_version(bin: &Path) -> Result<String, String> {
    let output = Command::new(bin.join("postgres"))
        .arg("--version")
        .output()
        .map_err(|error| format!("`postgres --version` failed: {error}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match output.status.success() && version.contains("PostgreSQL") {
        true => Ok(version),
        false => Err(format!(
            "`postgres --version` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

/// The major version in what `postgres --version` prints.
fn major(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    numbers(number).first().copied()
}

/// The directory that a linked `initdb` really lives in, so that the installation is named by its own place.
fn real(bin: &Path) -> PathBuf {
    fs::canonicalize(bin.join("initdb"))
        .ok()
        .and_then(|initdb| initdb.parent().map(Path::to_owned))
        .filter(|parent| parent.join("initdb").is_file() && parent.join("postgres").is_file())
        .unwrap_or_else(|| bin.to_owned())
}

/// The directories that a pattern of [`USUAL`] stands for, newest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let Some((base, prefix)) = before.rsplit_once('/') else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = fs::read_dir(base)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = numbers(name.strip_prefix(prefix)?);
            Some((version, PathBuf::from(format!("{base}/{name}{after}"))))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// The numbers in `16.2` or `@17`, so that 9.6 comes before 15.
fn numbers(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Install, Major, PROGRAMS, expand};
    use crate::cache::{Cache, Place};
    use std::fs;
    use std::path::Path;

    #[test]
    fn newer_versions_come_first() {
        let root = tempfile::tempdir().unwrap();
        for version in ["9.6", "15", "17", "8.4"] {
            fs::create_dir(root.path().join(format!("pg-{version}"))).unwrap();
        }
        let found = expand(&format!("{}/pg-*/bin", root.path().display()));
        let names: Vec<_> = found
            .iter()
            .map(|path| {
                path.strip_prefix(root.path())
                    .unwrap()
                    .display()
                    .to_string()
            })
            .collect();
        assert_eq!(
            names,
            ["pg-17/bin", "pg-15/bin", "pg-9.6/bin", "pg-8.4/bin"]
        );
    }

    #[test]
    fn an_installation_that_is_too_old_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let bin = tempfile::tempdir().unwrap();
        for (version, expected) in [
            ("12.22 (Debian 12.22-1)", Some("it is PostgreSQL 12")),
            ("9.6.24", Some("it is PostgreSQL 9")),
            ("13.0", None),
            ("18beta1", None),
        ] {
            for program in ["initdb", "postgres"] {
                let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
                let path = bin.path().join(program);
                fs::write(&path, script).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            }
            let refused = Install::find(Some(bin.path()), None, Major::Exactly(99), None).err();
            assert_eq!(refused.is_some(), expected.is_some(), "{version}");
            let refused = refused.unwrap_or_default();
            assert!(refused.contains(expected.unwrap_or_default()), "{refused}");
        }
    }

    #[test]
    fn the_wanted_major_is_found_or_the_nearest() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let directories = ["91", "93"].map(|major| {
            let bin = root.path().join(major);
            fs::create_dir(&bin).unwrap();
            for program in ["initdb", "postgres"] {
                let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {major}.1'\n");
                fs::write(bin.join(program), script).unwrap();
                let mode = fs::Permissions::from_mode(0o755);
                fs::set_permissions(bin.join(program), mode).unwrap();
            }
            bin
        });
        let path = std::env::join_paths(&directories).unwrap();
        let found =
            |major| Install::find(None, Some(&path), major, None).map(|install| install.bin);
        let real = |at: usize| Ok(fs::canonicalize(&directories[at]).unwrap());
        assert_eq!(found(Major::Any), real(0));
        assert_eq!(found(Major::Exactly(93)), real(1));
        assert_eq!(found(Major::Nearest(95)), real(1));
        assert_eq!(found(Major::Nearest(90)), real(0));
        let refused = found(Major::Exactly(92)).unwrap_err();
        assert!(refused.ends_with("of PostgreSQL 92"), "{refused}");
    }

    /// What a script leads to is asked every time; of a program it is known what it said.
    #[test]
    fn only_what_a_program_said_is_kept() {
        use std::os::unix::fs::PermissionsExt;
        let (bin, directory) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let cache = Cache::open(&Place::At(directory.path().to_owned())).unwrap();
        let write = |text: &[u8]| {
            for program in PROGRAMS {
                let path = bin.path().join(program);
                fs::write(&path, text).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            }
        };
        let found = || Install::find(Some(bin.path()), None, Major::Any, Some(&cache));
        write(b"#!/bin/sh\necho 'postgres (PostgreSQL) 16.1'\n");
        found().unwrap().note(Path::new("/share"), &cache);
        assert_eq!(found().unwrap().share, None);
        // It could not say what it is, if it were asked.
        write(b"\x7fELF and so on");
        assert!(found().is_err());
        let install = Install {
            bin: bin.path().to_owned(),
            version: "postgres (PostgreSQL) 17.2".to_owned(),
            share: None,
        };
        install.note(Path::new("/share"), &cache);
        let known = found().unwrap();
        assert_eq!(
            (known.version, known.share),
            (install.version, Some("/share".into()))
        );
        write(b"\x7fELF and so forth");
        assert!(found().is_err(), "another program");
    }

    #[test]
    fn a_directory_without_a_server_is_named() {
        let empty = tempfile::tempdir().unwrap();
        let message = Install::find(Some(empty.path()), None, Major::Any, None)
            .err()
            .unwrap();
        assert!(
            message.contains(&empty.path().display().to_string()),
            "{message}"
        );
        assert!(message.contains("`initdb` is not there"), "{message}");
    }
}
