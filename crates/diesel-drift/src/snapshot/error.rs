//! Why snapshots could not be written or read.

use std::io;
use std::path::PathBuf;

/// Why snapshots could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// A file or directory.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The directory holds no snapshot.
    #[error(
        "{} holds no snapshot: write them with `diesel_drift::assert_snapshots!()` in a test and `cargo insta accept`",
        path.display()
    )]
    Empty {
        /// The directory.
        path: PathBuf,
    },
    /// A file is not a snapshot that this crate wrote.
    #[error(
        "{}{} is not a snapshot as diesel-drift writes it: {message}",
        path.display(),
        line.map(|line| format!(":{line}")).unwrap_or_default()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<u64>,
        /// What is wrong.
        message: String,
    },
    /// A file holds another object than its name says.
    #[error(
        "{} holds the {object}, whose snapshot is {}: it was copied or renamed by hand; remove it, or give it that name",
        path.display(), expected.display()
    )]
    Misplaced {
        /// The file.
        path: PathBuf,
        /// What it holds.
        object: String,
        /// Where that belongs.
        expected: PathBuf,
    },
    /// An object cannot be written.
    #[error(
        "the {object} cannot be written as a snapshot: {message}; this is a defect of diesel-drift, please report it"
    )]
    Unwritable {
        /// The object.
        object: String,
        /// What is wrong.
        message: String,
    },
}
