//! A chain held against everything that is known about it, as a report.

use super::find::find;
use super::git;
use super::record::Record;
use super::source::{ChainSource, TextFile, directory};
use crate::check::connect;
use crate::error::Error;
use crate::finding::{Finding, Found, Kind};
use crate::introspect::{Applied, Limits, read_applied};
use crate::kinds::parted;
use crate::migrate::Parting;
use crate::project::Project;
use crate::provision::ServerUrl;
use crate::report::{Compared, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What a chain is held against beside the rules of Diesel and PostgreSQL, and beside the project's `migrations.lock`.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// A branch into which the migrations will be merged, or another name of a commit: `origin/main`.
    pub base: Option<String>,
    /// A deployed database. It is only read.
    pub database: Option<ServerUrl>,
}

/// Holds the migrations of `project` against the rules of Diesel and PostgreSQL, against `migrations.lock` where there is one, and against what
/// else is named.
///
/// # Errors
/// When the directory of migrations cannot be found or listed (what is wrong with what lies in it is a finding), and when the lock file, the
/// branch or the database cannot be read.
pub fn check_chain(project: &Project, against: &Against) -> Result<Report, Error> {
    let mut source = ChainSource::read(project)?;
    let mut notices = Vec::new();
    if let Some(base) = &against.base {
        let record =
            git::record(&directory(project)?, base).map_err(|message| Error::Base { message })?;
        notices.extend(nothing_there(&record, &source));
        source.records.push(record);
    }
    if let Some(url) = &against.database {
        match read_applied(&mut connect(url)?, &Limits::default())? {
            Applied::Versions(versions) => source.applied = Some(versions),
            Applied::NoTable => notices.push(
                "the database has no record of migrations (no table `__diesel_schema_migrations`): nothing was applied to it, or not by Diesel"
                    .to_owned(),
            ),
            Applied::Unreadable(reason) => notices.push(format!(
                "which migrations were applied to the database cannot be read: {reason}"
            )),
        }
    }
    let database = against.database.as_ref().map(ServerUrl::describe);
    Ok(report(project, source, database, notices))
}

/// The report on what was read.
pub fn report(
    project: &Project,
    source: ChainSource,
    database: Option<String>,
    notices: Vec<String>,
) -> Report {
    let records = source.records.iter().map(|record| record.name.clone());
    let against = records.chain(database.clone()).collect();
    let mut findings = find(&source);
    findings.extend(deployed(&source));
    findings
        .sort_by(|a, b| (&a.subject, a.kind.id, &a.span).cmp(&(&b.subject, b.kind.id, &b.span)));
    let always =
        |kind: &Kind| matches!(kind.found, Found::InChain(_)) && !SOMETIMES.contains(&kind.id);
    let (findings, suppressed) = project.policy.apply_where(findings, always);
    Report {
        root: project.root.clone(),
        database,
        server_version: None,
        compared: Compared::Chain {
            migrations: source.migrations.len(),
            against,
        },
        sources: sources(source, &findings),
        findings,
        suppressed,
        notices,
        lineages: Vec::new(),
    }
}

/// The kinds that need something to be held against: a suppression that suppresses nothing may be for that.
const SOMETIMES: [&str; 5] = [
    "migration-edited",
    "migration-deleted",
    "migration-unlocked",
    "migration-late",
    "migration-reordered",
];

/// Where the directory is not on the branch, everything in it is new.
fn nothing_there(record: &Record, source: &ChainSource) -> Option<String> {
    record.now.is_empty().then(|| {
        format!(
            "there are no migrations in {} of {}: nothing is held against it",
            source.directory.display(),
            record.name
        )
    })
}

/// Where the chain and a database's record part.
fn deployed(source: &ChainSource) -> Vec<Finding> {
    let Some(applied) = &source.applied else {
        return Vec::new();
    };
    let names: BTreeMap<&str, &str> = (source.runnable())
        .map(|migration| (migration.version.as_str(), migration.name.as_str()))
        .collect();
    let versions = applied.iter().map(|row| row.version.as_str());
    let parting = Parting::of(names.keys().copied(), versions);
    let name = |version: &str| names.get(version).map_or(version, |name| *name).to_owned();
    parted(&parting, applied, name)
}

/// The texts that spans point into.
fn sources(source: ChainSource, findings: &[Finding]) -> BTreeMap<PathBuf, String> {
    let shown: BTreeSet<&PathBuf> = (findings.iter())
        .filter_map(|finding| Some(&finding.span.as_ref()?.file))
        .collect();
    let files = (source.migrations.iter()).flat_map(|migration| migration.files.values());
    let text = |file: &TextFile| Some((file.path.clone(), file.text()?.to_owned()));
    let mut sources: BTreeMap<PathBuf, String> = files
        .filter(|file| shown.contains(&file.path))
        .filter_map(text)
        .collect();
    sources.extend(source.texts);
    sources
}
