use super::{fixture, side};
use crate::compare::{Comparison, Pair, is_view};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "column-missing",
    severity: Severity::Error,
    summary: "`schema.rs` declares a column that the table does not have",
    fixture: Some(fixture!("column-missing")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "column `{}` is declared as `{}`, but the table has no such column",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .columns()
        .filter_map(|(pair, relation, columns)| match columns {
            Pair::Left(declared) => Some(
                Finding::new(
                    &KIND,
                    Subject::Column(relation.name.clone(), declared.name.clone()),
                )
                .at(&declared.span)
                .declared(&declared.type_text)
                .help(match is_view(relation.kind) {
                    true => "write a migration that replaces the view by one with it".to_owned(),
                    false => comparison.add_column(relation, declared),
                })
                .help(format!(
                    "or remove the line from `table! {{ {} }}`",
                    pair.declared.rust_name
                )),
            ),
            _ => None,
        })
        .collect()
}
