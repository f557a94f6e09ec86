//! The kinds that a chain of migrations shows without a database: one file each, and one line in [`CHAIN_KINDS`].

mod irreversible_unused;

use super::chain_fixture;
use crate::finding::Kind;

/// The kinds of a chain, in the order in which `diesel-drift kinds` lists them: those with a fixture that is a pair of projects.
pub static CHAIN_KINDS: &[&Kind] = &[&irreversible_unused::KIND];
