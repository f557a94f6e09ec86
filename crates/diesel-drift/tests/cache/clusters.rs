//! Migrated clusters.

use super::{Bench, SLOW, ask, execute};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const TABLES: &str = "SELECT string_agg(relname || ':' || relnatts, ' ' ORDER BY relname) FROM pg_class \
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_%'";

fn three() -> Bench {
    Bench::new(&[
        (
            "1_a",
            &format!("{SLOW} CREATE TABLE a (x int); CREATE ROLE reader;"),
        ),
        (
            "2_b",
            "CREATE TABLE b (x int); GRANT SELECT ON b TO reader;",
        ),
        ("3_c", "CREATE TABLE c (x int);"),
    ])
}

#[test]
fn a_changed_chain_is_replayed_from_the_longest_unchanged_part() {
    let bench = three();
    let tables = |expected_run: &[&str]| {
        let (database, run) = bench.database();
        assert_eq!(run, expected_run);
        ask(database.url(), TABLES)
    };
    assert_eq!(tables(&["1_a", "2_b", "3_c"]), "a:1 b:1 c:1");
    assert_eq!(tables(&[]), "a:1 b:1 c:1");
    // The first change of a migration shows which it is that is being worked on; the state before it is kept then.
    bench.migration("3_c", "CREATE TABLE c (x int, y int);");
    assert_eq!(tables(&["1_a", "2_b", "3_c"]), "a:1 b:1 c:2");
    bench.migration("3_c", "CREATE TABLE c (x int, y int, z int);");
    assert_eq!(tables(&["3_c"]), "a:1 b:1 c:3");
    bench.migration(
        "4_d",
        "CREATE TABLE d (x int); GRANT SELECT ON d TO reader;",
    );
    assert_eq!(tables(&["3_c", "4_d"]), "a:1 b:1 c:3 d:1");
    // In the middle.
    bench.migration(
        "2_b",
        "CREATE TABLE b (x int, y int); GRANT SELECT ON b TO reader;",
    );
    assert_eq!(tables(&["1_a", "2_b", "3_c", "4_d"]), "a:1 b:2 c:3 d:1");
    bench.migration(
        "2_b",
        "CREATE TABLE b (x int, y int, z int); GRANT SELECT ON b TO reader;",
    );
    assert_eq!(tables(&["2_b", "3_c", "4_d"]), "a:1 b:3 c:3 d:1");
    assert!(bench.live().0 == bench.cold());
}

#[test]
fn what_a_test_does_to_a_database_is_not_kept() {
    let bench = three();
    for _ in 0..2 {
        let (database, _) = bench.database();
        assert_eq!(ask(database.url(), "SELECT count(*) FROM a"), "0");
        execute(database.url(), "INSERT INTO a VALUES (1)");
        database.close().unwrap();
    }
    assert_eq!(bench.kept("migrated").len(), 1);
}

#[test]
fn a_check_keeps_its_cluster_for_the_next_migration() {
    let bench = three();
    bench.check();
    bench.migration("4_d", "CREATE TABLE d (x int);");
    assert_eq!(bench.live().1, ["4_d"]);
    assert!(bench.live().0 == bench.cold());
}

/// Diesel applies all migrations over one connection: what one sets, the next one has.
#[test]
fn a_session_that_migrations_share_is_not_cut() {
    for sets in [
        "CREATE SCHEMA app; SET search_path TO app, public;",
        "CREATE SCHEMA app; CREATE TEMP TABLE t (x int); SET search_path TO app, public;",
    ] {
        let bench = Bench::new(&[
            ("1_a", &format!("{SLOW} {sets}")),
            ("2_b", "CREATE TABLE b (x int);"),
        ]);
        for columns in ["x int, y int", "x int, y int, z int"] {
            bench.database().0.close().unwrap();
            bench.migration("2_b", &format!("CREATE TABLE b ({columns});"));
        }
        let (live, run) = bench.live();
        assert_eq!(run, ["1_a", "2_b"], "{sets}");
        assert!(live == bench.cold());
        let relation = &live.catalog.relations[0];
        assert_eq!(
            (&*relation.name.schema, &*relation.name.name),
            ("app", "b"),
            "{sets}"
        );
    }
}

/// PostgreSQL does not list the settings that it does not know.
#[test]
fn a_setting_of_the_migrations_own_is_not_cut() {
    let second = |columns: &str| {
        format!(
            "DO $$ BEGIN IF current_setting('app.kind', true) = 'large' THEN CREATE TABLE b ({columns}); END IF; END $$;"
        )
    };
    let bench = Bench::new(&[
        ("1_a", &format!("{SLOW} SET app.kind = 'large';")),
        ("2_b", &second("x int")),
    ]);
    for columns in ["x int, y int", "x int, y int, z int"] {
        bench.database().0.close().unwrap();
        bench.migration("2_b", &second(columns));
    }
    let (live, run) = bench.live();
    assert_eq!(run, ["1_a", "2_b"]);
    assert!(live == bench.cold());
    assert_eq!(live.catalog.relations.len(), 2, "and Diesel's own");
}

/// What only a new connection or a new start of the server heeds did not hold while the chain was applied.
#[test]
fn what_a_later_connection_heeds_is_not_gone_on_from() {
    for sets in [
        "CREATE SCHEMA app; ALTER DATABASE diesel_drift SET search_path TO app;",
        "CREATE SCHEMA app; ALTER ROLE postgres SET search_path TO app;",
    ] {
        let bench = Bench::new(&[("1_a", &format!("{SLOW} {sets}"))]);
        bench.database().0.close().unwrap();
        assert_eq!(bench.database().1, Vec::<String>::new());
        bench.migration("2_b", "CREATE TABLE b (x int);");
        let (live, run) = bench.live();
        assert_eq!(run, ["1_a", "2_b"], "{sets}");
        assert_eq!(live.catalog.relations[0].name.schema, "public", "{sets}");
    }
}

#[test]
fn what_a_later_start_heeds_is_not_kept() {
    let script =
        format!("{SLOW} ALTER SYSTEM SET search_path TO pg_catalog; CREATE TABLE a (x int);");
    let bench = Bench::new(&[("1_a", &script)]);
    let metadata = bench.directory.path().join("migrations/1_a/metadata.toml");
    fs::write(metadata, "run_in_transaction = false").unwrap();
    // One statement each, because ALTER SYSTEM refuses to run beside others.
    bench.migration("1_a", "ALTER SYSTEM SET search_path TO pg_catalog");
    bench.migration("2_b", &format!("{SLOW} CREATE TABLE a (x int);"));
    for _ in 0..2 {
        let (database, run) = bench.database();
        assert_eq!(run.len(), 2);
        assert_eq!(
            ask(database.url(), "SELECT current_schemas(false)"),
            "{public}"
        );
    }
    assert_eq!(bench.kept("migrated").len(), 0);
}

/// `currval` is the session's, and nothing tells of it: the replay from what is kept fails, and a whole one does not.
#[test]
fn a_replay_that_fails_from_what_is_kept_is_made_anew() {
    let bench = Bench::new(&[(
        "1_a",
        &format!("{SLOW} CREATE SEQUENCE s; SELECT nextval('s');"),
    )]);
    bench.database().0.close().unwrap();
    bench.migration("2_b", "SELECT currval('s'); CREATE TABLE b (x int);");
    let (database, run) = bench.database();
    assert_eq!(run, ["2_b", "1_a", "2_b"]);
    assert_eq!(ask(database.url(), TABLES), "b:1");
}

/// The same, where the state that is gone on from was only just kept, because its migration is being worked on.
#[test]
fn a_replay_that_fails_from_what_was_just_kept_is_made_anew() {
    let bench = Bench::new(&[
        (
            "1_a",
            &format!("{SLOW} CREATE SEQUENCE s; SELECT nextval('s');"),
        ),
        ("2_b", "SELECT currval('s');"),
    ]);
    bench.database().0.close().unwrap();
    bench.migration("2_b", "SELECT currval('s'); CREATE TABLE b (x int);");
    let (database, run) = bench.database();
    assert_eq!(run, ["1_a", "2_b", "1_a", "2_b"]);
    assert_eq!(ask(database.url(), TABLES), "b:1");
}

/// What a tablespace holds is not in the cluster's directory, and its own takes no second cluster.
#[test]
fn a_cluster_that_is_not_whole_in_its_directory_is_not_kept() {
    let space = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(space.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let path = space.path().display();
    // The server's own, whoever it runs as.
    let made = format!("COPY (SELECT 1) TO PROGRAM 'cd {path} && mkdir -p 0 1 2';");
    let bench = Bench::new(&[
        ("1_a", &format!("{SLOW} CREATE TABLE a (x int); {made}")),
        ("3_c", "CREATE TABLE c (x int);"),
    ]);
    // Where it is edited, the state before it is kept, and it is not run twice either.
    let runs = [
        &["1_a", "2_b", "3_c"][..],
        &["1_a", "2_b", "3_c"],
        &["2_b", "3_c"],
    ];
    for (number, expected) in runs.iter().enumerate() {
        let create = format!("CREATE TABLESPACE s LOCATION '{path}/{number}'");
        bench.migration("2_b", &create);
        let metadata = bench.directory.path().join("migrations/2_b/metadata.toml");
        fs::write(metadata, "run_in_transaction = false").unwrap();
        let (database, run) = bench.database();
        assert_eq!(&run, expected);
        assert_eq!(ask(database.url(), TABLES), "a:1 c:1");
    }
}

#[test]
fn a_broken_cluster_is_made_anew() {
    let bench = three();
    for damage in ["data/global/pg_control", "data/PG_VERSION", "entry"] {
        bench.database().0.close().unwrap();
        let [entry] = bench.kept("migrated").try_into().unwrap();
        let path = entry.join(damage);
        let mut bytes = fs::read(&path).unwrap();
        bytes[0] ^= 1;
        fs::write(path, bytes).unwrap();
        let (database, run) = bench.database();
        assert_eq!(run, ["1_a", "2_b", "3_c"], "{damage}");
        assert_eq!(ask(database.url(), TABLES), "a:1 b:1 c:1");
    }
}

#[test]
fn no_password_is_kept() {
    let bench = three();
    let (database, _) = bench.database();
    let has = "SELECT rolpassword IS NOT NULL FROM pg_authid WHERE rolname = 'postgres'";
    assert_eq!(ask(database.url(), has), "true");
    let (other, run) = bench.database();
    assert_eq!(run, Vec::<String>::new());
    assert_ne!(database.url(), other.url());
}
