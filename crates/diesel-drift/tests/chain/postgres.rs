//! What is said of statements is what PostgreSQL says.

use super::support::Chain;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use diesel_drift::provision::{Options, provision};
use pretty_assertions::assert_eq;

/// Statements that PostgreSQL looks at before it looks for what they name. ALTER SUBSCRIPTION, which needs one that is connected, is not among them.
const REFUSED: [&str; 24] = [
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "create unique index concurrently if not exists i on public.t (a)",
    "DROP INDEX CONCURRENTLY i",
    "DROP INDEX CONCURRENTLY IF EXISTS public.i",
    "REINDEX INDEX CONCURRENTLY i",
    "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
    "REINDEX (CONCURRENTLY, VERBOSE) TABLE t",
    "REINDEX (VERBOSE, CONCURRENTLY true) TABLE t",
    "REINDEX SCHEMA public",
    "REINDEX DATABASE d",
    "REINDEX SYSTEM d",
    "ALTER TABLE public.p DETACH PARTITION q CONCURRENTLY",
    "VACUUM",
    "VACUUM (ANALYZE) t",
    "CLUSTER",
    "CREATE DATABASE e",
    "DROP DATABASE IF EXISTS e",
    "ALTER DATABASE d SET TABLESPACE pg_default",
    "CREATE TABLESPACE s LOCATION '/nowhere'",
    "DROP TABLESPACE s",
    "ALTER SYSTEM SET work_mem = '1MB'",
    "DISCARD ALL",
    "COMMIT PREPARED 'x'",
    "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p",
];

const ACCEPTED: [&str; 10] = [
    "CREATE INDEX i2 ON t (a)",
    "REINDEX TABLE t",
    "REINDEX (CONCURRENTLY false) TABLE t",
    "ANALYZE t",
    "CLUSTER t USING i",
    "ALTER DATABASE d SET work_mem = '1MB'",
    "CREATE SUBSCRIPTION s2 CONNECTION 'host=x' PUBLICATION p WITH (connect = false)",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "ALTER TYPE mood ADD VALUE 'meh'",
    "ALTER TABLE p DETACH PARTITION q",
];

/// What is reported of a statement in a migration: PostgreSQL's words.
fn reported(statement: &str) -> Option<String> {
    let chain = Chain::of(&[
        ("migrations/1_a/up.sql", statement),
        ("migrations/1_a/down.sql", "SELECT 1;"),
    ]);
    let report = chain.report();
    let finding =
        (report.findings.into_iter()).find(|finding| finding.kind.id == "transaction-forbidden");
    finding.map(|finding| {
        format!(
            "{} cannot run inside a transaction block",
            finding.declared.unwrap()
        )
    })
}

#[test]
fn what_is_refused_in_a_transaction_is_what_postgresql_refuses() {
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection
        .batch_execute(
            "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TYPE mood AS ENUM ('sad');\
             CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p FOR VALUES IN (1);\
             CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE UNIQUE INDEX ON m (a);",
        )
        .unwrap();
    let name: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(
        "current_database()::text",
    ))
    .get_result(&mut connection)
    .unwrap();
    let mut answer = |statement: &str| {
        let statement = statement
            .replace("DATABASE d", &format!("DATABASE \"{name}\""))
            .replace("SYSTEM d", &format!("SYSTEM \"{name}\""));
        connection.batch_execute("BEGIN").unwrap();
        let error = connection
            .batch_execute(&statement)
            .err()
            .map(|error| error.to_string());
        connection.batch_execute("ROLLBACK").unwrap();
        error
    };
    for statement in REFUSED {
        assert_eq!(answer(statement), reported(statement), "{statement}");
        assert!(reported(statement).is_some(), "{statement}");
    }
    for statement in ACCEPTED {
        assert_eq!(answer(statement), None, "{statement}");
        assert_eq!(reported(statement), None, "{statement}");
    }
}
