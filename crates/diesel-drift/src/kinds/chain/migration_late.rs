use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, Record};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "migration-late",
    severity: Severity::Warning,
    summary: "a new migration that is older than one that was released or merged: where that has run, it runs after it",
    fixture: Some(chain_fixture!("migration-late")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` is new, and {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_record = |record| {
        source
            .runnable()
            .filter_map(move |migration| of_migration(source, record, migration))
    };
    source.records.iter().flat_map(of_record).collect()
}

fn of_migration(source: &ChainSource, record: &Record, migration: &Migration) -> Option<Finding> {
    let is_known =
        record.now.contains_key(&migration.name) || record.before.contains_key(&migration.name);
    let finding = |why: String| Finding::new(&KIND, migration.subject()).declared(why);
    if is_known {
        return None;
    }
    // A version that is taken by what is here too is a duplicate, and one that is gone was renamed: other findings.
    let taken = (record.now.iter()).find(|(_, was)| was.version == migration.version);
    if let Some((name, _)) = taken {
        let renamed = record.before.contains_key(name);
        let is_here = source.migrations.iter().any(|other| other.name == *name);
        return (!renamed && !is_here).then(|| {
            finding(format!("its version {} is that of `{name}` in {}", migration.version, record.name))
                .severity(Severity::Error)
                .help("merged, there are two of one version, of which Diesel runs one and marks both as run: give it a later version")
        });
    }
    let (newest, was) = record.newest()?;
    (migration.version < was.version).then(|| {
        finding(format!("older than `{newest}` in {}", record.name)).help(
            "databases that have that one run this one after it, fresh ones before it: give it a later version (rename its directory), \
             or see that both do the same",
        )
    })
}
