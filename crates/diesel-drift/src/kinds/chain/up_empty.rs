use super::chain_fixture;
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "up-empty",
    severity: Severity::Error,
    summary: "an `up.sql` without a statement: Diesel cannot apply it, nor what comes after it",
    fixture: Some(chain_fixture!("up-empty")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` has an `up.sql` without a statement",
            finding.subject
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    source.migrations.iter().filter_map(of_migration).collect()
}

fn of_migration(migration: &Migration) -> Option<Finding> {
    let up = migration.up().filter(|up| up.says_nothing())?;
    Some(
        Finding::new(&KIND, migration.subject())
            .at(&up.whole())
            .help(format!(
                "Diesel fails on it: \"{}\". Write the migration, or remove it; `SELECT 1;` does nothing and can be applied",
                super::words_for_nothing(up)
            )),
    )
}
