use super::fixture;
use crate::compare::Comparison;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "custom-type-missing",
    severity: Severity::Error,
    summary: "`schema.rs` names a PostgreSQL type that the database does not have",
    fixture: Some(fixture!("custom-type-missing")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "type `{}` is declared, but the database has no such type",
            finding.subject
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .sql_types()
        .filter(|sql_type| {
            comparison
                .find_type(sql_type.schema.as_deref(), &sql_type.name)
                .is_none()
        })
        .map(|sql_type| {
            Finding::new(
                &KIND,
                Subject::Type(comparison.type_name(sql_type.schema.as_deref(), &sql_type.name)),
            )
            .at(&sql_type.span)
            .help("write a migration that creates the type, or remove the struct")
        })
        .collect()
}
