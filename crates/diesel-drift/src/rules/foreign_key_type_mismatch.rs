use super::words::{member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{DataType, ForeignKey};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-type-mismatch",
    severity: Severity::Warning,
    summary: "a foreign key whose column cannot hold what it refers to",
    fixture: Some(rule_fixture!("foreign-key-type-mismatch")),
    found: Found::ByRule(&Rule {
        because: "It works until the key that it refers to outgrows it: then every insert fails, for each table that points there, on the day on which \
                  the sequence passes two billion.",
        instead: "the type of the column that it refers to",
        default: Default::On,
        check,
    }),
    message: |finding| format!("foreign key `{}`: {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited)
        .filter_map(|key| {
            let (name, own, target) = mismatched(&key, linted)?;
            let finding = Finding::new(&KIND, member_subject(&key)).live(format!(
                "`{name}` is {}, and what it refers to is {}",
                own.sql, target.sql
            ));
            Some(finding.help(format!(
                "write `ALTER TABLE {} ALTER COLUMN {} TYPE {};`",
                key.table.name.to_sql(),
                super::words::list([name]),
                target.sql
            )))
        })
        .collect()
}

/// The first column that is narrower than what it refers to, or of another family.
fn mismatched<'a>(
    key: &Member<'a, ForeignKey>,
    linted: &Linted<'a>,
) -> Option<(&'a str, &'a DataType, &'a DataType)> {
    let target = key.target()?.relation();
    let pairs = key.item().columns.iter().zip(&key.item().target_columns);
    let mut pairs = pairs.filter_map(|(own, other)| {
        let own = key.table.relation().column(own)?;
        let other = target.column(other)?;
        Some((
            own.name.as_str(),
            linted.base(&own.data_type),
            linted.base(&other.data_type),
        ))
    });
    pairs.find(|(_, own, other)| !holds(own, other))
}

/// Whether every value of the `other` type fits into the `own`.
fn holds(own: &DataType, other: &DataType) -> bool {
    if (&own.schema, &own.name, own.array) == (&other.schema, &other.name, other.array) {
        return match (own.length, other.length) {
            (Some(own), Some(other)) => own >= other,
            (Some(_), None) => own.name == "bpchar",
            (None, _) => true,
        };
    }
    let integers = ["int2", "int4", "int8"];
    let width = |data_type: &DataType| integers.iter().position(|name| *name == data_type.name);
    let is_text =
        |data_type: &DataType| ["text", "varchar", "bpchar"].contains(&data_type.name.as_str());
    match (width(own), width(other)) {
        (Some(own), Some(other)) => own >= other,
        // PostgreSQL compares them as text; a shorter one refuses a value, which is what its length is for.
        _ => is_text(own) && is_text(other),
    }
}
