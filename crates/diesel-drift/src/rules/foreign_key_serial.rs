use super::words::list;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-serial",
    severity: Severity::Warning,
    summary: "a column that refers to another table and numbers itself",
    fixture: Some(rule_fixture!("foreign-key-serial")),
    found: Found::ByRule(&Rule {
        because: "An INSERT that forgets the column gets the next number of its own sequence: a row that belongs to whoever has that number.",
        instead: "`bigint`, without a default",
        default: Default::On,
        others: &[("squawk", "`prefer-identity`, which says nothing of the key")],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is a foreign key and takes its default from a sequence",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.columns().into_iter())
        .filter(|column| column.foreign_keys().any(|key| key.columns.len() == 1))
        .filter(|column| column.identity.is_some() || linted.is_serial(column))
        .map(|column| {
            let what = match column.identity {
                Some(_) => "IDENTITY",
                None => "DEFAULT",
            };
            Finding::new(&KIND, column.subject()).help(format!(
                "write `ALTER TABLE {} ALTER COLUMN {} DROP {what};`",
                column.table.name.to_sql(),
                list([&column.name])
            ))
        })
        .collect()
}
