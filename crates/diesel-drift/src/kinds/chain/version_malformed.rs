use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "version-malformed",
    severity: Severity::Warning,
    summary: "a migration whose name does not begin with digits and an underscore, as `2026-01-24-120000_add_trace_id` does",
    fixture: Some(chain_fixture!("version-malformed")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` has {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

/// `__diesel_schema_migrations.version` is a `VARCHAR(50)`.
pub(super) const LONGEST: usize = 50;

const HELP: &str = "the version is the name up to the first `_`, without dashes, and Diesel applies migrations in the order of their versions \
                    as texts. Where it ran nowhere yet, rename it; where it did, rename it together with its row in \
                    `__diesel_schema_migrations`, or leave it";

fn check(source: &ChainSource) -> Vec<Finding> {
    source.runnable().filter_map(of_migration).collect()
}

fn of_migration(migration: &Migration) -> Option<Finding> {
    let Migration { name, version, .. } = migration;
    let finding = |why: &str| {
        Finding::new(&KIND, migration.subject())
            .declared(format!("the version `{version}`: {why}"))
            .help(HELP)
    };
    let length = version.chars().count();
    if length > LONGEST {
        let why = format!(
            "{length} characters, and Diesel's table of applied migrations holds {LONGEST}, so that it cannot be applied"
        );
        return Some(finding(&why).severity(Severity::Error));
    }
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    match (is_number, name.contains('_')) {
        (true, _) => None,
        (false, true) => Some(finding("it is no number, and sorts as text")),
        (false, false) => Some(finding("the whole name, because it has no `_`")),
    }
}
