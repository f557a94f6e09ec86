//! Every drift case and every change that is no drift, on a scratch server: what is found, from both sides, in the
//! serialised catalog and in the snapshots, with PostgreSQL's own `pg_dump` as the oracle.
//!
//! The cases are `fixtures/drift-cases`. They are dealt out to several tests, so that they run beside each other.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod dump;
mod trial;

use diesel_drift::provision::Options;
use diesel_drift::selftest::{Bench, coverage, drift_cases, no_drift_cases};
use rstest::rstest;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use trial::Trial;

/// How many tests the cases are dealt out to.
const SHARDS: usize = 4;

#[rstest]
fn every_case_is_found_as_what_it_is(#[values(0, 1, 2, 3)] shard: usize) {
    let bench = Bench::make(&Options::from_env()).unwrap();
    let mut trial = Trial::new(&bench);
    let mut wrong = Vec::new();
    let mut skipped = BTreeSet::new();
    let all = drift_cases().iter().chain(no_drift_cases());
    for case in all.skip(shard).step_by(SHARDS) {
        match bench.abilities().lacks(case) {
            Some(reason) => {
                skipped.insert(reason);
            }
            None => {
                let complaints = trial.of(case);
                wrong.extend(
                    complaints
                        .iter()
                        .map(|what| format!("{}: {what}", case.name)),
                );
            }
        }
    }
    for reason in skipped.iter().chain(&trial.no_oracle) {
        writeln!(std::io::stderr(), "skipped: drift cases: {reason}").unwrap();
    }
    drop(trial);
    bench.close().unwrap();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// `make bless` writes it; review the difference.
#[test]
fn the_page_of_coverage_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/coverage.md");
    pretty_assertions::assert_eq!(std::fs::read_to_string(file).unwrap(), coverage::page());
}
