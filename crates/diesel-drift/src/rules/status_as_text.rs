use super::words::{checks_of, list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::QualifiedName;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::{BTreeMap, HashSet};

pub static KIND: Kind = Kind {
    id: "status-as-text",
    severity: Severity::Note,
    summary: "free text where columns of the same name have an enum",
    fixture: Some(rule_fixture!("status-as-text")),
    found: Found::ByRule(&Rule {
        because: "Everything can be written there, `Done` beside `done`, and no code that reads it can be complete.",
        instead: "the enum of the others, or a check that lists the values; or say in a comment on the column why it is free",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is free text, and `{}` elsewhere",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns();
    let enums: HashSet<_> = (linted.catalog().enums.iter())
        .map(|item| &item.name)
        .collect();
    let mut typed: BTreeMap<(&str, &str), QualifiedName> = BTreeMap::new();
    for column in columns.iter() {
        let name = column.data_type.qualified_name();
        if enums.contains(&name) && !column.data_type.array {
            let key = (
                column.table.relation().name.schema.as_str(),
                column.item().name.as_str(),
            );
            typed.entry(key).or_insert(name);
        }
    }
    (columns.iter())
        .filter(|column| {
            ["text", "varchar"].contains(&column.data_type.name.as_str()) && !column.data_type.array
        })
        .filter(|column| {
            let mut checks = checks_of(column.table.relation(), &column.name);
            checks.next().is_none()
                && column.comment.is_none()
                && column.foreign_keys().next().is_none()
                && !column.is_in_primary_key()
        })
        .filter_map(|column| {
            let key = (column.table.name.schema.as_str(), column.name.as_str());
            let of_others = typed.get(&key)?;
            let finding = Finding::new(&KIND, column.subject()).live(of_others.to_string());
            let (name, of_others) = (list([&column.name]), of_others.to_sql());
            // A default is of the old type.
            Some(match column.default {
                Some(_) => finding,
                None => finding.help(format!(
                    "write `ALTER TABLE {} ALTER COLUMN {name} TYPE {of_others} USING {name}::{of_others};`, or a check that lists the values; or say in a \
                     comment on the column why it is free",
                    column.table.name.to_sql()
                )),
            })
        })
        .collect()
}
