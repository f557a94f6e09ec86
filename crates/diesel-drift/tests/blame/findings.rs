//! Findings of `check`.

use crate::support::{checked, lines, project, project_of, write};
use pretty_assertions::assert_eq;

const SCHEMA: &str = "
#[derive(diesel_derive_enum::DbEnum)]
#[ExistingTypePath = \"crate::schema::sql_types::Mood\"]
pub enum Mood { Sad, Fine }
pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = \"mood\"))]
    pub struct Mood;
}
diesel::table! {
    people (name) {
        id -> Int4,
        name -> Nullable<Text>,
        mood -> crate::schema::sql_types::Mood,
        age -> Nullable<Int4>,
        never -> Int4,
    }
}
diesel::table! {
    posts (id) {
        id -> Int8,
        heading -> Varchar,
        title -> Nullable<Int4>,
        author -> Nullable<Int4>,
    }
}
diesel::table! { users (id) { id -> Int4, } }
diesel::table! { never_was (id) { id -> Int4, } }
diesel::table! { tags (id) { id -> Int4, word -> Text, } }
";

#[test]
fn each_finding_says_which_migration_file_and_line_made_it_so() {
    let project = project(SCHEMA);
    let report = checked(project.path());
    assert_eq!(report.notices, Vec::<String>::new());
    assert_eq!(
        lines(&report),
        [
            "table-undeclared public.extra: created by `04_block:2`",
            "table-missing public.never_was: -",
            "primary-key-mismatch public.people: created by `01_users:5`",
            "table-missing public.users: created by `01_users:5`, renamed by `13_people:1`",
            "column-missing public.people.age: created by `07_drop_tags:1`, dropped by `12_back:1`",
            "nullability-mismatch public.people.name: created by `01_users:5`, last changed by `04_block:8`",
            "column-missing public.people.never: -",
            "column-undeclared public.people.nick: created by `13_people:2`",
            "column-missing public.posts.heading: created by `02_posts:1`, renamed by `05_rename:1`",
            "type-mismatch public.posts.id: created by `02_posts:1`",
            // Away with the eleventh, back with the twelfth; the type is the block's.
            "nullability-mismatch public.posts.title: created by `02_posts:1`, last changed by `12_back:2`",
            "type-mismatch public.posts.title: created by `02_posts:1`, last changed by `04_block:2`",
            // Dropped by the seventh and made again.
            "type-mismatch public.tags.id: created by `08_tags_again:2`",
            "enum-labels-mismatch public.mood: created by `01_users:2`, last changed by `03_mood:1`",
        ]
        .map(str::to_owned)
    );
}

#[test]
fn a_clean_check_and_notes_cost_nothing() {
    let schema = "diesel::table! { a (id) { id -> Int4, b -> Int4, } }";
    let chain = [(
        "1_a",
        "CREATE TABLE a (b int NOT NULL, id int PRIMARY KEY);",
    )];
    let project = project_of(&chain, schema);
    let project = diesel_drift::Project::discover(project.path()).unwrap();
    let target = diesel_drift::Target::Fresh(crate::support::options());
    let mut report = diesel_drift::check(&project, &target, &mut |_| {}).unwrap();
    assert_eq!(lines(&report), ["column-order public.a: -"]);
    let mut steps = 0;
    diesel_drift::blame(&mut report, diesel_drift::Severity::Warning, &mut |_| {
        steps += 1
    });
    assert_eq!(
        (lines(&report), steps),
        (vec!["column-order public.a: -".to_owned()], 0)
    );
    diesel_drift::blame(&mut report, diesel_drift::Severity::Note, &mut |_| {
        steps += 1
    });
    assert_eq!(
        lines(&report),
        ["column-order public.a: created by `1_a:1`"]
    );
    assert!(steps > 0);
}

#[test]
fn a_statement_that_cannot_be_told_has_no_line() {
    let chain = [
        // What it abandons would have to be abandoned again.
        (
            "1_a",
            "CREATE TABLE a (id int PRIMARY KEY);\nCOMMIT;\nBEGIN;\nCREATE TABLE x (id int PRIMARY KEY);\nROLLBACK;\n\
             BEGIN;\nCREATE TABLE b (id int PRIMARY KEY);\nCOMMIT;\n",
        ),
        // The usual frame of psql.
        (
            "2_c",
            "BEGIN;\n\nCREATE TABLE c (id int PRIMARY KEY);\nCREATE TABLE d (id int PRIMARY KEY);\nCOMMIT;\n",
        ),
    ];
    let project = project_of(&chain, "diesel::table! { e (id) { id -> Int4, } }");
    assert_eq!(
        lines(&checked(project.path())),
        [
            "table-undeclared public.a: created by `1_a`",
            "table-undeclared public.b: created by `1_a`",
            "table-undeclared public.c: created by `2_c:3`",
            "table-undeclared public.d: created by `2_c:4`",
            "table-missing public.e: -",
        ]
    );
}

/// A table is made by the statement that makes it, whatever else the migration then does to it.
#[test]
fn what_one_migration_does_one_after_the_other_has_a_line_each() {
    let chain = [
        (
            "1_a",
            "CREATE TABLE a (id int PRIMARY KEY, b int);\nSELECT 1;\nCREATE INDEX a_b ON a (b);\n",
        ),
        (
            "2_b",
            "CREATE TABLE b (id int PRIMARY KEY);\nALTER TABLE b ADD c int;\nALTER TABLE b ALTER c SET NOT NULL;\nSELECT 1;\n",
        ),
        // The table is another one, with the same name.
        (
            "3_a",
            "SELECT 1;\nDROP TABLE a;\nCREATE TABLE a (id bigint PRIMARY KEY);\nALTER TABLE b RENAME c TO d;\nALTER TABLE b ALTER d TYPE bigint;\n",
        ),
    ];
    let schema = "diesel::table! { b (id) { id -> Int4, d -> Nullable<Int4>, } }";
    let project = project_of(&chain, schema);
    assert_eq!(
        lines(&checked(project.path())),
        [
            "table-undeclared public.a: created by `3_a:3`",
            "nullability-mismatch public.b.d: created by `2_b:2`, last changed by `2_b:3`",
            "type-mismatch public.b.d: created by `2_b:2`, last changed by `3_a:5`",
        ]
    );
}

#[test]
fn a_chain_that_cannot_be_replayed_is_a_notice_and_no_error() {
    let chain = [("1_a", "CREATE TABLE a (id int PRIMARY KEY);")];
    let root = project_of(&chain, "diesel::table! { e (id) { id -> Int4, } }");
    let project = diesel_drift::Project::discover(root.path()).unwrap();
    let target = diesel_drift::Target::Fresh(crate::support::options());
    let mut report = diesel_drift::check(&project, &target, &mut |_| {}).unwrap();
    write(
        root.path(),
        "migrations/1_a/up.sql",
        "CREATE TABLE nowhere.a (id int);",
    );
    diesel_drift::blame(&mut report, diesel_drift::Severity::Warning, &mut |_| {});
    assert_eq!(lines(&report).len(), 2);
    assert!(lines(&report).iter().all(|line| line.ends_with(": -")));
    let [notice] = &report.notices[..] else {
        panic!("{:?}", report.notices)
    };
    assert!(
        notice.contains("could not be told") && notice.contains("1_a/up.sql"),
        "{notice}"
    );
}

#[test]
fn a_copy_that_takes_a_table_s_place_is_made_where_it_is_made() {
    let chain = [
        (
            "01_users",
            "CREATE TABLE users (id int PRIMARY KEY, a text, b text);\n",
        ),
        (
            "02_copy",
            "SELECT 1;\nCREATE TABLE copy (id int PRIMARY KEY, a text, b text, z int);\nINSERT INTO copy SELECT id, a, b FROM users;\n\
             DROP TABLE users;\nALTER TABLE copy RENAME TO users;\n",
        ),
        (
            "03_swap",
            "ALTER TABLE users RENAME a TO other;\nALTER TABLE users RENAME other TO c;\nALTER TABLE users ALTER c TYPE varchar(3);\n",
        ),
    ];
    let schema = "diesel::table! { users (id) { id -> Int4, b -> Nullable<Text>, z -> Nullable<Text>, c -> Nullable<Int4>, } }\n";
    let report = checked(project_of(&chain, schema).path());
    let lines = lines(&report);
    assert!(
        lines.contains(&"type-mismatch public.users.z: created by `02_copy:2`".to_owned()),
        "{lines:#?}"
    );
    // That of the first migration is not seen to be its beginning, and the swap is none.
    let swapped = (lines.iter()).find(|line| line.starts_with("type-mismatch public.users.c: "));
    assert!(
        swapped.is_some_and(|line| !line.contains("created by `03")),
        "{lines:#?}"
    );
}
