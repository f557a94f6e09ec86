//! Reading a live database.
//!
//! Each test has a database of its own, made as `diesel-drift check` makes one. To run the tests on another major version of
//! PostgreSQL, name the directory that holds its `initdb` and `postgres` in `DIESEL_DRIFT_PG_BIN`.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod attributes;
mod changes;
mod environment;
mod indexes;
mod information_schema;
mod objects;
mod oracle;
mod others;
mod outside;
mod reading;
mod relations;
mod replication;
mod support;
