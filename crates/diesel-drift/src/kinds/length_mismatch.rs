use super::{fixture, side};
use crate::compare::{Comparison, Pair};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "length-mismatch",
    severity: Severity::Warning,
    summary: "a column's `#[max_length]` is not its length in the database",
    fixture: Some(fixture!("length-mismatch")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "column `{}` is declared with `#[max_length = {}]`, but in the database it is `{}`",
            finding.subject,
            side(&finding.declared),
            side(&finding.live)
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .columns()
        .filter_map(|(_, relation, columns)| {
            let Pair::Both(declared, column) = columns else {
                return None;
            };
            let declared_length = declared.max_length?;
            let live = comparison.resolve_domain(&column.data_type);
            // A type without any notion of length is another finding.
            let has_length =
                ["varchar", "bpchar", "text", "bit", "varbit"].contains(&live.name.as_str());
            if !has_length || live.length == Some(declared_length) {
                return None;
            }
            Some(
                Finding::new(
                    &KIND,
                    Subject::Column(relation.name.clone(), declared.name.clone()),
                )
                .at(&declared.span)
                .declared(declared_length.to_string())
                .live(&live.sql)
                .help(match live.length {
                    Some(length) => format!(
                        "write `#[max_length = {length}]`, \
                             or a migration that changes the column's type"
                    ),
                    None => "remove `#[max_length]`, \
                             or write a migration that limits the column's type"
                        .to_owned(),
                }),
            )
        })
        .collect()
}
