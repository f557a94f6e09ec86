//! A chain held against everything that is known about it, as a report.

use super::find::find;
use super::source::{ChainSource, TextFile};
use crate::error::Error;
use crate::finding::{Finding, Found};
use crate::project::{DRIFT_TOML, Project};
use crate::report::{Compared, Report};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Holds the migrations of `project` against the rules of Diesel and PostgreSQL. No database is needed.
///
/// # Errors
/// When the directory of migrations cannot be found or listed; what is wrong with what lies in it is a finding.
pub fn check_chain(project: &Project) -> Result<Report, Error> {
    let source = ChainSource::read(project)?;
    let (findings, suppressed) = (project.policy).apply_where(find(&source), |kind| {
        matches!(kind.found, Found::InChain(_))
    });
    Ok(Report {
        root: project.root.clone(),
        database: None,
        server_version: None,
        compared: Compared::Chain {
            migrations: source.migrations.len(),
            against: Vec::new(),
        },
        sources: sources(&source, &findings),
        findings,
        suppressed,
        notices: Vec::new(),
        lineages: Vec::new(),
    })
}

/// The texts that spans point into.
fn sources(source: &ChainSource, findings: &[Finding]) -> BTreeMap<PathBuf, String> {
    let files = (source.migrations.iter()).flat_map(|migration| migration.files.values());
    let text = |file: &TextFile| Some((file.path.clone(), file.text()?.to_owned()));
    let shown = |file: &&TextFile| {
        let spans = findings.iter().filter_map(|finding| finding.span.as_ref());
        spans.into_iter().any(|span| span.file == file.path)
    };
    let drift_toml = source.drift_toml.clone();
    files
        .filter(shown)
        .filter_map(text)
        .chain(drift_toml.map(|text| (DRIFT_TOML.into(), text)))
        .collect()
}
