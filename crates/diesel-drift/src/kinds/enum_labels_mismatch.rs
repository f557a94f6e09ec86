use super::{fixture, side};
use crate::compare::Comparison;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "enum-labels-mismatch",
    severity: Severity::Error,
    summary: "a Rust enum and its PostgreSQL enum have different labels",
    fixture: Some(fixture!("enum-labels-mismatch")),
    found: Found::InDeclarations(check),
    message: |finding| match (&finding.declared, &finding.live) {
        (Some(declared), None) => format!(
            "enum `{}` has no label {declared} in the database",
            finding.subject
        ),
        (None, Some(live)) => format!(
            "enum `{}` has the label {live} in the database, which the Rust enum lacks",
            finding.subject
        ),
        _ => format!(
            "enum `{}` lacks the label {} in the database, and the Rust enum lacks {}",
            finding.subject,
            side(&finding.declared),
            side(&finding.live)
        ),
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .enums()
        .filter_map(|(rust, live)| {
            let only_rust: Vec<_> = rust
                .writes
                .iter()
                .filter(|label| !live.labels.contains(&label.label))
                .collect();
            let only_live: Vec<_> = match &rust.reads {
                Some(reads) => live
                    .labels
                    .iter()
                    .filter(|label| !reads.iter().any(|read| read.label == **label))
                    .collect(),
                None => Vec::new(),
            };
            let place = only_rust.first().map_or(&rust.span, |label| &label.span);
            let mut finding = Finding::new(&KIND, Subject::Type(live.name.clone())).at(place);
            if !only_rust.is_empty() {
                finding =
                    finding.declared(list(only_rust.iter().map(|label| label.label.as_str())));
            }
            for label in &only_rust {
                finding = finding.help(format!(
                    "a row with it cannot be written: \
                     `ALTER TYPE {} ADD VALUE '{}';` (or RENAME VALUE)",
                    live.name.to_sql(),
                    label.label.replace('\'', "''")
                ));
            }
            if !only_live.is_empty() {
                finding = finding
                    .live(list(only_live.iter().map(|label| label.as_str())))
                    .help(format!(
                        "a row with it cannot be read: add a variant to `{}`",
                        rust.rust_name
                    ));
            }
            (!only_rust.is_empty() || !only_live.is_empty()).then_some(finding)
        })
        .collect()
}

fn list<'a>(labels: impl Iterator<Item = &'a str>) -> String {
    labels
        .map(|label| format!("'{}'", label.escape_debug()))
        .collect::<Vec<_>>()
        .join(", ")
}
