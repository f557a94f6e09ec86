//! `chain`: the migrations themselves, against Diesel's rules, a lock file, a branch and a database.

use super::deployed::Deployed;
use super::project::{Project, Run};
use serde_json::Value;
use std::fs;
use std::process::Command;

/// A migration that makes a table and drops it.
fn migration(project: &Project, name: &str, table: &str) {
    project.write(
        &format!("migrations/{name}/up.sql"),
        &format!("CREATE TABLE {table} (id int PRIMARY KEY);\n"),
    );
    project.write(
        &format!("migrations/{name}/down.sql"),
        &format!("DROP TABLE {table};\n"),
    );
}

/// Two migrations, and no declarations yet: `chain` needs none.
fn two() -> Project {
    let project = Project::empty();
    project.write("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n");
    migration(&project, "2026-01-01-000000_a", "a");
    migration(&project, "2026-01-02-000000_b", "b");
    project
}

/// Severity, kind and subject of each finding.
fn findings(project: &Project, arguments: &[&str]) -> Vec<String> {
    let all = [&["chain", "--format", "json"], arguments].concat();
    let run = project.run(&all);
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let shown = |finding: &Value| {
        [
            &finding["severity"],
            &finding["kind"],
            &finding["subject"]["path"],
        ]
        .map(text)
        .join(" ")
    };
    let failing = |finding: &Value| finding["severity"] != "note";
    let all = report["findings"].as_array().unwrap();
    assert_eq!(
        run.code,
        Some(i32::from(all.iter().any(failing))),
        "{run:?}"
    );
    all.iter().map(shown).collect()
}

/// Git in the project, by somebody.
fn git(project: &Project, arguments: &[&str]) {
    let who = [
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let run: Run = Command::new("git")
        .current_dir(project.path())
        .args(who)
        .args(arguments)
        .output()
        .unwrap()
        .into();
    assert_eq!(run.code, Some(0), "{run:?}");
}

fn commit(project: &Project) {
    git(project, &["add", "--all"]);
    git(project, &["commit", "--quiet", "--message", "x"]);
}

/// A repository whose branch `main` has two migrations, and that is on another branch.
fn branched() -> Project {
    let project = two();
    git(&project, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&project);
    git(&project, &["checkout", "--quiet", "-b", "topic"]);
    project
}

#[test]
fn a_clean_chain_is_one_sentence_with_counts() {
    let project = two();
    let run = project.run(&["chain"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(
        run.stdout,
        "no drift: 2 migrations held against the rules of Diesel and PostgreSQL\n"
    );
    assert_eq!(project.run(&["chain", "--quiet"]).stdout, "");
    let run = Project::reference().run(&["chain"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("no drift: "), "{run:?}");
}

#[test]
fn a_finding_shows_the_line_of_the_script() {
    let project = two();
    project.write(
        "migrations/2026-01-02-000000_b/down.sql",
        "-- gone\nDROP TABLE b\nDROP TABLE c;\n",
    );
    let run = project.run(&["chain"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains("error[syntax-error]: migration `2026-01-02-000000_b` does not parse"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("migrations/2026-01-02-000000_b/down.sql:3:1"),
        "{run:?}"
    );
    assert!(run.stdout.contains("3 | DROP TABLE c;\n"), "{run:?}");
    assert_eq!(project.run(&["chain", "--fail-on", "error"]).code, Some(1));
    project.write("drift.toml", "[[suppress]]\nkind = \"syntax-error\"\nsubject = \"2026-01-02-000000_b\"\nreason = \"never run\"\n");
    assert!(findings(&project, &[]).is_empty());
    project.write("migrations/2026-01-02-000000_b/down.sql", "DROP TABLE b;\n");
    assert_eq!(
        findings(&project, &[]),
        ["warning suppression-unused syntax-error 2026-01-02-000000_b"]
    );
}

#[test]
fn the_lock_file_is_written_read_and_broken() {
    let project = two();
    let run = project.run(&["chain", "--lock"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .ends_with("migrations.lock: 2 migrations, 2 of them new\n"),
        "{run:?}"
    );
    let run = project.run(&["chain"]);
    assert_eq!(
        run.stdout,
        "no drift: 2 migrations held against the rules of Diesel and PostgreSQL and migrations.lock\n"
    );
    migration(&project, "2026-01-03-000000_c", "c");
    assert_eq!(
        findings(&project, &[]),
        ["note migration-unlocked 2026-01-03-000000_c"]
    );
    project.write(
        "migrations/2026-01-01-000000_a/up.sql",
        "CREATE TABLE a (id bigint PRIMARY KEY);\n",
    );
    assert_eq!(
        findings(&project, &[])[0],
        "error migration-edited 2026-01-01-000000_a"
    );
    let run = project.run(&["chain", "--lock"]);
    assert!(
        run.stdout
            .ends_with("3 migrations, 1 of them new\nchanged: 2026-01-01-000000_a\n"),
        "{run:?}"
    );
    assert!(findings(&project, &[]).is_empty());

    let text = fs::read_to_string(project.path().join("migrations.lock")).unwrap();
    project.write(
        "migrations.lock",
        &text.replace("[migrations]", "<<<<<<< HEAD\n[migrations]"),
    );
    for arguments in [&["chain"][..], &["chain", "--lock"]] {
        let run = project.run(arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("migrations.lock:5: "), "{run:?}");
    }
}

#[test]
fn what_is_new_comes_after_what_the_branch_has() {
    let project = branched();
    let base = ["--base", "main"];
    assert!(findings(&project, &base).is_empty());
    migration(&project, "2026-01-03-000000_c", "c");
    assert!(findings(&project, &base).is_empty());
    migration(&project, "2026-01-01-120000_d", "d");
    assert_eq!(
        findings(&project, &base),
        ["warning migration-late 2026-01-01-120000_d"]
    );
    // Committed or not is the same.
    commit(&project);
    assert_eq!(
        findings(&project, &base),
        ["warning migration-late 2026-01-01-120000_d"]
    );
    // And in a hook, to which git says where it was called.
    let absolute = project.path().join(".git");
    for at in [std::path::Path::new(".git"), &absolute] {
        let run: Run = project
            .command(&["chain", "--base", "main"])
            .env("GIT_DIR", at)
            .output()
            .unwrap()
            .into();
        assert!(run.stdout.contains("migration-late"), "{run:?}");
    }

    // Meanwhile, on main: a newer one, and one of the same version.
    git(&project, &["checkout", "--quiet", "main"]);
    migration(&project, "20260103-000000_e", "e");
    migration(&project, "2026-01-04-000000_f", "f");
    commit(&project);
    git(&project, &["checkout", "--quiet", "topic"]);
    assert_eq!(
        findings(&project, &base),
        [
            "warning migration-late 2026-01-01-120000_d",
            "error migration-late 2026-01-03-000000_c"
        ]
    );
}

#[test]
fn what_the_branch_has_is_not_edited_or_removed() {
    let project = branched();
    let base = ["--base", "main"];
    project.write(
        "migrations/2026-01-01-000000_a/up.sql",
        "CREATE TABLE a (id bigint PRIMARY KEY);\n",
    );
    assert_eq!(
        findings(&project, &base),
        ["error migration-edited 2026-01-01-000000_a"]
    );
    project.write(
        "migrations/2026-01-01-000000_a/up.sql",
        "CREATE TABLE a (id int PRIMARY KEY);\r\n",
    );
    assert!(findings(&project, &base).is_empty());
    fs::remove_dir_all(project.path().join("migrations/2026-01-01-000000_a")).unwrap();
    assert_eq!(
        findings(&project, &base),
        ["error migration-deleted 2026-01-01-000000_a"]
    );
    commit(&project);

    // Who edits it on main did not do it here, and what is new there is not removed here.
    git(&project, &["checkout", "--quiet", "main"]);
    project.write(
        "migrations/2026-01-02-000000_b/down.sql",
        "DROP TABLE b CASCADE;\n",
    );
    migration(&project, "2026-01-05-000000_g", "g");
    commit(&project);
    git(&project, &["checkout", "--quiet", "topic"]);
    assert_eq!(
        findings(&project, &base),
        ["error migration-deleted 2026-01-01-000000_a"]
    );
}

#[test]
fn a_base_that_cannot_be_told_is_exit_2() {
    let project = two();
    let refused = |project: &Project, base: &str, because: &str| {
        let run = project.run(&["chain", "--base", base]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(because), "{run:?}");
    };
    let ceiling = project.path().parent().unwrap().display().to_string();
    let output = project
        .command(&["chain", "--base", "main"])
        .env("GIT_CEILING_DIRECTORIES", ceiling)
        .output()
        .unwrap();
    let run = Run::from(output);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("is in no git repository"), "{run:?}");
    let output = project
        .command(&["chain", "--base", "main"])
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    let run = Run::from(output);
    assert!(
        run.stderr.contains("--base needs the command `git`"),
        "{run:?}"
    );

    let project = branched();
    refused(
        &project,
        "origin/main",
        "git knows no commit `origin/main`: fetch it",
    );
    refused(&project, "--help", "--help");
    git(&project, &["checkout", "--quiet", "--orphan", "other"]);
    // Within a second, the same files would be the same commit.
    project.write("other", "");
    commit(&project);
    refused(&project, "main", "HEAD and `main` have no common ancestor");

    // A clone of one commit does not know where a branch was left.
    migration(&project, "2026-01-03-000000_c", "c");
    commit(&project);
    let clone = Project::empty();
    let from = format!("file://{}", project.path().display());
    git(
        &clone,
        &[
            "clone",
            "--quiet",
            "--depth",
            "1",
            "--no-single-branch",
            "--branch",
            "other",
            &from,
            ".",
        ],
    );
    refused(&clone, "origin/main", "the clone is shallow");
}

#[test]
fn a_directory_that_the_branch_does_not_have_is_told() {
    let project = branched();
    git(&project, &["mv", "migrations", "chain"]);
    let run = project.run(&["chain", "--base", "main", "--migration-dir", "chain"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .contains("notice: there are no migrations in chain of main"),
        "{run:?}"
    );
}

#[test]
fn a_database_tells_what_was_applied_and_in_which_order() {
    let project = two();
    let deployed = Deployed::of(&project);
    let url = deployed.url().to_owned();
    let found = |project: &Project| findings(project, &["--database-url", &url]);
    assert!(found(&project).is_empty());
    migration(&project, "2026-01-03-000000_c", "c");
    migration(&project, "2026-01-01-120000_d", "d");
    assert_eq!(
        found(&project),
        [
            "warning migration-skipped 2026-01-01-120000_d",
            "note migration-pending 2026-01-03-000000_c"
        ]
    );
    deployed.migrate(&project);
    assert_eq!(
        found(&project),
        ["note migration-reordered 2026-01-01-120000_d"]
    );
    fs::remove_dir_all(project.path().join("migrations/2026-01-03-000000_c")).unwrap();
    assert_eq!(
        found(&project),
        [
            "note migration-reordered 2026-01-01-120000_d",
            "error migration-unknown 20260103000000"
        ]
    );
    deployed.execute("DROP TABLE __diesel_schema_migrations");
    let run = project.run(&["chain", "--database-url", &url]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .contains("notice: the database has no record of migrations"),
        "{run:?}"
    );
    let run = project.run(&[
        "chain",
        "--database-url",
        "postgres://nobody:secret@127.0.0.1:1/x",
    ]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(!format!("{run:?}").contains("secret"), "{run:?}");
}

#[test]
fn an_irreversible_migration_is_declared_and_a_broken_declaration_has_its_line() {
    let project = two();
    fs::remove_file(
        project
            .path()
            .join("migrations/2026-01-02-000000_b/down.sql"),
    )
    .unwrap();
    assert_eq!(
        findings(&project, &[]),
        ["warning down-missing 2026-01-02-000000_b"]
    );
    project.write(
        "drift.toml",
        "[[irreversible]]\nmigration = \"20260102000000\"\nreason = \"it drops data\"\n",
    );
    assert!(findings(&project, &[]).is_empty());
    project.write(
        "drift.toml",
        "[[irreversible]]\nmigration = \"20260102000000\"\nreason = \"\"\n",
    );
    let run = project.run(&["chain"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains("drift.toml:3: an `[[irreversible]]` needs a `reason`"),
        "{run:?}"
    );
}
