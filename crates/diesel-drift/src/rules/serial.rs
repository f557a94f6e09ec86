use super::words::{by_schema, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Catalog, Column};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::BTreeSet;

pub static KIND: Kind = Kind {
    id: "serial",
    severity: Severity::Note,
    summary: "columns of type `serial` in a schema that has identity columns as well",
    fixture: Some(rule_fixture!("serial")),
    found: Found::ByRule(&Rule {
        because: "A serial column takes any value that an INSERT gives it, and its sequence has privileges and an owner of its own, which a GRANT on the table does not \
                  reach. Where a project has begun to use identity columns, these are what is left.",
        instead: "`bigint GENERATED ALWAYS AS IDENTITY`",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "schema `{}` has serial columns beside identity: {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.tables().columns();
    // A project that has none has chosen.
    let chosen: BTreeSet<&str> = (columns.iter())
        .filter(|column| column.identity.is_some())
        .map(|column| column.table.relation().name.schema.as_str())
        .collect();
    let serial = (columns.iter().copied())
        .filter(|column| is_serial(column, linted.catalog()))
        .filter(|column| chosen.contains(column.table.name.schema.as_str()));
    by_schema(&KIND, serial)
}

/// Whether a column takes its values from a sequence that is its own.
pub(super) fn is_serial(column: &Member<'_, Column>, catalog: &Catalog) -> bool {
    let is_its_own = || {
        catalog.sequences.iter().any(|sequence| {
            let owner = sequence.owned_by.as_ref();
            owner.is_some_and(|owner| {
                owner.relation == column.table.name && owner.column == column.name
            })
        })
    };
    let default = column.default.as_deref();
    default.is_some_and(|default| default.starts_with("nextval("))
        && !column.inherited
        && is_its_own()
}
