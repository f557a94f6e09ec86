//! The rules that `diesel-drift lint` holds a schema to: one file each, and one line in [`RULES`].

mod allowed;
pub mod baseline;
mod foreign_key_unindexed;
mod linted;
pub mod own;
mod primary_key_absent;
mod run;
mod timestamp_without_time_zone;

use crate::finding::{Finding, Kind};
use crate::kinds;

pub use linted::Linted;
pub use run::{Lint, lint, lint_with, named, report, run};

/// Reads the [`Fixture`](crate::finding::Fixture) of a rule from the folder of that name; with `rust`, the sources beside the SQL as well.
macro_rules! rule_fixture {
    ($id:literal) => {
        rule_fixture!(@ $id, None)
    };
    ($id:literal, rust) => {
        rule_fixture!(@ $id, Some($crate::finding::Sides {
            bad: include_str!(concat!("../../fixtures/rules/", $id, "/bad.rs")),
            good: include_str!(concat!("../../fixtures/rules/", $id, "/good.rs")),
        }))
    };
    (@ $id:literal, $rust:expr) => {
        $crate::finding::Fixture::Rule {
            sql: $crate::finding::Sides {
                bad: include_str!(concat!("../../fixtures/rules/", $id, "/bad.sql")),
                good: include_str!(concat!("../../fixtures/rules/", $id, "/good.sql")),
            },
            rust: $rust,
            findings: include_str!(concat!("../../fixtures/rules/", $id, "/findings.txt")),
        }
    };
}
use rule_fixture;

/// What makes a kind a rule: what it says about a schema by itself, without anything that the schema is held against.
pub struct Rule {
    /// What goes wrong where it is broken: a sentence or two for somebody who is called at night.
    pub because: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// Whether it holds unless `drift.toml` sets its level.
    pub default: Default,
    /// Finds what breaks it, and nothing else: pure.
    pub check: fn(&Linted<'_>) -> Vec<Finding>,
}

/// Whether a rule holds unless `drift.toml` sets its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// It does.
    On,
    /// It is a matter of taste.
    Off,
}

/// The rules, in the order in which `diesel-drift kinds` lists them.
pub static RULES: &[&Kind] = &[
    &primary_key_absent::KIND,
    &foreign_key_unindexed::KIND,
    &timestamp_without_time_zone::KIND,
];

/// Where the list of rules begins in `docs/rules.md`.
pub const PAGE_BEGINS: &str = "<!-- written by `make bless` -->\n";

/// The list of rules in Markdown: a table, then the page of each with its example's `findings`.
pub fn page<'a>(findings: impl Fn(&Kind) -> &'a str) -> String {
    let rules = kinds::table_and_pages(RULES, findings);
    format!("{PAGE_BEGINS}\n{rules}\n{}", kinds::page_of_lint())
}
