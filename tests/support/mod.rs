//! What the tests of the reference models share.

use std::error::Error;

use diesel::prelude::*;

pub type TestResult = Result<(), Box<dyn Error>>;

/// A connection to a migrated database, in a transaction that is never committed.
pub fn connect() -> Result<PgConnection, Box<dyn Error>> {
    let url = std::env::var("REFERENCE_DATABASE_URL")
        .map_err(|e| format!("REFERENCE_DATABASE_URL has to name a migrated database: {e}"))?;
    let mut conn = PgConnection::establish(&url)?;
    conn.begin_test_transaction()?;
    Ok(conn)
}
