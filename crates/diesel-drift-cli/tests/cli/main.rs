//! The command from the outside: exit codes, formats, bad input, and the guard on a copy of the reference project.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bad_input;
mod cache;
mod chain;
mod check;
mod deployed;
mod diff;
mod docs;
mod environment;
mod guard;
mod interrupt;
mod lint;
mod log;
mod manifest;
mod pages;
mod project;
mod reading;
mod roundtrip;
mod scorecard;
mod selftest;
mod types;
mod verify;
