use super::words::{checks_of, list, member_subject, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "self-reference-unchecked",
    severity: Severity::Note,
    summary: "a table that refers to itself, and no check that keeps a row from being its own parent",
    fixture: Some(rule_fixture!("self-reference-unchecked")),
    found: Found::ByRule(&Rule {
        because: "A row that is its own parent makes every walk up the tree endless: a recursive query runs until the disk is full.",
        instead: "`CHECK (parent_id <> id)`",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` lets a row be its own parent ({})",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| key.target == key.table.name && !key.inherited && !key.deferrable)
        .filter_map(|key| {
            let [column] = key.item().columns.as_slice() else {
                return None;
            };
            let [id] = key.item().target_columns.as_slice() else {
                return None;
            };
            let table = key.table;
            let is_primary = table
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns == [id.clone()]);
            // A root that may not be null has to be its own.
            let is_nullable = (table.column(column))
                .is_some_and(|column| linted.takes_null(column, table.relation()));
            let is_checked =
                checks_of(table.relation(), column).any(|check| mentions(&check.expression, id));
            let names = [column, id].map(|name| list([name]));
            (is_primary && is_nullable && !is_checked && table.triggers.is_empty()).then(|| {
                Finding::new(&KIND, member_subject(&key))
                    .live(column)
                    .help(format!(
                        "write `ALTER TABLE {} ADD CHECK ({} <> {});`",
                        table.name.to_sql(),
                        names[0],
                        names[1]
                    ))
            })
        })
        .collect()
}
