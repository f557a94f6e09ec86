use super::{fixture, side};
use crate::compare::Comparison;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::text::show_name;

pub static KIND: Kind = Kind {
    id: "foreign-key-undeclared",
    severity: Severity::Note,
    summary: "a foreign key without a `joinable!`",
    fixture: Some(fixture!("foreign-key-undeclared")),
    found: Found::InDeclarations(check),
    message: |finding| {
        format!(
            "foreign key `{}` (`{}`) has no `joinable!`",
            side(&finding.live),
            finding.subject
        )
    },
};

fn check(comparison: &Comparison<'_>) -> Vec<Finding> {
    comparison
        .undeclared_joins()
        .into_iter()
        .map(|join| {
            Finding::new(&KIND, join.subject())
                .at(&join.child.declared.span)
                .live(show_name(&join.foreign_key.name))
                .help(format!(
                    "to join the tables, write `diesel::joinable!({} -> {} ({}));`",
                    join.child.declared.rust_name,
                    join.parent.declared.rust_name,
                    join.column.rust_name
                ))
        })
        .collect()
}
