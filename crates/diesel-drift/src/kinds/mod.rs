//! The kinds of drift: one file each, and one line in [`KINDS`].

mod chain;
mod column_missing;
mod column_order;
mod column_undeclared;
mod custom_type_missing;
mod element_nullability_mismatch;
mod enum_labels_mismatch;
mod foreign_key_missing;
mod foreign_key_undeclared;
mod length_mismatch;
mod lint;
mod migrations;
mod not_comparable;
mod nullability_mismatch;
mod objects;
mod primary_key_mismatch;
pub(crate) mod round_trip;
mod run;
mod suppression_unused;
mod table_missing;
mod table_undeclared;
mod type_mismatch;

use crate::catalog::class::{self, CLASSES};
use crate::finding::{Found, Kind};
use crate::rules::RULES;
use crate::text::{proposed, visible};
use lint::{LINT_KINDS, LINT_PAGE};
use migrations::{MIGRATION_KINDS, MIGRATIONS_PAGE};
use objects::OBJECTS_PAGE;
use round_trip::ROUND_TRIP_KINDS;

/// Reads a [`Fixture`] from the folder of that name.
macro_rules! fixture {
    ($id:literal) => {
        $crate::finding::Fixture::Database {
            page: include_str!(concat!("../../fixtures/", $id, "/page.md")),
            schema: include_str!(concat!("../../fixtures/", $id, "/schema.rs")),
            agreed: include_str!(concat!("../../fixtures/", $id, "/agreed.sql")),
            drift: include_str!(concat!("../../fixtures/", $id, "/drift.sql")),
            findings: include_str!(concat!("../../fixtures/", $id, "/findings.txt")),
        }
    };
}
use fixture;

/// Reads the [`Fixture`] of a kind that a chain shows from the folder of that name.
macro_rules! chain_fixture {
    ($id:literal) => {
        $crate::finding::Fixture::Chain {
            page: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/fixtures/",
                $id,
                "/page.md"
            )),
            findings: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/fixtures/",
                $id,
                "/findings.txt"
            )),
        }
    };
}
use chain_fixture;

/// The kinds that what the code declares is held against a database with: those with a fixture.
pub static KINDS: &[&Kind] = &[
    &table_missing::KIND,
    &table_undeclared::KIND,
    &column_missing::KIND,
    &column_undeclared::KIND,
    &type_mismatch::KIND,
    &length_mismatch::KIND,
    &nullability_mismatch::KIND,
    &element_nullability_mismatch::KIND,
    &primary_key_mismatch::KIND,
    &foreign_key_missing::KIND,
    &foreign_key_undeclared::KIND,
    &custom_type_missing::KIND,
    &enum_labels_mismatch::KIND,
    &column_order::KIND,
    &not_comparable::KIND,
    &suppression_unused::KIND,
];

pub use chain::CHAIN_KINDS;
pub(crate) use lint::{BASELINE_UNUSED, RULE_UNUSED};
pub(crate) use migrations::{fails, parted};
pub use objects::compare_states;
pub(crate) use objects::{compare_objects, finding as finding_of_change};
pub(crate) use objects::{is_long, message as object_message, text as shown};
pub use run::compare;
pub(crate) use suppression_unused::KIND as SUPPRESSION_UNUSED;

/// Every kind, in the order in which `diesel-drift kinds` lists them: those of declarations, of a chain of migrations, of two catalogs.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    (KINDS.iter().copied())
        .chain(CHAIN_KINDS.iter().copied())
        .chain(ROUND_TRIP_KINDS.iter().copied())
        .chain(RULES.iter().copied())
        .chain(LINT_KINDS)
        .chain(MIGRATION_KINDS)
        .chain(objects::OBJECT_KINDS.iter())
}

/// What there is to say about a kind that has no fixture.
pub(crate) fn page_without_fixture(kind: &Kind) -> &'static str {
    match kind {
        kind if matches!(kind.found, Found::ByOwnRule) => {
            "A rule of this project's own, in its `drift.toml`.\n"
        }
        kind if MIGRATION_KINDS.contains(&kind) => MIGRATIONS_PAGE,
        kind if LINT_KINDS.contains(&kind) => LINT_PAGE,
        _ => OBJECTS_PAGE,
    }
}

/// The kind with that id.
pub fn find(id: &str) -> Option<&'static Kind> {
    all().find(|kind| kind.id == id)
}

/// The kind with that id.
///
/// # Errors
/// A sentence that lists the ids where no kind has it.
pub fn named(id: &str) -> Result<&'static Kind, String> {
    find(id).ok_or_else(|| {
        let own = (KINDS.iter().chain(CHAIN_KINDS))
            .chain(ROUND_TRIP_KINDS)
            .chain(RULES)
            .chain(&LINT_KINDS)
            .chain(&MIGRATION_KINDS);
        let ids: Vec<_> = own.map(|kind| kind.id).collect();
        format!(
            "there is no kind `{}`{}; the kinds are {}, and -missing, -unexpected and -changed of each of {}",
            visible(id),
            proposed(id, all().map(|kind| kind.id)),
            ids.join(", "),
            class::ids()
        )
    })
}

/// The page of all kinds but the rules, in Markdown: a table, then the page of each with its example's `findings`.
pub fn page<'a>(findings: impl Fn(&Kind) -> &'a str) -> String {
    let unlinked: String = (MIGRATION_KINDS.iter())
        .map(|kind| row(kind, kind.id.to_owned()))
        .collect();
    let classes: Vec<_> = CLASSES
        .iter()
        .map(|class| format!("`{}`", class.id))
        .collect();
    let of_chains = [CHAIN_KINDS, ROUND_TRIP_KINDS].concat();
    format!(
        "# Kinds of drift\n\nThis page is written by `make bless` from the files in `fixtures/`, on which the tests run. The rules of \
         `diesel-drift lint` have [a page of their own](rules.md).\n\n\
         {}\n{}\n\
         ## Kinds of a chain of migrations\n\n{}{unlinked}\n{MIGRATIONS_PAGE}\n{}\n\
         ## Kinds of two catalogs\n\n{OBJECTS_PAGE}\n\
         `<class>-missing` is an error, `<class>-unexpected` a warning, `<class>-changed` an error, or a warning where no query's \
         result depends on the attribute. The classes: {}.\n",
        table(KINDS),
        pages(KINDS, &findings),
        table(&of_chains),
        pages(&of_chains, &findings),
        classes.join(", ")
    )
}

/// What there is to say about the kinds of what a team says of rules itself.
pub(crate) fn page_of_lint() -> String {
    let rows: String = (LINT_KINDS.iter())
        .map(|kind| row(kind, kind.id.to_owned()))
        .collect();
    format!(
        "## What is unused\n\n| kind | severity | what it means |\n|---|---|---|\n{rows}\n{LINT_PAGE}"
    )
}

fn table(kinds: &[&Kind]) -> String {
    let rows: String = (kinds.iter())
        .map(|kind| row(kind, format!("[{id}](#{id})", id = kind.id)))
        .collect();
    format!("| kind | severity | what it means |\n|---|---|---|\n{rows}")
}

fn row(kind: &Kind, name: String) -> String {
    let Kind {
        severity, summary, ..
    } = kind;
    format!("| {name} | {severity} | {summary} |\n")
}

/// The pages of kinds, one level lower.
pub(crate) fn pages<'a>(kinds: &[&Kind], findings: &impl Fn(&Kind) -> &'a str) -> String {
    let lower = |page: String| page.replace("\n## ", "\n### ").replacen("# ", "## ", 1);
    let pages: Vec<_> = (kinds.iter())
        .map(|kind| lower(kind.page_with(findings(kind))))
        .collect();
    pages.join("\n")
}

/// The text of a finding's side, for a sentence; kinds that have no such side never ask.
fn side(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}
