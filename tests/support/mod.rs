//! What the tests of the reference models share.

use std::error::Error;

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing;

pub type TestResult = Result<(), Box<dyn Error>>;

/// A migrated database for one test.
pub fn database() -> Result<MigratedDatabase, Box<dyn Error>> {
    Ok(testing::database(env!("CARGO_MANIFEST_DIR"))?)
}

/// A connection to it, in a transaction that is never committed.
pub fn connect(database: &MigratedDatabase) -> Result<PgConnection, Box<dyn Error>> {
    let mut conn = PgConnection::establish(database.url())?;
    conn.begin_test_transaction()?;
    Ok(conn)
}
