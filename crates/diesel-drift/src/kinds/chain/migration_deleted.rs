use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, Record, Sum, Was};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;
use std::collections::{HashMap, HashSet};

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
    let here: HashSet<&str> = (source.migrations.iter())
        .map(|migration| migration.name.as_str())
        .collect();
    let of_record = |record: &'_ Record| {
        let mut gone = (record.before.iter())
            .filter(|(name, _)| !here.contains(name.as_str()) && record.now.contains_key(*name))
            .peekable();
        // What is new is read only where something is gone.
        let new = match gone.peek() {
            Some(_) => New::of(source, record),
            None => New::default(),
        };
        gone.map(|(name, was)| of_migration(&new, record, name, was))
            .collect::<Vec<_>>()
    };
    super::once(source.records.iter().flat_map(of_record))
}

/// The names of the migrations that a record does not have: the first of each version, and the first that does the same as others.
#[derive(Default)]
struct New<'a> {
    by_version: HashMap<&'a str, &'a str>,
    by_statements: HashMap<String, &'a str>,
}

impl<'a> New<'a> {
    fn of(source: &'a ChainSource, record: &Record) -> Self {
        let mut new = Self::default();
        let is_new = |migration: &&Migration| !record.before.contains_key(&migration.name);
        for migration in source.migrations.iter().filter(is_new) {
            let name = migration.name.as_str();
            new.by_version.entry(&migration.version).or_insert(name);
            if let Some(up) = migration.up() {
                let statements = Sum::of(up).statements;
                new.by_statements.entry(statements).or_insert(name);
            }
        }
        new
    }
}

fn of_migration(new: &New<'_>, record: &Record, name: &str, was: &Was) -> Finding {
    let of_its_version = new.by_version.get(was.version.as_str());
    let of_its_content = (was.up.as_ref()).and_then(|up| new.by_statements.get(&up.statements));
    let finding = Finding::new(&KIND, Subject::Migration(name.to_owned()));
    let finding = match (of_its_version, of_its_content) {
        (Some(renamed), _) => finding
            .severity(Severity::Note)
            .declared(format!("of {} is called `{renamed}` now", record.name))
            .help("its version is the same, so that Diesel takes it for the same migration"),
        (None, Some(renamed)) => finding
            .declared(format!("of {} is called `{renamed}` now", record.name))
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
