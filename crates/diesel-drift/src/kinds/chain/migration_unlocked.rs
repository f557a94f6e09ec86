use super::{chain_fixture, side};
use crate::chain::{ChainSource, Record};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "migration-unlocked",
    severity: Severity::Note,
    summary: "a migration that `migrations.lock` does not have: it is not released yet",
    fixture: Some(chain_fixture!("migration-unlocked")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` is not in {} yet",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let locks = source.records.iter().filter(|record| record.is_lock);
    let unlocked = |record: &Record| {
        let name = record.name.clone();
        let known: std::collections::BTreeSet<String> = record.now.keys().cloned().collect();
        source
            .runnable()
            .filter(move |migration| !known.contains(&migration.name))
            .map(move |migration| {
                Finding::new(&KIND, migration.subject())
                    .declared(name.clone())
                    .help("when it is released: `diesel-drift chain --lock`")
            })
    };
    locks.flat_map(unlocked).collect()
}
