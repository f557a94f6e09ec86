use super::{Default, Rule, rule_fixture};
use crate::catalog::RelationKind;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "primary-key-absent",
    severity: Severity::Warning,
    summary: "a table without a primary key",
    fixture: Some(rule_fixture!("primary-key-absent")),
    found: Found::ByRule(&Rule {
        because: "Nothing tells one row from another: a duplicate can be neither found nor deleted alone, logical replication refuses \
                  UPDATE and DELETE, and Diesel has no `find`, `save_changes` or `Identifiable` for it.",
        instead: "a primary key: a column of its own, or, in a table that joins two others, the two references",
        default: Default::On,
        check,
    }),
    message: |finding| format!("table `{}` has no primary key", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        // What a child of inheritance is, its parent decides.
        .filter(|table| table.primary_key.is_none() && table.inherits.is_empty())
        .map(|table| {
            let finding = Finding::new(&KIND, Subject::Relation(table.name.clone()));
            let columns: Option<Vec<&str>> = (table.unique.iter())
                .find(|key| {
                    key.columns
                        .iter()
                        .all(|name| table.column(name).is_some_and(|column| column.not_null))
                })
                .map(|key| key.columns.iter().map(String::as_str).collect());
            match (columns, table.kind) {
                (Some(columns), RelationKind::Table) => finding.help(format!(
                    "({}) is unique and never null: it can be the primary key",
                    columns.join(", ")
                )),
                _ => finding,
            }
        })
        .collect()
}
