//! What is read and applied, against Diesel's own harness.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::{Connection, PgConnection};
use diesel_drift::migrate::{Chain, apply};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use pretty_assertions::assert_eq;

use crate::{database, migrations, run, versions};

#[test]
fn order_names_and_metadata_are_diesels() {
    let nothing: &[u8] = b"SELECT 1;";
    let root = migrations(&[
        ("2024-01-02-000000_dashes/up.sql", nothing),
        ("20240101000000_none/up.sql", nothing),
        ("9_text_not_number/up.sql", nothing),
        ("10/up.sql", nothing),
        ("-5_leading dash and spaces/up.sql", nothing),
        ("202401010000001234_eighteen/up.sql", nothing),
        ("V_letters/up.sql", nothing),
        ("a_empty_metadata/up.sql", nothing),
        ("a_empty_metadata/metadata.toml", b""),
        ("b_broken/up.sql", nothing),
        ("b_broken/metadata.toml", b"run_in_transaction = \"false\""),
        ("c_outside/up.sql", nothing),
        ("c_outside/metadata.toml", b"run_in_transaction = false"),
        ("README.md", b"not a migration"),
        (".hidden/nothing", b""),
    ]);
    let elsewhere = migrations(&[("linked/up.sql", nothing)]);
    symlink(elsewhere.path().join("linked"), root.path().join("d_link")).unwrap();
    let chain = Chain::read(root.path()).unwrap();
    let read: Vec<(&str, &str, bool)> = chain
        .migrations
        .iter()
        .map(|m| (m.version.as_str(), m.name.as_str(), m.run_in_transaction))
        .collect();
    assert_eq!(
        read,
        [
            ("10", "10", true),
            ("20240101000000", "20240101000000_none", true),
            ("202401010000001234", "202401010000001234_eighteen", true),
            ("20240102000000", "2024-01-02-000000_dashes", true),
            ("5", "-5_leading dash and spaces", true),
            ("9", "9_text_not_number", true),
            ("V", "V_letters", true),
            ("a", "a_empty_metadata", false),
            ("b", "b_broken", true),
            ("c", "c_outside", false),
            ("d", "d_link", true),
        ]
    );

    // The same by Diesel's own harness, and by this one.
    let (theirs, ours) = (database(), database());
    let mut connection = PgConnection::establish(theirs.url()).unwrap();
    let source = FileBasedMigrations::from_path(root.path()).unwrap();
    assert_eq!(
        MigrationSource::<Pg>::migrations(&source).unwrap().len(),
        read.len()
    );
    let run: Vec<String> = connection
        .run_pending_migrations(source)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(run, read.iter().map(|m| m.0).collect::<Vec<_>>());

    let mut connection = PgConnection::establish(ours.url()).unwrap();
    let mut progress = Vec::new();
    let mut note = |done, total, m: &diesel_drift::migrate::MigrationDir| {
        progress.push((done, total, m.name.clone()));
    };
    let applied = apply(&mut connection, &chain, &mut note).unwrap();
    let names: Vec<&str> = read.iter().map(|m| m.1).collect();
    assert_eq!(applied.names, names);
    assert_eq!(progress.len(), names.len());
    assert_eq!(progress[3], (3, 11, names[3].to_owned()));
    assert_eq!(versions(theirs.url()), versions(ours.url()));

    // Nothing is left to do.
    let again = apply(&mut connection, &chain, &mut |_, _, _| {
        panic!("nothing is pending")
    })
    .unwrap();
    assert_eq!(again.names, Vec::<String>::new());
}

#[test]
fn directories_that_diesel_would_refuse_or_apply_by_chance() {
    let root = migrations(&[("1_a/up.sql", b"SELECT 1"), ("2_notes/README.md", b"")]);
    let error = Chain::read(root.path()).unwrap_err().to_string();
    assert!(
        error.contains("2_notes is no migration, because it holds no `up.sql`"),
        "{error}"
    );

    let root = migrations(&[("2024-01-01_a/up.sql", b""), ("20240101_b/up.sql", b"")]);
    let error = Chain::read(root.path()).unwrap_err().to_string();
    assert!(
        error.contains("/2024-01-01_a and ")
            && error.contains("/20240101_b are both version 20240101"),
        "{error}"
    );

    let error = Chain::read(Path::new("/no/such")).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read /no/such: No such file"),
        "{error}"
    );

    let empty = migrations(&[("README", b"")]);
    assert_eq!(Chain::read(empty.path()).unwrap().migrations, []);
    assert_eq!(run(empty.path()).unwrap().names, Vec::<String>::new());
}

#[test]
fn the_project_is_never_written_to() {
    let root = migrations(&[("1_a/up.sql", b"SELECT 1;\nSELECT nope;")]);
    let before = listing(root.path());
    run(root.path()).unwrap_err();
    assert_eq!(listing(root.path()), before);
}

fn listing(directory: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    let mut found: Vec<_> = entries
        .flat_map(|entry| {
            let modified = entry.metadata().unwrap().modified().unwrap();
            let below = if entry.path().is_dir() {
                listing(&entry.path())
            } else {
                Vec::new()
            };
            below.into_iter().chain([(entry.path(), modified)])
        })
        .collect();
    found.sort();
    found
}

/// Twenty migrations of a file each, the last of which fails, leave the first nineteen.
#[test]
fn what_came_before_a_failure_is_recorded() {
    let files: Vec<(String, String)> = (1..=20)
        .map(|n| {
            (
                format!("{n:02}_m/up.sql"),
                if n < 20 {
                    format!("CREATE TABLE t{n} ();")
                } else {
                    "nonsense".to_owned()
                },
            )
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(p, c)| (p.as_str(), c.as_bytes()))
        .collect();
    let root = migrations(&files);
    let database = database();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    apply(
        &mut connection,
        &Chain::read(root.path()).unwrap(),
        &mut |_, _, _| {},
    )
    .unwrap_err();
    assert_eq!(versions(database.url()).split(' ').count(), 19);
    // And the connection is out of every transaction.
    connection.batch_execute("VACUUM t1").unwrap();
}
