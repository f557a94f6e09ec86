//! A project's own way to migrate.

use std::fs;

use diesel_drift::migrate::{MigrateError, run_command};
use pretty_assertions::assert_eq;

use crate::{database, migrations};

#[test]
fn a_command_gets_the_database_and_no_input() {
    let root = migrations(&[("given.sql", b"CREATE TABLE made ();")]);
    let database = database();
    run_command(
        "test -f given.sql && test -z \"$(cat)\" && printf %s \"$DATABASE_URL\" > url",
        root.path(),
        database.url(),
        &[],
    )
    .unwrap();
    assert_eq!(
        fs::read_to_string(root.path().join("url")).unwrap(),
        database.url()
    );
}

#[test]
fn a_command_that_fails_is_quoted_without_its_password() {
    let root = tempfile::tempdir().unwrap();
    let url = "postgres://me:s%40cret@localhost:1/d";
    let command = "yes filler | head -100000; echo \"connecting to $DATABASE_URL\" >&2; echo 'as s@cret'; exit 3";
    let error = run_command(command, root.path(), url, &[]).unwrap_err();
    let MigrateError::CommandFailed { output, status, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(status, "exit status: 3");
    assert!(
        output.ends_with("filler\nconnecting to postgres://me:***@localhost:1/d\nas ***"),
        "{output}"
    );
    assert_eq!(output.lines().count(), 40);
    let shown = error.to_string();
    assert!(
        !shown.contains("s%40cret") && !shown.contains("s@cret"),
        "{shown}"
    );

    let error = run_command("exit 1", root.path(), url, &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("(exit status: 1) and wrote nothing"),
        "{error}"
    );
    let error = run_command("true", &root.path().join("gone"), url, &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("cannot run [migrate] command `true` in"),
        "{error}"
    );
}

/// A command that leaves a process behind does not hold the harness up.
#[test]
fn a_command_may_leave_a_process_behind() {
    let root = tempfile::tempdir().unwrap();
    run_command(
        "sleep 600 & echo $! > pid",
        root.path(),
        "postgres:///d",
        &[],
    )
    .unwrap();
    let pid = fs::read_to_string(root.path().join("pid")).unwrap();
    let status = std::process::Command::new("sh")
        .args(["-c", &format!("kill {}", pid.trim())])
        .status()
        .unwrap();
    assert!(
        status.success(),
        "the process had ended: the command was waited for"
    );
}
