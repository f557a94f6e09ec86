//! The pages of documentation: what other parsers, of Markdown and of Mermaid, read in them; and that every major writes the same.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod golden;
mod markdown;
mod mermaid;
#[path = "../npm/mod.rs"]
mod npm;
mod support;
