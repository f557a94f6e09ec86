//! The rules that `diesel-drift lint` holds a schema to: one file each, and one line in [`RULES`].

mod accepted;
mod allowed;
pub mod baseline;
mod boolean_pair;
mod char_padded;
mod comment_missing;
mod constraint_unvalidated;
mod created_at_missing;
mod definer_public;
mod definer_search_path;
mod enum_as_text;
mod enum_unused;
mod foreign_key_circular;
mod foreign_key_disabled;
mod foreign_key_duplicate;
mod foreign_key_serial;
mod foreign_key_type_mismatch;
mod foreign_key_unfulfillable;
pub(crate) mod foreign_key_unindexed;
mod id_type_inconsistent;
mod immutable_unenforced;
mod index_duplicate;
mod index_invalid;
mod index_redundant;
mod json_text;
mod linted;
mod model_missing;
mod model_nullability;
mod model_order;
mod money;
mod name_long;
mod name_quoted;
pub mod own;
mod policy_absent;
mod policy_unenforced;
mod primary_key_absent;
mod primary_key_int4;
mod reference_in_json;
mod reference_unconstrained;
mod run;
mod schema_public_create;
mod self_reference_unchecked;
mod serial;
mod status_as_text;
mod timestamp_without_time_zone;
#[cfg(test)]
mod trial;
mod trigger_disabled;
mod unique_nullable;
mod updated_at_stale;
mod varchar_limited;
mod words;

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
    /// Which of [`OTHERS`] has it as well, and what it says otherwise: as run or read on the bad example.
    pub others: &'static [(&'static str, &'static str)],
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

/// The rules, by id.
pub static RULES: &[&Kind] = &[
    &boolean_pair::KIND,
    &char_padded::KIND,
    &comment_missing::KIND,
    &constraint_unvalidated::KIND,
    &created_at_missing::KIND,
    &definer_public::KIND,
    &definer_search_path::KIND,
    &enum_as_text::KIND,
    &enum_unused::KIND,
    &foreign_key_circular::KIND,
    &foreign_key_disabled::KIND,
    &foreign_key_duplicate::KIND,
    &foreign_key_serial::KIND,
    &foreign_key_type_mismatch::KIND,
    &foreign_key_unfulfillable::KIND,
    &foreign_key_unindexed::KIND,
    &id_type_inconsistent::KIND,
    &immutable_unenforced::KIND,
    &index_duplicate::KIND,
    &index_invalid::KIND,
    &index_redundant::KIND,
    &json_text::KIND,
    &model_missing::KIND,
    &model_nullability::KIND,
    &model_order::KIND,
    &money::KIND,
    &name_long::KIND,
    &name_quoted::KIND,
    &policy_absent::KIND,
    &policy_unenforced::KIND,
    &primary_key_absent::KIND,
    &primary_key_int4::KIND,
    &reference_in_json::KIND,
    &reference_unconstrained::KIND,
    &schema_public_create::KIND,
    &self_reference_unchecked::KIND,
    &serial::KIND,
    &status_as_text::KIND,
    &timestamp_without_time_zone::KIND,
    &trigger_disabled::KIND,
    &unique_nullable::KIND,
    &updated_at_stale::KIND,
    &varchar_limited::KIND,
];

/// The linters of schemas and migrations with which each rule was compared.
pub const OTHERS: [&str; 5] = [
    "splinter",
    "squawk",
    "diesel-guard",
    "database_consistency",
    "active_record_doctor",
];

impl Rule {
    /// Who has it as well, in a sentence.
    pub(crate) fn others_have(&self) -> String {
        let [first @ .., last] = OTHERS;
        match self.others {
            [] => format!("None of {} and {last} has it.", first.join(", ")),
            others => {
                let said: Vec<String> = (others.iter())
                    .map(|(tool, what)| format!("{tool}: {what}"))
                    .collect();
                format!("Elsewhere: {}.", said.join("; "))
            }
        }
    }
}

/// Where the list of rules begins in `docs/rules.md`.
pub const PAGE_BEGINS: &str = "<!-- written by `make bless` -->\n";

/// The list of rules in Markdown: a table, then the page of each with its example's `findings`.
pub fn page<'a>(findings: impl Fn(&Kind) -> &'a str) -> String {
    let row = |kind: &&Kind| {
        let off = match kind.rule().map(|rule| rule.default) {
            Some(Default::Off) => "off, ",
            Some(Default::On) | None => "",
        };
        let others: Vec<&str> = (kind.rule().iter())
            .flat_map(|rule| rule.others.iter().map(|(tool, _)| *tool))
            .collect();
        let Kind {
            id,
            severity,
            summary,
            ..
        } = kind;
        format!(
            "| [{id}](#{id}) | {off}{severity} | {summary} | {} |\n",
            others.join(", ")
        )
    };
    let rows: String = RULES.iter().map(row).collect();
    format!(
        "{PAGE_BEGINS}\n| rule | severity | what it finds | who has it as well |\n|---|---|---|---|\n{rows}\n{}\n{}",
        kinds::pages(RULES, &findings),
        kinds::page_of_lint()
    )
}
