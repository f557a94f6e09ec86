//! The kinds that a chain of migrations shows without a database: one file each, and one line in [`CHAIN_KINDS`].

mod directory_second;
mod down_empty;
mod down_missing;
mod encoding_unreadable;
mod file_unread;
mod irreversible_unused;
mod metadata_misread;
mod migration_deleted;
mod migration_edited;
mod migration_late;
mod migration_reordered;
mod migration_unlocked;
mod order_misleading;
mod syntax_error;
mod transaction_ended;
mod transaction_forbidden;
mod up_empty;
mod up_missing;
mod version_duplicate;
mod version_malformed;
mod version_style;

use super::{chain_fixture, side};
use crate::chain::{Migration, TextFile};
use crate::finding::Kind;
use crate::text::toml_string;

/// The kinds of a chain, in the order in which `diesel-drift kinds` lists them: those with a fixture that is a pair of projects.
pub static CHAIN_KINDS: &[&Kind] = &[
    &version_duplicate::KIND,
    &version_malformed::KIND,
    &version_style::KIND,
    &order_misleading::KIND,
    &up_missing::KIND,
    &up_empty::KIND,
    &down_missing::KIND,
    &down_empty::KIND,
    &file_unread::KIND,
    &directory_second::KIND,
    &encoding_unreadable::KIND,
    &syntax_error::KIND,
    &metadata_misread::KIND,
    &transaction_forbidden::KIND,
    &transaction_ended::KIND,
    &irreversible_unused::KIND,
    &migration_edited::KIND,
    &migration_deleted::KIND,
    &migration_late::KIND,
    &migration_unlocked::KIND,
    &migration_reordered::KIND,
];

/// What Diesel says when it runs a file without a statement: of an empty one its own words, of others libpq's.
fn words_for_nothing(file: &TextFile) -> &'static str {
    match file.text() {
        Some("") => "Attempted to run an empty migration.",
        _ => "Received an empty query",
    }
}

fn declare_irreversible(migration: &Migration) -> String {
    format!(
        "write what undoes it, or declare in drift.toml that nothing does:\n[[irreversible]]\nmigration = {}\nreason = \"…\"",
        toml_string(&migration.name)
    )
}
