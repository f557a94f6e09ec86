//! Chains of migrations, read from real directories and applied to a real PostgreSQL.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chain;
mod command;
mod failures;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl};
use diesel_drift::migrate::{Applied, Chain, FailedMigration, MigrateError, Place, apply};
use diesel_drift::provision::{Choice, Database, Options, provision};

/// One server for all; it goes when the process does.
static SERVER: LazyLock<Database> = LazyLock::new(|| provision(&Options::from_env()).unwrap());

fn database() -> Database {
    provision(&Options {
        provider: Choice::Server,
        server_url: Some(SERVER.url().into()),
        ..Options::default()
    })
    .unwrap()
}

/// A directory of migrations: paths of files with their contents.
fn migrations(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

fn run(directory: &Path) -> Result<Applied, MigrateError> {
    let database = database();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    apply(
        &mut connection,
        &Chain::read(directory).unwrap(),
        &mut |_, _, _| {},
    )
}

/// Applies one migration after `1_base`, which must pass, and gives back how it failed.
fn failure(up: &str, metadata: Option<&str>) -> FailedMigration {
    let base = b"CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
          IF a > 1 THEN RAISE EXCEPTION 'too much' USING ERRCODE = 'DD001', DETAIL = 'a is ' || a, HINT = 'take less'; END IF;
          RETURN a;
        END $$;";
    let root = migrations(&[("1_base/up.sql", base), ("2_x/up.sql", up.as_bytes())]);
    if let Some(metadata) = metadata {
        fs::write(root.path().join("2_x/metadata.toml"), metadata).unwrap();
    }
    match run(root.path()).unwrap_err() {
        MigrateError::Failed(failed) => {
            assert_eq!(failed.name, "2_x");
            assert_eq!(failed.file, root.path().join("2_x/up.sql"));
            *failed
        }
        other => panic!("{other}"),
    }
}

fn place(failed: &FailedMigration) -> &Place {
    failed
        .place
        .as_ref()
        .unwrap_or_else(|| panic!("no place: {failed}"))
}

fn versions(url: &str) -> String {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::select(sql::<Text>(
        "(SELECT string_agg(version, ' ' ORDER BY version) FROM public.__diesel_schema_migrations)",
    ))
    .get_result(&mut connection)
    .unwrap()
}
