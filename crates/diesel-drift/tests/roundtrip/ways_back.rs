//! Verdicts, and what is said about each.

use super::*;
use Verdict::{Differs, Exact, Fails, Irreversible, Reordered};
use diesel_drift::Error;
use diesel_drift::migrate::MigrateError;
use pretty_assertions::assert_eq;
use std::num::NonZeroUsize;

/// Every verdict, and those after one that has no way back are tried all the same.
const MIXED: &[(&str, &str)] = &[
    (
        "migrations/1_users/up.sql",
        "CREATE TABLE users (id int PRIMARY KEY, a int, b int);",
    ),
    ("migrations/1_users/down.sql", "DROP TABLE users;"),
    (
        "migrations/2_gone/up.sql",
        "ALTER TABLE users DROP COLUMN a;",
    ),
    (
        "migrations/2_gone/down.sql",
        "ALTER TABLE users ADD COLUMN a int;",
    ),
    (
        "migrations/3_type/up.sql",
        "CREATE TYPE t AS ENUM ('a'); CREATE TYPE u AS ENUM ('a');",
    ),
    ("migrations/3_type/down.sql", "DROP TYPE t;"),
    (
        "migrations/4_fails/up.sql",
        "CREATE TABLE posts (id int PRIMARY KEY, t t);",
    ),
    ("migrations/4_fails/down.sql", "DROP TYPE t;"),
    (
        "migrations/5_declared/up.sql",
        "ALTER TYPE t ADD VALUE 'b';",
    ),
    ("migrations/6_missing/up.sql", "CREATE TABLE more (id int);"),
    (
        "migrations/7_empty/up.sql",
        "CREATE TABLE even_more (id int);",
    ),
    ("migrations/7_empty/down.sql", "-- nothing\n"),
    (
        "migrations/8_exact/up.sql",
        "CREATE VIEW v AS SELECT id FROM posts;",
    ),
    ("migrations/8_exact/down.sql", "DROP VIEW v;"),
    (
        "drift.toml",
        "[[irreversible]]\nmigration = \"5\"\nreason = \"a label stays\"\n",
    ),
];

#[test]
fn every_verdict_in_one_chain() {
    let report = tried(MIXED);
    assert_eq!(
        verdicts(&report),
        [
            ("1_users", Exact),
            ("2_gone", Reordered),
            ("3_type", Differs),
            ("4_fails", Fails),
            ("5_declared", Irreversible),
            ("6_missing", Fails),
            ("7_empty", Fails),
            ("8_exact", Exact),
        ]
    );
    assert_eq!(
        drift(&report),
        [
            "down-empty 7_empty",
            "down-fails 4_fails",
            "down-leaves-object 3_type public.u",
            "down-missing 6_missing",
        ]
    );
    let text = text(&report);
    assert!(
        text.contains("5_declared: irreversible (a label stays)"),
        "{text}"
    );
    assert!(
        text.contains("because other objects depend on it"),
        "{text}"
    );
}

#[test]
fn several_workers_find_what_one_does() {
    let root = tempfile::tempdir().unwrap();
    for number in 10..40 {
        let path = root.path().join(format!("migrations/{number}_a"));
        fs::create_dir_all(&path).unwrap();
        fs::write(
            path.join("up.sql"),
            format!("CREATE TABLE t{number} (a int PRIMARY KEY)"),
        )
        .unwrap();
        let down = match number % 7 {
            0 => "SELECT 1".to_owned(),
            1 => "SELECT 1 / 0".to_owned(),
            _ => format!("DROP TABLE t{number}"),
        };
        fs::write(path.join("down.sql"), down).unwrap();
    }
    let with = |workers| {
        let options = RoundTripOptions {
            workers: NonZeroUsize::new(workers),
            ..options(Which::All)
        };
        let mut report = roundtrip(&project(root.path()), &options, &mut |_| {}).unwrap();
        // Only the scratch database's name is another one.
        report.database = None;
        report
    };
    let one = with(1);
    assert_eq!(drift(&one).len(), 8);
    assert_eq!(one, with(3));
}

#[test]
fn only_the_newest_or_from_one_on() {
    let root = directory(MIXED);
    let project = project(root.path());
    let names = |which| {
        let report = roundtrip(&project, &options(which), &mut |_| {}).unwrap();
        let names = verdicts(&report)
            .into_iter()
            .map(|(name, _)| name.to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(Which::Last(2)), ["7_empty", "8_exact"]);
    assert_eq!(
        names(Which::From("7_empty".to_owned())),
        ["7_empty", "8_exact"]
    );
    assert_eq!(names(Which::From("8".to_owned())), ["8_exact"]);
    let error = roundtrip(&project, &options(Which::From("9".to_owned())), &mut |_| {});
    assert!(error.unwrap_err().to_string().contains("is `9`"));
}

#[test]
fn a_failing_third_statement_of_a_down_has_its_line() {
    let report = tried(&[
        ("migrations/1_a/up.sql", "CREATE TABLE a (id int);"),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "CREATE TABLE b (id int);"),
        (
            "migrations/2_b/down.sql",
            "\u{feff}-- größe\r\nSELECT 1;\r\nDROP TABLE b;\r\n  DROP TABLE c;\r\n",
        ),
    ]);
    assert_eq!(drift(&report), ["down-fails 2_b"]);
    // The mark itself is what PostgreSQL does not read.
    let text = text(&report);
    assert!(text.contains("save it without"), "{text}");

    let report = tried(&[
        ("migrations/1_b/up.sql", "CREATE TABLE b (id int);"),
        (
            "migrations/1_b/down.sql",
            "-- größe\r\nSELECT 1;\r\nDROP TABLE b;\r\n  DROP TABLE c;\r\n",
        ),
    ]);
    let span = report.findings[0].span.as_ref().unwrap();
    assert_eq!((span.line, span.column), (4, 3));
    assert_eq!(span.file, Path::new("migrations/1_b/down.sql"));
    assert_eq!(
        &report.sources[&span.file][span.start..span.end],
        "DROP TABLE c;"
    );
}

#[test]
fn concurrently_is_run_outside_of_a_transaction() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b int);",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        (
            "migrations/2_i/up.sql",
            "CREATE INDEX CONCURRENTLY i ON a (b);",
        ),
        ("migrations/2_i/down.sql", "DROP INDEX CONCURRENTLY i;"),
        ("migrations/2_i/metadata.toml", "run_in_transaction = false"),
    ]);
    assert_eq!(verdicts(&report), [("1_a", Exact), ("2_i", Exact)]);
    assert_eq!(report.findings, []);
    assert_eq!(report.notices, Vec::<String>::new());
}

#[test]
fn an_extension_that_was_there_is_dropped() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE EXTENSION IF NOT EXISTS citext;",
        ),
        ("migrations/1_a/down.sql", "DROP EXTENSION citext;"),
        (
            "migrations/2_b/up.sql",
            "CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE b (a citext);",
        ),
        (
            "migrations/2_b/down.sql",
            "DROP TABLE b; DROP EXTENSION citext;",
        ),
        (
            "migrations/3_c/up.sql",
            "CREATE EXTENSION IF NOT EXISTS hstore;",
        ),
        ("migrations/3_c/down.sql", "SELECT 1;"),
    ]);
    assert_eq!(
        drift(&report),
        [
            "down-drops-object 2_b citext",
            "down-leaves-object 3_c hstore"
        ]
    );
    assert!(text(&report).contains("leave it to the migration that made it"));
}

/// Roles belong to the whole server: each database has one of its own then, and the user's is not touched.
#[test]
fn roles_are_tried_on_servers_of_their_own() {
    let root = directory(&[
        (
            "migrations/1_a/up.sql",
            "CREATE ROLE diesel_drift_reader; CREATE TABLE a (id int); GRANT SELECT ON a TO diesel_drift_reader;",
        ),
        (
            "migrations/1_a/down.sql",
            "DROP TABLE a; DROP ROLE diesel_drift_reader;",
        ),
        ("migrations/2_b/up.sql", "CREATE ROLE diesel_drift_writer;"),
        ("migrations/2_b/down.sql", "SELECT 1;"),
    ]);
    let options = RoundTripOptions::new(Options {
        server_url: None,
        ..Options::from_env()
    });
    let report = roundtrip(&project(root.path()), &options, &mut |_| {}).unwrap();
    assert_eq!(verdicts(&report), [("1_a", Exact), ("2_b", Differs)]);
    assert_eq!(drift(&report), ["up-again-fails 2_b"]);
}

#[test]
fn what_is_known_is_suppressed() {
    let report = tried(&[
        ("migrations/1_a/up.sql", "CREATE TYPE t AS ENUM ('a');"),
        ("migrations/1_a/down.sql", "SELECT 1;"),
        (
            "drift.toml",
            "[[suppress]]\nkind = \"down-leaves-object\"\nsubject = \"1_a public.t\"\nreason = \"others use it by then\"\n",
        ),
    ]);
    assert_eq!(drift(&report), Vec::<String>::new());
    assert_eq!(report.suppressed.len(), 1);
    assert_eq!(report.suppressed[0].reason, "others use it by then");
}

#[test]
fn a_suppression_of_nothing_is_out_of_date() {
    let report = tried(&[
        ("migrations/1_a/up.sql", "CREATE TYPE t AS ENUM ('a');"),
        ("migrations/1_a/down.sql", "DROP TYPE t;"),
        (
            "drift.toml",
            "[[suppress]]\nkind = \"down-leaves-object\"\nsubject = \"1_a public.t\"\nreason = \"others use it by then\"\n",
        ),
    ]);
    assert_eq!(
        drift(&report),
        ["suppression-unused down-leaves-object 1_a public.t"]
    );
}

#[test]
fn roles_are_not_made_on_a_server_that_is_named() {
    let root = directory(&[("migrations/1_a/up.sql", "CREATE ROLE diesel_drift_reader;")]);
    let error = roundtrip(&project(root.path()), &options(Which::All), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("--provider local"), "{error}");
}

#[test]
fn what_is_dropped_with_a_column_is_missed() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b text); CREATE INDEX a_b_idx ON a (b); COMMENT ON COLUMN a.b IS 'b'; GRANT SELECT (b) ON a TO PUBLIC;",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "ALTER TABLE a DROP COLUMN b;"),
        (
            "migrations/2_b/down.sql",
            "ALTER TABLE a ADD COLUMN b text;",
        ),
    ]);
    assert_eq!(
        drift(&report),
        [
            "down-changes-object 2_b public.a.b",
            "down-changes-object 2_b public.a.b",
            "down-drops-object 2_b public.a.a_b_idx",
        ]
    );
    let text = text(&report);
    assert!(text.contains("repeat the GRANTs"), "{text}");
    assert!(text.contains("repeat COMMENT ON"), "{text}");
}

#[test]
fn a_chain_that_cannot_be_applied_is_an_error() {
    let root = directory(&[
        ("migrations/1_a/up.sql", "SELECT 1;"),
        ("migrations/1_a/down.sql", "SELECT 1;"),
        ("migrations/2_b/up.sql", "SELECT 1;\nSELECT wrong;"),
    ]);
    let error = roundtrip(&project(root.path()), &options(Which::All), &mut |_| {}).unwrap_err();
    let Error::Migrate(MigrateError::Failed(failed)) = error else {
        panic!("{error}");
    };
    assert_eq!(failed.place.unwrap().line, 2);
}

#[test]
fn a_function_that_is_written_otherwise_is_a_note() {
    let function = |body: &str| {
        format!("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ {body} $$;")
    };
    let first = function("BEGIN RETURN 1; END");
    let again = function("begin\n  -- one\n  return 1;\nend");
    let other = function("BEGIN RETURN 3; END");
    let report = tried(&[
        ("migrations/1_a/up.sql", first.as_str()),
        ("migrations/1_a/down.sql", "DROP FUNCTION f;"),
        ("migrations/2_b/up.sql", &function("BEGIN RETURN 2; END")),
        ("migrations/2_b/down.sql", &again),
        ("migrations/3_c/up.sql", &function("BEGIN RETURN 2; END")),
        ("migrations/3_c/down.sql", &other),
    ]);
    assert_eq!(drift(&report), ["down-changes-object 3_c public.f()"]);
    assert!(text(&report).contains("note[down-changes-object]: `body` of function `public.f()`"));
}

/// The down makes what was not there, or makes anew what it has dropped: that statement is the place.
#[test]
fn the_place_is_where_the_down_makes_it() {
    let report = tried(&[
        (
            "migrations/1_first/up.sql",
            "CREATE TABLE users (id int CONSTRAINT one UNIQUE, a int);\nCREATE VIEW v AS SELECT id FROM users;",
        ),
        (
            "migrations/1_first/down.sql",
            "DROP VIEW v;\nDROP TABLE users;",
        ),
        (
            "migrations/2_second/up.sql",
            "ALTER TABLE users DROP CONSTRAINT one;\nDROP VIEW v;\nCREATE VIEW v AS SELECT a AS id FROM users;",
        ),
        (
            "migrations/2_second/down.sql",
            "DROP VIEW v;\nCREATE VIEW v AS SELECT id + 1 AS id FROM users;\nCREATE UNIQUE INDEX one ON users (id);",
        ),
    ]);
    let at = |kind: &str| {
        let finding = report.findings.iter().find(|found| found.kind.id == kind);
        let span = finding.unwrap().span.as_ref().unwrap();
        format!("{}:{}", span.file.display(), span.line)
    };
    assert_eq!(
        at("down-leaves-object"),
        "migrations/2_second/down.sql:3",
        "{report:?}"
    );
    assert_eq!(at("down-changes-object"), "migrations/2_second/down.sql:2");
}

/// Large objects are in no catalog: the second migration alone makes the same again, and the whole chain does not.
#[test]
fn what_the_whole_chain_makes_again_is_held_against_the_first_time() {
    let report = tried(&[
        (
            "migrations/1_first/up.sql",
            "CREATE TABLE users (id int); SELECT lo_create(0);",
        ),
        ("migrations/1_first/down.sql", "DROP TABLE users;"),
        (
            "migrations/2_second/up.sql",
            "DO $$ BEGIN IF (SELECT count(*) FROM pg_largeobject_metadata) > 1
             THEN CREATE TABLE second (); ELSE CREATE TABLE first (); END IF; END $$;",
        ),
        (
            "migrations/2_second/down.sql",
            "DROP TABLE IF EXISTS first, second;",
        ),
    ]);
    assert_eq!(
        drift(&report),
        ["up-again-differs 2_second public.first"],
        "the same table under another name"
    );
}
