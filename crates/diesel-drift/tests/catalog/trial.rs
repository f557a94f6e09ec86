//! One case, looked at in every way.

use crate::dump::PgDump;
use diesel_drift::catalog::{Catalog, Object, portable};
use diesel_drift::compare::State;
use diesel_drift::introspect::Live;
use diesel_drift::manifest::{MadeBy, Manifest, Recorder};
use diesel_drift::selftest::{Bench, Case, Verdict, Worker, found, judge, line};
use diesel_drift::snapshot::{Place, to_yaml};
use diesel_drift::{Expect, verify};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The database before a case changes it.
#[derive(Clone)]
struct Before {
    state: State,
    /// By `pg_dump`, if it is asked.
    dumped: Option<String>,
    /// As a release manifest has it, by way of its file.
    release: Manifest,
}

pub struct Trial<'bench> {
    bench: &'bench Bench,
    worker: Worker<'bench>,
    dump: Option<PgDump>,
    /// Why `pg_dump` is not asked.
    pub no_oracle: Option<String>,
    base: Option<Before>,
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
        let dumped = |url: &str| self.dump.as_ref().map(|dump| dump.schema(url));
        // Most begin with the same schema.
        let before = match &self.base {
            Some(base) if case.given.is_empty() => base.clone(),
            _ => Before {
                state: State::of(copy.before()).unwrap(),
                dumped: dumped(copy.url()),
                release: release(copy.before()),
            },
        };
        let live = match copy.change(case) {
            Ok(live) => live,
            Err(error) => return vec![error.to_string()],
        };
        let after = State::of(&live).unwrap();
        let lines = found(self.bench, &before.state, &after);
        let back = found(self.bench, &after, &before.state);
        let itself = found(self.bench, &after, &after);
        let complaints = [
            exactly(case.finds_on(self.bench.abilities().major()), &lines),
            (back.len() != lines.len()).then(|| format!("the other way round {back:?}")),
            (!itself.is_empty()).then(|| format!("against itself {itself:?}")),
            unproved(case, &before.state, &after),
            read_back(&live.catalog),
            in_snapshots(&before.state, &after, &lines),
            deployed(self.bench, &before.release, copy.url(), &lines),
            // Where something is found there is nothing to ask.
            (lines.is_empty() && self.dump.is_some())
                .then(|| oracle(case, before.dumped == dumped(copy.url())))
                .flatten(),
        ];
        if case.given.is_empty() {
            self.base = Some(before);
        }
        complaints.into_iter().flatten().collect()
    }
}

/// A release manifest of a database, written and read back.
fn release(live: &Live) -> Manifest {
    let recorder = Recorder::new(live.clone(), MadeBy::Command, None).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    recorder.finish().unwrap().write(&mut file).unwrap();
    Manifest::read(file.path()).unwrap()
}

fn exactly(expected: &[String], found: &[String]) -> Option<String> {
    match judge(expected, found) {
        Verdict::Wrong { missed, unexpected } => {
            Some(format!("missed {missed:?}, found besides {unexpected:?}"))
        }
        _ => None,
    }
}

/// The first claim of a case that is not true: what it proves is other values of a part of a fact.
fn unproved(case: &Case, before: &State, after: &State) -> Option<String> {
    case.proves
        .iter()
        .find(|claim| values(claim, before) == values(claim, after))
        .map(|claim| format!("does not change {claim}"))
}

/// The values that a part of a fact has, over all objects of a class: `index columns.collation`.
fn values(claim: &str, state: &State) -> Vec<String> {
    let (class, attribute) = claim.split_once(' ').unwrap();
    let (fact, part) = attribute.split_once('.').unwrap();
    let tops = state.objects.iter();
    let children = state.objects.iter().flat_map(|object| &object.children);
    let mut values = Vec::new();
    for object in tops
        .chain(children)
        .filter(|object| object.class.id == class)
    {
        if let Some(value) = object.attributes.get(fact) {
            gather(value, part, &mut values);
        }
    }
    values.sort();
    values
}

/// Collects the values of `part` in a struct, a list or a table of them. An index's column with nothing but its term is its
/// term's text.
fn gather(value: &Value, part: &str, values: &mut Vec<String>) {
    match value {
        Value::String(text) if part == "term" => values.push(text.clone()),
        Value::Array(entries) => entries.iter().for_each(|entry| gather(entry, part, values)),
        Value::Object(fields) => match fields.get(part) {
            Some(value) => values.push(value.to_string()),
            None => fields
                .values()
                .for_each(|entry| gather(entry, part, values)),
        },
        _ => {}
    }
}

fn read_back(catalog: &Catalog) -> Option<String> {
    let json = serde_json::to_string(catalog).unwrap();
    let back: Catalog = serde_json::from_str(&json).unwrap();
    (back != *catalog).then(|| "the catalog is another when it is written and read back".to_owned())
}

/// Snapshots hold all but what belongs to a database's environment.
fn in_snapshots(before: &State, after: &State, lines: &[String]) -> Option<String> {
    let seen = snapshots(before, after) != snapshots(after, before);
    let said = lines.iter().any(|line| !is_environment(line));
    (seen != said).then(|| format!("the snapshots differ: {seen}"))
}

/// `verify` finds in the changed database what the comparison of the two does, but for the environment.
fn deployed(bench: &Bench, release: &Manifest, url: &str, lines: &[String]) -> Option<String> {
    let report = verify(Expect::Manifest(release), &url.into(), &mut |_| {}).unwrap();
    let verified: BTreeSet<String> = (report.findings.iter())
        .map(|finding| bench.as_written(&line(finding)))
        .collect();
    let expected = lines
        .iter()
        .filter(|line| !is_environment(line))
        .cloned()
        .collect();
    (verified != expected).then(|| format!("verify finds {verified:?}"))
}

/// Whether it is about what belongs to where a database lives.
fn is_environment(line: &str) -> bool {
    line.starts_with("database-changed database environment.") || line.ends_with(" usual_owner")
}

/// The snapshots of those objects that the other side does not have as they are.
fn snapshots(of: &State, other: &State) -> BTreeMap<PathBuf, String> {
    let changed: Vec<Object> = of
        .objects
        .iter()
        .filter(|object| !other.objects.contains(object))
        .cloned()
        .collect();
    portable(changed)
        .iter()
        .map(|object| (Place::of(object).path(), to_yaml(object).unwrap()))
        .collect()
}

/// Where nothing is found, `pg_dump` sees no difference either, or the case says why.
fn oracle(case: &Case, same: bool) -> Option<String> {
    match (same, &case.pg_dump) {
        (false, None) => Some("pg_dump differs, and nothing is found".to_owned()),
        (true, Some(reason)) => Some(format!("pg_dump does not differ, although it {reason}")),
        _ => None,
    }
}
