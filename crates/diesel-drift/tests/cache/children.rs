//! Several processes at once, and one that dies.

use super::{Bench, SLOW, ask, names};
use diesel_drift::MigratedDatabase;
use diesel_drift::cache::{Cache, Place};
use diesel_drift::provision::{Choice, Options};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The project of a child, and how many times it has a database made.
const ROOT: &str = "DIESEL_DRIFT_TEST_ROOT";
const TIMES: &str = "DIESEL_DRIFT_TEST_TIMES";

fn child(bench: &Bench, times: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "children::harness", "--ignored", "--nocapture"])
        .env(ROOT, bench.directory.path())
        .env(TIMES, times.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn harness() {
    let root = std::path::PathBuf::from(std::env::var_os(ROOT).unwrap());
    let times = std::env::var(TIMES).unwrap().parse().unwrap();
    let project = diesel_drift::Project {
        migration_dir: Some(root.join("migrations")),
        ..diesel_drift::Project::new(&root, [root.join("src/schema.rs")])
    };
    let options = Options {
        provider: Choice::Local,
        cache: Place::At(root.join("cache")),
        ..Options::default()
    };
    for _ in 0..times {
        let database = MigratedDatabase::make(&project, &options, &mut |_| {}).unwrap();
        assert_eq!(ask(database.url(), "SELECT count(*) FROM a"), "0");
        database.close().unwrap();
        let live = diesel_drift::introspect::Live::of_fresh(&project, &options, &mut |_| {});
        assert_eq!(live.unwrap().catalog.relations.len(), 2);
    }
}

fn bench() -> Bench {
    Bench::new(&[("1_a", &format!("{SLOW} CREATE TABLE a (x int);"))])
}

#[test]
fn two_processes_share_a_cold_cache() {
    let bench = bench();
    let children = [child(&bench, 2), child(&bench, 2)];
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let kept = ["cluster", "migrated", "catalog"].map(|kind| bench.kept(kind).len());
    assert_eq!(kept, [1, 1, 1]);
    assert!(
        names(&bench.cache())
            .iter()
            .all(|name| !name.ends_with(".draft"))
    );
}

#[test]
fn clearing_is_safe_beside_processes_at_work() {
    let bench = bench();
    let mut children = [child(&bench, 3), child(&bench, 3)];
    let cache = Cache::open(&bench.options.cache).unwrap();
    let mut removed = 0;
    while (children.iter_mut()).any(|child| child.try_wait().unwrap().is_none()) {
        let cleared = cache.clear();
        assert_eq!(cleared.left, Vec::<String>::new());
        removed += cleared.removed.len();
        std::thread::sleep(Duration::from_millis(150));
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert!(removed > 0);
}

#[test]
fn what_a_killed_builder_leaves_is_swept() {
    let bench = bench();
    let mut builder = child(&bench, 1);
    let started = Instant::now();
    let is_draft = |name: &String| name.starts_with("migrated-") && name.ends_with(".draft");
    while !names(&bench.cache()).iter().any(is_draft) {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "no draft was seen"
        );
        assert!(
            builder.try_wait().unwrap().is_none(),
            "it was done before it was seen at work"
        );
        std::thread::yield_now();
    }
    builder.kill().unwrap();
    builder.wait().unwrap();
    assert!(names(&bench.cache()).iter().any(is_draft));
    assert_eq!(bench.kept("migrated").len(), 0);
    let (database, run) = bench.database();
    assert_eq!(run, ["1_a"]);
    assert_eq!(ask(database.url(), "SELECT count(*) FROM a"), "0");
    assert_eq!(bench.kept("migrated").len(), 1);
    assert!(!names(&bench.cache()).iter().any(is_draft));
}
