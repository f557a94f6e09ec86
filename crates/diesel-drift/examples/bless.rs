//! Rewrites what is generated from the fixtures: their catalogs and findings, the published JSON Schemas,
//! the page of kinds and the page of coverage. Run by
//! `make bless`; review the difference.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../tests/fixtures/example.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod example;

#[path = "../tests/fixtures/fixture.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod fixture;

#[path = "../tests/fixtures/pair.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod pair;

#[path = "../tests/fixtures/reviewed.rs"]
mod reviewed;

#[path = "../tests/docs/support.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod support;

#[path = "../tests/fixtures/traps.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod traps;

use diesel_drift::provision::{Options, provision};
use diesel_drift::selftest::coverage;
use diesel_drift::{docs, kinds, manifest, report, rules};
use example::Example;
use fixture::{Fixture, Side, rendered};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn main() {
    let database = provision(&Options::from_env()).unwrap();
    // The library holds what the files said when it was built.
    let mut findings = BTreeMap::new();
    for fixture in Fixture::all() {
        for (side, live) in fixture.read_live(database.url()) {
            let json = serde_json::to_string_pretty(&live).unwrap() + "\n";
            fs::write(fixture.live_file(side), json).unwrap();
            if let Side::Drifted = side {
                let text = fixture.findings(&live);
                fs::write(fixture.directory.join("findings.txt"), &text).unwrap();
                findings.insert(fixture.id.clone(), text);
            }
        }
    }
    for pair in pair::Pair::all() {
        let text = rendered(&pair.report("drift"));
        fs::write(pair.directory.join("findings.txt"), &text).unwrap();
        findings.insert(pair.id, text);
    }
    for example in Example::all() {
        for side in example::Side::BOTH {
            let live = example.read_live(side, database.url());
            let json = serde_json::to_string_pretty(&live).unwrap() + "\n";
            fs::write(example.live_file(side), json).unwrap();
            if let example::Side::Bad = side {
                let text = example.findings(live);
                fs::write(example.directory.join("findings.txt"), &text).unwrap();
                findings.insert(example.id.clone(), text);
            }
        }
    }
    let fallen = traps::card(&traps::TRAPS.map(|(trap, _)| trap));
    fs::write(traps::directory().join("fallen.txt"), traps::text(&fallen)).unwrap();
    let drift_cases = reviewed::findings(&support::drift_cases());
    fs::write(reviewed::file(), drift_cases).unwrap();
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for (file, schema) in [
        ("report.schema.json", report::json_schema()),
        ("manifest.schema.json", manifest::json_schema()),
        ("log.schema.json", report::log_schema()),
        ("scorecard.schema.json", report::scorecard_schema()),
    ] {
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        fs::write(published.join(file), schema).unwrap();
    }
    fs::write(
        published.join("kinds.md"),
        kinds::page(|kind| &findings[kind.id]),
    )
    .unwrap();
    let page = published.join("rules.md");
    let text = fs::read_to_string(&page).unwrap();
    let (guide, _) = text.split_once(rules::PAGE_BEGINS).unwrap();
    let list = rules::page(|rule| &findings[rule.id]);
    fs::write(page, guide.to_owned() + &list).unwrap();
    fs::write(published.join("coverage.md"), coverage::page()).unwrap();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs/golden"));
    database.close().unwrap();
}

/// Writes the pages of the schema in that directory; those that only another major version of PostgreSQL wrote stay.
fn pages(golden: &Path) {
    let live = support::live(support::PAGES);
    let stale = docs::compare(&golden.join("pages"), &support::pages_of(&live), true).unwrap();
    docs::write(&stale).unwrap();
}
