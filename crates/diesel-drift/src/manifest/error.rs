//! Why a manifest cannot be used.

use crate::introspect::IntrospectError;
use crate::migrate::MigrateError;
use crate::project::ProjectError;
use std::path::PathBuf;

/// Why a manifest cannot be read or made.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no manifest, or a damaged one.
    #[error("{}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        message: String,
    },
    /// Its copy of `drift.toml`.
    #[error("in the manifest's copy of {0}")]
    Settings(#[from] ProjectError),
    /// A file of a migration.
    #[error(transparent)]
    Migration(#[from] MigrateError),
    /// The objects do not make comparable ones.
    #[error(transparent)]
    Objects(#[from] IntrospectError),
    /// The objects do not make a catalog.
    #[error(
        "the manifest's objects do not make a catalog: {0}; it was changed, or made by another version of diesel-drift"
    )]
    Catalog(serde_json::Error),
}
