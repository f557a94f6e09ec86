use super::{fixture, side};
use crate::compare::{Comparison, Pair, Verdict};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "not-comparable",
    severity: Severity::Note,
    summary: "a declared type of which the PostgreSQL name is not known",
    fixture: Some(fixture!("not-comparable")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "column `{}` is declared as `{}`, \
             and it is not known which PostgreSQL type that is (the database has `{}`)",
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
            let Pair::Both(declared, column) = columns else { return None };
            (comparison.compare_types(pair, declared, column) == Verdict::Unknown).then(|| {
                Finding::new(&KIND, Subject::Column(relation.name.clone(), declared.name.clone()))
                    .at(&declared.type_span)
                    .declared(&declared.type_text)
                    .live(&column.data_type.sql)
                    .help("no struct of that name with `postgres_type(name = …)` is in the project's sources: \
                         see which PostgreSQL type it stands for where it is defined")
            })
        })
        .collect()
}
