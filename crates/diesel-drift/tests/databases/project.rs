//! A project made for a test, with a place of its own for servers and for what is kept between runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

pub struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    /// With one migration. `{file}` in it stands for the path of [`file`](Self::file).
    pub fn new(up: &str) -> Self {
        // Short, because of the sockets in it, and open to the user that a server of root's runs as.
        let directory = tempfile::Builder::new()
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir_in("/tmp")
            .unwrap();
        let project = Self { directory };
        for name in ["run", "src"] {
            fs::create_dir(project.path().join(name)).unwrap();
        }
        // As `/tmp` is: the server's user removes what is its own.
        let everybodys = fs::Permissions::from_mode(0o1777);
        fs::set_permissions(project.path().join("run"), everybodys).unwrap();
        fs::write(
            project.path().join("Cargo.toml"),
            "[package]\nname = \"p\"\n",
        )
        .unwrap();
        fs::write(project.path().join("src/schema.rs"), "").unwrap();
        fs::write(project.file(), "").unwrap();
        fs::set_permissions(project.file(), fs::Permissions::from_mode(0o666)).unwrap();
        project.migration("1_first", up);
        project.provided_by("local");
        project
    }

    /// The same on the server that the test names.
    pub fn on_server(self) -> Self {
        self.provided_by("server");
        self
    }

    /// Where its databases come from, whatever else the machine has: a container, perhaps.
    fn provided_by(&self, provider: &str) {
        let drift = format!("[provision]\nprovider = \"{provider}\"\n");
        fs::write(self.path().join("drift.toml"), drift).unwrap();
    }

    /// Writes a migration.
    pub fn migration(&self, name: &str, up: &str) {
        let directory = self.path().join("migrations").join(name);
        fs::create_dir_all(&directory).unwrap();
        let up = up.replace("{file}", self.file().to_str().unwrap());
        fs::write(directory.join("up.sql"), up).unwrap();
        fs::write(directory.join("down.sql"), "SELECT 1").unwrap();
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A file that every user can write.
    pub fn file(&self) -> PathBuf {
        self.path().join("file")
    }

    /// How many lines the file has.
    pub fn lines(&self) -> usize {
        fs::read_to_string(self.file()).unwrap().lines().count()
    }

    /// The run directories in the project's own place for them.
    pub fn runs(&self) -> Vec<PathBuf> {
        let runs = fs::read_dir(self.path().join("run")).unwrap();
        runs.map(|entry| entry.unwrap().path()).collect()
    }
}

/// A migration that makes rows, and writes a line into the file when it runs.
pub const COUNTED: &str = "
CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
INSERT INTO users (name) VALUES ('ada'), ('bob');
COPY (SELECT 1) TO PROGRAM 'cat >>{file}';";
