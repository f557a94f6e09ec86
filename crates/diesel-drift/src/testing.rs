//! Assertions for `cargo test`. Only these panic.

use crate::finding::Severity;
use crate::report::{Style, write_text};
use crate::{Error, MigratedDatabase, Project, Report, Target, check};
use std::path::Path;

/// Holds the project of the calling crate against a fresh, migrated database, and panics with the report where they differ.
///
/// With an argument, the project in that directory. Called in a crate of a workspace, the project is found by Diesel's
/// rule: the nearest directory upwards with `diesel.toml`.
///
/// # Panics
/// When there is drift that is an error or a warning, or the check could not be made.
#[macro_export]
macro_rules! assert_no_drift {
    () => {
        $crate::assert_no_drift!(env!("CARGO_MANIFEST_DIR"))
    };
    ($directory:expr $(,)?) => {
        if let Err(message) = $crate::testing::no_drift($directory) {
            panic!("{message}");
        }
    };
}

/// What [`assert_no_drift!`](crate::assert_no_drift) asserts, as a value: the report of a clean check, or the text of what is wrong.
///
/// # Errors
/// The rendered report where there is drift that is an error or a warning; the error where the check could not be made.
pub fn no_drift(directory: impl AsRef<Path>) -> Result<Report, String> {
    let report = Project::discover(directory)
        .map_err(Error::from)
        .and_then(|project| {
            let target = Target::Fresh(project.provision_options());
            check(&project, &target, &mut |_| {})
        })
        .map_err(|error| format!("the check could not be made: {error}"))?;
    if report.fails(Severity::Warning) {
        Err(render(&report))
    } else {
        Ok(report)
    }
}

/// A fresh database, migrated as the project in `directory` says, for tests that need rows. It is removed when it is dropped.
///
/// # Errors
/// As [`MigratedDatabase::make`], and when there is no project.
pub fn database(directory: impl AsRef<Path>) -> Result<MigratedDatabase, Error> {
    let project = Project::discover(directory)?;
    MigratedDatabase::make(&project, &project.provision_options(), &mut |_| {})
}

/// An `rstest` fixture: [`database`] for the crate that is being tested.
///
/// # Panics
/// When no such database can be had; a fixture has no other way to say so.
#[cfg(feature = "rstest")]
#[rstest::fixture]
#[allow(clippy::panic, reason = "a fixture that cannot be made fails its test")]
pub fn migrated_database() -> MigratedDatabase {
    // Cargo and nextest set it for a test's process; the library's own would be the wrong one.
    let directory = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned());
    database(directory).unwrap_or_else(|error| panic!("no migrated database: {error}"))
}

fn render(report: &Report) -> String {
    let mut text = b"schema.rs and the migrated database differ\n\n".to_vec();
    match write_text(report, Style::default(), &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => format!(
            "schema.rs and the migrated database differ, and the report could not be written: {error}"
        ),
    }
}
