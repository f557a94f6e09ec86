//! Which migration, file and line made what findings are about, and the histories of objects, on chains made for it.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod findings;
mod histories;
mod sides;
mod support;
