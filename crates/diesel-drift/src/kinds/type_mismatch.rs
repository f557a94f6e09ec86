use super::{fixture, side};
use crate::catalog::quote_identifier;
use crate::compare::{Comparison, Pair, Verdict, has_keys};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "type-mismatch",
    severity: Severity::Error,
    summary: "a column's declared type is not its type in the database",
    fixture: Some(fixture!("type-mismatch")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "column `{}` is declared as `{}`, but its type in the database is `{}`",
            finding.subject,
            side(&finding.declared),
            side(&finding.live)
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .columns()
        .filter_map(|(pair, relation, columns)| {
            let Pair::Both(declared, column) = columns else {
                return None;
            };
            if comparison.compare_types(pair, declared, column) != Verdict::Different {
                return None;
            }
            let finding = Finding::new(
                &KIND,
                Subject::Column(relation.name.clone(), declared.name.clone()),
            )
            .at(&declared.type_span)
            .declared(&declared.type_text)
            .live(&column.data_type.sql);
            let finding = if pair.outside {
                finding.severity(Severity::Warning)
            } else {
                finding
            };
            let finding = match comparison.sql_type_of(&declared.data_type) {
                Some(sql) if !pair.outside && has_keys(relation.kind) => finding.help(format!(
                    "if the code is right, write a migration: \
                     `ALTER TABLE {} ALTER COLUMN {} TYPE {sql} USING …;` \
                     (what USING cannot convert is lost)",
                    relation.name.to_sql(),
                    quote_identifier(&column.name)
                )),
                _ => finding,
            };
            Some(finding.help(format!(
                "if the database is right, write `{}`",
                comparison.print_column(relation, column)
            )))
        })
        .collect()
}
