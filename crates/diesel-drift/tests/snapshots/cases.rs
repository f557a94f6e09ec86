//! Every class of objects, known drifts and every change that is none, as snapshots.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::catalog::Object;
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

        let objects = objects(&live);
        let directory = tempfile::tempdir().unwrap();
        for (place, yaml) in written(&objects) {
            let path = directory.path().join(place);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = format!(
                "---\nsource: tests/snapshots.rs\n---\n{}\n",
                yaml.trim_end()
            );
            fs::write(path, text).unwrap();
        }
        let read = snapshot::read(directory.path()).unwrap().into_iter();
        let read: Objects = read
            .map(|snapshot| (Place::of(&snapshot.object).path(), snapshot.object))
            .collect();
        assert_eq!(read, objects);
    }
}

/// How many cases are tried beside each other.
const WORKERS: usize = 4;

#[test]
fn drift_changes_a_snapshot_and_nothing_else_does() {
    let bench = Bench::make(&Options::from_env()).unwrap();
    // The self-test tries them all; here, of each sort of object one drift, and every change that is none.
    let sort = |case: &Case| case.name.split(':').next().map(str::to_owned);
    let mut cases: Vec<_> = drift_cases().iter().collect();
    cases.dedup_by_key(|case| sort(case));
    cases.extend(no_drift_cases());
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
    let both = worker.prepare(case).and_then(|mut copy| {
        let before = objects(copy.before());
        Ok((before, objects(&copy.change(case)?)))
    });
    let (before, after) = both.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    // Objects that are the same are written the same.
    let differ = |a: &Objects, b: &Objects| -> Objects {
        let differs = |(place, object): &(&PathBuf, &Object)| b.get(*place) != Some(*object);
        let differing = a.iter().filter(differs);
        differing
            .map(|(place, object)| (place.clone(), object.clone()))
            .collect()
    };
    let (before, after) = (differ(&before, &after), differ(&after, &before));
    let (before, after) = (written(&before), written(&after));
    let is_drift = case
        .finds
        .iter()
        .any(|finding| !finding.contains(" environment."));
    assert_eq!(before != after, is_drift, "{}", case.name);
}

/// Objects by the places of their snapshots.
type Objects = BTreeMap<PathBuf, Object>;

/// What a migration can make of a database.
fn objects(live: &Live) -> Objects {
    let objects = State::of(live).unwrap().portable().objects;
    let count = objects.len();
    let placed: Objects = objects
        .into_iter()
        .map(|object| (Place::of(&object).path(), object))
        .collect();
    assert_eq!(placed.len(), count, "two objects share a file");
    placed
}

/// The texts of snapshots.
fn written(objects: &Objects) -> BTreeMap<&PathBuf, String> {
    let text = |object: &Object| to_yaml(object).unwrap();
    objects
        .iter()
        .map(|(place, object)| (place, text(object)))
        .collect()
}
