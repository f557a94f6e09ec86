//! Seed 1's definition of done and its list of usual traps, and seed 2's required tables, line by line, over all schemas.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use diesel_drift::MigratedDatabase;
use diesel_drift::catalog::{Catalog, Column, IndexTerm, Relation};
use diesel_drift::migrate::Chain;
use diesel_drift::testing::migrated_database;
use rstest::rstest;
use support::{TestResult, catalog};

/// Columns that end in `_id` and refer to no table, with the reason.
const NO_REFERENCE: &[(&str, &str)] = &[
    (
        "trace_id",
        "a trace is no row: it is what rows of several systems have in common",
    ),
    ("entity_id", "an entry of an audit log outlives the entity"),
    (
        "actor_id",
        "an actor is a person, an agent of any system, or a component",
    ),
    ("executor_id", "an executor is an actor"),
    ("requested_by_id", "a requester is an actor"),
    (
        "scenario_id",
        "a scenario is an element of its suite's document, and the name that it has there",
    ),
    (
        "user_id",
        "users live where the application authenticates them",
    ),
];

/// Ours: what is not Diesel's bookkeeping.
fn tables(catalog: &Catalog) -> impl Iterator<Item = &Relation> {
    catalog
        .relations
        .iter()
        .filter(|relation| relation.name.schema != "public")
}

fn columns(catalog: &Catalog) -> impl Iterator<Item = (&Relation, &Column)> {
    tables(catalog).flat_map(|table| table.columns.iter().map(move |column| (table, column)))
}

/// "Models exist for all 7 objects", "join tables exist", "AuditLog exists": all 17 tables of seed 2's script, and tower's
/// other three, from the one chain of migrations.
#[rstest]
fn fresh_database_has_all_required_tables(migrated_database: MigratedDatabase) -> TestResult {
    let required = [
        "cwom.repos",
        "cwom.issues",
        "cwom.context_packets",
        "cwom.constraint_snapshots",
        "cwom.doctrine_refs",
        "cwom.runs",
        "cwom.artifacts",
        "cwom.issue_context_packets",
        "cwom.issue_doctrine_refs",
        "cwom.issue_constraint_snapshots",
        "cwom.run_context_packets",
        "cwom.run_doctrine_refs",
        "cwom.context_packet_doctrine_refs",
        "cwom.audit_log",
        "tower.tasks",
        "tower.jobs",
        "tower.artifacts",
        "tower.events",
        "tower.workflows",
        "tower.agents",
    ];
    let catalog = catalog(&migrated_database)?;
    let live: BTreeSet<String> = tables(&catalog)
        .map(|table| table.name.to_string())
        .collect();
    let missing: Vec<_> = required
        .iter()
        .filter(|name| !live.contains(**name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
}

/// "Migrations apply cleanly on fresh DB" is every other test; here: "a coherent chain, no forks". Versions are unique and
/// ascend as the names do, and every migration says how it is undone.
#[test]
fn the_chain_is_coherent() -> TestResult {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let chain = Chain::read(&directory)?;
    let versions: Vec<&str> = chain
        .migrations
        .iter()
        .map(|migration| migration.version.as_str())
        .collect();
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
    assert_eq!(
        chain.migrations.len(),
        std::fs::read_dir(&directory)?.count()
    );
    for migration in &chain.migrations {
        let down = migration.up_sql().with_file_name("down.sql");
        let text = std::fs::read_to_string(&down)?;
        let says = text
            .lines()
            .any(|line| !line.trim().is_empty() && !line.starts_with("--"));
        assert!(says, "{}", down.display());
    }
    Ok(())
}

/// "downgrade -1 works": each step down leaves the catalog as it was before the step up, to the very beginning; and rows survive it.
#[test]
fn every_downgrade_restores_what_was_before() {
    diesel_drift::assert_round_trips!();
}

/// "Primary keys, timestamps": every table has a key, and every time says which moment it means.
#[rstest]
fn keys_and_times_are_what_they_should_be(migrated_database: MigratedDatabase) -> TestResult {
    let catalog = catalog(&migrated_database)?;
    for table in tables(&catalog) {
        assert!(table.primary_key.is_some(), "{}", table.name);
    }
    for (table, column) in columns(&catalog) {
        let name = format!("{}.{}", table.name, column.name);
        assert_ne!(
            column.data_type.sql, "timestamp without time zone",
            "{name}"
        );
        if column.name == "created_at" || column.name == "updated_at" {
            assert_eq!(column.data_type.sql, "timestamp with time zone", "{name}");
            assert!(
                column.not_null && column.default.as_deref() == Some("now()"),
                "{name}"
            );
        }
    }
    Ok(())
}

/// "id: ULID or UUID, consistent across all tables."
#[rstest]
fn ids_have_one_type(migrated_database: MigratedDatabase) -> TestResult {
    let catalog = catalog(&migrated_database)?;
    for (table, column) in columns(&catalog) {
        // Names, of what is no row.
        let is_a_name = ["actor_id", "executor_id", "requested_by_id", "scenario_id"]
            .contains(&column.name.as_str());
        if (column.name == "id" || column.name.ends_with("_id")) && !is_a_name {
            assert_eq!(
                column.data_type.sql, "uuid",
                "{}.{}",
                table.name, column.name
            );
        }
    }
    Ok(())
}

/// Trap: "Missing foreign keys ("we'll handle it in app logic") → no, you won't".
#[rstest]
fn every_reference_is_a_foreign_key(migrated_database: MigratedDatabase) -> TestResult {
    let catalog = catalog(&migrated_database)?;
    let mut excused = BTreeSet::new();
    for (table, column) in columns(&catalog).filter(|(_, column)| column.name.ends_with("_id")) {
        let referring = table
            .foreign_keys
            .iter()
            .any(|key| key.columns.contains(&column.name));
        let excuse = NO_REFERENCE.iter().find(|(name, _)| *name == column.name);
        assert!(
            referring || excuse.is_some(),
            "{}.{} refers to nothing",
            table.name,
            column.name
        );
        excused.extend(excuse.map(|(name, _)| *name));
    }
    assert_eq!(
        excused.len(),
        NO_REFERENCE.len(),
        "an excuse that nothing needs"
    );
    Ok(())
}

/// Trap: "No indexes on FKs (makes runs/artifacts queries painful quickly)".
#[rstest]
fn every_foreign_key_has_an_index(migrated_database: MigratedDatabase) -> TestResult {
    let catalog = catalog(&migrated_database)?;
    for table in tables(&catalog) {
        for key in &table.foreign_keys {
            // By the first column: where the owner is part of the key, it comes last.
            let served = table.indexes.iter().any(|index| {
                let leading = index.columns.first().map(|column| &column.term);
                index.predicate.is_none()
                    && leading == Some(&IndexTerm::Column(key.columns[0].clone()))
            });
            assert!(served, "{} on {}", key.name, table.name);
        }
    }
    Ok(())
}

/// Trap: "Refs stored only as JSON (no join tables) while claiming queryable". No `jsonb` column is named after rows of a table.
#[rstest]
fn no_reference_is_json(migrated_database: MigratedDatabase) -> TestResult {
    let catalog = catalog(&migrated_database)?;
    let names: BTreeSet<&str> = tables(&catalog)
        .map(|table| table.name.name.as_str())
        .collect();
    for (table, column) in
        columns(&catalog).filter(|(_, column)| column.data_type.sql.starts_with("json"))
    {
        let stem = column
            .name
            .trim_end_matches("_ids")
            .trim_end_matches("_refs")
            .trim_end_matches("_id");
        let plural = format!("{stem}s");
        let named = [column.name.as_str(), stem, &plural]
            .iter()
            .any(|name| names.contains(name));
        assert!(
            !named && !column.name.contains("_ids"),
            "{}.{}",
            table.name,
            column.name
        );
    }
    Ok(())
}

/// Whoever reads the schema, in psql or in the generated pages, reads what each thing is for.
#[rstest]
fn everything_is_commented(migrated_database: MigratedDatabase) -> TestResult {
    let catalog = catalog(&migrated_database)?;
    for (table, column) in columns(&catalog) {
        assert!(table.comment.is_some(), "{}", table.name);
        assert!(column.comment.is_some(), "{}.{}", table.name, column.name);
    }
    for of_schema in catalog
        .schemas
        .iter()
        .filter(|schema| schema.name != "public")
    {
        assert!(of_schema.comment.is_some(), "{}", of_schema.name);
    }
    for label_type in &catalog.enums {
        assert!(label_type.comment.is_some(), "{}", label_type.name);
    }
    for function in &catalog.functions {
        assert!(function.comment.is_some(), "{}", function.name);
    }
    Ok(())
}

/// No function can be led astray by the caller's `search_path`.
#[rstest]
fn functions_pin_their_search_path(migrated_database: MigratedDatabase) -> TestResult {
    for function in &catalog(&migrated_database)?.functions {
        let pinned = format!("{:?}", function.settings).contains("search_path");
        assert!(pinned, "{}", function.name);
    }
    Ok(())
}
