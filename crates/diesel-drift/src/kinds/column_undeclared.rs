use super::{fixture, side};
use crate::catalog::RelationKind;
use crate::compare::{Comparison, Pair, is_view};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "column-undeclared",
    severity: Severity::Error,
    summary: "the table has a column that `schema.rs` does not declare",
    fixture: Some(fixture!("column-undeclared")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "column `{}` ({}) is in the database, but not declared",
            finding.subject,
            side(&finding.live)
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .columns()
        // Whoever declares a table of another owner declares what they need of it.
        .filter(|(pair, ..)| !pair.outside)
        // Of several `table!`s for one relation, only the fullest can be meant to be complete.
        .filter(|(pair, ..)| comparison.is_fullest(pair))
        .filter_map(|(pair, relation, columns)| {
            let Pair::Right(column) = columns else {
                return None;
            };
            // An INSERT that does not name it fails, unless PostgreSQL fills it in.
            let filled = !column.not_null
                || column.default.is_some()
                || column.identity.is_some()
                || column.generated.is_some();
            let severity = match relation.kind {
                kind if is_view(kind) || !comparison.scope.is_complete() => Severity::Note,
                RelationKind::Table | RelationKind::PartitionedTable if !filled => Severity::Error,
                _ => Severity::Warning,
            };
            Some(
                Finding::new(
                    &KIND,
                    Subject::Column(relation.name.clone(), column.name.clone()),
                )
                .severity(severity)
                .at(&pair.declared.span)
                .live(&column.data_type.sql)
                .help(format!(
                    "declare it: `{}`",
                    comparison.print_column(relation, column)
                ))
                .help(match is_view(relation.kind) {
                    true => {
                        "or write a migration that replaces the view by one without it".to_owned()
                    }
                    false => format!(
                        "or drop it: `ALTER TABLE {} DROP COLUMN {};` (destroys its data)",
                        relation.name.to_sql(),
                        crate::catalog::quote_identifier(&column.name)
                    ),
                }),
            )
        })
        .collect()
}
