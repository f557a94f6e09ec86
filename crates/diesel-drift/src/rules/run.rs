//! A project → its migrated schema → rules → a report.

use super::accepted::Accepting;
use super::allowed::Allowed;
use super::baseline::{Asked, Baseline, Date};
use super::own::{self, Objects, OwnRule};
use super::{Default as ByDefault, Linted, RULES, Rule};
use crate::chain::ChainSource;
use crate::check::{Step, Target};
use crate::declared::{self, Models, Reading};
use crate::error::Error;
use crate::finding::{Finding, Kind};
use crate::fresh::Fresh;
use crate::introspect::{Live, Wanted};
use crate::policy::{Level, Policy};
use crate::project::{DRIFT_TOML, Project};
use crate::report::{Compared, Migrated, Report};
use crate::text::{proposed, visible};
use std::collections::BTreeSet;

/// What is asked of a lint beyond what the project says.
#[derive(Clone, Debug, Default)]
pub struct Lint {
    /// Only these rules, whether they are on or not; where there are none, all that are on.
    pub only: Vec<&'static Kind>,
    /// What is known to be broken, and the day that it is.
    pub baseline: Option<(Baseline, Date)>,
}

/// Holds the schema that a project's migrations make to the rules, and tells `progress` of each step.
///
/// # Errors
/// When the schema could not be had, or a comment in a migration accepts what is no rule; a broken rule is no error.
pub fn lint(
    project: &Project,
    target: &Target,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    lint_with(project, target, &Lint::default(), progress)
}

/// [`lint`], as `lint` says.
///
/// # Errors
/// As [`lint`].
pub fn lint_with(
    project: &Project,
    target: &Target,
    lint: &Lint,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    progress(Step::Declared);
    let reading = declared::read(&project.root, &project.schemas)?;
    let models = declared::models(&project.root, &project.schemas, &reading.declared)?;
    let allowed = allowed_in(project)?;
    let wanted = Wanted::of(&reading);
    let Fresh {
        live,
        database,
        migrated,
        notices,
    } = Fresh::of_target(project, target, &wanted, progress)?;
    progress(Step::Compare);
    let said = Said {
        reading,
        models,
        allowed,
    };
    let mut report = judged(project, said, &live, (database, migrated), lint);
    report.notices.splice(..0, notices);
    Ok(report)
}

/// Holds a schema that was read to the rules, as [`lint`] does. `database` is its name, without any secret.
///
/// # Errors
/// As [`lint`], but for the database.
pub fn report(
    project: &Project,
    reading: Reading,
    models: Models,
    live: &Live,
    database: String,
    migrated: Migrated,
) -> Result<Report, Error> {
    let said = Said {
        reading,
        models,
        allowed: allowed_in(project)?,
    };
    let lint = Lint::default();
    Ok(judged(project, said, live, (database, migrated), &lint))
}

/// What a project's sources say.
struct Said {
    reading: Reading,
    models: Models,
    allowed: Allowed,
}

fn allowed_in(project: &Project) -> Result<Allowed, Error> {
    let migrations = ChainSource::migrations_of(project)?;
    Ok(Allowed::read(&migrations, |id| named(id, &project.rules))?)
}

fn judged(
    project: &Project,
    said: Said,
    live: &Live,
    (database, migrated): (String, Migrated),
    lint: &Lint,
) -> Report {
    let Said {
        reading,
        models,
        allowed,
    } = said;
    let catalog = project.scope.kept_catalog(&live.catalog);
    let linted = Linted::new(&reading.declared, &models, live, &catalog, &project.scope);
    let policy = policy_of(project, lint);
    let is_asked = |kind: &&'static Kind| match lint.only.as_slice() {
        [] => holds(&policy, kind),
        only => only.contains(kind),
    };
    let rules: Vec<&Kind> = RULES.iter().copied().filter(is_asked).collect();
    let own = project.rules.iter().filter(|rule| is_asked(&rule.kind));
    let own: Vec<&OwnRule> = own.collect();
    let mut found = run(&rules, &linted);
    found.extend(run_own(&own, &linted));
    in_order(&mut found);
    let ids = rules
        .iter()
        .copied()
        .chain(own.iter().map(|rule| rule.kind));
    let ids: BTreeSet<&str> = ids.map(|kind| kind.id).collect();
    let accepting = Accepting {
        policy: &policy,
        allowed: &allowed,
        baseline: lint.baseline.as_ref(),
        asked: Asked {
            is_rule: &|id| find(id, &project.rules).is_some(),
            looked_for: &|id| ids.contains(id),
            all: lint.only.is_empty(),
        },
    };
    let (findings, suppressed) = accepting.apply(found, &catalog);
    let compared = Compared::Rules {
        rules: ids.len(),
        tables: linted.tables().len(),
        migrated,
    };
    let mut sources = reading.declared.sources;
    sources.extend(models.sources);
    sources.extend((project.drift_toml.clone()).map(|text| (DRIFT_TOML.into(), text)));
    sources.extend((lint.baseline.as_ref()).and_then(|(baseline, _)| baseline.source()));
    sources.extend(allowed.sources());
    Report {
        root: project.root.clone(),
        database: Some(database),
        server_version: Some(live.server_version),
        compared,
        findings,
        suppressed,
        notices: [reading.notices, models.notices].concat(),
        sources,
        lineages: Vec::new(),
    }
}

/// The project's policy, in which no rule is off that is asked for.
fn policy_of(project: &Project, lint: &Lint) -> Policy {
    let mut policy = project.policy.clone();
    (policy.levels).retain(|(kind, level)| *level != Level::Off || !lint.only.contains(kind));
    policy
}

/// Whether a rule is on: the project does not switch it off, or switches it on.
fn holds(policy: &Policy, kind: &'static Kind) -> bool {
    match policy.level_of(kind) {
        Some(level) => level != Level::Off,
        None => (kind.rule()).is_none_or(|rule| rule.default == ByDefault::On),
    }
}

/// The rule with that id: the harness's, or one of `own`.
///
/// # Errors
/// A sentence that lists the rules where none has it.
pub fn named(id: &str, own: &[OwnRule]) -> Result<&'static Kind, String> {
    find(id, own).ok_or_else(|| {
        let ids: Vec<&str> = all(own).map(|kind| kind.id).collect();
        format!(
            "there is no rule `{}`{}; the rules are {}",
            visible(id),
            proposed(id, ids.iter().copied()),
            ids.join(", ")
        )
    })
}

fn find(id: &str, own: &[OwnRule]) -> Option<&'static Kind> {
    all(own).find(|kind| kind.id == id)
}

fn all(own: &[OwnRule]) -> impl Iterator<Item = &'static Kind> {
    let own = own.iter().map(|rule| rule.kind);
    own.chain(RULES.iter().copied())
}

/// What breaks a project's own rules, and what of those says nothing.
fn run_own(rules: &[&OwnRule], linted: &Linted<'_>) -> Vec<Finding> {
    if rules.is_empty() {
        return Vec::new();
    }
    own::find(rules, &Objects::of(linted.catalog()))
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
    in_order(&mut findings);
    findings
}

/// By subject.
fn in_order(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (&a.subject, a.kind.id, &a.attribute).cmp(&(&b.subject, b.kind.id, &b.attribute))
    });
}
