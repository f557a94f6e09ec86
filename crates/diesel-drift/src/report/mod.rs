//! What a check found, as data, and its renderers. A renderer takes a report and a `Write`, and only renders.

mod json;
mod log;
mod scorecard;
mod text;

use crate::blame::Lineage;
use crate::declared::{Declared, Joined, Reading};
use crate::finding::{Finding, Severity};
use crate::introspect::Live;
use crate::kinds::compare;
use crate::policy::Suppressed;
use crate::project::{DRIFT_TOML, Project};
use crate::roundtrip::Tried;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub use json::{JSON_VERSION, json_schema, write_json};
pub use log::{LOG_VERSION, log_schema, write_log, write_log_json};
pub use scorecard::{SCORECARD_VERSION, scorecard_schema, write_scorecard, write_scorecard_json};
pub use text::{Style, write_findings, write_text};

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The project's root; paths in spans are relative to it.
    pub root: PathBuf,
    /// The database that was read, without any secret; none where none was.
    pub database: Option<String>,
    /// `server_version_num`; none for what no server wrote.
    pub server_version: Option<u32>,
    /// What was compared.
    pub compared: Compared,
    /// What differs, by subject.
    pub findings: Vec<Finding>,
    /// What differs and is accepted.
    pub suppressed: Vec<Suppressed>,
    /// Sentences about what could not be looked at.
    pub notices: Vec<String>,
    /// The texts that spans point into.
    pub sources: BTreeMap<PathBuf, String>,
    /// The chains of migrations that what was compared comes from: what [`blame`](crate::blame()) asks.
    pub lineages: Vec<Lineage>,
}

/// What was compared, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Declarations, against the database.
    Declared {
        /// How many.
        counts: Counts,
        /// How the database came to its schema.
        migrated: Migrated,
    },
    /// The database against another state of it.
    Catalogs {
        /// The state that is expected.
        expected: Expected,
        /// How many objects it has, what hangs on tables not counted.
        objects: usize,
        /// The declarations that were compared with both, if any.
        declared: Option<Counts>,
    },
    /// A chain of migrations, as files.
    Chain {
        /// How many migrations there are.
        migrations: usize,
        /// What they were held against beside Diesel's rules, without any secret: `migrations.lock`, `origin/main`.
        against: Vec<String>,
    },
    /// A schema, by itself.
    Rules {
        /// How many rules it was held to.
        rules: usize,
        /// How many tables it has.
        tables: usize,
        /// How the database came to it.
        migrated: Migrated,
    },
    /// Each migration of a chain against itself: up, down and up again.
    RoundTrip {
        /// How each went, in the order of the chain.
        tried: Vec<Tried>,
    },
}

/// The state that a database was held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// What it is, without any secret: `41 migrations on local PostgreSQL 15.18 (…)`.
    pub description: String,
    /// `server_version_num` of the server that wrote its texts; none for what no server wrote.
    pub server_version: Option<u32>,
}

/// How many declarations were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// `table!`s.
    pub tables: usize,
    /// Their columns.
    pub columns: usize,
    /// `joinable!`s.
    pub joins: usize,
    /// Rust enums.
    pub enums: usize,
}

impl Counts {
    /// Counts.
    pub(crate) fn of(declared: &Declared) -> Self {
        Self {
            tables: declared.tables.len(),
            columns: declared
                .tables
                .iter()
                .map(|table| table.columns.len())
                .sum(),
            joins: Joined::of(declared).resolved(),
            enums: declared.enums.len(),
        }
    }
}

/// How a database came to its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// Fresh; that many migrations of the project's chain were applied.
    ByChain(usize),
    /// As that many migrations of the project's chain made it in an earlier run, which kept what it read.
    Kept(usize),
    /// Fresh; `[migrate] command` did it.
    ByCommand,
    /// It was there, and was only read.
    Before,
}

impl Migrated {
    /// How many migrations of the project's chain made it, where they did.
    pub(crate) fn migrations(self) -> Option<usize> {
        match self {
            Self::ByChain(count) | Self::Kept(count) => Some(count),
            Self::ByCommand | Self::Before => None,
        }
    }
}

impl Report {
    /// Compares, and applies the project's policy. `notices` go before those of `reading`.
    pub fn new(
        project: &Project,
        reading: Reading,
        live: &Live,
        database: String,
        migrated: Migrated,
        mut notices: Vec<String>,
    ) -> Self {
        let (findings, suppressed) = project
            .policy
            .apply(compare(&reading, live, &project.scope));
        notices.extend(reading.notices);
        let declared = reading.declared;
        let counts = Counts::of(&declared);
        let compared = Compared::Declared { counts, migrated };
        let mut sources = declared.sources;
        sources.extend(
            project
                .drift_toml
                .clone()
                .map(|text| (DRIFT_TOML.into(), text)),
        );
        Self {
            root: project.root.clone(),
            database: Some(database),
            server_version: Some(live.server_version),
            compared,
            findings,
            suppressed,
            notices,
            sources,
            lineages: Vec::new(),
        }
    }

    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// Whether the check fails: a finding is at least as severe as `threshold`.
    pub fn fails(&self, threshold: Severity) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity >= threshold)
    }
}
