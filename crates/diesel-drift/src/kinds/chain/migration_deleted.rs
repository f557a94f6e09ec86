use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, Record, Was};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "migration-deleted",
    severity: Severity::Error,
    summary: "a migration that was released or merged, and that is gone or has another name",
    fixture: Some(chain_fixture!("migration-deleted")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_record = |record: &'_ Record| {
        let gone = record.before.iter().filter(|(name, _)| {
            let is_here = source
                .migrations
                .iter()
                .any(|migration| migration.name == **name);
            !is_here && record.now.contains_key(*name)
        });
        gone.map(|(name, was)| of_migration(source, record, name, was))
            .collect::<Vec<_>>()
    };
    source.records.iter().flat_map(of_record).collect()
}

fn of_migration(source: &ChainSource, record: &Record, name: &str, was: &Was) -> Finding {
    let new = |migration: &&Migration| !record.before.contains_key(&migration.name);
    let of_its_version =
        (source.migrations.iter().filter(new)).find(|other| other.version == was.version);
    let of_its_content =
        || (source.migrations.iter().filter(new)).find(|other| was.is_same(&Was::of(other)));
    let finding = Finding::new(&KIND, Subject::Migration(name.to_owned()));
    let finding = match (of_its_version, of_its_content()) {
        (Some(renamed), _) => finding
            .severity(Severity::Note)
            .declared(format!("of {} is called `{}` now", record.name, renamed.name))
            .help("its version is the same, so that Diesel takes it for the same migration"),
        (None, Some(renamed)) => finding
            .declared(format!("of {} is called `{}` now", record.name, renamed.name))
            .help("its version is another one, so that Diesel runs it again on databases that have it: put its name back"),
        (None, None) => finding
            .declared(format!("of {} is gone", record.name))
            .help("databases that have it cannot revert it, and fresh ones are made without it: put it back, and write a new migration"),
    };
    match &was.span {
        Some(span) => finding.at(span),
        None => finding,
    }
}
