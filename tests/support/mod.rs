//! What the tests of the reference models share.

use std::error::Error;

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;

pub type TestResult = Result<(), Box<dyn Error>>;

/// A connection to a migrated database, in a transaction that is never committed.
pub fn connect(database: &MigratedDatabase) -> Result<PgConnection, Box<dyn Error>> {
    let mut conn = PgConnection::establish(database.url())?;
    conn.begin_test_transaction()?;
    Ok(conn)
}
