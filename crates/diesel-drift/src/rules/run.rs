//! A project → its migrated schema → rules → a report.

use super::{Default as ByDefault, Linted, RULES, Rule};
use crate::check::{Step, Target, read_database};
use crate::declared::{self, Models, Reading};
use crate::error::Error;
use crate::finding::{Finding, Kind};
use crate::fresh::Fresh;
use crate::introspect::{Live, Wanted};
use crate::policy::{Level, Policy};
use crate::project::{DRIFT_TOML, Project};
use crate::report::{Compared, Migrated, Report};

/// Holds the schema that a project's migrations make to the rules, and tells `progress` of each step.
///
/// # Errors
/// When the schema could not be had; a broken rule is no error.
pub fn lint(
    project: &Project,
    target: &Target,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    progress(Step::Declared);
    let reading = declared::read(&project.root, &project.schemas)?;
    let models = declared::models(&project.root, &project.schemas, &reading.declared)?;
    let wanted = Wanted::of(&reading);
    let fresh = match target {
        Target::Fresh(options) => Fresh::of_project(project, options, &wanted, progress)?,
        Target::Migrated { url } => {
            progress(Step::Introspect);
            Fresh {
                live: read_database(url, &wanted)?,
                database: url.describe(),
                migrated: Migrated::Before,
                notices: Vec::new(),
            }
        }
    };
    progress(Step::Compare);
    let Fresh {
        live,
        database,
        migrated,
        notices,
    } = fresh;
    Ok(report(
        project, reading, models, &live, database, migrated, notices,
    ))
}

/// Holds a schema to the rules and applies the project's policy. `notices` go before those of `reading` and `models`.
#[must_use]
pub fn report(
    project: &Project,
    reading: Reading,
    models: Models,
    live: &Live,
    database: String,
    migrated: Migrated,
    mut notices: Vec<String>,
) -> Report {
    let catalog = project.scope.kept_catalog(&live.catalog);
    let rules = in_force(&project.policy);
    let linted = Linted::new(
        &reading.declared,
        &models.models,
        live,
        &catalog,
        &project.scope,
    );
    let tables = linted.tables().len();
    let findings = run(&rules, &linted);
    let (findings, suppressed) =
        (project.policy).apply_where(findings, |kind| rules.contains(&kind));
    notices.extend(reading.notices.into_iter().chain(models.notices));
    let mut sources = reading.declared.sources;
    sources.extend(models.sources);
    sources.extend((project.drift_toml.clone()).map(|text| (DRIFT_TOML.into(), text)));
    Report {
        root: project.root.clone(),
        database: Some(database),
        server_version: Some(live.server_version),
        compared: Compared::Rules {
            rules: rules.len(),
            tables,
            migrated,
        },
        findings,
        suppressed,
        notices,
        sources,
        lineages: Vec::new(),
    }
}

/// The rules that hold: those that a project does not switch off, and those that it switches on.
fn in_force(policy: &Policy) -> Vec<&'static Kind> {
    let holds = |kind: &&&'static Kind| match policy.level_of(kind) {
        Some(level) => level != Level::Off,
        None => (kind.rule()).is_some_and(|rule| rule.default == ByDefault::On),
    };
    RULES.iter().filter(holds).copied().collect()
}

/// What breaks the `rules`, by subject.
#[must_use]
pub fn run(rules: &[&'static Kind], linted: &Linted<'_>) -> Vec<Finding> {
    let of_rule = |rule: &'static Rule| {
        let findings = (rule.check)(linted).into_iter();
        findings.map(|finding| match finding.help.is_empty() {
            true => finding.help(format!("write {}", rule.instead)),
            false => finding,
        })
    };
    let rules = rules.iter().filter_map(|kind| kind.rule());
    let mut findings: Vec<Finding> = rules.flat_map(of_rule).collect();
    findings.sort_by(|a, b| {
        (&a.subject, a.kind.id, &a.attribute).cmp(&(&b.subject, b.kind.id, &b.attribute))
    });
    findings
}
