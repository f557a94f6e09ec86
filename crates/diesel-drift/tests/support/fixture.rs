//! The pairs in `fixtures/`: declarations, a database that agrees with them, and the same database drifted.
#![allow(dead_code, reason = "each of its users needs a part")]

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::declared::{self, Reading, SchemaSource};
use diesel_drift::introspect::{Live, Wanted, introspect};
use diesel_drift::report::{Style, write_findings};
use diesel_drift::{DriftToml, Project, Report, Severity};
use std::fs;
use std::path::{Path, PathBuf};

/// One of the two databases of a fixture.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    Agreed,
    Drifted,
}

pub struct Fixture {
    pub id: String,
    pub directory: PathBuf,
}

impl Fixture {
    /// Every folder in `fixtures/`, by name.
    pub fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut all: Vec<_> = fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| Self {
                id: entry.file_name().into_string().unwrap(),
                directory: entry.path(),
            })
            .collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    pub fn text(&self, file: &str) -> String {
        fs::read_to_string(self.directory.join(file))
            .unwrap_or_else(|error| panic!("{}/{file}: {error}", self.id))
    }

    pub fn project(&self) -> Project {
        let mut project = Project::new(&self.directory, [self.directory.join("schema.rs")]);
        let patch = self.directory.join("schema.patch");
        if patch.exists() {
            project.schemas = vec![SchemaSource {
                path: self.directory.join("schema.rs"),
                patch: Some(patch),
            }];
        }
        let drift = DriftToml::read(&self.directory).unwrap();
        project.policy = drift.policy;
        project.drift_toml = drift.text;
        project
    }

    pub fn reading(&self) -> Reading {
        let project = self.project();
        declared::read(&project.root, &project.schemas).unwrap()
    }

    pub fn live_file(&self, side: Side) -> PathBuf {
        self.directory.join(match side {
            Side::Agreed => "agreed.json",
            Side::Drifted => "drifted.json",
        })
    }

    /// The committed catalog.
    pub fn live(&self, side: Side) -> Live {
        serde_json::from_str(&fs::read_to_string(self.live_file(side)).unwrap()).unwrap()
    }

    pub fn report(&self, live: &Live) -> Report {
        Report::new(
            &self.project(),
            self.reading(),
            live,
            "a fixture".to_owned(),
            None,
        )
    }

    /// All findings on the drifted database, as text.
    pub fn findings(&self, live: &Live) -> String {
        let mut text = Vec::new();
        let style = Style {
            full: Severity::Note,
            ..Style::default()
        };
        write_findings(&self.report(live), style, &mut text).unwrap();
        String::from_utf8(text).unwrap().trim_end().to_owned() + "\n"
    }

    /// Makes both databases, one after the other, in the schema `public` of the database at `url`, and reads them.
    pub fn read_live(&self, url: &str) -> [(Side, Live); 2] {
        let mut connection = PgConnection::establish(url).unwrap();
        let wanted = Wanted::of(&self.reading());
        connection
            .batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
            .unwrap();
        [(Side::Agreed, "agreed.sql"), (Side::Drifted, "drift.sql")].map(|(side, file)| {
            connection
                .batch_execute(&self.text(file))
                .unwrap_or_else(|error| panic!("{}/{file}: {error}", self.id));
            (side, introspect(&mut connection, &wanted).unwrap())
        })
    }
}
