//! The lock file.

use super::support::Chain;
use diesel_drift::chain::{LOCK_FILE, lock};
use pretty_assertions::assert_eq;
use std::fs;

fn locked() -> Chain {
    let chain = Chain::of(&[]);
    chain.migration("2026-01-01-000000_a", "a");
    chain.migration("2026-01-02-000000_b\n\"x\"", "b");
    lock(&chain.project()).unwrap();
    chain
}

#[test]
fn what_was_locked_is_silent_until_something_changes() {
    let chain = locked();
    assert!(chain.found().is_empty(), "{:?}", chain.found());
    let up = "migrations/2026-01-01-000000_a/up.sql";
    let severity = |text: &str| {
        chain.write(up, text);
        let report = chain.report();
        (report.findings.iter())
            .map(|finding| finding.severity.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let none = "";
    assert_eq!(severity("CREATE TABLE a (id int PRIMARY KEY);\r\n"), none);
    assert_eq!(
        severity("-- why\nCREATE TABLE a (id int PRIMARY KEY);\n"),
        "note"
    );
    assert_eq!(severity("create table a(id int primary key);\n"), "note");
    assert_eq!(severity("CREATE TABLE A (id int PRIMARY KEY);\n"), "note");
    assert_eq!(
        severity("CREATE TABLE \"A\" (id int PRIMARY KEY);\n"),
        "error"
    );
    assert_eq!(
        severity("CREATE TABLE a (id bigint PRIMARY KEY);\n"),
        "error"
    );
    assert_eq!(
        severity("CREATE TABLE a (id int PRIMARY KEY DEFAULT 1);\n"),
        "error"
    );
    assert_eq!(severity("CREATE TABLE a (id int PRIMARY KEY);\n"), none);
    chain.write(
        "migrations/2026-01-01-000000_a/metadata.toml",
        "run_in_transaction = true\n",
    );
    assert_eq!(chain.found().len(), 0);
    chain.write(
        "migrations/2026-01-01-000000_a/metadata.toml",
        "run_in_transaction = false\n",
    );
    assert_eq!(chain.found(), ["migration-edited 2026-01-01-000000_a"]);
    fs::remove_file(
        chain
            .path()
            .join("migrations/2026-01-01-000000_a/metadata.toml"),
    )
    .unwrap();
    fs::remove_file(chain.path().join("migrations/2026-01-01-000000_a/down.sql")).unwrap();
    assert_eq!(
        chain.found(),
        [
            "down-missing 2026-01-01-000000_a",
            "migration-edited 2026-01-01-000000_a"
        ]
    );
}

#[test]
fn the_file_is_a_function_of_the_chain_and_says_what_changed() {
    let chain = locked();
    let text = fs::read_to_string(chain.path().join(LOCK_FILE)).unwrap();
    let again = lock(&chain.project()).unwrap();
    assert_eq!(
        fs::read_to_string(chain.path().join(LOCK_FILE)).unwrap(),
        text
    );
    assert_eq!(
        (
            again.added.len(),
            again.changed.len(),
            again.removed.len(),
            again.total
        ),
        (0, 0, 0, 2)
    );
    chain.migration("2026-01-03-000000_c", "c");
    chain.migration("2026-01-01-000000_a", "other");
    fs::remove_dir_all(chain.path().join("migrations/2026-01-02-000000_b\n\"x\"")).unwrap();
    let changed = lock(&chain.project()).unwrap();
    assert_eq!(changed.added, ["2026-01-03-000000_c"]);
    assert_eq!(changed.changed, ["2026-01-01-000000_a"]);
    assert_eq!(changed.removed, ["2026-01-02-000000_b\n\"x\""]);
    // A new migration is a new line, and no other changes.
    let before = fs::read_to_string(chain.path().join(LOCK_FILE)).unwrap();
    chain.migration("2026-01-04-000000_d", "d");
    lock(&chain.project()).unwrap();
    let after = fs::read_to_string(chain.path().join(LOCK_FILE)).unwrap();
    assert!(after.starts_with(&before));
    assert_eq!(after.lines().count(), before.lines().count() + 1);
}

#[test]
fn a_chain_that_diesel_refuses_is_not_locked() {
    let chain = Chain::of(&[]);
    chain.migration("2026-01-01-000000_a", "a");
    chain.migration("20260101000000_b", "b");
    let error = lock(&chain.project()).unwrap_err().to_string();
    assert!(
        error.starts_with("migrations.lock is not written: migration `20260101000000_b`"),
        "{error}"
    );
    assert!(!chain.path().join(LOCK_FILE).exists());
}
