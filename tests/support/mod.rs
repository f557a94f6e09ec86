//! What the tests of the reference models share.

#![allow(dead_code, reason = "each test crate uses a part")]

use std::error::Error;

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::catalog::Catalog;
use diesel_drift::introspect::{Wanted, introspect};
use reference_models::audit::By;
use reference_models::cwom::ActorKind;
use reference_models::json::{JsonArray, JsonObject};
use serde_json::Value;

pub type TestResult = Result<(), Box<dyn Error>>;

/// A connection to a migrated database, in a transaction that is never committed.
pub fn connect(database: &MigratedDatabase) -> Result<PgConnection, Box<dyn Error>> {
    let mut conn = open(database)?;
    conn.begin_test_transaction()?;
    Ok(conn)
}

/// A connection to a migrated database, which is the test's own: what is committed goes with it.
pub fn open(database: &MigratedDatabase) -> Result<PgConnection, Box<dyn Error>> {
    Ok(PgConnection::establish(database.url())?)
}

/// What the migrations made.
pub fn catalog(database: &MigratedDatabase) -> Result<Catalog, Box<dyn Error>> {
    Ok(introspect(&mut open(database)?, &Wanted::default())?.catalog)
}

/// Somebody who makes changes.
pub fn somebody() -> By {
    By::new(ActorKind::Human, "ada")
}

pub fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(map) => JsonObject(map),
        other => unreachable!("{other} is not an object"),
    }
}

pub fn array(value: Value) -> JsonArray {
    match value {
        Value::Array(items) => JsonArray(items),
        other => unreachable!("{other} is not an array"),
    }
}
