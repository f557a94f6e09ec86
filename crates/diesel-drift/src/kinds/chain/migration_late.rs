use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, Record, Was};
use crate::finding::{Finding, Found, Kind, Severity};
use std::collections::{HashMap, HashSet};

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
    let here: HashSet<&str> = (source.migrations.iter())
        .map(|migration| migration.name.as_str())
        .collect();
    let of_record = |record| {
        let known = Known::of(record);
        let late = |migration| of_migration(&here, &known, migration);
        source.runnable().filter_map(late).collect::<Vec<_>>()
    };
    super::once(source.records.iter().flat_map(of_record))
}

/// A record, and what is asked of it for each migration.
struct Known<'a> {
    record: &'a Record,
    /// The first name of each version.
    by_version: HashMap<&'a str, &'a str>,
    newest: Option<(&'a str, &'a Was)>,
}

impl<'a> Known<'a> {
    fn of(record: &'a Record) -> Self {
        let mut by_version = HashMap::new();
        for (name, was) in &record.now {
            by_version
                .entry(was.version.as_str())
                .or_insert(name.as_str());
        }
        Self {
            record,
            by_version,
            newest: record.newest(),
        }
    }
}

fn of_migration(here: &HashSet<&str>, known: &Known<'_>, migration: &Migration) -> Option<Finding> {
    let Known {
        record,
        by_version,
        newest,
    } = known;
    let is_known =
        record.now.contains_key(&migration.name) || record.before.contains_key(&migration.name);
    let finding = |why: String| Finding::new(&KIND, migration.subject()).declared(why);
    if is_known {
        return None;
    }
    // A version that is taken by what is here too is a duplicate, and one that is gone was renamed: other findings.
    if let Some(name) = by_version.get(migration.version.as_str()) {
        let renamed = record.before.contains_key(*name);
        return (!renamed && !here.contains(name)).then(|| {
            finding(format!("its version {} is that of `{name}` in {}", migration.version, record.name))
                .severity(Severity::Error)
                .help("merged, there are two of one version, of which Diesel runs one and marks both as run: give it a later version")
        });
    }
    let (newest, was) = newest.as_ref()?;
    (migration.version < was.version).then(|| {
        finding(format!("older than `{newest}` in {}", record.name)).help(
            "databases that have that one run this one after it, fresh ones before it: give it a later version (rename its directory), \
             or see that both do the same",
        )
    })
}
