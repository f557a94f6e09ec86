//! What to do about a migration that failed, where the message gives it away.

use std::fs;

use serde::Deserialize;

use super::chain::MigrationDir;
use super::failure::{FailedMigration, Stage};
use super::syntax::parse_all;

const OWN_RUNNER: &str = "if the project migrates with a runner of its own, let it: `command = \"…\"` in [migrate] of drift.toml, \
    or `--database-url` of a database that is already migrated";

/// What to do, one sentence each. Nothing where nothing is known.
pub(super) fn help(
    failed: &FailedMigration,
    migration: &MigrationDir,
    server_version: Option<&str>,
) -> Vec<String> {
    let message = failed.message.as_str();
    let mut help = Vec::new();
    if message.contains('\u{feff}') {
        help.push("the file begins with a byte order mark, which Diesel sends to PostgreSQL: save it without".to_owned());
    }
    if message.contains("cannot run inside a transaction block") {
        help.extend(outside_of_a_transaction(migration));
    }
    if message.contains("operation outside of a transaction") {
        help.push(
            "the file ends the transaction that Diesel runs it in: remove its `BEGIN` and `COMMIT`, or set `run_in_transaction = false` \
             in its metadata.toml"
                .to_owned(),
        );
    }
    if message.starts_with("unsafe use of new value") {
        help.push(
            "a new enum label can be used only after its transaction: use it in the next migration"
                .to_owned(),
        );
    }
    if failed.stage == Stage::Recording && message.contains("__diesel_schema_migrations") {
        help.push(
            "the migration leaves the session with another `search_path` or role (pg_dump writes such a line: \
             `SELECT pg_catalog.set_config('search_path', '', false)`): remove it, or end the file with `RESET search_path;`"
                .to_owned(),
        );
    }
    help.extend(missing_extension(message, failed.hint.as_deref()));
    if quoted_after(message, "role ").is_some() && message.ends_with("does not exist") {
        help.push(
            "roles are no part of a database, and a scratch one starts without: name it in drift.toml (`[provision] roles = [\"…\"]`), create \
             it in a migration, guarded by a look into `pg_roles`, or bring a server that has it: `--server URL`"
                .to_owned(),
        );
    }
    if ["role ", "tablespace "]
        .iter()
        .any(|object| quoted_after(message, object).is_some())
        && message.ends_with("already exists")
    {
        help.push(
            "roles and tablespaces belong to the whole server, and stay there when a scratch database goes, so that this one may be \
             an earlier run's: take a server that is new each time, `--provider local` or `container`, or guard the statement by a \
             look into `pg_roles` or `pg_tablespace`"
                .to_owned(),
        );
    }
    if made_elsewhere(failed) {
        help.push(OWN_RUNNER.to_owned());
    }
    // A function may come with a newer server, or be made by the project's own runner.
    let function = message.starts_with("function ") && message.ends_with("does not exist");
    if help.is_empty() {
        help.extend(older_server(failed, server_version));
        if function {
            help.push(OWN_RUNNER.to_owned());
        }
    }
    help
}

/// What the text says when a project prepares its databases, or applies its migrations, by something else than Diesel.
fn made_elsewhere(failed: &FailedMigration) -> bool {
    let message = failed.message.to_lowercase();
    // What a function of the project raised, not what PostgreSQL says itself.
    let raised = failed
        .sqlstate
        .as_deref()
        .is_none_or(|state| state == "P0001");
    let runner =
        raised && (message.contains("diesel cli") || message.contains("migrations must be"));
    let missing = message.ends_with("does not exist")
        && [
            "schema ",
            "extension ",
            "role ",
            "language ",
            "text search configuration ",
        ]
        .iter()
        .any(|object| message.starts_with(object));
    let denied = message.starts_with("permission denied") || message.starts_with("must be ");
    runner || missing || denied
}

/// Errors by which an older server answers to what only a newer one knows: a syntax error, a function, type or setting that it
/// does not have, a feature that it does not support.
const UNKNOWN_TO_THE_SERVER: [&str; 4] = ["42601", "42883", "42704", "0A000"];

fn older_server(failed: &FailedMigration, server_version: Option<&str>) -> Option<String> {
    let state = failed.sqlstate.as_deref()?;
    UNKNOWN_TO_THE_SERVER.contains(&state).then_some(())?;
    // What the grammar of the newest PostgreSQL refuses as well no other server accepts.
    let statement = failed.place.as_ref().map(|place| place.statement.as_str());
    let is_mistake = |statement| parse_all(&[statement]).iter().any(Option::is_some);
    if state == "42601" && statement.is_some_and(is_mistake) {
        return None;
    }
    Some(format!(
        "the server is PostgreSQL {}; if the project needs a newer one: `--server URL`, or `--provider container --image NAME`",
        server_version?
    ))
}

fn outside_of_a_transaction(migration: &MigrationDir) -> Vec<String> {
    let metadata = migration.path.join("metadata.toml");
    if !migration.run_in_transaction {
        return vec![
            "PostgreSQL runs a file of several statements as one transaction: move this statement into a migration of its own"
                .to_owned(),
        ];
    }
    match ignored_metadata(&metadata) {
        Some(reason) => vec![format!(
            "Diesel ignores this migration's metadata.toml, because it cannot be read ({reason})"
        )],
        None => vec![
            "write `run_in_transaction = false` to a `metadata.toml` beside the file, and keep the statement the only one in it"
                .to_owned(),
        ],
    }
}

/// Why Diesel falls back to its default although there is a file.
fn ignored_metadata(path: &std::path::Path) -> Option<String> {
    /// As in `migrations_internals::TomlMetadata`.
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(default, rename = "run_in_transaction")]
        _run_in_transaction: bool,
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => return Some(error.to_string()),
    };
    let error = toml::from_str::<Metadata>(&text).err()?;
    Some(error.message().to_owned())
}

/// Extensions whose files a distribution keeps in a package of its own, with that package.
const PACKAGES: [(&str, &str); 8] = [
    ("postgis", "postgresql-N-postgis-3"),
    ("vector", "postgresql-N-pgvector"),
    ("pg_cron", "postgresql-N-cron"),
    ("pg_partman", "postgresql-N-partman"),
    ("hypopg", "postgresql-N-hypopg"),
    ("pg_repack", "postgresql-N-repack"),
    ("rum", "postgresql-N-rum"),
    (
        "timescaledb",
        "timescaledb-2-postgresql-N (from Timescale's repository)",
    ),
];

fn missing_extension(message: &str, hint: Option<&str>) -> Option<String> {
    let control = message.contains("could not open extension control file");
    let not_available = message.starts_with("extension ") && message.ends_with("is not available");
    let preload = message.contains("shared_preload_libraries")
        || hint.is_some_and(|hint| hint.contains("shared_preload_libraries"));
    if preload {
        return Some(
            "the library must be loaded when the server starts: bring a server that does, `--server URL`, or an image, \
             `--provider container --image NAME`"
                .to_owned(),
        );
    }
    let name = if control {
        let (_, file) = message.rsplit_once("/extension/")?;
        file.split_once(".control")?.0
    } else if not_available {
        quoted_after(message, "extension ")?
    } else {
        return None;
    };
    let package = PACKAGES
        .iter()
        .find(|(extension, _)| *extension == name || name.starts_with(&format!("{extension}_")))
        .map_or_else(
            || "the package that has it (the extensions of PostgreSQL itself are in Debian's `postgresql-contrib`)".to_owned(),
            |(_, package)| format!("the package `{package}`, N being the server's version"),
        );
    Some(format!(
        "the server has no extension `{name}`: install {package}, or bring another server: `--provider container --image NAME`, `--server URL`"
    ))
}

/// The name in double quotes behind a word of PostgreSQL's message.
fn quoted_after<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    let rest = message.strip_prefix(before)?.strip_prefix('"')?;
    rest.split_once('"').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::migrate::{Direction, Place};

    fn helped(message: &str, stage: Stage) -> String {
        let migration = MigrationDir {
            version: "1".to_owned(),
            name: "1_a".to_owned(),
            path: PathBuf::from("/nowhere/1_a"),
            run_in_transaction: true,
        };
        let failed = FailedMigration {
            name: migration.name.clone(),
            direction: Direction::Up,
            file: migration.up_sql(),
            stage,
            place: None,
            message: message.to_owned(),
            detail: None,
            hint: None,
            sqlstate: message
                .starts_with("syntax error")
                .then(|| "42601".to_owned()),
            context: None,
            help: Vec::new(),
        };
        help(&failed, &migration, Some("15.18")).join("\n")
    }

    #[test]
    fn what_the_message_gives_away() {
        for (message, expected) in [
            (
                "migrations must be managed using lemmy_server instead of diesel CLI",
                "command = ",
            ),
            (
                "permission denied to create extension \"hstore\"",
                "command = ",
            ),
            ("schema \"auth\" does not exist", "command = "),
            (
                "role \"app\" does not exist",
                "roles are no part of a database",
            ),
            ("role \"app\" already exists", "--provider local"),
            (
                "could not open extension control file \"/usr/share/postgresql/15/extension/vector.control\": No such file or directory",
                "postgresql-N-pgvector",
            ),
            (
                "extension \"postgis_raster\" is not available",
                "postgresql-N-postgis-3",
            ),
            (
                "extension \"own\" is not available",
                "the package that has it",
            ),
            (
                "pg_cron can only be loaded via shared_preload_libraries",
                "when the server starts",
            ),
            (
                "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
                "run_in_transaction = false",
            ),
            (
                "unsafe use of new value \"b\" of enum type e",
                "next migration",
            ),
            (
                "syntax error at or near \"\u{feff}create\"",
                "byte order mark",
            ),
        ] {
            let help = helped(message, Stage::Statement);
            assert!(help.contains(expected), "{message}: {help}");
        }
        let help = helped(
            "relation \"__diesel_schema_migrations\" does not exist",
            Stage::Recording,
        );
        assert!(help.contains("RESET search_path"), "{help}");
        assert_eq!(
            helped("relation \"a\" does not exist", Stage::Statement),
            ""
        );
        let help = helped("syntax error at or near \"b\"", Stage::Statement);
        assert!(
            help.starts_with("the server is PostgreSQL 15.18;"),
            "{help}"
        );
    }

    #[test]
    fn a_newer_server_is_offered_only_for_what_it_accepts() {
        let failed = |statement: &str| FailedMigration {
            name: "1_a".to_owned(),
            direction: Direction::Up,
            file: PathBuf::from("/nowhere/1_a/up.sql"),
            stage: Stage::Statement,
            place: Some(Place {
                line: 1,
                column: None,
                statement: statement.to_owned(),
                statement_line: 1,
                mark: 0..0,
            }),
            message: "syntax error at or near \"x\"".to_owned(),
            detail: None,
            hint: None,
            sqlstate: Some("42601".to_owned()),
            context: None,
            help: Vec::new(),
        };
        let offered = |statement| older_server(&failed(statement), Some("15.18")).is_some();
        assert!(!offered("CREATE TABEL t (id int)"));
        assert!(!offered("ALTER TABLE t ADD COLUMN"));
        // Of PostgreSQL 17 and 18.
        assert!(offered(
            "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE RETURNING t.id"
        ));
        assert!(offered(
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL)"
        ));
    }
}
