//! Schema `weeksmith` (seed 4): its constraints, locks, policies and audit log, and the way back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod audit;
mod bench;
mod isolation;
mod locks;
mod migrations;
mod rollback;
mod sample;
mod store;
#[path = "../support/mod.rs"]
mod support;
