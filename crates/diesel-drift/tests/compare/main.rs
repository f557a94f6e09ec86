//! What is drift and what is not: declarations held against a real database.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod drift;
mod help;
mod no_drift;
mod objects;
mod support;
