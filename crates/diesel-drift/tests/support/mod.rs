//! A database of its own for each test.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

/// A database that is dropped with this value.
pub struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    /// An empty database.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("DIESEL_DRIFT_TEST_SERVER").unwrap();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("introspect_{}_{count}", std::process::id());
        let mut connection = PgConnection::establish(&server).unwrap();
        connection
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .unwrap();
        Self { server, name }
    }

    /// A database in which `sql` was run.
    pub fn with(sql: &str) -> Self {
        let database = Self::new();
        database.connect().batch_execute(sql).unwrap();
        database
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).unwrap();
        url.set_path(&self.name);
        url.into()
    }

    /// A connection to it.
    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let mut connection = PgConnection::establish(&self.server).unwrap();
        connection.batch_execute(&drop).unwrap();
    }
}

/// Makes the roles that the drift-case base names. Roles are the server's: other tests may have made them.
pub fn create_roles(connection: &mut PgConnection) {
    for role in ["app_ro", "app_other"] {
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        connection.batch_execute(&create).unwrap();
    }
}
