//! Assertions for `cargo test`. Only these panic.

mod database;

use crate::chain::{Against, check_chain};
use crate::docs::{self, Stale};
use crate::finding::Severity;
use crate::introspect::Live;
use crate::report::{Style, write_text};
use crate::roundtrip::{RoundTripOptions, Which, roundtrip};
use crate::rules::baseline::{Baseline, Date};
use crate::rules::{Lint, lint_with};
use crate::{Error, Project, Report, Target, blame, check, visible};
use std::path::Path;

#[cfg(feature = "rstest")]
use crate::MigratedDatabase;

pub use database::{database, database_in, database_on_own_server};

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
            let mut report = check(&project, &target, &mut |_| {})?;
            blame(&mut report, Severity::Warning, &mut |_| {});
            Ok(report)
        })
        .map_err(|error| format!("the check could not be made: {error}"))?;
    if report.fails(Severity::Warning) {
        Err(render(DIFFER, &report))
    } else {
        Ok(report)
    }
}

/// Holds the catalog of the calling crate's project, on a fresh, migrated database, against the reviewed snapshots in `snapshots/`,
/// and panics where they differ.
///
/// `assert_snapshots!()` takes the project of the calling crate, `assert_snapshots!(directory)` the one in that directory.
/// `assert_snapshots!(directory, url)` reads the database at `url` instead of a fresh one; it is only read.
///
/// insta shows each difference and writes what is pending, and `cargo insta review` is where it is accepted or rejected. Every object
/// is held, not only up to the first difference. An object without a snapshot fails, and so does a snapshot without an object. The
/// snapshots are in the project's root, or in the calling crate where the root is no package's: cargo-insta looks into packages only.
///
/// # Panics
/// When an object is changed, has no snapshot or is gone, or the database could not be read.
#[cfg(feature = "snapshots")]
#[macro_export]
macro_rules! assert_snapshots {
    () => {
        $crate::assert_snapshots!(env!("CARGO_MANIFEST_DIR"))
    };
    ($directory:expr $(,)?) => {
        $crate::assert_snapshots!(@ $directory, None)
    };
    ($directory:expr, $url:expr $(,)?) => {
        $crate::assert_snapshots!(@ $directory, Some($url.as_ref()))
    };
    (@ $directory:expr, $url:expr) => {{
        // Expanded here, because insta finds the workspace of the crate in which its macro stands.
        let mut assert = |name: &str, content: &str| {
            $crate::__private::insta::assert_snapshot!(name, content);
        };
        if let Err(message) = $crate::testing::snapshots($directory, $url, &mut assert) {
            panic!("{message}");
        }
    }};
}

/// Holds a database against reviewed snapshots; needs the feature `snapshots`.
#[cfg(not(feature = "snapshots"))]
#[macro_export]
macro_rules! assert_snapshots {
    ($($any:tt)*) => {
        compile_error!("`assert_snapshots!` needs the feature `snapshots` of diesel-drift")
    };
}

/// What [`assert_snapshots!`](crate::assert_snapshots) asserts: the project in `directory`, on the database at `url` or on a fresh one.
/// `assert` calls `insta::assert_snapshot!` with a name and a content.
///
/// # Errors
/// What differs and what to do; or why it could not be told.
#[cfg(feature = "snapshots")]
pub fn snapshots(
    directory: impl AsRef<Path>,
    url: Option<&str>,
    assert: &mut dyn FnMut(&str, &str),
) -> Result<(), String> {
    crate::snapshot::assert_project(directory.as_ref(), url, assert)
}

/// Holds the pages of documentation of the calling crate's project (`[docs] directory` of `drift.toml`, else `docs/models`) against a
/// fresh, migrated database, and panics where they are not current.
///
/// With an argument, the project in that directory. `diesel-drift docs` writes the pages. They may have been written on another major
/// version of PostgreSQL than the test runs on: definitions of views and rules, which majors write in their own ways, do not count then.
///
/// # Panics
/// When a page is missing, left over or not what the database is, or this could not be told.
#[macro_export]
macro_rules! assert_docs {
    () => {
        $crate::assert_docs!(env!("CARGO_MANIFEST_DIR"))
    };
    ($directory:expr $(,)?) => {
        if let Err(message) = $crate::testing::docs($directory) {
            panic!("{message}");
        }
    };
}

/// What [`assert_docs!`](crate::assert_docs) asserts, as a value.
///
/// # Errors
/// How the pages differ and what to type; or why it could not be told.
pub fn docs(directory: impl AsRef<Path>) -> Result<(), String> {
    let stale = Project::discover(directory)
        .map_err(Error::from)
        .and_then(|project| {
            let live = Live::of_fresh(&project, &project.provision_options(), &mut |_| {})?;
            let pages = docs::pages(&live, &project.scope);
            Ok(docs::compare(&project.docs_directory, &pages, true)?)
        })
        .map_err(|error| format!("the pages could not be held against a database: {error}"))?;
    if stale.is_empty() {
        return Ok(());
    }
    let described: String = stale.iter().map(Stale::describe).collect();
    Err(format!(
        "the pages of documentation are not what the migrated database is: run `diesel-drift docs`\n\n{}",
        visible(&described)
    ))
}

/// An `rstest` fixture: [`database`] for the crate that is being tested.
///
/// # Panics
/// When no such database can be had; a fixture has no other way to say so.
#[cfg(feature = "rstest")]
#[rstest::fixture]
#[allow(clippy::panic, reason = "a fixture that cannot be made fails its test")]
pub fn migrated_database() -> MigratedDatabase {
    database().unwrap_or_else(|error| panic!("no migrated database: {error}"))
}

/// Tries every migration of the calling crate's project up, down and up again, and panics where that does not restore everything.
///
/// With an argument, the project in that directory; with `last = N`, only the newest N migrations:
/// `assert_round_trips!(env!("CARGO_MANIFEST_DIR"), last = 5)`. What cannot be undone is declared in `drift.toml` (`[[irreversible]]`).
///
/// # Panics
/// When there is a finding that is an error or a warning, or the round trip could not be made.
#[macro_export]
macro_rules! assert_round_trips {
    () => {
        $crate::assert_round_trips!(env!("CARGO_MANIFEST_DIR"))
    };
    ($directory:expr $(,)?) => {
        $crate::assert_round_trips!(@ $directory, $crate::roundtrip::Which::All)
    };
    ($directory:expr, last = $last:expr $(,)?) => {
        $crate::assert_round_trips!(@ $directory, $crate::roundtrip::Which::Last($last))
    };
    (@ $directory:expr, $which:expr) => {
        if let Err(message) = $crate::testing::round_trips($directory, $which) {
            panic!("{message}");
        }
    };
}

/// What [`assert_round_trips!`](crate::assert_round_trips) asserts, as a value.
///
/// # Errors
/// The rendered report where something is not restored; the error where that could not be tried.
pub fn round_trips(directory: impl AsRef<Path>, which: Which) -> Result<Report, String> {
    let report = Project::discover_migrations(directory)
        .map_err(Error::from)
        .and_then(|project| {
            let options = RoundTripOptions {
                which,
                ..RoundTripOptions::new(project.provision_options())
            };
            roundtrip(&project, &options, &mut |_| {})
        })
        .map_err(|error| format!("the round trip could not be made: {error}"))?;
    match report.fails(Severity::Warning) {
        true => Err(render(
            "the migrations do not restore what was before them",
            &report,
        )),
        false => Ok(report),
    }
}

/// Holds the migrations of the calling crate's project against the rules of Diesel and PostgreSQL, and against `migrations.lock` where there is
/// one, and panics with the report where something is wrong with them. No database is needed.
///
/// With an argument, the project in that directory; with `base = "origin/main"`, its migrations are also held against that branch's:
/// `assert_chain!(env!("CARGO_MANIFEST_DIR"), base = "origin/main")`.
///
/// # Panics
/// When there is a finding that is an error or a warning, or the chain could not be read.
#[macro_export]
macro_rules! assert_chain {
    () => {
        $crate::assert_chain!(env!("CARGO_MANIFEST_DIR"))
    };
    ($directory:expr $(,)?) => {
        $crate::assert_chain!(@ $directory, None)
    };
    ($directory:expr, base = $base:expr $(,)?) => {
        $crate::assert_chain!(@ $directory, Some($base.into()))
    };
    (@ $directory:expr, $base:expr) => {
        if let Err(message) = $crate::testing::chain($directory, $base) {
            panic!("{message}");
        }
    };
}

/// What [`assert_chain!`](crate::assert_chain) asserts, as a value; `base` is a branch.
///
/// # Errors
/// The rendered report where something is wrong with the chain; the error where it could not be read.
pub fn chain(directory: impl AsRef<Path>, base: Option<String>) -> Result<Report, String> {
    let report = Project::discover_migrations(directory)
        .map_err(Error::from)
        .and_then(|project| {
            let against = Against {
                base,
                database: None,
            };
            check_chain(&project, &against)
        })
        .map_err(|error| format!("the migrations could not be read: {error}"))?;
    match report.fails(Severity::Warning) {
        true => Err(render("something is wrong with the migrations", &report)),
        false => Ok(report),
    }
}

/// Holds the schema of the calling crate's project, on a fresh, migrated database, to the rules of `diesel-drift lint` and to the project's own,
/// and panics with the report where one is broken.
///
/// With an argument, the project in that directory; with `baseline = "lint-baseline.toml"`, a file in it, only what is not known fails:
/// `assert_lint!(env!("CARGO_MANIFEST_DIR"), baseline = "lint-baseline.toml")`.
///
/// # Panics
/// When there is a finding that is an error or a warning, or the schema could not be had.
#[macro_export]
macro_rules! assert_lint {
    () => {
        $crate::assert_lint!(env!("CARGO_MANIFEST_DIR"))
    };
    ($directory:expr $(,)?) => {
        $crate::assert_lint!(@ $directory, None)
    };
    ($directory:expr, baseline = $baseline:expr $(,)?) => {
        $crate::assert_lint!(@ $directory, Some(::std::path::Path::new($baseline)))
    };
    (@ $directory:expr, $baseline:expr) => {
        if let Err(message) = $crate::testing::lint($directory, $baseline) {
            panic!("{message}");
        }
    };
}

/// What [`assert_lint!`](crate::assert_lint) asserts, as a value; `baseline` is a file, relative to the project's root.
///
/// # Errors
/// The rendered report where a rule is broken; the error where that could not be told.
pub fn lint(directory: impl AsRef<Path>, baseline: Option<&Path>) -> Result<Report, String> {
    let report = Project::discover(directory)
        .map_err(Error::from)
        .and_then(|project| {
            let read = |file: &Path| Baseline::read(&project.root.join(file), &project.root);
            let baseline = baseline.map(read).transpose()?;
            let lint = Lint {
                only: Vec::new(),
                baseline: baseline.map(|baseline| (baseline, Date::today())),
            };
            let target = Target::Fresh(project.provision_options());
            lint_with(&project, &target, &lint, &mut |_| {})
        })
        .map_err(|error| format!("the schema could not be held to the rules: {error}"))?;
    match report.fails(Severity::Warning) {
        true => Err(render("the schema breaks rules", &report)),
        false => Ok(report),
    }
}

/// What [`no_drift`] says first.
const DIFFER: &str = "schema.rs and the migrated database differ";

fn render(title: &str, report: &Report) -> String {
    let mut text = format!("{title}\n\n").into_bytes();
    match write_text(report, Style::default(), &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => format!("{title}, and the report could not be written: {error}"),
    }
}
