//! Where the migrations of a project are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::MigrateError;

/// The environment variable that Diesel CLI reads.
const ENVIRONMENT: &str = "MIGRATION_DIRECTORY";
/// What Diesel looks for.
const USUAL: &str = "migrations";
/// How projects that serve several databases call PostgreSQL's part of their migrations.
const BACKENDS: [&str; 3] = ["postgres", "postgresql", "pg"];
/// The parts for other databases: no directory below one is meant.
pub(crate) const OTHER_BACKENDS: [&str; 4] = ["mysql", "mariadb", "sqlite", "sqlite3"];
/// Directories that are not the project's own text.
const NOT_SOURCES: [&str; 3] = ["target", "node_modules", "vendor"];

/// The directory that holds a project's migrations for PostgreSQL.
///
/// Diesel CLI's rule (`migrations_dir`): the argument, the environment's `MIGRATION_DIRECTORY`, `diesel.toml`, and else the
/// first `migrations` in the project's root and the directories above it. Beyond Diesel's rule, where that directory holds no migration but
/// a subdirectory `postgres`, `postgresql` or `pg` does, that one is meant; and where no `migrations` with a migration in it is
/// found, the only one below the root is.
///
/// `argument` is relative to the working directory, `configured` to `project_root`.
///
/// # Errors
/// If there is no such directory, or if several below the root could be meant. The message says where it was looked for.
pub fn find_directory(
    project_root: &Path,
    argument: Option<&Path>,
    configured: Option<&Path>,
) -> Result<PathBuf, MigrateError> {
    let environment = env::var_os(ENVIRONMENT)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    choose(project_root, argument, environment.as_deref(), configured)
}

fn choose(
    root: &Path,
    argument: Option<&Path>,
    environment: Option<&Path>,
    configured: Option<&Path>,
) -> Result<PathBuf, MigrateError> {
    let configured = configured.map(|path| root.join(path));
    let named = argument
        .map(|path| (path, "as --migration-dir says".to_owned()))
        .or_else(|| environment.map(|path| (path, format!("as {ENVIRONMENT} says"))))
        .or_else(|| {
            configured
                .as_deref()
                .map(|path| (path, "as diesel.toml says".to_owned()))
        });
    match named {
        Some((path, because)) if path.is_dir() => Ok(for_postgres(path)
            .ok_or(because)
            .unwrap_or_else(|_| path.to_owned())),
        Some((path, because)) => {
            // A path of somebody else's machine is a usual mistake.
            let beside = root.join(USUAL);
            let offer = match beside.is_dir() {
                true => format!(" (there is {}: `dir = \"{USUAL}\"`)", beside.display()),
                false => String::new(),
            };
            Err(MigrateError::DirectoryNotFound {
                looked: format!("{} is no directory, {because}{offer}", path.display()),
            })
        }
        None => search(root),
    }
}

fn search(root: &Path) -> Result<PathBuf, MigrateError> {
    // Diesel's own search goes by absolute paths: `.` has no parents.
    let absolute = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let usual: Vec<PathBuf> = absolute
        .ancestors()
        .map(|above| above.join(USUAL))
        .filter(|path| path.is_dir())
        .collect();
    if let Some(found) = usual.iter().find_map(|path| for_postgres(path)) {
        return Ok(found);
    }
    let below = below(&absolute);
    match (below.as_slice(), usual.first()) {
        ([only], _) => Ok(only.clone()),
        // A project without migrations: what Diesel finds too.
        ([], Some(empty)) => Ok(empty.clone()),
        ([], None) => Err(MigrateError::DirectoryNotFound {
            looked: format!(
                "there is no `{USUAL}` in {} or above it, and none with migrations in it below",
                absolute.display()
            ),
        }),
        (several, _) => Err(MigrateError::DirectoryAmbiguous {
            candidates: several.to_vec(),
        }),
    }
}

/// The directory itself if it holds a migration, or else its part for PostgreSQL.
pub(crate) fn for_postgres(directory: &Path) -> Option<PathBuf> {
    if holds_migration(directory) {
        return Some(directory.to_owned());
    }
    BACKENDS
        .iter()
        .map(|backend| directory.join(backend))
        .find(|part| holds_migration(part))
}

/// Whether one of the subdirectories is a migration.
fn holds_migration(directory: &Path) -> bool {
    subdirectories(directory)
        .iter()
        .any(|path| path.join("up.sql").is_file())
}

/// Every directory of migrations for PostgreSQL below another one, sorted.
fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for path in subdirectories(&directory) {
            let name = path.file_name().unwrap_or_default();
            // Symbolic links are not followed: they can lead in circles.
            if path.is_symlink()
                || NOT_SOURCES
                    .iter()
                    .chain(&OTHER_BACKENDS)
                    .any(|other| name == *other)
            {
                continue;
            }
            match for_postgres(&path) {
                Some(migrations) if name == USUAL => found.push(migrations),
                _ => open.push(path),
            }
        }
    }
    found.sort();
    found
}

/// The subdirectories that are not hidden. What cannot be read has none.
fn subdirectories(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(migrations: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for path in migrations {
            fs::create_dir_all(root.path().join(path)).unwrap();
            fs::write(root.path().join(path).join("up.sql"), "").unwrap();
        }
        root
    }

    fn found(root: &tempfile::TempDir, from: &str) -> Result<PathBuf, MigrateError> {
        let base = root.path().canonicalize().unwrap();
        choose(&root.path().join(from), None, None, None)
            .map(|path| path.strip_prefix(base).unwrap().to_owned())
    }

    #[test]
    fn argument_before_environment_before_configuration() {
        let root = tree(&["a/1/up", "b/1", "c/1", "migrations/1"]);
        let [a, b, c] = ["a", "b", "c"].map(|name| root.path().join(name));
        assert_eq!(
            choose(root.path(), Some(&a), Some(&b), Some(&c)).unwrap(),
            a
        );
        assert_eq!(choose(root.path(), None, Some(&b), Some(&c)).unwrap(), b);
        assert_eq!(
            choose(root.path(), None, None, Some(Path::new("c"))).unwrap(),
            c
        );
        let missing = choose(root.path(), None, None, Some(Path::new("d"))).unwrap_err();
        assert!(
            missing
                .to_string()
                .contains("/d is no directory, as diesel.toml says"),
            "{missing}"
        );
    }

    #[test]
    fn searched_upwards_as_diesel_does() {
        let root = tree(&["migrations/1_a", "crates/x/1"]);
        assert_eq!(found(&root, "crates/x").unwrap(), Path::new("migrations"));
    }

    #[test]
    fn the_part_for_postgresql_is_taken() {
        for backend in BACKENDS {
            let root = tree(&[
                "migrations/sqlite/1_a",
                &format!("migrations/{backend}/1_a"),
            ]);
            assert_eq!(
                found(&root, "").unwrap(),
                Path::new("migrations").join(backend)
            );
            let named = choose(
                root.path(),
                Some(&root.path().join("migrations")),
                None,
                None,
            );
            assert_eq!(named.unwrap(), root.path().join("migrations").join(backend));
        }
        // A migration that happens to be called so is one.
        let root = tree(&["migrations/pg", "migrations/1_a"]);
        assert_eq!(found(&root, "").unwrap(), Path::new("migrations"));
    }

    #[test]
    fn the_only_one_below_is_taken_and_of_two_none() {
        let root = tree(&[
            "crates/db/migrations/1_a",
            "target/migrations/1_a",
            "x/sqlite/migrations/1_a",
        ]);
        fs::create_dir(root.path().join("migrations")).unwrap();
        assert_eq!(found(&root, "").unwrap(), Path::new("crates/db/migrations"));
        let root = tree(&["a/migrations/1_a", "b/migrations/pg/1_a"]);
        let several = found(&root, "").unwrap_err().to_string();
        assert!(
            several.contains("a/migrations") && several.contains("b/migrations/pg"),
            "{several}"
        );
    }

    #[test]
    fn an_empty_one_is_a_chain_of_none_and_none_is_an_error() {
        let root = tree(&["src"]);
        let none = found(&root, "").unwrap_err().to_string();
        assert!(none.contains("there is no `migrations` in"), "{none}");
        fs::create_dir(root.path().join("migrations")).unwrap();
        assert_eq!(found(&root, "").unwrap(), Path::new("migrations"));
    }
}
