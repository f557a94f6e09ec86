use super::chain_fixture;
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "down-missing",
    severity: Severity::Warning,
    summary: "a migration without a `down.sql`, which Diesel cannot revert, and that is not declared irreversible",
    fixture: Some(chain_fixture!("down-missing")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` has no `down.sql`, and is not declared irreversible",
            finding.subject
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let cannot = |migration: &&Migration| {
        migration.down().is_none() && !source.is_irreversible(migration) && !misspelt(migration)
    };
    (source.runnable().filter(cannot))
        .map(|migration| {
            Finding::new(&KIND, migration.subject())
                .help("`diesel migration revert` fails on it: \"Missing `down.sql` file to revert migration\"")
                .help(super::declare_irreversible(migration))
        })
        .collect()
}

/// That is another finding.
fn misspelt(migration: &Migration) -> bool {
    let down = |name: &String| super::file_unread::meant(name) == Some("down.sql");
    migration.files.keys().any(down)
}
