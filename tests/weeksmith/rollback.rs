//! The way back, as `docs/rollback.md` describes it.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};

use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::catalog::Catalog;
use diesel_drift::introspect::{Wanted, introspect};
use diesel_drift::testing::migrated_database;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use reference_models::weeksmith::sample;
use rstest::rstest;

use crate::bench::Boxed;
use crate::support::TestResult;

const GUIDE: &str = include_str!("../../docs/rollback.md");

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

/// The names of the migrations of this schema, in their order.
fn names() -> Boxed<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory())? {
        let name = entry?
            .file_name()
            .into_string()
            .map_err(|name| format!("{name:?}"))?;
        if name.contains("weeksmith") {
            names.push(name);
        }
    }
    names.sort();
    assert!(!names.is_empty());
    Ok(names)
}

fn catalog(conn: &mut PgConnection) -> Boxed<Catalog> {
    Ok(introspect(conn, &Wanted::default())?.catalog)
}

/// Fails where two catalogs differ, and shows the objects that do.
#[track_caller]
fn assert_same(found: &Catalog, expected: &Catalog, moment: &str) -> TestResult {
    if found == expected {
        return Ok(());
    }
    let lines = |catalog: &Catalog| -> Boxed<BTreeSet<String>> {
        Ok(serde_json::to_string_pretty(catalog)?
            .lines()
            .map(str::to_owned)
            .collect())
    };
    let (found, expected) = (lines(found)?, lines(expected)?);
    let differing: Vec<_> = found.symmetric_difference(&expected).take(40).collect();
    panic!("{moment}, the catalog is another: {differing:#?}");
}

/// The chain, as Diesel CLI runs it.
struct Chain(FileBasedMigrations);

impl Chain {
    fn names(&self) -> Boxed<Vec<String>> {
        let migrations: Vec<Box<dyn Migration<Pg>>> = self.0.migrations().map_err(plain)?;
        let mut names: Vec<_> = migrations
            .iter()
            .map(|migration| migration.name().to_string())
            .collect();
        names.sort();
        Ok(names)
    }

    fn revert(&self, conn: &mut PgConnection) -> TestResult {
        conn.revert_last_migration(self.0.clone())
            .map(drop)
            .map_err(plain)
    }

    fn apply(&self, conn: &mut PgConnection) -> TestResult {
        conn.run_next_migration(self.0.clone())
            .map(drop)
            .map_err(plain)
    }
}

fn plain(error: Box<dyn Error + Send + Sync>) -> Box<dyn Error> {
    error
}

/// Seed 4, acceptance: "Migration scripts executable in Supabase/PostgreSQL with rollback strategy documented." Each
/// migration is reverted from under the sample's rows and applied again, and every time the catalog is what the chain
/// alone makes.
#[rstest]
fn every_migration_is_reverted_and_applied_again(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let chain = Chain(FileBasedMigrations::from_path(directory())?);
    let (all, own) = (chain.names()?, names()?);
    let first = all
        .iter()
        .position(|name| *name == own[0])
        .ok_or("the chain does not have the first of them")?;
    // Those of other schemas that come later are reverted as well: the chain is one.
    let steps = &all[first..];
    assert!(own.iter().all(|name| steps.contains(name)));
    let mut conn = PgConnection::establish(migrated_database.url())?;
    let conn = &mut conn;

    // What the chain makes, from where nothing of the schema is there.
    for _ in steps {
        chain.revert(conn)?;
    }
    let mut made = vec![catalog(conn)?];
    for _ in steps {
        chain.apply(conn)?;
        made.push(catalog(conn)?);
    }
    assert!(
        made.windows(2).all(|pair| pair[0] != pair[1]),
        "a migration makes nothing"
    );

    sample::load(conn)?;
    for (index, name) in steps.iter().enumerate().rev() {
        chain.revert(conn)?;
        assert_same(
            &catalog(conn)?,
            &made[index],
            &format!("after {name} was reverted"),
        )?;
    }
    for (index, name) in steps.iter().enumerate() {
        chain.apply(conn)?;
        assert_same(
            &catalog(conn)?,
            &made[index + 1],
            &format!("after {name} was applied again"),
        )?;
    }
    // On another connection: this one has prepared its statements for the tables that were dropped.
    sample::load(&mut PgConnection::establish(migrated_database.url())?)?;
    Ok(())
}

/// The guide's headings that name a migration, each with its section.
fn sections() -> Vec<(&'static str, &'static str)> {
    GUIDE
        .split("\n### ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'))
        .map(|(heading, text)| (heading.trim_matches('`'), text))
        .collect()
}

#[test]
fn the_guide_has_a_section_for_every_migration_and_no_other() -> TestResult {
    let mut headings: Vec<_> = sections()
        .into_iter()
        .map(|(heading, _)| heading.to_owned())
        .collect();
    // The guide goes the way back: the last one first.
    headings.reverse();
    assert_eq!(headings, names()?);
    Ok(())
}

/// A section names everything that its `down.sql` drops.
#[test]
fn the_guide_names_what_is_dropped() -> TestResult {
    for (heading, text) in sections() {
        let down = std::fs::read_to_string(directory().join(heading).join("down.sql"))?;
        let dropped: Vec<_> = down
            .lines()
            .filter_map(|line| line.strip_prefix("DROP "))
            .map(|line| {
                let name = line.split_whitespace().nth(1).unwrap_or_default();
                let name = name.trim_end_matches(';').trim_start_matches("weeksmith.");
                name.split('(').next().unwrap_or_default()
            })
            .collect();
        assert!(!dropped.is_empty(), "{heading}");
        for name in dropped {
            assert!(
                text.contains(&format!("`{name}`")),
                "{heading} does not name `{name}`"
            );
        }
    }
    Ok(())
}
