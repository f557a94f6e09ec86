//! What becomes of rows.

use super::*;
use pretty_assertions::assert_eq;

/// What is said about rows, notes among it.
fn of_rows(report: &Report) -> Vec<String> {
    let of_rows = ["data-lost", "fails-on-rows"];
    (report.findings.iter())
        .filter(|finding| of_rows.contains(&finding.kind.id))
        .map(|finding| {
            let live = finding.live.as_deref().unwrap_or_default();
            format!(
                "{} {} {} ({live})",
                finding.severity, finding.kind.id, finding.subject
            )
        })
        .collect()
}

/// A table of nearly everything takes rows, and they survive a rename there and back.
#[test]
fn rows_of_all_kinds_survive_a_rename() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TYPE mood AS ENUM ('sad', 'ok');
             CREATE DOMAIN short AS varchar(4) CHECK (VALUE <> '');
             CREATE TYPE pair AS (a int, b text);
             CREATE TABLE parent (a int, b text, PRIMARY KEY (a, b));
             CREATE TABLE every (
                 id bigserial PRIMARY KEY, i int GENERATED ALWAYS AS IDENTITY, twice int GENERATED ALWAYS AS (7 * 2) STORED,
                 b bool NOT NULL, s smallint NOT NULL UNIQUE, n numeric(3, 1) NOT NULL, f float8 NOT NULL, t varchar(2) NOT NULL UNIQUE,
                 c char NOT NULL, u uuid NOT NULL UNIQUE, y bytea NOT NULL, d date NOT NULL, ts timestamp NOT NULL, tz timestamptz NOT NULL,
                 tm time NOT NULL, iv interval NOT NULL, j json NOT NULL, jb jsonb NOT NULL CHECK (jsonb_typeof(jb) = 'array'),
                 ip inet NOT NULL, net cidr NOT NULL, mac macaddr NOT NULL, bits bit(3) NOT NULL, r int4range NOT NULL, dr daterange NOT NULL,
                 tv tsvector NOT NULL, m mood NOT NULL, ms mood[] NOT NULL, sh short NOT NULL, p pair NOT NULL, arr text[] NOT NULL,
                 kind text NOT NULL CHECK (kind IN ('one', 'it''s')), positive int NOT NULL CHECK (positive BETWEEN 1 AND 5),
                 pa int, pb text, up bigint REFERENCES every, FOREIGN KEY (pa, pb) REFERENCES parent
             );",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE every, parent; DROP TYPE mood, pair; DROP DOMAIN short;"),
        (
            "migrations/2_b/up.sql",
            "DO $$ BEGIN ASSERT (SELECT count(*) FROM every) IN (0, 3), 'there should be rows'; END $$;
             ALTER TABLE every RENAME TO all_of_it;",
        ),
        ("migrations/2_b/down.sql", "ALTER TABLE all_of_it RENAME TO every;"),
    ]);
    assert_eq!(report.notices, Vec::<String>::new());
    assert_eq!(of_rows(&report), Vec::<String>::new());
}

/// What passes on empty tables alone is not called exact.
#[test]
fn what_is_certain_to_fail_on_rows_fails() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY);",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "ALTER TABLE a ADD b int NOT NULL;"),
        ("migrations/2_b/down.sql", "ALTER TABLE a DROP b;"),
    ]);
    let Compared::RoundTrip { tried } = &report.compared else {
        panic!("{:?}", report.compared)
    };
    let verdicts: Vec<_> = (tried.iter())
        .map(|tried| (tried.verdict, tried.says.as_deref()))
        .collect();
    assert_eq!(
        verdicts,
        [
            (Verdict::Exact, None),
            (
                Verdict::Fails,
                Some("on tables with rows: column \"b\" of relation \"a\" contains null values")
            ),
        ]
    );
}

#[test]
fn a_table_that_is_made_anew_loses_its_rows() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b text); INSERT INTO a VALUES (1, 'kept');",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "ALTER TABLE a ADD COLUMN c int;"),
        (
            "migrations/2_b/down.sql",
            "DROP TABLE a; CREATE TABLE a (id int PRIMARY KEY, b text);",
        ),
        ("migrations/3_c/up.sql", "UPDATE a SET b = upper(b);"),
        ("migrations/3_c/down.sql", "SELECT 1;"),
        ("migrations/4_d/up.sql", "DROP TABLE a;"),
        (
            "migrations/4_d/down.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b text, c int);",
        ),
    ]);
    // Those that were made: the migration's own was lost when the down was run on the catalog alone.
    assert_eq!(
        of_rows(&report),
        [
            "warning data-lost 2_b public.a (3 of 3 rows)",
            "note data-lost 3_c public.a.b (3 of 3 rows)",
            "note data-lost 4_d public.a (3 of 3 rows)",
        ]
    );
}

#[test]
fn a_down_that_adds_a_column_without_a_default_fails_on_rows() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b text NOT NULL);",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "ALTER TABLE a DROP COLUMN b;"),
        (
            "migrations/2_b/down.sql",
            "ALTER TABLE a ADD COLUMN b text NOT NULL;",
        ),
    ]);
    assert_eq!(
        of_rows(&report),
        ["error fails-on-rows 2_b (column \"b\" of relation \"a\" contains null values)"]
    );
}

/// The rows were made, so that this may be otherwise with real ones.
#[test]
fn what_may_pass_on_other_rows_is_a_note() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b text NOT NULL);",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        (
            "migrations/2_b/up.sql",
            "ALTER TABLE a ALTER COLUMN b TYPE int USING b::int;",
        ),
        (
            "migrations/2_b/down.sql",
            "ALTER TABLE a ALTER COLUMN b TYPE text;",
        ),
    ]);
    let found = of_rows(&report);
    assert!(
        found.len() == 1 && found[0].starts_with("note fails-on-rows 2_b"),
        "{found:?}"
    );
}

#[test]
fn the_projects_own_seeds_are_used_where_they_can_be() {
    let files = [
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY, b text CHECK (b = md5('secret')));",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "DELETE FROM a;"),
        ("migrations/2_b/down.sql", "SELECT 1;"),
        ("seeds/a.sql", "INSERT INTO a VALUES (1, md5('secret'));"),
        ("seeds/b.sql", "INSERT INTO b VALUES (1);"),
        ("seeds/c.sql", "BEGIN; SELECT 1; COMMIT;"),
    ];
    let report = tried(&files);
    // Null passes a check, so that made rows are there as well.
    let found = of_rows(&report);
    assert!(
        found.len() == 1 && found[0].starts_with("note data-lost 2_b public.a"),
        "{found:?}"
    );
    let notices = report.notices.join("\n");
    assert!(
        notices.contains("seeds/b.sql could be run before none"),
        "{notices}"
    );
    assert!(notices.contains("seeds/c.sql is not used"), "{notices}");
    assert!(!notices.contains("seeds/a.sql"), "{notices}");
}

#[test]
fn where_no_row_can_be_made_it_is_said() {
    let report = tried(&[
        (
            "migrations/1_a/up.sql",
            "CREATE TABLE a (id int PRIMARY KEY CHECK (id % 1000 = 999));",
        ),
        ("migrations/1_a/down.sql", "DROP TABLE a;"),
        ("migrations/2_b/up.sql", "SELECT 1;"),
        ("migrations/2_b/down.sql", "SELECT 1;"),
    ]);
    let notices = report.notices.join("\n");
    assert!(
        notices.contains("public.a") && notices.contains("a_id_check"),
        "{notices}"
    );
}
