//! Databases to be documented.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::compare::Scope;
use diesel_drift::docs::{Page, pages};
use diesel_drift::introspect::{Live, Wanted, introspect};
use diesel_drift::provision::{Options, provision};

/// The schema that drift is tried on, with an object of every class.
const DRIFT_CASES: &str = concat!(
    include_str!("../../fixtures/drift-cases/base.sql"),
    include_str!("../../fixtures/drift-cases/more.sql")
);

/// Everything that is hard to read right.
const HOSTILE: &str = include_str!("../introspect/data/hostile.sql");

/// Everything that is hard to write right.
pub const PAGES: &str = include_str!("golden/schema.sql");

/// What `sql` makes.
pub fn live(sql: &str) -> Live {
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection.batch_execute(ROLES).unwrap();
    connection.batch_execute(sql).unwrap();
    let live = introspect(&mut connection, &Wanted::default()).unwrap();
    drop(connection);
    database.close().unwrap();
    live
}

/// Roles are the server's: other tests may have made them.
const ROLES: &str = r#"
    DO $do$
    DECLARE role text;
    BEGIN
        FOREACH role IN ARRAY ARRAY['app_ro', 'app_other', 'Drift "Ünï" 😀'] LOOP
            BEGIN
                EXECUTE format('CREATE ROLE %I', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END LOOP;
    END $do$
"#;

/// The databases, by name.
pub fn databases() -> Vec<(&'static str, Live)> {
    [
        ("drift-cases", DRIFT_CASES),
        ("hostile", HOSTILE),
        ("pages", PAGES),
    ]
    .map(|(name, sql)| (name, live(sql)))
    .to_vec()
}

/// The schema that drift is tried on.
#[allow(dead_code, reason = "the rules' tests use it")]
pub fn drift_cases() -> Live {
    live(DRIFT_CASES)
}

pub fn pages_of(live: &Live) -> Vec<Page> {
    pages(live, &Scope::default())
}
