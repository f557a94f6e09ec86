use super::{chain_fixture, side};
use crate::chain::ChainSource;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::introspect::AppliedVersion;
use crate::subject::Subject;

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
    // What comes later in the chain and was applied first, from the end on.
    let mut first: Option<&AppliedVersion> = None;
    let mut findings = Vec::new();
    for row in rows.iter().rev() {
        match first {
            Some(later) if later.run_on < row.run_on => findings.push(of_row(source, row, later)),
            _ => first = Some(row),
        }
    }
    findings
}

fn of_row(source: &ChainSource, row: &AppliedVersion, later: &AppliedVersion) -> Finding {
    let name = |version: &String| {
        let migration = source
            .migrations
            .iter()
            .find(|migration| migration.version == *version);
        migration
            .map_or(version, |migration| &migration.name)
            .clone()
    };
    Finding::new(&KIND, Subject::Migration(name(&row.version)))
        .declared(format!("`{}` ({}, {})", name(&later.version), row.run_on, later.run_on))
        .help("a fresh database runs them in the order of their versions: `diesel-drift verify` tells whether that makes a difference")
}
