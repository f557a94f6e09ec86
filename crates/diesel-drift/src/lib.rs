//! Schema drift detection for Diesel projects on PostgreSQL.
//!
//! The project's `schema.rs` is the source of truth. A check brings up a fresh PostgreSQL, applies the project's
//! migrations, reads the catalog back and holds it against what the project declares. Every difference is a
//! [`Finding`] with a place, a severity and a way out.
//!
//! # In `cargo test`
//!
//! ```no_run
//! #[test]
//! fn schema_rs_is_what_the_migrations_make() {
//!     diesel_drift::assert_no_drift!();
//! }
//! ```
//!
//! The test fails with the report when `schema.rs` and the migrations disagree. What it needs is either a server on
//! which it may create databases (`DIESEL_DRIFT_SERVER`), a container engine (feature `container`), or PostgreSQL's
//! server binaries on the machine; see [`provision`].
//!
//! # Step by step
//!
//! ```no_run
//! use diesel_drift::{Project, Target, check};
//!
//! # fn main() -> Result<(), diesel_drift::Error> {
//! let project = Project::discover(".")?;
//! let target = Target::Fresh(project.provision_options());
//! let report = check(&project, &target, &mut |_| {})?;
//! for finding in &report.findings {
//!     println!("{}: {}", finding.kind.id, finding.message());
//! }
//! # Ok(())
//! # }
//! ```

pub mod cache;
pub mod catalog;
pub mod chain;
pub mod compare;
pub mod declared;
pub mod docs;
pub mod introspect;
pub mod kinds;
pub mod manifest;
pub mod migrate;
pub mod provision;
pub mod report;
pub mod roundtrip;
pub mod rules;
pub mod selftest;
pub mod snapshot;
pub mod testing;
pub mod types;

mod aspect;
mod attribution;
mod blame;
mod check;
mod diff;
mod digest;
mod error;
mod file_name;
mod finding;
mod fingerprint;
mod fresh;
mod policy;
mod project;
mod subject;
mod text;
mod verify;
mod version;

pub use attribution::{Alone, Attribution, Variant};
pub use blame::{
    BlameError, Did, FormerLog, Lineage, LogChange, LogEntry, LogError, ObjectLog, blame, log,
};
pub use check::{Step, Target, check};
pub use diff::{DiffOptions, Side, SideError, diff};
pub use error::Error;
pub use finding::{
    Act, Blame, Finding, Fixture, Found, Kind, LastChange, MigrationPlace, Severity, Sides,
};
pub use fingerprint::Fingerprint;
pub use fresh::MigratedDatabase;
pub use policy::{Level, Policy, Suppressed, Suppression, Term};
pub use project::{DriftToml, Irreversible, Overrides, Project, ProjectError, ProvisionToml};
pub use report::Report;
pub use subject::Subject;
pub use text::visible;
pub use verify::{Expect, verify};

/// What the macros need in the crate that is being tested; no part of the interface.
#[cfg(feature = "snapshots")]
#[doc(hidden)]
pub mod __private {
    pub use insta;
}
