use super::{fixture, side};
use crate::catalog::Relation;
use crate::compare::Comparison;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "table-undeclared",
    severity: Severity::Error,
    summary: "the database has a table that `schema.rs` does not declare",
    fixture: Some(fixture!("table-undeclared")),
    found: Found::InDeclarations(check),
    message: |finding| match side(&finding.live) {
        "" => format!(
            "table `{}` is in the database, but `schema.rs` does not declare it",
            finding.subject
        ),
        reason => format!("table `{}` is not declared: {reason}", finding.subject),
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .undeclared
        .iter()
        .map(|relation| {
            let finding = Finding::new(&KIND, Subject::Relation(relation.name.clone()));
            match why_not_declarable(relation) {
                Some(reason) => finding.severity(Severity::Note).live(reason),
                None => finding
                    .help(format!("declare it:\n{}", comparison.print_table(relation)))
                    .help(
                        "or leave it out with `filter` in diesel.toml, \
                         or write a migration that drops it (destroys its data)",
                    ),
            }
        })
        .collect()
}

/// Diesel cannot declare a table without a key, and need not declare a partition.
fn why_not_declarable(relation: &Relation) -> Option<String> {
    if let Some(partition) = &relation.partition_of {
        Some(format!(
            "it is a partition of `{}`",
            Subject::Relation(partition.parent.clone())
        ))
    } else if relation.primary_key.is_none() {
        Some("it has no primary key, which Diesel needs".to_owned())
    } else {
        None
    }
}
