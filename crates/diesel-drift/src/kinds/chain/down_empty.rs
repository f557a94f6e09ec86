use super::chain_fixture;
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "down-empty",
    severity: Severity::Warning,
    summary: "a `down.sql` without a statement, which Diesel cannot run, of a migration that is not declared irreversible",
    fixture: Some(chain_fixture!("down-empty")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` has a `down.sql` without a statement, and is not declared irreversible",
            finding.subject
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let reversible = |migration: &&Migration| !source.is_irreversible(migration);
    (source.migrations.iter().filter(reversible))
        .filter_map(of_migration)
        .collect()
}

fn of_migration(migration: &Migration) -> Option<Finding> {
    let down = migration.down().filter(|down| down.says_nothing())?;
    Some(
        Finding::new(&KIND, migration.subject())
            .at(&down.whole())
            .help(format!(
                "`diesel migration revert` fails on it: \"{}\"; `SELECT 1;` does nothing and can be run",
                super::words_for_nothing(down)
            ))
            .help(super::declare_irreversible(migration)),
    )
}
