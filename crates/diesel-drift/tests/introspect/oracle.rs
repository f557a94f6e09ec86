//! PostgreSQL's `information_schema` is the oracle: whatever it states, the catalog says too, and nothing else.

use crate::information_schema::{counts, disagreements};
use crate::support::{DRIFT_BASE, HOSTILE, database_with};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::testing;
use std::path::Path;

/// Agreement means nothing where nothing is stated: every view has to state something about one of the schemas.
#[test]
fn the_catalog_agrees_with_information_schema() {
    let mut counted = Vec::new();
    for sql in [DRIFT_BASE, HOSTILE] {
        let (_database, mut connection) = database_with(sql);
        let found = disagreements(&mut connection);
        assert!(
            found.is_empty(),
            "{} disagreements:\n{}",
            found.len(),
            found.join("\n")
        );
        counted.push(counts(&mut connection));
    }
    for (base, hostile) in counted[0].iter().zip(&counted[1]) {
        assert!(base.1 + hostile.1 > 0, "{} states nothing", base.0);
    }
}

#[test]
fn the_catalog_of_the_reference_models_agrees_with_information_schema() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let database = testing::database_in(repository).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    assert_eq!(disagreements(&mut connection), Vec::<String>::new());
}

/// The oracle sees a difference.
#[test]
fn a_fact_that_only_one_side_has_is_reported() {
    let (_database, mut connection) = database_with("CREATE TABLE t (a integer)");
    assert_eq!(disagreements(&mut connection), Vec::<String>::new());
    // A view over pg_catalog in the place of information_schema's: one column less, one default more.
    connection
        .batch_execute(
            "ALTER VIEW information_schema.tables RENAME TO real_tables;
             CREATE VIEW information_schema.tables AS
             SELECT table_schema, table_name || 's' AS table_name, table_type, is_typed FROM information_schema.real_tables",
        )
        .unwrap();
    let found = disagreements(&mut connection);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("tables: only information_schema says {\"is_typed\":\"NO\""),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("tables: only the catalog says {\"is_typed\":\"NO\""),
        "{found:?}"
    );
}
