//! One case, looked at in every way.

use crate::dump::PgDump;
use diesel_drift::catalog::{Catalog, portable};
use diesel_drift::introspect::Live;
use diesel_drift::selftest::{Bench, Case, Verdict, Worker, found, judge};
use diesel_drift::snapshot::{Place, to_yaml};
use std::collections::BTreeMap;

pub struct Trial<'bench> {
    bench: &'bench Bench,
    worker: Worker<'bench>,
    dump: Option<PgDump>,
    /// Why `pg_dump` is not asked.
    pub no_oracle: Option<String>,
    /// What `pg_dump` says of the base.
    base: Option<String>,
}

impl<'bench> Trial<'bench> {
    pub fn new(bench: &'bench Bench) -> Self {
        let dump = PgDump::find(bench.abilities().major());
        Self {
            bench,
            worker: bench.worker().unwrap(),
            no_oracle: dump.as_ref().err().cloned(),
            dump: dump.ok(),
            base: None,
        }
    }

    /// What is wrong with how a case is found. Every way in which two databases are compared has its line here.
    pub fn of(&mut self, case: &Case) -> Vec<String> {
        let mut copy = match self.worker.prepare(case) {
            Ok(copy) => copy,
            Err(error) => return vec![error.to_string()],
        };
        let dump = self.dump.as_ref();
        let dumped_before = match &self.base {
            Some(base) if case.given.is_empty() => Some(base.clone()),
            _ => dump.map(|dump| dump.schema(copy.url())),
        };
        if case.given.is_empty() {
            self.base.clone_from(&dumped_before);
        }
        let after = match copy.change(case) {
            Ok(after) => after,
            Err(error) => return vec![error.to_string()],
        };
        let dumped_after = dump.map(|dump| dump.schema(copy.url()));
        let before = copy.before();
        let lines = found(self.bench, before, &after).unwrap();
        [
            exactly(case.finds_on(self.bench.abilities().major()), &lines),
            the_other_way_round(self.bench, before, &after, lines.len()),
            silent_with_itself(self.bench, &after),
            read_back(&after),
            in_snapshots(before, &after, &lines),
            dumped_before
                .zip(dumped_after)
                .and_then(|(before, after)| oracle(case, &lines, before == after)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn exactly(expected: &[String], found: &[String]) -> Option<String> {
    match judge(expected, found) {
        Verdict::Wrong { missed, unexpected } => {
            Some(format!("missed {missed:?}, found besides {unexpected:?}"))
        }
        _ => None,
    }
}

fn the_other_way_round(bench: &Bench, before: &Live, after: &Live, count: usize) -> Option<String> {
    let back = found(bench, after, before).unwrap();
    (back.len() != count).then(|| format!("{count} findings, and the other way round {back:?}"))
}

fn silent_with_itself(bench: &Bench, live: &Live) -> Option<String> {
    let found = found(bench, live, live).unwrap();
    (!found.is_empty()).then(|| format!("against itself {found:?}"))
}

fn read_back(live: &Live) -> Option<String> {
    let json = serde_json::to_string(&live.catalog).unwrap();
    let back: Catalog = serde_json::from_str(&json).unwrap();
    (back != live.catalog)
        .then(|| "the catalog is another when it is written and read back".to_owned())
}

/// Snapshots hold all but what belongs to a database's environment.
fn in_snapshots(before: &Live, after: &Live, lines: &[String]) -> Option<String> {
    let seen = snapshots(before) != snapshots(after);
    let said = lines
        .iter()
        .any(|line| !line.starts_with("database-changed database environment."));
    (seen != said).then(|| format!("the snapshots differ: {seen}"))
}

fn snapshots(live: &Live) -> BTreeMap<std::path::PathBuf, String> {
    portable(live.catalog.objects().unwrap())
        .iter()
        .map(|object| (Place::of(object).path(), to_yaml(object).unwrap()))
        .collect()
}

/// Where `pg_dump` sees a difference there is a finding; where there is no finding it sees none, or the case says why.
fn oracle(case: &Case, lines: &[String], same: bool) -> Option<String> {
    match (lines.is_empty(), same, &case.pg_dump) {
        (true, false, None) => Some("pg_dump differs, and nothing is found".to_owned()),
        (true, true, Some(reason)) => {
            Some(format!("pg_dump does not differ, although it {reason}"))
        }
        _ => None,
    }
}
