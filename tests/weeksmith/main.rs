//! Schema `weeksmith` (seed 4): its constraints, locks, policies and audit log, and the way back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and one that cannot run here says so"
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
