//! Chains of migrations, read from real directories and applied to a real PostgreSQL.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl};
use diesel_drift::migrate::{
    Applied, Chain, FailedMigration, MigrateError, Place, Stage, apply, run_command,
};
use diesel_drift::provision::{Choice, Database, Options, provision};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use pretty_assertions::assert_eq;
use rstest::rstest;

/// One server for all; it goes when the process does.
static SERVER: LazyLock<Database> = LazyLock::new(|| {
    provision(&Options {
        provider: Choice::Local,
        ..Options::from_env()
    })
    .unwrap()
});

fn database() -> Database {
    provision(&Options {
        provider: Choice::Server,
        server_url: Some(SERVER.url().into()),
        ..Options::default()
    })
    .unwrap()
}

/// A directory of migrations: paths of files with their contents.
fn migrations(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

fn run(directory: &Path) -> Result<Applied, MigrateError> {
    let database = database();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    apply(
        &mut connection,
        &Chain::read(directory).unwrap(),
        &mut |_, _, _| {},
    )
}

/// Applies one migration after `1_base`, which must pass, and gives back how it failed.
fn failure(up: &str, metadata: Option<&str>) -> FailedMigration {
    let base = b"CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
          IF a > 1 THEN RAISE EXCEPTION 'too much' USING ERRCODE = 'DD001', DETAIL = 'a is ' || a, HINT = 'take less'; END IF;
          RETURN a;
        END $$;";
    let root = migrations(&[("1_base/up.sql", base), ("2_x/up.sql", up.as_bytes())]);
    if let Some(metadata) = metadata {
        fs::write(root.path().join("2_x/metadata.toml"), metadata).unwrap();
    }
    match run(root.path()).unwrap_err() {
        MigrateError::Failed(failed) => {
            assert_eq!(failed.name, "2_x");
            assert_eq!(failed.file, root.path().join("2_x/up.sql"));
            *failed
        }
        other => panic!("{other}"),
    }
}

fn place(failed: &FailedMigration) -> &Place {
    failed
        .place
        .as_ref()
        .unwrap_or_else(|| panic!("no place: {failed}"))
}

fn versions(url: &str) -> String {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::select(sql::<Text>(
        "(SELECT string_agg(version, ' ' ORDER BY version) FROM public.__diesel_schema_migrations)",
    ))
    .get_result(&mut connection)
    .unwrap()
}

#[test]
fn order_names_and_metadata_are_diesels() {
    let nothing: &[u8] = b"SELECT 1;";
    let root = migrations(&[
        ("2024-01-02-000000_dashes/up.sql", nothing),
        ("20240101000000_none/up.sql", nothing),
        ("9_text_not_number/up.sql", nothing),
        ("10/up.sql", nothing),
        ("-5_leading dash and spaces/up.sql", nothing),
        ("202401010000001234_eighteen/up.sql", nothing),
        ("V_letters/up.sql", nothing),
        ("a_empty_metadata/up.sql", nothing),
        ("a_empty_metadata/metadata.toml", b""),
        ("b_broken/up.sql", nothing),
        ("b_broken/metadata.toml", b"run_in_transaction = \"false\""),
        ("c_outside/up.sql", nothing),
        ("c_outside/metadata.toml", b"run_in_transaction = false"),
        ("README.md", b"not a migration"),
        (".hidden/nothing", b""),
    ]);
    let elsewhere = migrations(&[("linked/up.sql", nothing)]);
    symlink(elsewhere.path().join("linked"), root.path().join("d_link")).unwrap();
    let chain = Chain::read(root.path()).unwrap();
    let read: Vec<(&str, &str, bool)> = chain
        .migrations
        .iter()
        .map(|m| (m.version.as_str(), m.name.as_str(), m.run_in_transaction))
        .collect();
    assert_eq!(
        read,
        [
            ("10", "10", true),
            ("20240101000000", "20240101000000_none", true),
            ("202401010000001234", "202401010000001234_eighteen", true),
            ("20240102000000", "2024-01-02-000000_dashes", true),
            ("5", "-5_leading dash and spaces", true),
            ("9", "9_text_not_number", true),
            ("V", "V_letters", true),
            ("a", "a_empty_metadata", false),
            ("b", "b_broken", true),
            ("c", "c_outside", false),
            ("d", "d_link", true),
        ]
    );

    // The same by Diesel's own harness, and by this one.
    let (theirs, ours) = (database(), database());
    let mut connection = PgConnection::establish(theirs.url()).unwrap();
    let source = FileBasedMigrations::from_path(root.path()).unwrap();
    assert_eq!(
        MigrationSource::<Pg>::migrations(&source).unwrap().len(),
        read.len()
    );
    let run: Vec<String> = connection
        .run_pending_migrations(source)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(run, read.iter().map(|m| m.0).collect::<Vec<_>>());

    let mut connection = PgConnection::establish(ours.url()).unwrap();
    let mut progress = Vec::new();
    let mut note = |done, total, m: &diesel_drift::migrate::MigrationDir| {
        progress.push((done, total, m.name.clone()));
    };
    let applied = apply(&mut connection, &chain, &mut note).unwrap();
    let names: Vec<&str> = read.iter().map(|m| m.1).collect();
    assert_eq!(applied.names, names);
    assert_eq!(progress.len(), names.len());
    assert_eq!(progress[3], (3, 11, names[3].to_owned()));
    assert_eq!(versions(theirs.url()), versions(ours.url()));

    // Nothing is left to do.
    let again = apply(&mut connection, &chain, &mut |_, _, _| {
        panic!("nothing is pending")
    })
    .unwrap();
    assert_eq!(again.names, Vec::<String>::new());
}

#[test]
fn directories_that_diesel_would_refuse_or_apply_by_chance() {
    let root = migrations(&[("1_a/up.sql", b"SELECT 1"), ("2_notes/README.md", b"")]);
    let error = Chain::read(root.path()).unwrap_err().to_string();
    assert!(
        error.contains("2_notes is no migration, because it holds no `up.sql`"),
        "{error}"
    );

    let root = migrations(&[("2024-01-01_a/up.sql", b""), ("20240101_b/up.sql", b"")]);
    let error = Chain::read(root.path()).unwrap_err().to_string();
    assert!(
        error.contains("/2024-01-01_a and ")
            && error.contains("/20240101_b are both version 20240101"),
        "{error}"
    );

    let error = Chain::read(Path::new("/no/such")).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read /no/such: No such file"),
        "{error}"
    );

    let empty = migrations(&[("README", b"")]);
    assert_eq!(Chain::read(empty.path()).unwrap().migrations, []);
    assert_eq!(run(empty.path()).unwrap().names, Vec::<String>::new());
}

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
    let help = if up.starts_with('\u{feff}') {
        "the file begins with a byte order mark"
    } else {
        "the server is PostgreSQL "
    };
    assert!(
        failed.help.len() == 1 && failed.help[0].starts_with(help),
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
    // A sequence is not rolled back, so that the second run fails with another value, and could have failed elsewhere.
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

#[test]
fn the_project_is_never_written_to() {
    let root = migrations(&[("1_a/up.sql", b"SELECT 1;\nSELECT nope;")]);
    let before = listing(root.path());
    run(root.path()).unwrap_err();
    assert_eq!(listing(root.path()), before);
}

fn listing(directory: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    let mut found: Vec<_> = entries
        .flat_map(|entry| {
            let modified = entry.metadata().unwrap().modified().unwrap();
            let below = if entry.path().is_dir() {
                listing(&entry.path())
            } else {
                Vec::new()
            };
            below.into_iter().chain([(entry.path(), modified)])
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_command_gets_the_database_and_no_input() {
    let root = migrations(&[("given.sql", b"CREATE TABLE made ();")]);
    let database = database();
    run_command(
        "test -f given.sql && test -z \"$(cat)\" && printf %s \"$DATABASE_URL\" > url",
        root.path(),
        database.url(),
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
    let error = run_command(command, root.path(), url).unwrap_err();
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

    let error = run_command("exit 1", root.path(), url)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("(exit status: 1) and wrote nothing"),
        "{error}"
    );
    let error = run_command("true", &root.path().join("gone"), url)
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
    run_command("sleep 600 & echo $! > pid", root.path(), "postgres:///d").unwrap();
    let pid = fs::read_to_string(root.path().join("pid")).unwrap();
    let status = std::process::Command::new("kill")
        .arg(pid.trim())
        .status()
        .unwrap();
    assert!(
        status.success(),
        "the process had ended: the command was waited for"
    );
}

/// Twenty migrations of a file each, the last of which fails, leave the first nineteen.
#[test]
fn what_came_before_a_failure_is_recorded() {
    let files: Vec<(String, String)> = (1..=20)
        .map(|n| {
            (
                format!("{n:02}_m/up.sql"),
                if n < 20 {
                    format!("CREATE TABLE t{n} ();")
                } else {
                    "nonsense".to_owned()
                },
            )
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(p, c)| (p.as_str(), c.as_bytes()))
        .collect();
    let root = migrations(&files);
    let database = database();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    apply(
        &mut connection,
        &Chain::read(root.path()).unwrap(),
        &mut |_, _, _| {},
    )
    .unwrap_err();
    assert_eq!(versions(database.url()).split(' ').count(), 19);
    // And the connection is out of every transaction.
    connection.batch_execute("VACUUM t1").unwrap();
}
