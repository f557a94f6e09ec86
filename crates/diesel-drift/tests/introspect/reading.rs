//! What is read from a live database, and what reading it leaves alone.

use crate::support::{DRIFT_BASE, HOSTILE, database_with, read};
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::catalog::Catalog;
use diesel_drift::introspect::{
    Applied, IntrospectError, Limits, Wanted, introspect, introspect_deployed, introspect_within,
};
use pretty_assertions::assert_eq;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The lines that a query with one text column, `line`, gives.
fn lines(connection: &mut PgConnection, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(connection).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// A role that can only connect, and that the public schema is closed to, sees what a superuser sees.
#[test]
fn no_object_is_lost_for_want_of_privileges() {
    for sql in [DRIFT_BASE, HOSTILE] {
        let (_database, mut connection) = database_with(sql);
        connection
            .batch_execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            .unwrap();
        let all = read(&mut connection);
        connection.batch_execute("SET ROLE app_other").unwrap();
        let refused = connection.batch_execute("SELECT FROM public.kinds");
        assert!(refused.is_err());
        let seen = read(&mut connection);
        assert_eq!(seen.catalog, all.catalog);
    }
}

/// As many statements for 500 tables as for 5, and no more than one transaction's worth of read-only ones.
#[test]
fn the_number_of_statements_does_not_depend_on_the_number_of_tables() {
    let statements = |tables: u32| {
        let (_database, mut connection) = database_with(&tables_like_a_project(tables));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                log.lock().unwrap().push(query.to_string());
            }
        });
        let live = read(&mut connection);
        assert_eq!(live.catalog.relations.len(), tables as usize);
        let last = &live.catalog.relations[0];
        assert!(!last.indexes.is_empty() && !last.checks.is_empty());
        let seen = seen.lock().unwrap();
        for statement in seen.iter() {
            assert!(!statement.to_uppercase().contains("CREATE "), "{statement}");
        }
        seen.len()
    };
    assert_eq!(statements(5), statements(500));
}

fn tables_like_a_project(tables: u32) -> String {
    (0..tables)
        .map(|n| {
            format!(
                "CREATE TYPE e{n} AS ENUM ('a', 'b');
                 CREATE TABLE t{n} (id bigserial PRIMARY KEY, a text NOT NULL DEFAULT 'x', b varchar({}), c e{n},
                     d bigint REFERENCES t{}, CHECK (d > {n}));
                 CREATE INDEX ON t{n} (lower(a)) WHERE d > {n};",
                n + 1,
                n.saturating_sub(1),
            )
        })
        .collect()
}

/// Settings are back as they were, and the search path is the connection's own.
#[test]
fn the_connection_is_left_as_it_was() {
    let (_database, mut connection) = database_with(DRIFT_BASE);
    connection
        .batch_execute(
            "SET search_path = audit, public, nowhere; SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; \
             SET quote_all_identifiers = on; SET statement_timeout = '7min'; SET bytea_output = 'escape'",
        )
        .unwrap();
    let settings = "SELECT name || '=' || setting AS line FROM pg_settings WHERE name NOT LIKE 'transaction%' ORDER BY name";
    let before = lines(&mut connection, settings);
    let live = read(&mut connection);
    assert_eq!(lines(&mut connection, settings), before);
    assert_eq!(live.search_path, ["audit", "public"]);
    let temporary = "SELECT relname::text AS line FROM pg_class WHERE relpersistence = 't'";
    assert_eq!(lines(&mut connection, temporary), Vec::<String>::new());

    // What was read does not depend on those settings.
    connection.batch_execute("RESET ALL").unwrap();
    assert_eq!(read(&mut connection).catalog, live.catalog);
}

/// Nothing is looked up on a search_path that somebody else may have set for the role.
#[test]
fn functions_that_stand_before_postgresql_s_own_are_not_called() {
    let trap = |signature: &str, returns: &str| {
        format!(
            "CREATE FUNCTION trap.{signature} RETURNS {returns} LANGUAGE plpgsql
             AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;"
        )
    };
    let traps = [
        trap("current_setting(text)", "text"),
        trap("current_schemas(boolean)", "name[]"),
        trap("set_config(text, text, boolean)", "text"),
    ];
    let (_database, mut connection) =
        database_with(&format!("CREATE SCHEMA trap; {}", traps.concat()));
    connection
        .batch_execute("SET search_path = trap, pg_catalog")
        .unwrap();
    let live = read(&mut connection);
    assert_eq!(live.search_path, ["trap", "pg_catalog"]);
    assert_eq!(live.catalog.functions.len(), traps.len());
}

/// `ALTER FUNCTION … SET` holds what `ALTER DATABASE … SET` does.
#[test]
fn a_secret_among_a_function_s_settings_stays_in_the_database() {
    let (_database, mut connection) = database_with(
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql SET app.api_token = 'hunter2' SET app.mode = 'a=b' AS 'SELECT 1'",
    );
    let settings = read(&mut connection).catalog.functions.remove(0).settings;
    assert_eq!(settings["app.api_token"], "<secret>");
    assert_eq!(settings["app.mode"], "a=b");
}

#[test]
fn errors_say_where_reading_failed() {
    let (database, mut connection) =
        database_with("CREATE TABLE t (a integer CHECK (a > 0)); CREATE VIEW v AS SELECT * FROM t");

    // Somebody alters the view and does not finish.
    let mut other = PgConnection::establish(database.url()).unwrap();
    other
        .batch_execute("BEGIN; ALTER VIEW v RENAME TO w")
        .unwrap();
    let limits = Limits {
        lock: Some(Duration::from_millis(50)),
        ..Limits::default()
    };
    let error = introspect_within(&mut connection, &Wanted::default(), &limits).unwrap_err();
    assert!(
        matches!(
            &error,
            IntrospectError::Locked {
                query: "relations.sql",
                ..
            }
        ),
        "{error:?}"
    );
    let pid = lines(&mut other, "SELECT pg_backend_pid()::text AS line");
    assert_eq!(
        error.to_string(),
        format!(
            "reading the catalog failed in relations.sql: a lock of somebody else's was still held after \
             lock_timeout (50ms) (process {} of the server holds `public.v`); \
             try again when that transaction has ended",
            pid[0]
        )
    );

    // The connection is good for another try.
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(read(&mut connection).catalog.relations.len(), 2);

    connection.batch_execute("BEGIN").unwrap();
    let inside = connection.transaction(|connection| {
        Ok::<_, diesel::result::Error>(introspect(connection, &Wanted::default()))
    });
    assert!(
        matches!(inside, Ok(Err(IntrospectError::Transaction(_)))),
        "{inside:?}"
    );
}

#[test]
fn a_server_that_goes_away_is_said_to() {
    // A view whose definition takes a lock that is held, so that there is time to end the session in the middle.
    let (database, mut connection) = database_with("CREATE VIEW v AS SELECT 1 AS a");
    let mut other = PgConnection::establish(database.url()).unwrap();
    other
        .batch_execute("BEGIN; LOCK TABLE v IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let reading = std::thread::spawn(move || introspect(&mut connection, &Wanted::default()));
    let terminate = "SELECT pg_terminate_backend(pid)::text AS line FROM pg_stat_activity \
        WHERE application_name = 'diesel-drift' AND wait_event_type = 'Lock'";
    // What is seen of other sessions is kept for the length of a transaction.
    let mut third = PgConnection::establish(database.url()).unwrap();
    while lines(&mut third, terminate).is_empty() {}
    let error = reading.join().unwrap().unwrap_err();
    assert!(matches!(&error, IntrospectError::Gone(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the server went away while its catalog was being read \
         (terminating connection due to administrator command); see its log, and try again"
    );
}

#[test]
fn what_was_applied_is_read_where_it_may_be() {
    let applied = |connection: &mut PgConnection| {
        introspect_deployed(connection, &Wanted::default(), &Limits::default())
            .unwrap()
            .applied
    };
    let unreadable = |connection: &mut PgConnection, expected: &str| match applied(connection) {
        Applied::Unreadable(reason) => assert!(reason.contains(expected), "{reason}"),
        other => panic!("{other:?}"),
    };
    let (_database, mut connection) = database_with("CREATE SCHEMA app; CREATE SCHEMA other");
    assert_eq!(applied(&mut connection), Applied::NoTable);

    connection
        .batch_execute(
            "SET search_path = app; CREATE VIEW __diesel_schema_migrations AS SELECT 1 AS version",
        )
        .unwrap();
    unreadable(&mut connection, "it is not the table that Diesel makes");

    let table = "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, \
        run_on timestamp NOT NULL DEFAULT '2026-01-02 03:04:05'); \
        INSERT INTO __diesel_schema_migrations (version) VALUES ('b'), ('A'), ('a')";
    connection
        .batch_execute(&format!("DROP VIEW __diesel_schema_migrations; {table}"))
        .unwrap();
    let Applied::Versions(versions) = applied(&mut connection) else {
        panic!("not read")
    };
    let names: Vec<_> = versions.iter().map(|row| row.version.as_str()).collect();
    assert_eq!(names, ["A", "a", "b"], "as Diesel compares them");
    assert_eq!(versions[0].run_on, "2026-01-02 03:04:05");

    // Found outside of the search path too, unless there are two.
    connection
        .batch_execute("SET search_path = public")
        .unwrap();
    assert!(matches!(applied(&mut connection), Applied::Versions(rows) if rows.len() == 3));
    connection
        .batch_execute(&format!(
            "SET search_path = other; {table}; SET search_path = public"
        ))
        .unwrap();
    unreadable(&mut connection, "none is in the connection's search_path");

    connection
        .batch_execute(
            "DROP SCHEMA other CASCADE; GRANT USAGE ON SCHEMA app TO app_other; SET ROLE app_other",
        )
        .unwrap();
    unreadable(
        &mut connection,
        "GRANT SELECT ON app.__diesel_schema_migrations",
    );
    connection
        .batch_execute(
            "RESET ROLE; GRANT SELECT (version, run_on) ON app.__diesel_schema_migrations TO app_other; SET ROLE app_other",
        )
        .unwrap();
    assert!(matches!(applied(&mut connection), Applied::Versions(rows) if rows.len() == 3));
    connection
        .batch_execute(
            "RESET ROLE; ALTER TABLE app.__diesel_schema_migrations ENABLE ROW LEVEL SECURITY; SET ROLE app_other",
        )
        .unwrap();
    unreadable(&mut connection, "row-level security");
}

#[test]
fn a_catalog_survives_json() {
    for sql in [DRIFT_BASE, HOSTILE] {
        let (_database, mut connection) = database_with(sql);
        let wanted = Wanted {
            relations: ["pg_class".to_owned()].into(),
            types: ["citext".to_owned()].into(),
        };
        let catalog = introspect(&mut connection, &wanted).unwrap().catalog;
        let json = serde_json::to_string(&catalog).unwrap();
        assert_eq!(serde_json::from_str::<Catalog>(&json).unwrap(), catalog);
    }
}

/// Every list that PostgreSQL gives no order is sorted.
#[test]
fn lists_are_sorted() {
    let reversed = "CREATE SCHEMA z; CREATE SCHEMA a; CREATE EXTENSION citext; CREATE EXTENSION btree_gist;
        CREATE TYPE z.z AS ENUM ('z', 'a'); CREATE TYPE z.a AS ENUM (); CREATE TYPE a.z AS ENUM ();
        CREATE DOMAIN dz AS text CONSTRAINT z CHECK (VALUE <> 'z') CONSTRAINT a CHECK (VALUE <> 'a'); CREATE DOMAIN da AS text;
        CREATE TYPE cz AS (z text, a text); CREATE TYPE ca AS (); CREATE TYPE rz AS RANGE (subtype = text); CREATE TYPE ra AS RANGE (subtype = text);
        CREATE SEQUENCE sz; CREATE SEQUENCE sa; CREATE TABLE z.t (); CREATE TABLE a.t ();
        CREATE TABLE z (z integer UNIQUE, a integer, b text, CONSTRAINT uz UNIQUE (z, a), CONSTRAINT ua UNIQUE (a),
            CONSTRAINT fz FOREIGN KEY (a) REFERENCES z (a), CONSTRAINT fa FOREIGN KEY (z) REFERENCES z (a),
            CONSTRAINT cz CHECK (a > 1), CONSTRAINT ca CHECK (z > 1),
            CONSTRAINT xz EXCLUDE (a WITH =), CONSTRAINT xa EXCLUDE (z WITH =)) WITH (fillfactor = 70, autovacuum_enabled = off);
        ALTER TABLE z ADD CONSTRAINT c2 CHECK (a > 2), ADD CONSTRAINT u2 UNIQUE (b, a), ADD CONSTRAINT f2 FOREIGN KEY (a) REFERENCES z (z), ADD CONSTRAINT x2 EXCLUDE (b WITH =);
        ALTER TABLE z ADD CONSTRAINT c1 CHECK (a > 3), ADD CONSTRAINT u1 UNIQUE (b, z), ADD CONSTRAINT f1 FOREIGN KEY (z) REFERENCES z (z), ADD CONSTRAINT x1 EXCLUDE (b WITH =);
        CREATE TABLE a ();";
    let (_database, mut connection) = database_with(reversed);
    let wanted = Wanted {
        relations: ["pg_class", "pg_attribute", "tables"]
            .map(str::to_owned)
            .into(),
        types: ["time_stamp", "cardinal_number", "int4", "citext", "bool"]
            .map(str::to_owned)
            .into(),
    };
    let catalog = introspect(&mut connection, &wanted).unwrap().catalog;

    fn names<T, N: Ord + Clone + std::fmt::Debug>(
        list: &[T],
        least: usize,
        name: impl Fn(&T) -> N,
    ) {
        let names: Vec<N> = list.iter().map(name).collect();
        assert!(names.len() >= least && names.is_sorted(), "{names:?}");
    }
    names(&catalog.schemas, 3, |object| object.name.clone());
    names(&catalog.extensions, 3, |object| object.name.clone());
    names(&catalog.relations, 4, |object| object.name.clone());
    names(&catalog.sequences, 2, |object| object.name.clone());
    names(&catalog.enums, 3, |object| object.name.clone());
    names(&catalog.domains, 2, |object| object.name.clone());
    names(&catalog.domains[1].checks, 2, |object| object.name.clone());
    names(&catalog.composites, 2, |object| object.name.clone());
    names(&catalog.ranges, 2, |object| object.name.clone());
    names(&catalog.outside.relations, 3, |object| object.name.clone());
    names(&catalog.outside.domains, 2, |object| object.name.clone());
    names(&catalog.outside.types, 3, Clone::clone);
    let z = catalog
        .relations
        .iter()
        .find(|relation| relation.name.to_string() == "public.z")
        .unwrap();
    names(&z.unique, 2, |object| object.name.clone());
    names(&z.foreign_keys, 2, |object| object.name.clone());
    names(&z.checks, 2, |object| object.name.clone());
    names(&z.exclusions, 2, |object| object.name.clone());
    names(&z.indexes, 4, |object| object.name.clone());
    names(&z.options, 2, Clone::clone);

    // And what has an order keeps it.
    let columns: Vec<&str> = z
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["z", "a", "b"]);
    assert_eq!(catalog.enums[2].labels, ["z", "a"]);
    assert_eq!(catalog.composites[1].attributes[0].name, "z");
    assert_eq!(z.unique[3].columns, ["z", "a"]);
}
