//! Why a check could not be made.

use crate::declared::DeclaredError;
use crate::diff::SideError;
use crate::docs::DocsError;
use crate::introspect::IntrospectError;
use crate::manifest::ManifestError;
use crate::migrate::MigrateError;
use crate::project::ProjectError;
use crate::provision::ProvisionError;
use crate::snapshot::SnapshotError;
use std::path::PathBuf;

/// Why a check could not be made: what failed, on what, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The project's configuration.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The declarations.
    #[error(transparent)]
    Declared(#[from] DeclaredError),
    /// No `table!` was found.
    #[error(
        "no `table!` in {}: name the file in `[print_schema] file` of diesel.toml, or with --schema",
        places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    NothingDeclared {
        /// Where it was looked for.
        places: Vec<PathBuf>,
    },
    /// The fresh database.
    #[error(transparent)]
    Provision(#[from] ProvisionError),
    /// The migrations.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// What a branch has of the migrations.
    #[error("{message}")]
    Base {
        /// What failed and what to do.
        message: String,
    },
    /// There is no telling which migrations a lock file is to hold.
    #[error("migrations.lock is not written: {message}; `diesel-drift chain` says what to do")]
    NotLocked {
        /// Why.
        message: String,
    },
    /// No connection.
    #[error("cannot connect to {database}: {message}")]
    Connect {
        /// The database, without any secret.
        database: String,
        /// What libpq said.
        message: String,
    },
    /// The catalog.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
    /// A side of a comparison.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The release manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The round trip.
    #[error(transparent)]
    RoundTrip(#[from] crate::roundtrip::RoundTripError),
    /// The snapshots.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The pages of documentation.
    #[error(transparent)]
    Docs(#[from] DocsError),
    /// The types for a front end.
    #[error(transparent)]
    Types(#[from] crate::types::TypesError),
    /// Who made what.
    #[error(transparent)]
    Blame(#[from] crate::blame::BlameError),
    /// The log of an object.
    #[error(transparent)]
    Log(#[from] crate::blame::LogError),
    /// The self-test.
    #[error(transparent)]
    Selftest(#[from] crate::selftest::SelftestError),
}
