use super::{fixture, side};
use crate::compare::{Comparison, has_keys};
use crate::declared::rust_identifier;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;
use crate::text::show_name;
use std::collections::BTreeSet;

pub static KIND: Kind = Kind {
    id: "primary-key-mismatch",
    severity: Severity::Error,
    summary: "a table's declared primary key is not its primary key in the database",
    fixture: Some(fixture!("primary-key-mismatch")),
    found: Found::InDeclarations(check),
    message: |finding| match &finding.live {
        Some(live) => format!(
            "table `{}` is declared with primary key `({})`, but in the database it is `({live})`",
            finding.subject,
            side(&finding.declared)
        ),
        None => format!(
            "table `{}` is declared with primary key `({})`, \
             but it has no primary key in the database",
            finding.subject,
            side(&finding.declared)
        ),
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .tables
        .iter()
        // Views and foreign tables have no keys, and the key of another owner's table is what the code makes of it.
        .filter(|pair| !pair.outside)
        .filter_map(|pair| {
            let relation = pair.relation.filter(|relation| has_keys(relation.kind))?;
            let declared = &pair.declared.primary_key;
            if declared.is_empty() {
                // A `view!`.
                return None;
            }
            let finding = Finding::new(&KIND, Subject::Relation(relation.name.clone()))
                .at(&pair.declared.primary_key_span)
                .declared(list(declared));
            match &relation.primary_key {
                Some(key) if key.columns == *declared => None,
                Some(key) => {
                    let same_columns = as_set(&key.columns) == as_set(declared);
                    Some(
                        finding
                            // Diesel names the columns of a key, so their order breaks nothing.
                            .severity(if same_columns {
                                Severity::Warning
                            } else {
                                Severity::Error
                            })
                            .live(list(&key.columns))
                            .help(format!(
                                "write `{} ({})`",
                                pair.declared.rust_name,
                                identifiers(&key.columns)
                            ))
                            .help("or write a migration that replaces the primary key"),
                    )
                }
                None if is_unique(relation, declared) => None,
                None => Some(finding.severity(Severity::Warning).help(format!(
                        "write a migration: `ALTER TABLE {} ADD PRIMARY KEY ({});`",
                        relation.name.to_sql(),
                        declared
                            .iter()
                            .map(|name| crate::catalog::quote_identifier(name))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ))),
            }
        })
        .collect()
}

/// Whether a unique index over just these columns makes them a key in all but name.
fn is_unique(relation: &crate::catalog::Relation, columns: &[String]) -> bool {
    let wanted = as_set(columns);
    relation.indexes.iter().any(|index| {
        index.unique && index.predicate.is_none() && !index.invalid && {
            let names: Option<BTreeSet<&str>> = index
                .columns
                .iter()
                .map(|column| match &column.term {
                    crate::catalog::IndexTerm::Column(name) => Some(name.as_str()),
                    crate::catalog::IndexTerm::Expression(_) => None,
                })
                .collect();
            names.as_ref() == Some(&wanted)
        }
    })
}

fn as_set(names: &[String]) -> BTreeSet<&str> {
    names.iter().map(String::as_str).collect()
}

/// What stands in a `table!`'s parentheses.
fn identifiers(names: &[String]) -> String {
    names
        .iter()
        .map(|name| rust_identifier(name))
        .collect::<Vec<_>>()
        .join(", ")
}

fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| show_name(name))
        .collect::<Vec<_>>()
        .join(", ")
}
