//! A database of its own for each test.
//!
//! It is made as `diesel-drift check` makes one. To run the tests on another major version, name the directory that
//! holds its `initdb` and `postgres` in `DIESEL_DRIFT_PG_BIN`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "each test file is a crate of its own and uses its part; a test fails by panicking"
)]

pub mod information_schema;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::provision::{Database, Options, provision};

/// The schema that drift is tried on.
pub const DRIFT_BASE: &str = include_str!("../data/drift_base.sql");

/// A schema of everything that is hard to read right, for any supported version.
pub const HOSTILE: &str = include_str!("../data/hostile.sql");

/// A scratch database in which `sql` was run, and a connection to it.
pub fn database_with(sql: &str) -> (Database, PgConnection) {
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    create_roles(&mut connection);
    connection.batch_execute(sql).unwrap();
    (database, connection)
}

/// Makes the roles that the drift-case base names. Roles are the server's: other tests may have made them.
fn create_roles(connection: &mut PgConnection) {
    for role in ["app_ro", "app_other"] {
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        connection.batch_execute(&create).unwrap();
    }
}
