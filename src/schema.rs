//! The source of truth: what the code says about the database, one file a PostgreSQL schema, as Diesel CLI prints them.

#![allow(
    missing_docs,
    reason = "Diesel CLI prints no documentation for the modules"
)]

// Each file holds a module of its schema's name. `include!`, because `mod cwom;` would make it `schema::cwom::cwom`.
include!("schema/cwom.rs");
include!("schema/tower.rs");
include!("schema/crucible.rs");
include!("schema/weeksmith.rs");
