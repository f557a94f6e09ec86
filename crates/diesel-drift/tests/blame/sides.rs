//! Findings of `diff` and `verify`.

use crate::support::{CHAIN, database, lines, options, project, project_of};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::migrate::{Chain, apply};
use diesel_drift::{DiffOptions, Expect, Project, Severity, Side, blame, diff, verify};
use pretty_assertions::assert_eq;
use std::path::Path;

fn differ(from: &Path, to: &Path) -> Vec<String> {
    let side = |root: &Path| Side::Migrations(root.join("migrations"));
    let with = DiffOptions {
        provision: options(),
        ..DiffOptions::default()
    };
    let mut report = diff(&side(from), &side(to), &with, &mut |_| {}).unwrap();
    blame(&mut report, Severity::Note, &mut |_| {});
    assert_eq!(report.notices, Vec::<String>::new());
    lines(&report)
}

#[test]
fn of_two_chains_the_one_that_is_held_says_who_and_else_the_one_that_is_expected() {
    let other = [
        (
            "01_a",
            "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, x int);\n",
        ),
        (
            "02_b",
            "DROP TABLE a;\nALTER TABLE b ALTER COLUMN x TYPE bigint;\n",
        ),
    ];
    let (one, other) = (
        project_of(
            &[
                ("1_first", "SELECT 1;\nCREATE TABLE a (id int PRIMARY KEY);"),
                (
                    "2_second",
                    "CREATE TABLE b (id int PRIMARY KEY, x int); CREATE INDEX b_x ON b (x);",
                ),
            ],
            "",
        ),
        project_of(&other, ""),
    );
    assert_eq!(
        differ(one.path(), other.path()),
        [
            "table-missing public.a: created by `01_a:1`, dropped by `02_b:1`",
            "index-missing public.b.b_x: created by `2_second:1`",
            "column-changed public.b.x: created by `01_a:2`, last changed by `02_b:2`",
        ]
    );
}

#[test]
fn what_is_deployed_otherwise_says_which_applied_migration_made_it() {
    let project = project("diesel::table! { people (id) { id -> Int4, name -> Text, } }");
    let deployed = database();
    let mut connection = PgConnection::establish(deployed.url()).unwrap();
    let all = Chain::read(&project.path().join("migrations")).unwrap();
    // All but the last three, of which the second-last renames.
    let applied = project_of(&CHAIN[..11], "");
    let part = Chain::read(&applied.path().join("migrations")).unwrap();
    assert_eq!((all.migrations.len(), part.migrations.len()), (14, 11));
    apply(&mut connection, &part, &mut |_, _, _| {}).unwrap();
    connection
        .batch_execute(
            "DROP INDEX posts_heading; ALTER TABLE posts ALTER COLUMN title TYPE text; DROP TABLE extra; CREATE INDEX by_hand ON users (name);
             CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             GRANT SELECT ON tags TO PUBLIC;",
        )
        .unwrap();
    let found = Project::discover(project.path()).unwrap();
    let expect = Expect::Migrations {
        project: &found,
        options: &options(),
    };
    let mut report = verify(expect, &deployed.url().into(), &mut |_| {}).unwrap();
    blame(&mut report, Severity::Warning, &mut |_| {});
    let of_objects =
        |line: &String| !line.starts_with("migration-") && !line.contains("undeclared");
    let lines: Vec<String> = lines(&report).into_iter().filter(of_objects).collect();
    assert_eq!(
        lines,
        [
            "table-missing public.extra: created by `04_block:2`",
            "index-missing public.posts.posts_heading: created by `02_posts:6`",
            "column-changed public.posts.title: created by `02_posts:1`, last changed by `04_block:2`",
            "table-changed public.tags: created by `08_tags_again:2`",
            "function-changed public.touch(): created by `09_trigger:1`, last changed by `10_trigger_again:3`",
            "index-unexpected public.users.by_hand: -",
        ]
    );
}
