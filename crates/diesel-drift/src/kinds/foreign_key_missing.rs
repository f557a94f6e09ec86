use super::fixture;
use crate::catalog::quote_identifier;
use crate::compare::Comparison;
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "foreign-key-missing",
    severity: Severity::Warning,
    summary: "a `joinable!` that no foreign key backs",
    fixture: Some(fixture!("foreign-key-missing")),
    found: Found::InDeclarations(check),
    message: |finding| match &finding.live {
        Some(live) => format!(
            "`joinable!` `{}` has no foreign key: the column's key references `{live}`",
            finding.subject
        ),
        None => format!(
            "`joinable!` `{}` is backed by no foreign key",
            finding.subject
        ),
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .joins()
        .into_iter()
        .filter(|join| !join.is_backed())
        .map(|join| {
            let finding = Finding::new(&KIND, join.subject()).at(&join.declared.span);
            let finding = match join.other_target() {
                Some(target) => finding.live(target),
                None => finding,
            };
            // What a key references has to be unique on its own.
            let finding = match join.parent.declared.primary_key.as_slice() {
                [key] => finding.help(format!(
                    "write a migration: `ALTER TABLE {} ADD FOREIGN KEY ({}) REFERENCES {} ({});`",
                    join.child.name.to_sql(),
                    quote_identifier(join.column),
                    join.parent.name.to_sql(),
                    quote_identifier(key)
                )),
                _ => finding,
            };
            finding.help(
                "if the join is meant without a key, \
                     suppress this finding in drift.toml with the reason",
            )
        })
        .collect()
}
