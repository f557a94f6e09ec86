//! A project with given files, held against a database with given statements.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::provision::{Options, provision};
use diesel_drift::{Finding, Project, Report, Severity, Target, check};
use std::fs;

/// What is found, each as `severity kind subject`.
pub fn found(files: &[(&str, &str)], sql: &str) -> Vec<String> {
    let line = |finding: Finding| {
        format!(
            "{} {} {}",
            finding.severity, finding.kind.id, finding.subject
        )
    };
    report(files, sql).findings.into_iter().map(line).collect()
}

/// The report on a project of `files` and a database made by `sql`.
fn report(files: &[(&str, &str)], sql: &str) -> Report {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let database = provision(&Options::from_env()).unwrap();
    PgConnection::establish(database.url())
        .unwrap()
        .batch_execute(sql)
        .unwrap();
    let project = Project::discover(directory.path()).unwrap();
    let report = check(
        &project,
        &Target::Migrated {
            url: database.url().into(),
        },
        &mut |_| {},
    )
    .unwrap();
    assert!(report.notices.is_empty(), "{:?}", report.notices);
    report
}

/// The help of what is found, for one `schema.rs`.
pub fn help(schema: &str, sql: &str) -> Vec<String> {
    let files = [
        ("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n"),
        ("src/schema.rs", schema),
    ];
    report(&files, sql)
        .findings
        .into_iter()
        .flat_map(|finding| finding.help)
        .collect()
}

/// As [`found`], without notes, for one `schema.rs`.
pub fn drift(schema: &str, sql: &str) -> Vec<String> {
    let note = format!("{} ", Severity::Note);
    let files = [
        ("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n"),
        ("src/schema.rs", schema),
    ];
    found(&files, sql)
        .into_iter()
        .filter(|line| !line.starts_with(&note))
        .collect()
}
