use super::{chain_fixture, side};
use crate::chain::ChainSource;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::introspect::AppliedVersion;
use crate::subject::Subject;
use std::collections::HashMap;

pub static KIND: Kind = Kind {
    id: "migration-reordered",
    severity: Severity::Note,
    summary: "a migration that was applied to the database after one that comes later in the chain",
    fixture: Some(chain_fixture!("migration-reordered")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` was applied after {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let rows = source.applied.as_deref().unwrap_or_default();
    let mut names: HashMap<&str, &str> = HashMap::new();
    for migration in &source.migrations {
        names.entry(&migration.version).or_insert(&migration.name);
    }
    // What comes later in the chain and was applied first, from the end on.
    let mut first: Option<&AppliedVersion> = None;
    let mut findings = Vec::new();
    for row in rows.iter().rev() {
        match first {
            Some(later) if later.run_on < row.run_on => findings.push(of_row(&names, row, later)),
            _ => first = Some(row),
        }
    }
    findings
}

fn of_row(names: &HashMap<&str, &str>, row: &AppliedVersion, later: &AppliedVersion) -> Finding {
    let name = |version: &String| {
        names
            .get(version.as_str())
            .copied()
            .unwrap_or(version)
            .to_owned()
    };
    Finding::new(&KIND, Subject::Migration(name(&row.version)))
        .declared(format!("`{}` ({}, {})", name(&later.version), row.run_on, later.run_on))
        .help("a fresh database runs them in the order of their versions: `diesel-drift verify` tells whether that makes a difference")
}
