//! `assert_snapshots!` in a project of its own: what is accepted, changed, new and orphaned, on a developer's machine and in CI.

#![cfg(feature = "snapshots")]
// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod project;

use diesel_drift::snapshot;
use pretty_assertions::assert_eq;
use project::{Mode, Project};

const BASE: &str = "
    CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('fine', 'low');
    CREATE TABLE app.users (id bigint PRIMARY KEY, name text NOT NULL, region text DEFAULT 'eu');
    CREATE TABLE app.posts (id bigint PRIMARY KEY, author bigint REFERENCES app.users);
    CREATE INDEX posts_author_idx ON app.posts (author);
";

#[test]
fn what_is_accepted_holds_and_is_read_back() {
    let project = Project::new(BASE);
    let first = project.assert(Mode::Review);
    assert!(
        first.failed && first.said("0 changed").is_err(),
        "{}",
        first.output
    );
    first.said(" new\n").unwrap();
    first.said("new: table `app.users`").unwrap();
    first.said("cargo insta review").unwrap();
    assert!(project.accepted().is_empty());
    assert!(!project.pending().is_empty());

    project.accept();
    assert!(!project.assert(Mode::Ci).failed);
    // As `cargo insta test --accept` writes them.
    let by_hand = project.contents();
    assert!(!project.assert(Mode::Always).failed);
    assert_eq!(project.contents(), by_hand);

    let read = snapshot::read(&project.snapshots()).unwrap();
    let paths: Vec<_> = read
        .iter()
        .map(|snapshot| snapshot.object.path().to_string())
        .collect();
    assert!(
        paths.contains(&"app.users".to_owned()) && paths.contains(&"app.mood".to_owned()),
        "{paths:?}"
    );
    assert!(
        read.iter()
            .all(|snapshot| snapshot.major.is_some_and(|major| major >= 13))
    );
}

#[test]
fn everything_that_differs_is_said_at_once() {
    let project = Project::new(BASE);
    project.assert(Mode::Always);
    project.run(
        "ALTER TABLE app.users ADD COLUMN email text;
         ALTER TYPE app.mood ADD VALUE 'high';
         CREATE TABLE app.\"Users\" (id bigint PRIMARY KEY);
         DROP TABLE app.posts;",
    );
    let run = project.assert(Mode::Review);
    assert!(run.failed);
    run.said("2 changed, 1 new, 1 orphaned\n").unwrap();
    run.said("changed: table `app.users`\n").unwrap();
    run.said("changed: enum `app.mood`\n").unwrap();
    run.said("new: table `app.Users`\n").unwrap();
    run.said("app/table.posts.snap\n").unwrap();
    // insta shows each difference, and no panic of insta's comes between.
    run.said("+- {name: email, data_type: text}").unwrap();
    run.said("+- high").unwrap();
    assert_eq!(
        run.output.matches(" panicked at ").count(),
        1,
        "{}",
        run.output
    );
    assert_eq!(
        project.pending(),
        [
            "app/enum.mood.snap.new",
            "app/table.%55sers.snap.new",
            "app/table.users.snap.new"
        ]
    );

    project.accept();
    let left = project.assert(Mode::Review);
    left.said(": 1 orphaned\n").unwrap();
    left.said("delete the files").unwrap();
    assert!(left.said("cargo insta review").is_err());
    project.remove("app/table.posts.snap");
    assert!(!project.assert(Mode::Ci).failed);
}

#[test]
fn what_was_never_accepted_is_forgotten_with_its_object() {
    let project = Project::new(BASE);
    project.assert(Mode::Always);
    project.run("CREATE TABLE app.draft (id bigint PRIMARY KEY)");
    project.assert(Mode::Review);
    assert_eq!(project.pending(), ["app/table.draft.snap.new"]);
    project.run("DROP TABLE app.draft");
    assert!(!project.assert(Mode::Review).failed);
    assert!(project.pending().is_empty());
}

#[test]
fn a_change_of_one_column_is_one_line() {
    let project = Project::new(BASE);
    project.assert(Mode::Always);
    let changed = |sql: &str| {
        let before = project.content("app/table.users.snap");
        project.run(sql);
        project.assert(Mode::Always);
        let after = project.content("app/table.users.snap");
        let patch = diffy::create_patch(&before, &after).to_string();
        let is_change = |line: &&str| {
            line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
        };
        patch
            .lines()
            .filter(is_change)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        changed("ALTER TABLE app.users ALTER COLUMN name DROP NOT NULL"),
        [
            "-- {name: name, data_type: text, not_null: true}",
            "+- {name: name, data_type: text}"
        ]
    );
    assert_eq!(
        changed("ALTER TABLE app.users ADD COLUMN email text"),
        ["+- {name: email, data_type: text}"]
    );
    assert_eq!(
        changed("COMMENT ON TABLE app.users IS 'who'"),
        ["+comment: who"]
    );
    assert_eq!(changed("VACUUM FULL app.users"), [""; 0]);
}

#[test]
fn in_ci_nothing_is_written() {
    let project = Project::new(BASE);
    project.assert(Mode::Always);
    let before = project.contents();
    project.run("ALTER TABLE app.users ADD COLUMN email text; CREATE TABLE app.more (id bigint PRIMARY KEY)");
    let run = project.assert(Mode::Ci);
    assert!(run.failed);
    run.said("1 changed, 1 new\n").unwrap();
    run.said("+- {name: email, data_type: text}").unwrap();
    run.said("nothing was written").unwrap();
    assert_eq!(project.contents(), before);
    assert!(project.pending().is_empty());
}

#[test]
fn a_file_is_held_by_what_it_says() {
    let project = Project::new(BASE);
    project.assert(Mode::Always);
    let written = project.content("app/table.users.snap");
    let reformatted = written
        .replace(", not_null: true}", " , 'not_null' : true }")
        .replace('\n', "\r\n");
    assert!(reformatted != written);
    project.write("app/table.users.snap", &reformatted);
    assert!(!project.assert(Mode::Ci).failed);
    // A conflict that was committed is no snapshot.
    project.write(
        "app/table.users.snap",
        &format!("{written}>>>>>>> theirs\n"),
    );
    let run = project.assert(Mode::Ci);
    run.said("changed: table `app.users`\n").unwrap();
    let error = snapshot::read(&project.snapshots())
        .unwrap_err()
        .to_string();
    assert!(error.contains("app/table.users.snap:"), "{error}");
}

#[test]
fn a_snapshot_that_was_copied_by_hand_is_named() {
    let project = Project::new(BASE);
    project.assert(Mode::Always);
    project.write(
        "app/table.copy.snap",
        &project.content("app/table.users.snap"),
    );
    project.assert(Mode::Ci).said("1 orphaned\n").unwrap();
    let error = snapshot::read(&project.snapshots())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("app/table.copy.snap holds the table `app.users`"),
        "{error}"
    );
    let empty = snapshot::read(&project.snapshots().join("none"))
        .unwrap_err()
        .to_string();
    assert!(empty.contains("holds no snapshot"), "{empty}");
}

#[test]
fn hostile_names_are_files_of_their_own() {
    let project = Project::new(
        "CREATE SCHEMA target;
         CREATE SCHEMA \"CON\"; CREATE SCHEMA \"Con\"; CREATE SCHEMA con;
         CREATE TABLE con.t (id int); CREATE TABLE \"CON\".t (id int); CREATE TABLE \"Con\".\"T\" (id int);
         CREATE TABLE target.\"../../etc\" (\"a\u{202e}b\" int, \"a: [b]\" int DEFAULT 1);
         CREATE TABLE target.\"日本語のとても長い名前のテーブル日本語\" (id int);
         CREATE TYPE target.\"new\nline\" AS ENUM ('', ' ', '~', E'\\r\\n', 'null');
         CREATE VIEW target.\" \" AS SELECT 1 AS \"- x\";
         CREATE SEQUENCE target.\"%41\"; CREATE SEQUENCE target.\"A\"",
    );
    assert!(!project.assert(Mode::Always).failed);
    assert!(!project.assert(Mode::Ci).failed);
    let read = snapshot::read(&project.snapshots()).unwrap();
    assert_eq!(read.len(), project.accepted().len());
    let names: Vec<_> = read
        .iter()
        .map(|snapshot| snapshot.object.name.as_str())
        .collect();
    for name in [
        "../../etc",
        "日本語のとても長い名前のテーブル日本語",
        "new\nline",
        " ",
        "%41",
        "A",
    ] {
        assert!(names.contains(&name), "{name:?} in {names:?}");
    }
}
