//! Drift cases through `verify`: a release manifest of the base schema, written and read back, against a database that was changed.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

use diesel_drift::Expect;
use diesel_drift::introspect::Live;
use diesel_drift::manifest::{MadeBy, Manifest, Recorder};
use diesel_drift::provision::{Choice, Options};
use diesel_drift::selftest::{Bench, Case, drift_cases, no_drift_cases};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a manifest holds of a database, by way of its file.
fn manifest(live: &Live, directory: &Path) -> Manifest {
    let recorder = Recorder::new(live.clone(), MadeBy::Command, None).unwrap();
    let mut text = Vec::new();
    recorder.finish().unwrap().write(&mut text).unwrap();
    let path = directory.join("release.json");
    fs::write(&path, text).unwrap();
    Manifest::read(&path).unwrap()
}

/// What verifying finds, as cases write it.
fn verified(bench: &Bench, manifest: &Manifest, copy: &str) -> BTreeSet<String> {
    let report =
        diesel_drift::verify(Expect::Manifest(manifest), &copy.into(), &mut |_| {}).unwrap();
    let line = |finding: &diesel_drift::Finding| {
        let subject = finding.subject.to_string();
        let attribute = finding.attribute.as_deref().unwrap_or_default();
        bench.as_written(format!("{} {subject} {attribute}", finding.kind.id).trim_end())
    };
    report.findings.iter().map(line).collect()
}

/// What a case is to be found as where the environment is not compared.
fn expected(case: &Case, major: u32) -> BTreeSet<String> {
    let of_environment =
        |line: &&String| line.contains(" environment.") || line.ends_with(" usual_owner");
    case.finds_on(major)
        .iter()
        .filter(|line| !of_environment(line))
        .cloned()
        .collect()
}

/// The self-test holds every case against the differ; these go the whole way of a release manifest: one in so many.
const STRIDE: usize = 13;

#[test]
fn a_release_manifest_loses_nothing() {
    let options = Options {
        provider: Choice::Local,
        ..Options::default()
    };
    let bench = Bench::make(&options).unwrap();
    let mut worker = bench.worker().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let major = bench.abilities().major();
    let mut tried = 0;
    let mut known: Option<(Live, Manifest)> = None;
    let cases = drift_cases().iter().chain(no_drift_cases());
    for case in cases.step_by(STRIDE) {
        if bench.abilities().lacks(case).is_some() {
            continue;
        }
        let mut copy = worker.prepare(case).unwrap();
        // Most begin with the same schema.
        if (known.as_ref()).is_none_or(|(before, _)| before != copy.before()) {
            let release = manifest(copy.before(), directory.path());
            known = Some((copy.before().clone(), release));
        }
        copy.change(case).unwrap();
        let (_, release) = known.as_ref().unwrap();
        assert_eq!(
            verified(&bench, release, copy.url()),
            expected(case, major),
            "{}",
            case.name
        );
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
    drop(worker);
    bench.close().unwrap();
}
