//! What lies in a directory of migrations, read once.

use super::lock;
use super::others;
use super::record::Record;
use crate::declared::Span;
use crate::digest::sha256;
use crate::error::Error;
use crate::introspect::AppliedVersion;
use crate::migrate::{MigrateError, column_of, find_directory, line_of, split};
use crate::project::{DRIFT_TOML, Irreversible, Project};
use crate::subject::Subject;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirEntry};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What some editors put before a text.
const BOM: char = '\u{feff}';

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
    /// The names of the tables that the chain creates, as it writes them.
    pub created: BTreeSet<String>,
    /// Other directories of migrations in the project, relative to its root, each with the names of the tables that it creates.
    pub others: BTreeMap<PathBuf, BTreeSet<String>>,
    /// `[[irreversible]]` of `drift.toml`.
    pub irreversible: Vec<Irreversible>,
    /// The text of files in the project's root that spans point into, by name: `drift.toml`, `migrations.lock`.
    pub texts: BTreeMap<PathBuf, String>,
    /// What is recorded of it: the lock file, a branch.
    pub records: Vec<Record>,
    /// What a database says was applied to it, by version.
    pub applied: Option<Vec<AppliedVersion>>,
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
    /// No UTF-8.
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

    /// Its text as SQL: a byte order mark, which is no SQL, is not in it.
    pub fn sql(&self) -> &str {
        self.text().unwrap_or_default().trim_start_matches(BOM)
    }

    /// The statements, as ranges of its whole text.
    pub(crate) fn statements(&self) -> Vec<Range<usize>> {
        let sql = self.sql();
        let before = self.text().unwrap_or_default().len() - sql.len();
        let shifted = |range: Range<usize>| range.start + before..range.end + before;
        split(sql).into_iter().map(shifted).collect()
    }

    /// Whether there is a text, and no statement in it. PostgreSQL has no more to do than for an empty one, and Diesel takes that for an error.
    pub(crate) fn says_nothing(&self) -> bool {
        self.text().is_some() && self.statements().is_empty()
    }

    /// A place in it.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let text = self.text().unwrap_or_default();
        Span {
            file: self.path.clone(),
            line: line_of(text, range.start),
            column: column_of(text, range.start),
            start: range.start,
            end: range.end,
        }
    }

    /// The file itself: no place in it.
    pub(crate) fn whole(&self) -> Span {
        self.span(0..0)
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
    pub(super) fn of(bytes: Vec<u8>) -> Self {
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
    /// What a finding about it is about.
    pub(crate) fn subject(&self) -> Subject {
        Subject::Migration(self.name.clone())
    }

    /// `up.sql` and `down.sql`, where they are.
    pub(crate) fn scripts(&self) -> impl Iterator<Item = &TextFile> {
        self.up().into_iter().chain(self.down())
    }

    /// Whether Diesel runs each file and its bookkeeping in one transaction: true without a `metadata.toml` and with one that cannot be
    /// read; false with one that does not say `run_in_transaction = true`.
    pub fn run_in_transaction(&self) -> bool {
        (self.metadata().and_then(TextFile::text))
            .and_then(|text| toml::from_str::<Metadata>(text).ok())
            .is_none_or(|metadata| metadata.run_in_transaction)
    }

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

/// As in `migrations_internals::TomlMetadata`.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    #[serde(default)]
    run_in_transaction: bool,
}

/// Diesel's rule (`migrations_internals::version_from_string`).
pub(super) fn version(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

fn file_name(entry: &DirEntry) -> String {
    entry.file_name().to_string_lossy().into_owned()
}

/// Where the migrations of a project are.
pub(super) fn directory(project: &Project) -> Result<PathBuf, MigrateError> {
    let chosen = project.migration_dir.as_deref();
    let configured = project.configured_migrations.as_deref();
    find_directory(&project.root, chosen, configured)
}

impl ChainSource {
    /// Those that Diesel would run; one of them without an `up.sql`, and it runs none.
    pub fn runnable(&self) -> impl Iterator<Item = &Migration> {
        self.migrations
            .iter()
            .filter(|migration| migration.up().is_some())
    }

    /// Whether `drift.toml` says that a migration cannot be undone.
    pub fn is_irreversible(&self, migration: &Migration) -> bool {
        (self.irreversible.iter()).any(|entry| entry.means(&migration.name, &migration.version))
    }

    /// Reads the chain of a project, found as [`find_directory`] does, and its lock file where there is one.
    ///
    /// # Errors
    /// When there is no directory, or it cannot be listed, and when the lock file is broken. What is wrong with the migrations is data.
    pub fn read(project: &Project) -> Result<Self, Error> {
        let directory = directory(project)?;
        let mut source = Self {
            irreversible: project.irreversible.clone(),
            texts: (project.drift_toml.iter())
                .map(|text| (DRIFT_TOML.into(), text.clone()))
                .collect(),
            ..Self::listed(project, &directory)?
        };
        source.created = (source.migrations.iter().filter_map(Migration::up))
            .flat_map(|up| others::created(up.sql()))
            .collect();
        source.others = others::find(&project.root, &directory);
        if let Some((record, text)) = lock::read(&project.root)? {
            source.texts.insert(lock::FILE.into(), text);
            source.records.push(record);
        }
        Ok(source)
    }

    /// The migrations of a project alone; none where there is no telling where they are, as of a project that migrates with a runner of its own.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub(crate) fn migrations_of(project: &Project) -> Result<Vec<Migration>, Error> {
        match directory(project) {
            Ok(directory) => Ok(Self::listed(project, &directory)?.migrations),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// What lies in the directory, and nothing else.
    fn listed(project: &Project, directory: &Path) -> Result<Self, MigrateError> {
        let shown = directory.strip_prefix(&project.root).unwrap_or(directory);
        let mut source = Self {
            directory: shown.to_owned(),
            ..Self::default()
        };
        source.list(directory).map_err(|error| {
            let (path, message) = (directory.to_owned(), error.to_string());
            MigrateError::Unreadable { path, message }
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
