//! Bad input is a sentence on stderr, with file and line where there is one, and exit code 2.

use super::project::{Project, Run, SCHEMA};

/// Exit code 2, nothing on stdout, no panic, and one error that says all of `parts`.
#[track_caller]
fn assert_refused(run: &Run, parts: &[&str]) {
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    assert!(run.stderr.starts_with("error: "), "{run:?}");
    assert!(!run.stderr.contains("panicked"), "{run:?}");
    for part in parts {
        assert!(run.stderr.contains(part), "{part:?} in {run:?}");
    }
}

#[test]
fn no_project() {
    assert_refused(&Project::empty().run(&["check"]), &["no `table!` in"]);
    assert_refused(
        &Project::empty().run(&["check", "--project", "nowhere"]),
        &["nowhere", "No such file"],
    );
}

#[test]
fn diesel_toml() {
    let project = Project::small();
    project.write("diesel.toml", "[print_schema]\nfile = src/schema.rs\n");
    assert_refused(&project.run(&["check"]), &["diesel.toml:2: "]);
    project.write("diesel.toml", "[print_schema]\nfile = \"src/nothing.rs\"\n");
    assert_refused(
        &project.run(&["check"]),
        &["src/nothing.rs does not exist", "diesel print-schema"],
    );
    assert_refused(
        &project.run(&["check", "--config-file", "none.toml"]),
        &["none.toml"],
    );
}

#[test]
fn schema_rs() {
    let project = Project::small();
    project.write("src/schema.rs", &SCHEMA.replace("id -> Int4,", "id -> ,"));
    assert_refused(&project.run(&["check"]), &["src/schema.rs:3:"]);
    project.write("src/schema.rs", &format!("{SCHEMA}{SCHEMA}"));
    assert_refused(&project.run(&["check"]), &["src/schema.rs:8:", "users"]);
    project.write("src/schema.rs", "fn main( {");
    assert_refused(&project.run(&["check"]), &["src/schema.rs:1:"]);
    assert_refused(
        &project.run(&["check", "--schema", "none.rs"]),
        &["none.rs does not exist", "--schema"],
    );
}

#[test]
fn drift_toml() {
    let project = Project::small();
    project.write("drift.toml", "[levels]\ncolumn-ordr = \"off\"\n");
    assert_refused(
        &project.run(&["check"]),
        &[
            "drift.toml:2: there is no kind `column-ordr`",
            "column-order",
        ],
    );
    project.write("drift.toml", "[migrate]\ncomand = \"true\"\n");
    assert_refused(&project.run(&["check"]), &["drift.toml:2: ", "comand"]);
}

#[test]
fn migrations() {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_broken",
        "SELECT 1;\n\nALTER TABLE nobody ADD COLUMN x int;\n",
    );
    let run = project.run(&["check"]);
    assert_refused(
        &run,
        &[
            "2026-01-02-000000_broken/up.sql:3:",
            "ALTER TABLE nobody",
            "relation \"nobody\" does not exist",
            "42P01",
        ],
    );
    std::fs::remove_dir_all(project.path().join("migrations")).unwrap();
    assert_refused(&project.run(&["check"]), &["migrations"]);
}

#[test]
fn a_command_that_fails_is_quoted_without_the_password() {
    let project = Project::small();
    project.write(
        "drift.toml",
        "[migrate]\ncommand = \"echo connecting to $DATABASE_URL; echo it broke >&2; exit 3\"\n",
    );
    let run = project.run(&["check"]);
    assert_refused(
        &run,
        &["it broke", "exit status: 3", "connecting to postgres"],
    );
    assert!(
        !run.stderr.contains("@127.0.0.1") || run.stderr.contains(":***@"),
        "{run:?}"
    );
}

#[test]
fn servers_that_do_not_answer() {
    let project = Project::small();
    let url = "postgres://me:hunter2@127.0.0.1:1/app";
    for arguments in [["check", "--database-url", url], ["check", "--server", url]] {
        let run = project.run(&arguments);
        assert_refused(&run, &["127.0.0.1:1"]);
        assert!(!run.stderr.contains("hunter2"), "{run:?}");
    }
    assert_refused(
        &project.run(&["check", "--provider", "server"]),
        &["DIESEL_DRIFT_SERVER", "--server"],
    );
}

#[test]
fn output_that_cannot_be_written() {
    let run = Project::small().run(&["check", "--output", "no/such/directory/report.txt"]);
    assert_refused(&run, &["cannot write no/such/directory/report.txt"]);
}

#[test]
fn arguments() {
    let project = Project::small();
    assert_refused(
        &project.run(&["explain", "column-mising"]),
        &["there is no kind `column-mising`", "column-missing"],
    );
    assert_eq!(project.run(&["check", "--format", "xml"]).code, Some(2));
    assert_eq!(project.run(&["chek"]).code, Some(2));
}
