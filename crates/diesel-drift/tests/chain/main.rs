//! Chains as they lie in a file system, and what PostgreSQL says of what is reported of them.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod directory;
mod lock;
mod postgres;
mod support;
