//! Every class of objects, every known drift and every change that is none, as snapshots.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::compare::State;
use diesel_drift::introspect::{Live, Wanted, introspect};
use diesel_drift::provision::{Options, provision};
use diesel_drift::selftest::{Bench, Case, Worker, drift_cases, no_drift_cases};
use diesel_drift::snapshot::{self, Place, to_yaml};
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Schemas of everything that is hard to read right.
const SCHEMAS: [&str; 2] = [
    include_str!("../introspect/data/hostile.sql"),
    include_str!("../introspect/data/others.sql"),
];

#[test]
fn objects_of_every_class_are_read_back_from_their_files() {
    for schema in SCHEMAS {
        let database = provision(&Options::from_env()).unwrap();
        let mut connection = PgConnection::establish(database.url()).unwrap();
        for role in ["app_ro", "app_other", "\"Drift \"\"Ünï\"\" 😀\""] {
            let create = format!(
                "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            );
            connection.batch_execute(&create).unwrap();
        }
        connection.batch_execute(schema).unwrap();
        let live = introspect(&mut connection, &Wanted::default()).unwrap();

        let directory = tempfile::tempdir().unwrap();
        for (path, yaml) in written(&live) {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(
                path,
                format!(
                    "---\nsource: tests/snapshots.rs\n---\n{}\n",
                    yaml.trim_end()
                ),
            )
            .unwrap();
        }
        let by_path = |objects: Vec<_>| -> BTreeMap<PathBuf, _> {
            let place = |object: &_| Place::of(object).path();
            objects
                .into_iter()
                .map(|object| (place(&object), object))
                .collect()
        };
        let read = snapshot::read(directory.path()).unwrap();
        let read = read.into_iter().map(|snapshot| snapshot.object).collect();
        let objects = State::of(&live).unwrap().portable().objects;
        let count = objects.len();
        let objects = by_path(objects);
        assert_eq!(objects.len(), count, "two objects share a file");
        assert_eq!(by_path(read), objects);
    }
}

/// How many cases are tried beside each other.
const WORKERS: usize = 4;

#[test]
fn every_drift_changes_a_snapshot_and_nothing_else_does() {
    let bench = Bench::make(&Options::from_env()).unwrap();
    let cases: Vec<_> = drift_cases().iter().chain(no_drift_cases()).collect();
    let tried = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for first in 0..WORKERS {
            let (bench, cases, tried) = (&bench, &cases, &tried);
            scope.spawn(move || {
                let mut worker = bench.worker().unwrap();
                for case in cases.iter().skip(first).step_by(WORKERS) {
                    if bench.abilities().lacks(case).is_none() {
                        hold(&mut worker, case);
                        tried.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(tried.into_inner() > cases.len() / 2);
    bench.close().unwrap();
}

/// Whether a case changes a snapshot, if and only if it is drift in what a migration can make.
fn hold(worker: &mut Worker<'_>, case: &Case) {
    let failed = |error| format!("{}: {error}", case.name);
    let mut copy = worker.prepare(case).map_err(failed).unwrap();
    let before = written(copy.before());
    let after = written(&copy.change(case).map_err(failed).unwrap());
    let is_drift = case
        .finds
        .iter()
        .any(|finding| !finding.contains(" environment."));
    assert_eq!(before != after, is_drift, "{}", case.name);
}

/// The snapshots of a database.
fn written(live: &Live) -> BTreeMap<PathBuf, String> {
    let objects = State::of(live).unwrap().portable().objects;
    objects
        .iter()
        .map(|object| (Place::of(object).path(), to_yaml(object).unwrap()))
        .collect()
}
