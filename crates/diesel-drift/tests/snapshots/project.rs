//! A project in a temporary directory, and its test in a process of its own: insta reads its environment once a process.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::provision::{Database, Options, provision};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const DIRECTORY: &str = "DIESEL_DRIFT_TEST_PROJECT";
const DATABASE: &str = "DIESEL_DRIFT_TEST_DATABASE";

/// How the test is run.
pub enum Mode {
    /// By a developer with `cargo test`.
    Review,
    /// In CI.
    Ci,
    /// With everything accepted.
    Always,
}

/// A project, and the database that its migrations have made.
pub struct Project {
    directory: TempDir,
    database: Database,
}

/// What became of a run.
pub struct Run {
    pub failed: bool,
    pub output: String,
}

impl Run {
    /// Whether the text was printed; else everything that was.
    pub fn said(&self, text: &str) -> Result<(), String> {
        self.output
            .contains(text)
            .then_some(())
            .ok_or_else(|| self.output.clone())
    }
}

impl Project {
    pub fn new(sql: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::write(root.join("Cargo.toml"), "[package]\nname = \"app\"\n").unwrap();
        fs::write(
            root.join("diesel.toml"),
            "[print_schema]\nfile = \"schema.rs\"\n",
        )
        .unwrap();
        fs::write(root.join("schema.rs"), "").unwrap();
        let database = provision(&Options::from_env()).unwrap();
        let project = Self {
            directory,
            database,
        };
        project.run(sql);
        project
    }

    /// Runs SQL against the database.
    pub fn run(&self, sql: &str) {
        let mut connection = PgConnection::establish(self.database.url()).unwrap();
        connection.batch_execute(sql).unwrap();
    }

    /// Runs the project's test.
    pub fn assert(&self, mode: Mode) -> Run {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "project::the_test_of_a_project",
                "--ignored",
                "--nocapture",
            ])
            .env(DIRECTORY, self.directory.path())
            .env(DATABASE, self.database.url())
            .env("NO_COLOR", "1")
            .env("CI", if matches!(mode, Mode::Ci) { "true" } else { "" })
            .env_remove("TF_BUILD");
        for variable in ["INSTA_UPDATE", "INSTA_FORCE_PASS", "INSTA_OUTPUT"] {
            command.env_remove(variable);
        }
        if matches!(mode, Mode::Always) {
            command.env("INSTA_UPDATE", "always");
        }
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Run {
            failed: !output.status.success(),
            output: String::from_utf8(text).unwrap(),
        }
    }

    pub fn snapshots(&self) -> PathBuf {
        // As the harness finds it, where the temporary directory is behind a link.
        self.directory
            .path()
            .canonicalize()
            .unwrap()
            .join("snapshots")
    }

    fn files(&self, extension: &str) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.snapshots(), Path::new(""), &mut found);
        found.retain(|path| path.ends_with(extension));
        found.sort();
        found
    }

    /// The files that are committed.
    pub fn accepted(&self) -> Vec<String> {
        self.files(".snap")
    }

    /// The files that wait for a review.
    pub fn pending(&self) -> Vec<String> {
        self.files(".snap.new")
    }

    pub fn content(&self, file: &str) -> String {
        fs::read_to_string(self.snapshots().join(file)).unwrap()
    }

    /// Every committed file with its content.
    pub fn contents(&self) -> Vec<(String, String)> {
        let files = self.accepted().into_iter();
        files
            .map(|file| (file.clone(), self.content(&file)))
            .collect()
    }

    pub fn write(&self, file: &str, content: &str) {
        fs::write(self.snapshots().join(file), content).unwrap();
    }

    pub fn remove(&self, file: &str) {
        fs::remove_file(self.snapshots().join(file)).unwrap();
    }

    /// What `cargo insta accept` does: the pending file takes the committed one's place, without the line of the assertion.
    pub fn accept(&self) {
        for file in self.pending() {
            let pending = self.content(&file);
            let kept: Vec<_> = (pending.split_inclusive('\n'))
                .filter(|line| !line.starts_with("assertion_line:"))
                .collect();
            self.write(file.trim_end_matches(".new"), &kept.concat());
            self.remove(&file);
        }
    }
}

fn collect(directory: &Path, below: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.map(Result::unwrap) {
        let below = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&entry.path(), &below, found);
        } else {
            found.push(below.display().to_string());
        }
    }
}

#[test]
#[ignore = "what a user's test says, in a process that other tests start"]
fn the_test_of_a_project() {
    let directory = std::env::var(DIRECTORY).unwrap();
    let database = std::env::var(DATABASE).unwrap();
    diesel_drift::assert_snapshots!(directory, database);
}
