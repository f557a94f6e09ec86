//! `docs/acceptance.md` is true: every row names a test, and every test that it names is there. And what of the seeds nothing
//! else tests.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use regex::Regex;
use rstest::rstest;
use support::{TestResult, catalog, open};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The cells of a row of one of the page's tables; nothing for any other line.
fn row(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<_> = line
        .strip_prefix('|')?
        .strip_suffix('|')?
        .split('|')
        .map(str::trim)
        .collect();
    (cells[0] != "seed" && !cells[0].starts_with("---")).then_some(cells)
}

/// Whether a source has a test of that name: a function with the attribute of one right above it, or between other
/// attributes.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().collect();
    let function = Regex::new(&format!(r"^\s*(?:async )?fn {name}\(")).unwrap();
    lines
        .iter()
        .enumerate()
        .filter(|(_, line)| function.is_match(line))
        .any(|(at, _)| {
            lines[..at]
                .iter()
                .rev()
                .take_while(|line| !line.is_empty() && **line != "}")
                .any(|line| matches!(line.trim(), "#[test]" | "#[rstest]"))
        })
}

/// Each criterion of the four seeds has its tests.
#[test]
fn every_criterion_names_tests_that_are_there() {
    let page = read("docs/acceptance.md");
    let named = Regex::new(r"`([\w/.-]+\.rs)::(\w+)`").unwrap();
    let mut seeds = BTreeSet::new();
    let mut wrong = Vec::new();
    for cells in page.lines().filter_map(row) {
        let [seed, criterion, proof] = cells[..] else {
            panic!("{cells:?}: not three cells")
        };
        seeds.insert(seed.chars().next());
        if !named.is_match(proof) {
            wrong.push(format!("{seed} {criterion}: names no test"));
        }
        for test in named.captures_iter(proof) {
            if !path(&test[1]).is_file() || !has_test(&read(&test[1]), &test[2]) {
                wrong.push(format!("{seed} {criterion}: there is no {}", &test[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        seeds,
        BTreeSet::from(['1', '2', '3', '4'].map(Some)),
        "seeds with rows"
    );
}

/// A constraint, as PostgreSQL writes it.
#[derive(Debug, QueryableByName)]
struct Key {
    #[diesel(sql_type = diesel::sql_types::Text)]
    definition: String,
}

/// "Key constraints that matter immediately" (seed 1, section 2).
#[rstest]
#[case::issue_in_repo("issues", "repo_id", "repos")]
#[case::packet_for_issue("context_packets", "for_issue_id", "issues")]
#[case::run_for_issue("runs", "for_issue_id", "issues")]
#[case::run_in_repo("runs", "repo_id", "repos")]
#[case::artifact_of_run("artifacts", "produced_by_run_id", "runs")]
#[case::artifact_for_issue("artifacts", "for_issue_id", "issues")]
fn the_references_of_seed_1_are_foreign_keys(
    migrated_database: MigratedDatabase,
    #[case] table: &str,
    #[case] column: &str,
    #[case] target: &str,
) -> TestResult {
    // Where a redundant column is part of the key, it comes last.
    let definition = Regex::new(&format!(
        r"^FOREIGN KEY \({column}(, \w+)?\) REFERENCES cwom\.{target}\(id(, \w+)?\)"
    ))?;
    let query = format!(
        "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'cwom.{table}'::regclass"
    );
    let keys: Vec<Key> = diesel::sql_query(query).load(&mut open(&migrated_database)?)?;
    assert!(
        keys.iter().any(|key| definition.is_match(&key.definition)),
        "{keys:?}"
    );
    Ok(())
}

/// "Document the schema … and how it maps to Kosmos concepts" (seed 3): each table has its row in `docs/kosmos.md`.
#[rstest]
fn every_table_of_crucible_is_mapped_to_kosmos(migrated_database: MigratedDatabase) -> TestResult {
    let page = read("docs/kosmos.md");
    let mapped: String = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split('|').next())
        .collect();
    let missing: Vec<_> = catalog(&migrated_database)?
        .relations
        .into_iter()
        .map(|table| table.name)
        // Lineage is the candidates' own.
        .filter(|table| table.schema == "crucible" && table.name != "candidate_parents")
        .filter(|table| !mapped.contains(&format!("`{}`", table.name)))
        .map(|table| table.name)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
}
