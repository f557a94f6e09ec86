//! What is kept between runs is never a wrong answer, and what goes wrong with it no failure. Processes that have to be several, or to
//! die, are this very binary, run again with [`children::harness`] as its only test.

// clippy.toml allows these in test functions; here the functions beside them are tests' too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod catalogs;
mod children;
mod clusters;
mod containers;
mod deployed;
#[path = "../shared/sql.rs"]
mod sql;
mod trouble;

use diesel_drift::cache::Place;
use diesel_drift::introspect::Live;
use diesel_drift::provision::{Choice, Options};
use diesel_drift::{MigratedDatabase, Project, Step, Target, check};
use sql::{ask, execute};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A project in a directory of its own, and a cache of its own.
struct Bench {
    directory: tempfile::TempDir,
    options: Options,
}

impl Bench {
    /// Migrations by name, and no declarations.
    fn new(migrations: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = Options {
            provider: Choice::Local,
            cache: Place::At(directory.path().join("cache")),
            ..Options::default()
        };
        let bench = Self { directory, options };
        fs::create_dir(bench.directory.path().join("src")).unwrap();
        bench.declare("");
        for (name, up) in migrations {
            bench.migration(name, up);
        }
        bench
    }

    fn migration(&self, name: &str, up: &str) {
        let migration = self.directory.path().join("migrations").join(name);
        fs::create_dir_all(&migration).unwrap();
        fs::write(migration.join("up.sql"), up).unwrap();
    }

    fn declare(&self, schema: &str) {
        fs::write(self.directory.path().join("src/schema.rs"), schema).unwrap();
    }

    fn project(&self) -> Project {
        let root = self.directory.path();
        Project {
            migration_dir: Some(root.join("migrations")),
            ..Project::new(root, [root.join("src/schema.rs")])
        }
    }

    fn cache(&self) -> PathBuf {
        self.directory.path().join("cache")
    }

    /// The names of what the cache holds of a kind.
    fn kept(&self, kind: &str) -> Vec<PathBuf> {
        names(&self.cache())
            .into_iter()
            .filter(|name| name.starts_with(kind) && !name.contains('.'))
            .map(|name| self.cache().join(name))
            .collect()
    }

    /// What a check says, and the steps that it took.
    fn check(&self) -> (String, Vec<String>) {
        let mut steps = Vec::new();
        let target = Target::Fresh(self.options.clone());
        let report = check(&self.project(), &target, &mut |step| {
            steps.push(name(&step))
        });
        let said = match report {
            Ok(report) => {
                let findings = report.findings.iter();
                findings.map(|finding| finding.message()).collect()
            }
            Err(error) => error.to_string(),
        };
        (said, steps)
    }

    /// What a fresh database holds, and the migrations that were run for it.
    fn live(&self) -> (Live, Vec<String>) {
        let mut steps = Vec::new();
        let live = Live::of_fresh(&self.project(), &self.options, &mut |step| {
            steps.push(name(&step));
        });
        (live.unwrap(), run(&steps))
    }

    /// A database, and the migrations that were run for it.
    fn database(&self) -> (MigratedDatabase, Vec<String>) {
        let mut steps = Vec::new();
        let database = MigratedDatabase::make(&self.project(), &self.options, &mut |step| {
            steps.push(name(&step));
        });
        (database.unwrap(), run(&steps))
    }

    /// What a fresh database holds without any cache.
    fn cold(&self) -> Live {
        let options = Options {
            cache: Place::Off,
            ..self.options.clone()
        };
        Live::of_fresh(&self.project(), &options, &mut |_| {}).unwrap()
    }
}

/// A step in a word; of a migration, its name.
fn name(step: &Step<'_>) -> String {
    match step {
        Step::Provision => "provision".to_owned(),
        Step::Migrate { name, .. } => format!("run {name}"),
        _ => "other".to_owned(),
    }
}

fn run(steps: &[String]) -> Vec<String> {
    let names = steps.iter().filter_map(|step| step.strip_prefix("run "));
    names.map(str::to_owned).collect()
}

fn needed_a_server(steps: &[String]) -> bool {
    steps.iter().any(|step| step == "provision")
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Says what could not be tested here. libtest hides what a passing test prints; this goes past it.
fn skip(what: &str, why: &str) {
    #[allow(clippy::explicit_write)] // `eprintln!` would be captured
    writeln!(std::io::stderr(), "skipped: {what}: {why}").unwrap();
}

/// Makes a replay worth keeping.
const SLOW: &str = "SELECT pg_sleep(0.6);";
