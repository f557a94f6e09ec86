//! Every kind has its fixture; every kind runs on every fixture; each side against itself gives nothing. Without a server:
//! the catalogs are committed, and `fixtures_live` keeps them honest.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/fixture.rs"]
mod fixture;

use diesel_drift::Severity;
use diesel_drift::compare::Comparison;
use diesel_drift::declared::{self, SchemaSource};
use diesel_drift::introspect::Live;
use diesel_drift::kinds::KINDS;
use diesel_drift::report::{json_schema, write_json};
use fixture::{Fixture, Side};
use pretty_assertions::assert_eq;
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[test]
fn every_kind_has_a_fixture_and_every_fixture_a_kind() {
    let mut kinds: Vec<_> = KINDS.iter().map(|kind| kind.id.to_owned()).collect();
    kinds.sort();
    let folders: Vec<_> = Fixture::all()
        .into_iter()
        .map(|fixture| fixture.id)
        .collect();
    assert_eq!(kinds, folders);
}

#[test]
fn a_kind_s_page_is_that_of_its_own_folder() {
    for fixture in Fixture::all() {
        let kind = diesel_drift::kinds::find(&fixture.id).unwrap();
        assert_eq!(kind.fixture.page, fixture.text("page.md"), "{}", fixture.id);
        assert!(kind.page().starts_with(&format!("# {}\n", fixture.id)));
    }
}

#[test]
fn nothing_is_found_where_the_two_agree() {
    for fixture in Fixture::all() {
        let report = fixture.report(&fixture.live(Side::Agreed));
        assert_eq!(report.findings, [], "{}", fixture.id);
        assert!(
            report.notices.is_empty(),
            "{}: {:?}",
            fixture.id,
            report.notices
        );
    }
}

#[test]
fn the_drift_is_found_and_nothing_else() {
    for fixture in Fixture::all() {
        let live = fixture.live(Side::Drifted);
        assert_eq!(
            fixture.findings(&live),
            fixture.text("findings.txt"),
            "{}",
            fixture.id
        );
        let kinds: Vec<_> = fixture
            .report(&live)
            .findings
            .iter()
            .map(|finding| finding.kind.id)
            .collect();
        assert!(
            kinds.contains(&fixture.id.as_str()),
            "{}: {kinds:?}",
            fixture.id
        );
    }
}

#[test]
fn a_database_agrees_with_its_own_declarations() {
    for fixture in Fixture::all() {
        for side in [Side::Agreed, Side::Drifted] {
            let live = fixture.live(side);
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("schema.rs");
            fs::write(&path, print(&live)).unwrap();
            let reading =
                declared::read(directory.path(), &[SchemaSource { path, patch: None }]).unwrap();
            let project = fixture.project();
            let findings = diesel_drift::compare::compare(&reading, &live, &project.scope);
            let worse: Vec<_> = findings
                .iter()
                .filter(|finding| finding.severity > Severity::Note)
                .collect();
            assert!(worse.is_empty(), "{} {side:?}: {worse:#?}", fixture.id);
        }
    }
}

/// A catalog as `schema.rs`, with the lines that findings offer.
fn print(live: &Live) -> String {
    let declared = Default::default();
    let scope = Default::default();
    let comparison = Comparison::new(&declared, live, &scope);
    let mut text = String::new();
    for relation in live
        .catalog
        .relations
        .iter()
        .filter(|relation| relation.primary_key.is_some())
    {
        writeln!(text, "{}", comparison.print_table(relation)).unwrap();
    }
    text
}

#[test]
fn the_published_json_schema_is_current_and_holds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json");
    let published: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(published, json_schema(), "run `make bless`");
    let validator = jsonschema::validator_for(&published).unwrap();
    for fixture in Fixture::all() {
        let mut text = Vec::new();
        write_json(&fixture.report(&fixture.live(Side::Drifted)), &mut text).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&json)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", fixture.id);
        assert!(!json["findings"].as_array().unwrap().is_empty());
    }
}
