//! What is declared: every shape of `schema.rs` that is seen in public projects.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod compiled;
mod enums;
mod errors;
mod exercised;
mod joins;
mod models;
mod names;
mod patch;
mod round_trip;
mod scan;
mod support;
mod tables;
mod types;
