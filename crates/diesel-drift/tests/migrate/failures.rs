//! What is said about a migration that fails.

use diesel::{Connection, PgConnection};
use diesel_drift::migrate::Stage;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use pretty_assertions::assert_eq;
use rstest::rstest;

use crate::{database, failure, migrations, place, run};

#[rstest]
#[case::empty(b"", "1_a/up.sql: it holds no statement")]
#[case::comments(b"-- nothing yet\n/* ; */\n;\n", "1_a/up.sql: it holds no statement")]
#[case::latin1(b"SELECT 1;\n-- gr\xfc\xdfe\n", "1_a/up.sql:2: not UTF-8")]
fn files_that_cannot_be_run(#[case] up: &[u8], #[case] expected: &str) {
    let root = migrations(&[("1_a/up.sql", up)]);
    let error = run(root.path()).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    // Diesel refuses it too.
    let database = database();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let source = FileBasedMigrations::from_path(root.path()).unwrap();
    assert!(connection.run_pending_migrations(source).is_err());
}

#[test]
fn a_nul_byte_is_a_sentence() {
    let failed = failure("SELECT 1;\n\0", None);
    assert!(failed.message.contains("nul byte"), "{failed}");
}

#[test]
fn a_statement_that_names_nothing_known() {
    let up = "-- one\nCREATE TABLE u (a int);\nINSERT INTO u VALUES (1);\n\n-- three\nINSERT INTO t\n  (a, c) VALUES (1, 2);\nSELECT 4;\n";
    let failed = failure(up, None);
    assert_eq!(
        failed.message,
        "column \"c\" of relation \"t\" does not exist"
    );
    assert_eq!(failed.sqlstate.as_deref(), Some("42703"));
    assert_eq!(failed.stage, Stage::Statement);
    let place = place(&failed);
    assert_eq!(
        (place.line, place.column, place.statement_line),
        (7, Some(7), 6)
    );
    assert_eq!(place.statement, "INSERT INTO t\n  (a, c) VALUES (1, 2)");
    assert_eq!(&place.statement[place.mark.clone()], "c");
    let shown = failed.to_string();
    assert!(
        shown.ends_with(
            "2_x/up.sql:7:7
  |
6 | INSERT INTO t
7 |   (a, c) VALUES (1, 2)
  |       ^
  |
  = SQLSTATE: 42703"
        ),
        "{shown}"
    );
}

/// PostgreSQL gives no position for what happens while a statement runs.
#[rstest]
#[case::unique(
    "INSERT INTO t VALUES (1, 1);\nSELECT ';';\n\nINSERT INTO t\nVALUES (1, 2);\nSELECT 3;",
    (4, "INSERT INTO t\nVALUES (1, 2)"), "23505", Some("Key (a)=(1) already exists."), None, None
)]
#[case::function(
    "SELECT f(1);\nSELECT\n  f(2);\n",
    (2, "SELECT\n  f(2)"), "DD001", Some("a is 2"), Some("take less"), Some("PL/pgSQL function f(integer) line 3 at RAISE")
)]
#[case::own_transaction(
    "BEGIN;\nSELECT f(1);\nSELECT f(3);\nCOMMIT;\n",
    (3, "SELECT f(3)"), "DD001", Some("a is 3"), Some("take less"), Some("PL/pgSQL function f(integer) line 3 at RAISE")
)]
#[case::division("SELECT 1;\nSELECT a / 0 FROM (VALUES (1), (2)) AS v (a);", (2, "SELECT a / 0 FROM (VALUES (1), (2)) AS v (a)"), "22012", None, None, None)]
#[case::existing("SELECT 1;\nCREATE TABLE t ();", (2, "CREATE TABLE t ()"), "42P07", None, None, None)]
#[case::block("SELECT 1;\nDO $do$\n-- two\nBEGIN\n  PERFORM 1;\n  PERFORM f(4);\nEND $do$;", (6, "DO $do$\n-- two\nBEGIN\n  PERFORM 1;\n  PERFORM f(4);\nEND $do$"), "DD001", Some("a is 4"), Some("take less"), Some("PL/pgSQL function f(integer) line 3 at RAISE\nSQL statement \"SELECT f(4)\"\nPL/pgSQL function inline_code_block line 5 at PERFORM"))]
#[case::assertion("DO $$\nBEGIN ASSERT false, 'no'; END $$;", (2, "DO $$\nBEGIN ASSERT false, 'no'; END $$"), "P0004", None, None, Some("PL/pgSQL function inline_code_block line 2 at ASSERT"))]
fn errors_while_running(
    #[case] up: &str,
    #[case] (line, statement): (usize, &str),
    #[case] sqlstate: &str,
    #[case] detail: Option<&str>,
    #[case] hint: Option<&str>,
    #[case] context: Option<&str>,
    #[values(None, Some(""))] metadata: Option<&str>,
) {
    let failed = failure(up, metadata);
    let place = place(&failed);
    assert_eq!(
        (place.line, place.statement.as_str(), place.column),
        (line, statement, None),
        "{failed}"
    );
    assert_eq!(failed.sqlstate.as_deref(), Some(sqlstate), "{failed}");
    assert_eq!(failed.detail.as_deref(), detail);
    assert_eq!(failed.hint.as_deref(), hint);
    assert_eq!(failed.context.as_deref(), context, "{failed}");
}

#[rstest]
#[case::end_of_file("CREATE TABLE größe (a int);\r\n\r\nSELECT 'ü' FROM (\r\n\r\n", "syntax error at end of input", (3, 17), "42601")]
#[case::keyword("SELECT 'äöü';\r\nCREATE TABEL x ();\r\n", "syntax error at or near \"TABEL\"", (2, 8), "42601")]
#[case::quote("SELECT 1;\nSELECT 'open;\nSELECT 2;", "unterminated quoted string at or near \"'open;\nSELECT 2;\"", (2, 8), "42601")]
#[case::byte_order_mark("\u{feff}CREATE TABLE x ();", "syntax error at or near \"\u{feff}CREATE\"", (1, 1), "42601")]
#[case::in_a_body("SELECT 1;\nCREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRUN 1;\nEND $$;", "syntax error at or near \"RETRUN\"", (4, 3), "42601")]
#[case::copied_data("SELECT 1;\nCOPY t FROM stdin;\n1\t2\n\\.\n", "syntax error at or near \"1\"", (3, 1), "42601")]
fn syntax_errors(
    #[case] up: &str,
    #[case] message: &str,
    #[case] (line, column): (usize, usize),
    #[case] sqlstate: &str,
) {
    let failed = failure(up, None);
    assert_eq!(failed.message, message);
    assert_eq!(
        (place(&failed).line, place(&failed).column),
        (line, Some(column)),
        "{failed}"
    );
    assert_eq!(failed.sqlstate.as_deref(), Some(sqlstate), "{failed}");
    // A newer server is offered where it may accept what this one refuses: no grammar tells of a body in PL/pgSQL.
    let help = match up {
        _ if up.starts_with('\u{feff}') => Some("the file begins with a byte order mark"),
        _ if up.contains("plpgsql") => Some("the server is PostgreSQL "),
        _ => None,
    };
    let told: Vec<&str> = failed.help.iter().map(String::as_str).collect();
    assert!(
        match (told.as_slice(), help) {
            ([one], Some(help)) => one.starts_with(help),
            ([], None) => true,
            _ => false,
        },
        "{failed}"
    );
}

#[test]
fn concurrently_needs_and_gets_a_file_of_its_own() {
    let create = "CREATE INDEX CONCURRENTLY i ON t (b);";
    let root = migrations(&[
        (
            "1_t/up.sql",
            b"CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 1), (1, 1);",
        ),
        ("2_i/up.sql", create.as_bytes()),
        ("2_i/metadata.toml", b"run_in_transaction = false"),
    ]);
    assert_eq!(run(root.path()).unwrap().names, ["1_t", "2_i"]);

    let message = "CREATE INDEX CONCURRENTLY cannot run inside a transaction block";
    for (up, metadata, help) in [
        (create, None, "write `run_in_transaction = false`"),
        (
            create,
            Some("run_in_transaction = 'no'"),
            "Diesel ignores this migration's metadata.toml",
        ),
        (
            "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (b);",
            Some(""),
            "a migration of its own",
        ),
    ] {
        let failed = failure(up, metadata);
        assert_eq!(failed.message, message);
        assert_eq!(place(&failed).line, up.lines().count(), "{failed}");
        assert_eq!(failed.sqlstate.as_deref(), Some("25001"), "{failed}");
        assert!(failed.help[0].contains(help), "{failed}");
    }
}

/// What cannot be replayed is not guessed at.
#[test]
fn a_place_that_is_not_certain_is_none() {
    // What was committed is not run again.
    let failed = failure("SELECT f(1);\nCOMMIT;\nSELECT f(2);", None);
    assert_eq!(
        (failed.place.as_ref(), failed.message.as_str()),
        (None, "too much")
    );
    assert_eq!(failed.sqlstate, None);
    // The second run fails with another value, as it does after a sequence: it could have failed elsewhere.
    let failed = failure(
        "SELECT 1;\nSELECT f(1 + (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::bit(30)::int);",
        None,
    );
    assert_eq!(
        (failed.place.as_ref(), failed.message.as_str()),
        (None, "too much"),
        "{failed}"
    );
    // A single statement is certain.
    let failed = failure(
        "\nCREATE UNIQUE INDEX CONCURRENTLY i ON t ((f(3)));",
        Some(""),
    );
    assert_eq!(place(&failed).line, 2);
}

#[test]
fn deferred_constraints_fail_at_the_commit() {
    let up = "INSERT INTO t VALUES (1, 1);\nINSERT INTO t VALUES (2, 1);";
    let (failed, outside) = (failure(up, None), failure(up, Some("")));
    assert_eq!(outside.stage, failed.stage);
    assert_eq!(
        (&outside.place, &outside.sqlstate),
        (&failed.place, &failed.sqlstate)
    );
    assert_eq!(failed.stage, Stage::Commit, "{failed}");
    assert_eq!(failed.place, None);
    assert_eq!(failed.sqlstate.as_deref(), Some("23505"));
    assert_eq!(
        failed.detail.as_deref(),
        Some("Key (b)=(1) already exists.")
    );
    assert!(
        failed
            .to_string()
            .contains("failed when it was committed: duplicate key"),
        "{failed}"
    );
}

#[test]
fn a_lost_search_path_fails_the_bookkeeping() {
    let failed = failure(
        "SELECT pg_catalog.set_config('search_path', '', false);",
        None,
    );
    assert_eq!(failed.stage, Stage::Recording);
    assert_eq!(failed.sqlstate.as_deref(), Some("42P01"));
    assert_eq!(
        failed.message,
        "relation \"__diesel_schema_migrations\" does not exist"
    );
    assert!(failed.help[0].contains("RESET search_path"), "{failed}");
}

#[test]
fn a_runner_of_its_own_and_what_a_scratch_server_lacks() {
    for (up, sqlstate, help) in [
        (
            "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE 'migrations must be managed by the server instead of diesel CLI'; END $$;
             CREATE TRIGGER forbid BEFORE INSERT ON __diesel_schema_migrations EXECUTE FUNCTION forbid();",
            "P0001",
            "`command = \"…\"` in [migrate] of drift.toml",
        ),
        (
            "DO $$ BEGIN RAISE EXCEPTION 'migrations must be managed using lemmy_server instead of diesel CLI'; END $$;",
            "P0001",
            "`command = \"…\"` in [migrate] of drift.toml",
        ),
        (
            "ALTER TABLE t OWNER TO nobody_here;",
            "42704",
            "roles are no part of a database",
        ),
        (
            "CREATE EXTENSION vectorize;",
            "0A000",
            "the server has no extension `vectorize`",
        ),
    ] {
        let failed = failure(up, None);
        assert!(
            failed.help.iter().any(|line| line.contains(help)),
            "{failed}"
        );
        assert!(
            failed.sqlstate.as_deref() == Some(sqlstate)
                || failed.sqlstate.as_deref() == Some("58P01"),
            "{failed}"
        );
    }
}

#[test]
fn a_server_that_goes_away_is_a_sentence() {
    let failed = failure(
        "SELECT 1;\nSELECT pg_terminate_backend(pg_backend_pid());",
        None,
    );
    assert_eq!(failed.place, None);
    // libpq's words where the server's come too late.
    assert!(
        ["terminating connection", "server closed the connection"]
            .iter()
            .any(|message| failed.message.starts_with(message)),
        "{failed}"
    );
    assert_eq!(failed.message.lines().count(), 1);
}

/// A scratch database goes, and the roles that its migrations made stay on a server that is shared.
#[test]
fn a_role_that_an_earlier_run_made_is_explained() {
    let failed = failure("SELECT 1;\nCREATE ROLE postgres;\n", None);
    assert_eq!(failed.sqlstate.as_deref(), Some("42710"));
    let help = failed.help.join("\n");
    assert!(
        help.contains("--provider local") && help.contains("pg_roles"),
        "{help}"
    );
}

#[test]
fn a_file_that_ends_its_own_transaction() {
    let failed = failure("BEGIN;\nCREATE TABLE u (a int);\nCOMMIT;\n", None);
    let help = failed.help.join("\n");
    assert!(help.contains("remove its `BEGIN` and `COMMIT`"), "{failed}");
}

#[test]
fn a_function_that_nobody_made() {
    let failed = failure("SELECT nobody_made(1);\n", None);
    let help = failed.help.join("\n");
    assert!(
        help.contains("needs a newer one") && help.contains("runner of its own"),
        "{failed}"
    );
}
