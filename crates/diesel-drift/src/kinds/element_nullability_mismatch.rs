use super::{fixture, side};
use crate::compare::{Comparison, Pair, Verdict};
use crate::declared::Type;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "element-nullability-mismatch",
    severity: Severity::Note,
    summary: "an array is declared without NULL elements, which PostgreSQL does not rule out",
    fixture: Some(fixture!("element-nullability-mismatch")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "column `{}` is declared as `{}`, \
             but nothing in the database keeps NULL out of the array",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .columns()
        .filter_map(|(pair, relation, columns)| {
            let Pair::Both(declared, column) = columns else { return None };
            let Type::Array { nullable: false, .. } = declared.data_type else { return None };
            if comparison.compare_types(pair, declared, column) == Verdict::Different
                || comparison.elements_never_null(relation, column)
            {
                return None;
            }
            Some(
                Finding::new(&KIND, Subject::Column(relation.name.clone(), declared.name.clone()))
                    .at(&declared.type_span)
                    .declared(&declared.type_text)
                    .live(&column.data_type.sql)
                    .help(format!(
                        "if an element can be NULL, write `{}`; \
                         if not, let the database say so: `CHECK (array_position({}, NULL) IS NULL)`",
                        comparison.print_column(relation, column),
                        crate::catalog::quote_identifier(&column.name)
                    )),
            )
        })
        .collect()
}
