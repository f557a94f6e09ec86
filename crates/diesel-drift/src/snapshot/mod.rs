//! Catalog ↔ reviewed snapshots: one small YAML file an object, written by insta.
//!
//! `snapshots/<schema>/<class>.<name>.snap`, and directly in `snapshots/` what is in no schema. A file says what differs from
//! PostgreSQL's defaults; a table's file holds its columns, constraints, indexes, triggers and policies, a line each.
//! [`assert_snapshots!`](crate::assert_snapshots) holds a database against them.

#[cfg(feature = "snapshots")]
mod assertion;
mod error;
mod file_name;
mod read;
mod scalar;
mod write;

use crate::catalog::Object;
use std::fs;
use std::path::{Path, PathBuf};

#[cfg(feature = "snapshots")]
pub(crate) use assertion::assert_project;
pub use error::SnapshotError;
pub use file_name::Place;
pub use write::to_yaml;

/// The directory of snapshots, below the project's.
pub const DIRECTORY: &str = "snapshots";

/// How insta ends the name of a file that was accepted.
const ACCEPTED: &str = ".snap";

/// How insta ends the name of a file that waits for a review.
#[cfg(feature = "snapshots")]
const PENDING: &str = ".snap.new";

/// A snapshot that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The file.
    pub path: PathBuf,
    /// The object as it was reviewed.
    pub object: Object,
    /// The major version of the PostgreSQL that deparsed its texts; none where the file does not say.
    pub major: Option<u32>,
}

/// Where the snapshots of the project in `root` are, for the crate in `package`: in the root, or in the crate where the root is no
/// package's, because cargo-insta looks for pending snapshots in packages only.
pub fn directory(root: &Path, package: &Path) -> PathBuf {
    let is_package = |directory: &Path| {
        let manifest = fs::read_to_string(directory.join("Cargo.toml"));
        manifest.is_ok_and(|text| {
            text.parse::<toml::Table>()
                .is_ok_and(|table| table.contains_key("package"))
        })
    };
    let home = if root.starts_with(package) || is_package(root) {
        root
    } else {
        package
    };
    home.join(DIRECTORY)
}

/// Reads every snapshot in `directory`, sorted by path.
///
/// # Errors
/// When there is none, or one cannot be read: the error names the file and the line.
pub fn read(directory: &Path) -> Result<Vec<Snapshot>, SnapshotError> {
    let files = files(directory, ACCEPTED)?;
    if files.is_empty() {
        let path = directory.to_owned();
        return Err(SnapshotError::Empty { path });
    }
    files
        .iter()
        .map(|path| read_file(directory, path))
        .collect()
}

fn read_file(directory: &Path, path: &Path) -> Result<Snapshot, SnapshotError> {
    let text = fs::read_to_string(path).map_err(|source| io(path, source))?;
    let in_schema = path.parent() != Some(directory);
    let read::Document { object, major } =
        read::from_snapshot(&text, in_schema).map_err(|malformed| SnapshotError::Malformed {
            path: path.to_owned(),
            line: malformed.line,
            message: malformed.message,
        })?;
    let expected = directory.join(Place::of(&object).path());
    if expected != path {
        return Err(SnapshotError::Misplaced {
            path: path.to_owned(),
            object: described(&object),
            expected,
        });
    }
    Ok(Snapshot {
        path: path.to_owned(),
        object,
        major,
    })
}

/// Whether a directory holds snapshots.
pub(crate) fn holds_snapshots(directory: &Path) -> bool {
    files(directory, ACCEPTED).is_ok_and(|files| !files.is_empty())
}

/// The files with that ending in a directory and in the directories of schemas below it, sorted; none where there is no such
/// directory.
fn files(directory: &Path, ending: &str) -> Result<Vec<PathBuf>, SnapshotError> {
    let ends = |path: &PathBuf| {
        path.as_os_str()
            .as_encoded_bytes()
            .ends_with(ending.as_bytes())
    };
    let mut files = Vec::new();
    for entry in entries(directory)? {
        if entry.is_dir() {
            files.extend(entries(&entry)?);
        } else {
            files.push(entry);
        }
    }
    files.retain(ends);
    files.sort();
    Ok(files)
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    let listed = match fs::read_dir(directory) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(directory, error)),
    };
    listed
        .map(|entry| {
            entry
                .map(|entry| entry.path())
                .map_err(|error| io(directory, error))
        })
        .collect()
}

fn io(path: &Path, source: std::io::Error) -> SnapshotError {
    SnapshotError::Io {
        path: path.to_owned(),
        source,
    }
}

/// An object in a sentence: "table `public.users`".
fn described(object: &Object) -> String {
    format!("{} `{}`", object.class.title(), object.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_are_where_cargo_insta_looks_for_them() {
        let place = tempfile::tempdir().unwrap();
        let (root, package) = (place.path(), place.path().join("crates/app"));
        fs::create_dir_all(&package).unwrap();
        // diesel.toml beside a workspace's manifest, or beside none.
        assert_eq!(directory(root, &package), package.join("snapshots"));
        fs::write(
            root.join("Cargo.toml"),
            "[workspace]\nmembers = [\"crates/*\"]\n",
        )
        .unwrap();
        assert_eq!(directory(root, &package), package.join("snapshots"));
        fs::write(root.join("Cargo.toml"), "[package]\nname = \"root\"\n").unwrap();
        assert_eq!(directory(root, &package), root.join("snapshots"));
        // diesel.toml in the package or below it.
        assert_eq!(
            directory(&package.join("db"), &package),
            package.join("db/snapshots")
        );
    }
}
