use super::{fixture, side};
use crate::catalog::quote_identifier;
use crate::compare::{Comparison, Pair, is_view};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "nullability-mismatch",
    severity: Severity::Error,
    summary: "a column is `Nullable` on one side only",
    fixture: Some(fixture!("nullability-mismatch")),
    found: Found::InDeclarations(check),
    message: |finding| match side(&finding.live) {
        "NULL" => format!(
            "column `{}` is declared as `{}`, but the database allows NULL in it",
            finding.subject,
            side(&finding.declared)
        ),
        _ => format!(
            "column `{}` is declared as `{}`, but it is NOT NULL in the database",
            finding.subject,
            side(&finding.declared)
        ),
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .columns()
        // PostgreSQL does not know which columns of a view can be null.
        .filter(|(_, relation, _)| !is_view(relation.kind))
        .filter_map(|(_, relation, columns)| {
            let Pair::Both(declared, column) = columns else {
                return None;
            };
            let finding = Finding::new(
                &KIND,
                Subject::Column(relation.name.clone(), declared.name.clone()),
            )
            .at(&declared.type_span)
            .declared(&declared.type_text);
            let alter = |action: &str| {
                format!(
                    "`ALTER TABLE {} ALTER COLUMN {} {action} NOT NULL;`",
                    relation.name.to_sql(),
                    quote_identifier(&column.name)
                )
            };
            let domains = comparison.domains_of(&column.data_type);
            let never_null = column.not_null || domains.iter().any(|domain| domain.not_null);
            // What Diesel CLI prints: the column's own constraint, or its domain's, but not that of the domain's base.
            let printed_not_null =
                column.not_null || domains.first().is_some_and(|domain| domain.not_null);
            if !declared.nullable && !never_null {
                Some(
                    finding
                        .live("NULL")
                        .help(format!(
                            "a NULL fails when it is read: write `{}`",
                            comparison.print_column(relation, column)
                        ))
                        .help(format!("or write a migration: {}", alter("SET"))),
                )
            } else if declared.nullable && printed_not_null {
                let finding = finding
                    .severity(Severity::Warning)
                    .live("NOT NULL")
                    .help(format!(
                        "write `{}`",
                        comparison.print_column(relation, column)
                    ));
                // PostgreSQL keeps keys and identities from being null, whatever a migration says.
                let key = relation
                    .primary_key
                    .as_ref()
                    .is_some_and(|key| key.columns.contains(&column.name));
                let fixed = key || column.identity.is_some() || !column.not_null;
                Some(match fixed {
                    true => finding,
                    false => finding.help(format!("or write a migration: {}", alter("DROP"))),
                })
            } else {
                None
            }
        })
        .collect()
}
