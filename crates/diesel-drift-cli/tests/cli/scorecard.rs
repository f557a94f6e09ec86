//! `diesel-drift scorecard`.

use super::project::Project;
use serde_json::Value;

fn line<'a>(card: &'a Value, id: &str) -> &'a Value {
    let lines = card["lines"].as_array().unwrap();
    let found = lines.iter().find(|line| line["id"] == id);
    found.unwrap_or_else(|| panic!("{id}: {card}"))
}

fn small() -> Project {
    let project = Project::small();
    project.write(
        "migrations/2026-01-01-000000_users/down.sql",
        "DROP TABLE users;",
    );
    project
}

#[test]
fn the_exit_code_is_that_of_the_worst_line() {
    let project = small();
    let run = project.run(&["scorecard"]);
    // Without snapshots it is weak, not wrong.
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("🟡 reviewed snapshots"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("\nnot asked for; [scorecard] of drift.toml could say:\n     required = "),
        "{}",
        run.stdout
    );
    let run = project.run(&["scorecard", "--fail-on", "yellow"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let run = project.run(&["scorecard", "-q"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run:?}");
}

#[test]
fn what_is_not_tried_is_not_green() {
    let project = small();
    project.write(
        "drift.toml",
        "[scorecard]\nrequired = [\"users\", \"posts\"]\nimmutable = [\"users\"]\naudit_log = \"log\"\ntests = [\"tests\"]\n",
    );
    let run = project.run(&["scorecard", "--quick", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let card: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(card["verdict"], "red");
    for (id, status, says) in [
        ("round-trip", "yellow", "--quick"),
        ("required-models", "red", "users has no row type"),
        (
            "immutability",
            "red",
            "UPDATE of id, name was carried out; DELETE was carried out",
        ),
        ("audit-log", "red", "log is not in the database"),
        ("linkage-tests", "red", "there is no test in tests"),
        ("downgrade", "green", "2026-01-01-000000_users"),
    ] {
        let line = line(&card, id);
        assert_eq!(line["status"], status, "{id}: {line}");
        assert!(line["evidence"].to_string().contains(says), "{line}");
    }
}

/// Where the migrations do not apply there is nothing to look at: that line is red, and the others say that they were not tried.
#[test]
fn migrations_that_do_not_apply_are_one_red_line() {
    let project = small();
    project.write("drift.toml", "[scorecard]\nimmutable = [\"users\"]\n");
    project.migration(
        "2026-01-02-000000_wrong",
        "ALTER TABLE users ADD mood mood;\n",
    );
    project.write(
        "migrations/2026-01-02-000000_wrong/down.sql",
        "ALTER TABLE users DROP mood;",
    );
    let run = project.run(&["scorecard", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let card: Value = serde_json::from_str(&run.stdout).unwrap();
    let red: Vec<&str> = (card["lines"].as_array().unwrap().iter())
        .filter(|line| line["status"] == "red")
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    assert_eq!(red, ["migrations"], "{card}");
    assert!(
        line(&card, "migrations")["evidence"][0]
            .as_str()
            .unwrap()
            .contains("type \"mood\" does not exist"),
        "{card}"
    );
    assert_eq!(line(&card, "immutability")["status"], "yellow");
    assert_eq!(line(&card, "parity")["status"], "yellow");
}

#[test]
fn a_misspelt_key_is_an_error_with_its_line() {
    let project = small();
    project.write("drift.toml", "[scorecard]\nimutable = [\"users\"]\n");
    let run = project.run(&["scorecard"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains("drift.toml:2: unknown field `imutable`"),
        "{run:?}"
    );
}
