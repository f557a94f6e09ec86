//! What lies in a directory of migrations, read once.

use crate::digest::sha256;
use crate::error::Error;
use crate::migrate::{MigrateError, find_directory};
use crate::project::{Irreversible, Project};
use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

/// A project's chain, whether Diesel would run it or not, and what the project says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainSource {
    /// The directory, relative to the project's root where it is inside.
    pub directory: PathBuf,
    /// Each subdirectory that Diesel takes for a migration, in the order in which Diesel applies them: by version, compared as text; those of
    /// one version by name.
    pub migrations: Vec<Migration>,
    /// The names of the files that lie in the directory itself, where Diesel does not look at them. Sorted; none that is hidden.
    pub files: Vec<String>,
    /// `[[irreversible]]` of `drift.toml`.
    pub irreversible: Vec<Irreversible>,
    /// `drift.toml`'s text.
    pub drift_toml: Option<String>,
}

/// What Diesel takes for a migration: a subdirectory whose name does not begin with a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The directory's name; what is not UTF-8 in it is replaced, as Diesel does.
    pub name: String,
    /// Diesel's rule: the name up to the first `_`, without dashes.
    pub version: String,
    /// The files in it by their names, as `name` is; none that is hidden.
    pub files: BTreeMap<String, TextFile>,
    /// Why the directory cannot be listed, where it cannot. Of a link to nowhere or to a file too: Diesel takes both for a migration.
    pub unreadable: Option<String>,
}

/// A file of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Relative to the project's root where it is inside.
    pub path: PathBuf,
    /// What it holds.
    pub content: Content,
    /// SHA-256 of its bytes; empty where they cannot be read.
    pub checksum: String,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// UTF-8, a byte order mark included.
    Text(String),
    /// No UTF-8: how many bytes at its start are, and its number of lines up to there.
    NotUtf8 {
        /// The line, counted from 1, with the first byte that belongs to no character.
        line: usize,
    },
    /// It could not be read; the reason. A directory of that name is no file either.
    Unreadable(String),
}

impl TextFile {
    /// Its text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::NotUtf8 { .. } | Content::Unreadable(_) => None,
        }
    }

    fn read(path: &Path, shown: PathBuf) -> Self {
        match fs::read(path) {
            Ok(bytes) => Self {
                path: shown,
                checksum: sha256(&bytes),
                content: Content::of(bytes),
            },
            Err(error) => Self {
                path: shown,
                checksum: String::new(),
                content: Content::Unreadable(error.to_string()),
            },
        }
    }
}

impl Content {
    fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = &error.as_bytes()[..valid];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                Self::NotUtf8 { line }
            }
        }
    }
}

impl Migration {
    /// The file that is applied.
    pub fn up(&self) -> Option<&TextFile> {
        self.files.get("up.sql")
    }

    /// The file that reverts it.
    pub fn down(&self) -> Option<&TextFile> {
        self.files.get("down.sql")
    }

    /// What says how it is run.
    pub fn metadata(&self) -> Option<&TextFile> {
        self.files.get("metadata.toml")
    }

    fn read(path: &Path, name: String, shown: &Path) -> Self {
        let mut files = BTreeMap::new();
        let listed = fs::read_dir(path).and_then(|entries| {
            for entry in entries {
                let entry = entry?;
                let name = file_name(&entry);
                let is_directory = entry.path().is_dir();
                if name.starts_with('.') || (is_directory && name != "up.sql") {
                    continue;
                }
                let file = TextFile::read(&entry.path(), shown.join(&name));
                files.insert(name, file);
            }
            Ok(())
        });
        Self {
            version: version(&name),
            name,
            files,
            unreadable: listed.err().map(|error| error.to_string()),
        }
    }
}

/// Diesel's rule (`migrations_internals::version_from_string`).
fn version(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

fn file_name(entry: &DirEntry) -> String {
    entry.file_name().to_string_lossy().into_owned()
}

impl ChainSource {
    /// Reads the chain of a project, found as [`find_directory`] does.
    ///
    /// # Errors
    /// When there is no directory, or it cannot be listed. What is wrong with what lies in it is data.
    pub fn read(project: &Project) -> Result<Self, Error> {
        let chosen = project.migration_dir.as_deref();
        let configured = project.configured_migrations.as_deref();
        let directory = find_directory(&project.root, chosen, configured)?;
        let shown = directory
            .strip_prefix(&project.root)
            .unwrap_or(&directory)
            .to_owned();
        let mut source = Self {
            directory: shown,
            irreversible: project.irreversible.clone(),
            drift_toml: project.drift_toml.clone(),
            ..Self::default()
        };
        source.list(&directory).map_err(|error| {
            let message = error.to_string();
            MigrateError::Unreadable {
                path: directory,
                message,
            }
        })?;
        (source.migrations).sort_by(|a, b| (&a.version, &a.name).cmp(&(&b.version, &b.name)));
        source.files.sort();
        Ok(source)
    }

    /// Diesel's rule (`migrations_internals::migrations_directories`): what is no file and not hidden is a migration, and a link is no file.
    fn list(&mut self, directory: &Path) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = file_name(&entry);
            if name.starts_with('.') {
                continue;
            }
            if entry.metadata()?.is_file() {
                self.files.push(name);
            } else {
                let shown = self.directory.join(&name);
                self.migrations
                    .push(Migration::read(&entry.path(), name, &shown));
            }
        }
        Ok(())
    }
}
