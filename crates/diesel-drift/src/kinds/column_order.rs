use super::{fixture, side};
use crate::compare::{Comparison, Pair};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;
use crate::text::show_name;

pub static KIND: Kind = Kind {
    id: "column-order",
    severity: Severity::Note,
    summary: "columns are declared in another order than the table has them",
    fixture: Some(fixture!("column-order")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "columns of `{}` are declared in the order {}, but the table has them as {}",
            finding.subject,
            side(&finding.declared),
            side(&finding.live)
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .tables
        .iter()
        .filter(|pair| !pair.outside)
        .filter_map(|pair| {
            let relation = pair.relation?;
            if comparison
                .scope
                .sorts_columns_by_name(&relation.name.schema)
            {
                return None;
            }
            let shared = |name: &str| {
                pair.columns.iter().any(
                    |columns| matches!(columns, Pair::Both(declared, _) if declared.name == name),
                )
            };
            let declared: Vec<&str> = pair
                .declared
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .filter(|name| shared(name))
                .collect();
            let live: Vec<&str> = relation
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .filter(|name| shared(name))
                .collect();
            let first = declared
                .iter()
                .zip(&live)
                .position(|(declared, live)| declared != live)?;
            let last = declared
                .iter()
                .zip(&live)
                .rposition(|(declared, live)| declared != live)?;
            Some(
                Finding::new(&KIND, Subject::Relation(relation.name.clone()))
                    .at(&pair.declared.span)
                    .declared(list(&declared[first..=last]))
                    .live(list(&live[first..=last]))
                    .help(
                        "Diesel names its columns, so queries work; \
                         `diesel print-schema` writes the table's order",
                    ),
            )
        })
        .collect()
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{}`", show_name(name)))
        .collect::<Vec<_>>()
        .join(", ")
}
