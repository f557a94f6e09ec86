//! Chains of migrations, up, down and up again on a real PostgreSQL. The kinds have pairs in `fixtures/`; here is what those do not show.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod rows;
mod ways_back;

use diesel_drift::provision::{Choice, Database, Options, provision};
use diesel_drift::report::{Compared, Style, write_text};
use diesel_drift::roundtrip::{RoundTripOptions, Verdict, Which, roundtrip};
use diesel_drift::{DriftToml, Project, Report, Severity};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// One server for all; it goes when the process does.
static SERVER: LazyLock<Database> = LazyLock::new(|| provision(&Options::from_env()).unwrap());

fn shared() -> Options {
    Options {
        provider: Choice::Server,
        server_url: Some(SERVER.url().into()),
        ..Options::default()
    }
}

/// A directory with files: paths and contents.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

fn project(root: &Path) -> Project {
    let mut project = Project::new(root, []);
    project.migration_dir = Some(root.join("migrations"));
    let drift = DriftToml::read(root).unwrap();
    project.policy = drift.policy;
    project.irreversible = drift.irreversible;
    project.drift_toml = drift.text;
    project
}

fn options(which: Which) -> RoundTripOptions {
    RoundTripOptions {
        which,
        ..RoundTripOptions::new(shared())
    }
}

fn tried(files: &[(&str, &str)]) -> Report {
    let root = directory(files);
    roundtrip(&project(root.path()), &options(Which::All), &mut |_| {}).unwrap()
}

fn verdicts(report: &Report) -> Vec<(&str, Verdict)> {
    let Compared::RoundTrip { tried } = &report.compared else {
        panic!("{:?}", report.compared);
    };
    (tried.iter())
        .map(|one| (one.migration.as_str(), one.verdict))
        .collect()
}

/// Kind and subject of each finding, notes left out.
fn drift(report: &Report) -> Vec<String> {
    let mut found: Vec<String> = (report.findings.iter())
        .filter(|finding| finding.severity > Severity::Note)
        .map(|finding| format!("{} {}", finding.kind.id, finding.subject))
        .collect();
    found.sort();
    found
}

fn text(report: &Report) -> String {
    let style = Style {
        full: Severity::Note,
        ..Style::default()
    };
    let mut text = Vec::new();
    write_text(report, style, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}
