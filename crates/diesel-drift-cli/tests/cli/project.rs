//! Projects to run the command on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A directory with a Diesel project, removed when it is dropped.
pub struct Project {
    directory: TempDir,
}

/// What the command did.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

pub const SCHEMA: &str = "\
diesel::table! {
    users (id) {
        id -> Int4,
        name -> Text,
    }
}
";

impl Project {
    /// An empty directory.
    pub fn empty() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// One table, made by one migration, and a `diesel.toml`.
    pub fn small() -> Self {
        let project = Self::empty();
        project.write("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n");
        project.write("src/schema.rs", SCHEMA);
        project.migration(
            "2026-01-01-000000_users",
            "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);\n",
        );
        project
    }

    /// A copy of this repository's reference project.
    pub fn reference() -> Self {
        let project = Self::empty();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for name in ["diesel.toml", "drift.toml", "migrations", "src"] {
            copy(&repository.join(name), &project.path().join(name));
        }
        project
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn migration(&self, name: &str, up: &str) {
        self.write(&format!("migrations/{name}/up.sql"), up);
        self.write(&format!("migrations/{name}/down.sql"), "");
    }

    /// Replaces a text that occurs just once.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(name)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{name} holds {from:?} once");
        self.write(name, &text.replace(from, to));
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diesel-drift"));
        command
            .current_dir(self.path())
            .args(arguments)
            // A database that nobody may touch: were it used, the check would fail.
            .env(
                "DATABASE_URL",
                "postgres://nobody:secret@127.0.0.1:1/production",
            )
            .env_remove("DIESEL_CONFIG_FILE");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments).output().unwrap().into()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn copy(from: &Path, to: &PathBuf) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}
