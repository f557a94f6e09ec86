//! `diesel-drift cache` and `--no-cache`.

use super::project::{Project, Run};
use std::path::Path;

const KEPT: &str = "kept from an earlier run";

fn run(project: &Project, cache: &Path, args: &[&str]) -> Run {
    let mut command = project.command(args);
    command.env("DIESEL_DRIFT_CACHE", cache);
    command.output().unwrap().into()
}

#[test]
fn what_is_kept_is_listed_and_cleared() {
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run(&project, cache.path(), args);
    let check = ["check", "--provider", "local"];
    assert_eq!(run(&["cache", "list"]).stdout.lines().count(), 1);
    assert!(!run(&check).stdout.contains(KEPT));
    let kept = run(&check);
    assert!(
        kept.code == Some(0) && kept.stdout.contains(KEPT),
        "{kept:?}"
    );
    let listed = run(&["cache", "list"]);
    assert_eq!(listed.code, Some(0));
    let migrations = project.path().join("migrations").canonicalize().unwrap();
    let what = format!("1 migration of {}", migrations.display());
    assert!(
        (listed.stdout.lines()).any(|line| line.starts_with("catalog ") && line.ends_with(&what)),
        "{listed:?}"
    );
    let json = run(&["cache", "list", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let entries = json["entries"].as_array().unwrap();
    assert!(
        entries
            .iter()
            .any(|entry| entry["kind"] == "catalog" && entry["what"] == *what)
    );
    let cleared = run(&["cache", "clear"]);
    let expected = format!("{} entries, ", entries.len());
    assert!(
        cleared.code == Some(0) && cleared.stdout.starts_with(&expected),
        "{cleared:?}"
    );
    assert!(
        run(&["cache", "list"])
            .stdout
            .starts_with("0 entries, 0 B in ")
    );
    assert!(!run(&check).stdout.contains(KEPT));
}

#[test]
fn without_the_cache_nothing_is_kept_and_nothing_used() {
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let check = ["check", "--provider", "local", "--no-cache"];
    for _ in 0..2 {
        let run = run(&project, cache.path(), &check);
        assert!(run.code == Some(0) && !run.stdout.contains(KEPT), "{run:?}");
    }
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
    let off = run(&project, Path::new("off"), &["cache", "list"]);
    assert_eq!(off.code, Some(2));
    assert!(off.stderr.contains("DIESEL_DRIFT_CACHE is off"), "{off:?}");
}
