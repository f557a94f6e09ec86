//! What is expected of a deployed database, and what a release records, from what is kept.

use super::{Bench, SLOW, execute, name, needed_a_server, run};
use diesel::{Connection, PgConnection};
use diesel_drift::cache::Place;
use diesel_drift::manifest::{self, Manifest};
use diesel_drift::migrate::{Chain, apply};
use diesel_drift::provision::{Database, Options, provision};
use diesel_drift::report::{Compared, Report};
use diesel_drift::{Expect, verify};
use std::fs;

fn bench() -> Bench {
    Bench::new(&[
        ("1_a", "CREATE TABLE a (x int PRIMARY KEY);"),
        ("2_b", "CREATE TABLE b (x int PRIMARY KEY);"),
    ])
}

/// A database with the migrations applied that there are by now.
fn deployed(bench: &Bench) -> Database {
    let options = Options {
        cache: Place::Off,
        ..bench.options.clone()
    };
    let database = provision(&options).unwrap();
    let chain = Chain::read(&bench.directory.path().join("migrations")).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    apply(&mut connection, &chain, &mut |_, _, _| {}).unwrap();
    database
}

/// What is found, and the steps that it took.
fn verified(bench: &Bench, deployed: &Database) -> (Report, Vec<String>) {
    let mut steps = Vec::new();
    let project = bench.project();
    let expect = Expect::Migrations {
        project: &project,
        options: &bench.options,
    };
    let report = verify(expect, &deployed.url().into(), &mut |step| {
        steps.push(name(&step));
    });
    (report.unwrap(), steps)
}

/// All that a report says but where its expected state was made.
fn said(report: &Report) -> String {
    let Compared::Catalogs {
        objects, expected, ..
    } = &report.compared
    else {
        panic!("{:?}", report.compared)
    };
    format!(
        "{objects} {:?} {:?} {:?}",
        expected.server_version, report.findings, report.notices
    )
}

/// Verifies without a cache, then with a cold one, and then with what that kept.
fn three_times(bench: &mut Bench, deployed: &Database) -> (Report, Vec<String>) {
    let place = std::mem::replace(&mut bench.options.cache, Place::Off);
    let (off, steps) = verified(bench, deployed);
    assert!(needed_a_server(&steps));
    bench.options.cache = place;
    let (cold, steps) = verified(bench, deployed);
    assert_eq!(
        (steps.iter()).filter(|step| *step == "provision").count(),
        1,
        "one server: {steps:?}"
    );
    let (warm, steps) = verified(bench, deployed);
    assert_eq!((said(&off), said(&cold)), (said(&cold), said(&warm)));
    (warm, steps)
}

#[test]
fn what_is_expected_of_a_deployed_database_is_kept() {
    let mut bench = bench();
    let there = deployed(&bench);
    execute(there.url(), "ALTER TABLE a ADD COLUMN y int");
    let (report, steps) = three_times(&mut bench, &there);
    assert!(!needed_a_server(&steps));
    assert_eq!(report.findings.len(), 1);
    let Compared::Catalogs { expected, .. } = report.compared else {
        panic!("{:?}", report.compared)
    };
    assert!(
        expected.description.starts_with("2 migrations on local ")
            && expected.description.ends_with("kept from an earlier run"),
        "{}",
        expected.description
    );
}

#[test]
fn what_a_check_kept_serves_a_verification() {
    let mut bench = bench();
    let there = deployed(&bench);
    bench.options.major = Some(there.server_version() / 10_000);
    bench.check();
    assert!(!needed_a_server(&verified(&bench, &there).1));
}

#[test]
fn with_migrations_pending_both_states_are_kept() {
    let mut bench = bench();
    let there = deployed(&bench);
    bench.migration("3_c", "ALTER TABLE a ADD COLUMN y int;");
    bench.declare("diesel::table! { a (x) { x -> Integer, y -> Nullable<Integer>, } } diesel::table! { b (x) { x -> Integer, } }");
    let (report, steps) = three_times(&mut bench, &there);
    assert!(!needed_a_server(&steps));
    let messages: Vec<String> = report.findings.iter().map(|one| one.message()).collect();
    assert!(
        messages.len() == 1 && messages[0].contains("3_c"),
        "{messages:?}"
    );
    // One of two is enough to spare its part.
    bench.migration(
        "3_c",
        "ALTER TABLE a ADD COLUMN y int; CREATE TABLE c (x int PRIMARY KEY);",
    );
    bench.declare("diesel::table! { a (x) { x -> Integer, y -> Nullable<Integer>, } } diesel::table! { b (x) { x -> Integer, } }\
        diesel::table! { c (x) { x -> Integer, } }");
    let (_, steps) = three_times(&mut bench, &there);
    assert!(!needed_a_server(&steps));
}

#[test]
fn a_pending_migration_that_fails_is_tried_every_time() {
    let mut bench = bench();
    let there = deployed(&bench);
    bench.migration("3_c", "ALTER TABLE nowhere ADD COLUMN y int;");
    let (report, steps) = three_times(&mut bench, &there);
    assert!(needed_a_server(&steps));
    assert_eq!(report.findings.len(), 1);
    assert!(said(&report).contains("nowhere"), "{}", said(&report));
    assert_eq!(bench.kept("catalog").len(), 1, "what was applied");
    assert!(bench.check().0.contains("nowhere"));
}

#[test]
fn what_was_skipped_has_states_of_its_own() {
    let mut bench = bench();
    let there = deployed(&bench);
    // Diesel applies it after the others there, and before them on a fresh database.
    bench.migration("0_late", "CREATE TABLE late (x int PRIMARY KEY);");
    let (report, steps) = three_times(&mut bench, &there);
    assert!(!needed_a_server(&steps));
    assert_eq!(report.findings.len(), 1, "{}", said(&report));
    assert_eq!(report.findings[0].kind.id, "migration-skipped");
    assert!(bench.live().0 == bench.cold());
}

#[test]
fn a_replay_begins_from_the_longest_cluster_before_what_was_applied() {
    let bench = Bench::new(&[(
        "1_a",
        &format!("{SLOW} CREATE TABLE a (x int PRIMARY KEY);"),
    )]);
    bench.check();
    bench.migration("2_b", "CREATE TABLE b (x int PRIMARY KEY);");
    let there = deployed(&bench);
    bench.migration("3_c", "CREATE TABLE c (x int PRIMARY KEY);");
    let (_, steps) = verified(&bench, &there);
    assert_eq!(run(&steps), ["2_b", "3_c"]);
}

fn manifest(bench: &Bench) -> (Manifest, Vec<String>) {
    let mut steps = Vec::new();
    let made = manifest::make(&bench.project(), &bench.options, &mut |step| {
        steps.push(name(&step));
    });
    (made.unwrap().0, steps)
}

#[test]
fn a_manifest_goes_on_from_what_was_recorded() {
    let mut bench = bench();
    let (cold, steps) = manifest(&bench);
    assert_eq!(run(&steps), ["1_a", "2_b"]);
    let (warm, steps) = manifest(&bench);
    assert!(cold == warm && !needed_a_server(&steps));
    // What is no state's comes from the project.
    let down = bench.directory.path().join("migrations/1_a/down.sql");
    fs::write(down, "DROP TABLE a;").unwrap();
    let (with_down, steps) = manifest(&bench);
    assert!(!needed_a_server(&steps));
    assert!(with_down.migrations()[0].checksums.contains_key("down.sql"));
    bench.migration("3_c", &format!("{SLOW} ALTER TABLE a ADD COLUMN y int;"));
    let (longer, _) = manifest(&bench);
    let (again, steps) = manifest(&bench);
    assert!(!needed_a_server(&steps) && again == longer);
    bench.migration("4_d", "DROP TABLE b;");
    let (longest, steps) = manifest(&bench);
    assert_eq!(run(&steps), ["4_d"]);
    bench.options.cache = Place::Off;
    assert!(manifest(&bench).0 == longest && longest != longer);
}
