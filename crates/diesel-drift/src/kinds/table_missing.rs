use super::fixture;
use crate::compare::Comparison;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;
use crate::text::show_name;

pub static KIND: Kind = Kind {
    id: "table-missing",
    severity: Severity::Error,
    summary: "`schema.rs` declares a table that the database does not have",
    fixture: Some(fixture!("table-missing")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "table `{}` is declared, but the database has no such relation",
            finding.subject
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .tables
        .iter()
        .filter(|pair| pair.relation.is_none())
        .map(|pair| {
            let finding =
                Finding::new(&KIND, Subject::Relation(pair.name.clone())).at(&pair.declared.span);
            let elsewhere = comparison.schemas_with(&pair.name.name);
            if elsewhere.is_empty() {
                finding.help("write a migration that creates it, or remove the `table!`")
            } else {
                finding.help(format!(
                    "a relation of that name is in schema {}: name the schema in the `table!`",
                    elsewhere
                        .iter()
                        .map(|schema| format!("`{}`", show_name(schema)))
                        .collect::<Vec<_>>()
                        .join(", ")
                ))
            }
        })
        .collect()
}
