//! Deployed against expected: the proof, before a deployment, that a database is what the release declares.
//!
//! The deployed database is only read, in one transaction. What is expected comes from the migrations, replayed on a scratch database as far as
//! they were applied there; from a release manifest; or from the reviewed snapshots. Where there are declarations, each finding says
//! who stands alone.

mod attribute;
mod expected;

use crate::catalog::NOTHING;
use crate::check::connect;
use crate::compare::{Scope, State};
use crate::declared::{self, Reading};
use crate::diff::compare_mixed;
use crate::error::Error;
use crate::introspect::{Limits, Wanted, introspect_deployed};
use crate::kinds::compare_states;
use crate::manifest::Manifest;
use crate::policy::Policy;
use crate::project::{DRIFT_TOML, Project};
use crate::provision::{self, ServerUrl};
use crate::report::{Compared, Counts, Report};
use crate::{Finding, Severity, Step};
use std::path::{Path, PathBuf};

/// Where the expected state comes from.
#[derive(Clone, Copy, Debug)]
pub enum Expect<'a> {
    /// The project's migrations, replayed on a scratch database.
    Migrations {
        /// The project.
        project: &'a Project,
        /// Where the scratch database comes from. The major version of the deployed server is asked for.
        options: &'a provision::Options,
    },
    /// The project's reviewed snapshots, which are of its last migration; for where no server can be had.
    Snapshots {
        /// The project.
        project: &'a Project,
        /// The directory of snapshots.
        directory: &'a Path,
    },
    /// A release manifest. Its own copy of `drift.toml` holds.
    Manifest(&'a Manifest),
}

/// Holds the database at `deployed` against what is expected, as of the last migration that was applied to it.
///
/// # Errors
/// When the comparison could not be made; drift is no error.
pub fn verify(
    expect: Expect<'_>,
    deployed: &ServerUrl,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    let settings = Settings::of(expect)?;
    let reading = match expect {
        Expect::Migrations { project, .. } => {
            progress(Step::Declared);
            Some(declared::read(&project.root, &project.schemas)?)
        }
        Expect::Snapshots { .. } | Expect::Manifest(_) => None,
    };
    let declares = |reading: &Reading| !reading.declared.tables.is_empty();
    let wanted = reading.as_ref().map(Wanted::of).unwrap_or_default();
    progress(Step::Introspect);
    let there = introspect_deployed(&mut connect(deployed)?, &wanted, &Limits::default())?;
    let mut expected = match expect {
        Expect::Migrations { project, options } => {
            expected::replayed(project, options, &wanted, &there, progress)?
        }
        Expect::Snapshots { project, directory } => expected::reviewed(project, directory, &there)?,
        Expect::Manifest(manifest) => expected::recorded(manifest, &there)?,
    };
    progress(Step::Compare);
    let live = State::of(&there.live)?.portable();
    let (objects, mut findings) = match &expected.state {
        expected::State::Reviewed(reviewed) => (
            reviewed.objects.len(),
            compare_mixed(reviewed, &live.into(), &settings.scope),
        ),
        expected::State::Replayed { last, head } => {
            let state = State::of(last)?.portable();
            let findings = compare_states(&state, &live, &settings.scope);
            let findings = match reading.as_ref().filter(|reading| declares(reading)) {
                Some(reading) => attribute::Three {
                    reading,
                    scope: &settings.scope,
                    last: (last, &state),
                    head,
                    deployed: (&there.live, &live),
                }
                .attribute(findings)?,
                None => findings,
            };
            (state.objects.len(), findings)
        }
    };
    findings.append(&mut expected.findings);
    let mut findings: Vec<_> = findings.into_iter().map(of_the_service).collect();
    sort(&mut findings);
    let (findings, suppressed) = settings.policy.apply_to_a_part(findings);
    let mut notices = expected.notices;
    let mut sources = settings.sources;
    let mut counts = None;
    if let Some(reading) = reading {
        counts = Some(Counts::of(&reading.declared)).filter(|counts| counts.tables > 0);
        notices.extend(reading.notices);
        sources.extend(reading.declared.sources);
    }
    Ok(Report {
        root: settings.root,
        database: Some(deployed.describe()),
        server_version: Some(there.live.server_version),
        compared: Compared::Catalogs {
            expected: expected.description,
            objects,
            declared: counts,
        },
        findings,
        suppressed,
        notices,
        sources,
        lineages: expected.lineage.into_iter().collect(),
    })
}

/// Managed services change the privileges of PostgreSQL's own objects for their administrator. Where the release does not, that is
/// worth knowing and no drift.
fn of_the_service(finding: Finding) -> Finding {
    let system_objects = finding.attribute.as_deref() == Some("system_objects");
    if system_objects && finding.declared.as_deref() == Some(NOTHING) {
        finding.severity(Severity::Note)
    } else {
        finding
    }
}

fn sort(findings: &mut [Finding]) {
    // Stable, so that an object's attributes keep their order.
    findings.sort_by_cached_key(|finding| {
        let subject = finding.subject.to_string();
        (subject, finding.kind.id, finding.span.clone())
    });
}

/// What `drift.toml` says.
struct Settings {
    root: PathBuf,
    scope: Scope,
    policy: Policy,
    sources: std::collections::BTreeMap<PathBuf, String>,
}

impl Settings {
    fn of(expect: Expect<'_>) -> Result<Self, Error> {
        let sources = |text: Option<&str>| {
            let text = text.map(|text| (PathBuf::from(DRIFT_TOML), text.to_owned()));
            text.into_iter().collect()
        };
        Ok(match expect {
            Expect::Migrations { project, .. } | Expect::Snapshots { project, .. } => Self {
                root: project.root.clone(),
                scope: project.scope.clone(),
                policy: project.policy.clone(),
                sources: sources(project.drift_toml.as_deref()),
            },
            Expect::Manifest(manifest) => {
                let drift = manifest.project_settings()?;
                Self {
                    root: PathBuf::new(),
                    scope: drift.scope(),
                    policy: drift.policy,
                    sources: sources(manifest.drift_toml()),
                }
            }
        })
    }
}
