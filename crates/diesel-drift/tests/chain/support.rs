//! Projects that hold nothing but a chain.

use diesel_drift::chain::{Against, check_chain};
use diesel_drift::{Project, Report};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

pub struct Chain {
    directory: TempDir,
}

impl Chain {
    /// Files in the project, by their paths.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let chain = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(chain.path().join("migrations")).unwrap();
        for (path, text) in files {
            chain.write(path, text);
        }
        chain
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A migration that makes a table and drops it.
    pub fn migration(&self, name: &str, table: &str) {
        self.write(
            &format!("migrations/{name}/up.sql"),
            format!("CREATE TABLE {table} (id int PRIMARY KEY);\n"),
        );
        self.write(
            &format!("migrations/{name}/down.sql"),
            format!("DROP TABLE {table};\n"),
        );
    }

    pub fn project(&self) -> Project {
        let mut project = Project::new(self.path(), []);
        project.migration_dir = Some(self.path().join("migrations"));
        project
    }

    pub fn report(&self) -> Report {
        check_chain(&self.project(), &Against::default()).unwrap()
    }

    /// Kind and subject of each finding.
    pub fn found(&self) -> Vec<String> {
        let shown =
            |finding: &diesel_drift::Finding| format!("{} {}", finding.kind.id, finding.subject);
        self.report().findings.iter().map(shown).collect()
    }
}
