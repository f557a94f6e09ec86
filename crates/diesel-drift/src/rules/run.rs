//! A project → its migrated schema → rules → a report.

use super::allowed::{self, Allowed};
use super::baseline::{Baseline, Date};
use super::own::{self, Objects, OwnRule};
use super::{Default as ByDefault, Linted, RULES, Rule};
use crate::chain::{ChainSource, Migration};
use crate::check::{Step, Target};
use crate::declared::{self, Models, Reading};
use crate::error::Error;
use crate::finding::{Finding, Kind};
use crate::fresh::Fresh;
use crate::introspect::{Live, Wanted};
use crate::policy::{Level, Policy, Suppressed};
use crate::project::{DRIFT_TOML, Project};
use crate::report::{Compared, Migrated, Report};
use crate::text::visible;

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
    let allowed = read_allowed(project, &ChainSource::migrations_of(project)?)?;
    let wanted = Wanted::of(&reading);
    let fresh = Fresh::of_target(project, target, &wanted, progress)?;
    progress(Step::Compare);
    Ok(judged(project, reading, models, fresh, lint, &allowed))
}

fn read_allowed(project: &Project, migrations: &[Migration]) -> Result<Vec<Allowed>, Error> {
    Ok(allowed::read(migrations, |id| named(id, &project.rules))?)
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
    notices: Vec<String>,
) -> Report {
    let fresh = Fresh {
        live: live.clone(),
        database,
        migrated,
        notices,
    };
    judged(project, reading, models, fresh, &Lint::default(), &[])
}

fn judged(
    project: &Project,
    reading: Reading,
    models: Models,
    fresh: Fresh,
    lint: &Lint,
    allowed: &[Allowed],
) -> Report {
    let Fresh {
        live,
        database,
        migrated,
        mut notices,
    } = fresh;
    let catalog = project.scope.kept_catalog(&live.catalog);
    let linted = Linted::new(&reading.declared, &models, &live, &catalog, &project.scope);
    let policy = policy_of(project, lint);
    let is_asked = |kind: &&'static Kind| match lint.only.as_slice() {
        [] => holds(&policy, kind),
        only => only.contains(kind),
    };
    let rules: Vec<&Kind> = RULES.iter().copied().filter(is_asked).collect();
    let own: Vec<&OwnRule> = (project.rules.iter())
        .filter(|rule| is_asked(&rule.kind))
        .collect();
    let mut found = run(&rules, &linted);
    found.extend(run_own(&own, &linted));
    in_order(&mut found);
    let looked_at = |kind: &Kind| rules.contains(&kind) || own.iter().any(|rule| rule.kind == kind);
    let tables = linted.tables().len();
    let accepted = Accepted {
        policy: &policy,
        allowed,
        lint,
    };
    let (findings, suppressed) = accepted.apply(found, &linted, looked_at);
    notices.extend(reading.notices.into_iter().chain(models.notices));
    let mut sources = reading.declared.sources;
    sources.extend(models.sources);
    sources.extend((project.drift_toml.clone()).map(|text| (DRIFT_TOML.into(), text)));
    sources.extend((lint.baseline.as_ref()).and_then(|(baseline, _)| baseline.source()));
    sources.extend(allowed.iter().map(Allowed::source));
    Report {
        root: project.root.clone(),
        database: Some(database),
        server_version: Some(live.server_version),
        compared: Compared::Rules {
            rules: rules.len() + own.len(),
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

/// What accepts findings.
struct Accepted<'a> {
    policy: &'a Policy,
    allowed: &'a [Allowed],
    lint: &'a Lint,
}

impl Accepted<'_> {
    /// What is left of findings, with those of what accepts nothing; and what is accepted. `drift.toml` goes before a migration, and that
    /// before the baseline; what accepts something that another accepts already is not unused.
    fn apply(
        &self,
        found: Vec<Finding>,
        linted: &Linted<'_>,
        looked_at: impl Fn(&Kind) -> bool,
    ) -> (Vec<Finding>, Vec<Suppressed>) {
        let catalog = linted.catalog();
        let mut used: Vec<Vec<bool>> = (self.allowed.iter())
            .map(|allowed| vec![false; allowed.len()])
            .collect();
        for finding in &found {
            for (allowed, used) in self.allowed.iter().zip(&mut used) {
                if let Some(rule) = allowed.accepts(finding, catalog) {
                    used[rule] = true;
                }
            }
        }
        let all = found.clone();
        let (left, mut suppressed) = self.policy.apply_where(found, &looked_at);
        let mut kept = Vec::new();
        for finding in left {
            let allowed = self.allowed.iter();
            let by = { allowed }.find(|it| it.accepts(&finding, catalog).is_some());
            match by {
                Some(allowed) => suppressed.push(Suppressed {
                    finding,
                    reason: allowed.reason.clone(),
                    term: None,
                }),
                None => kept.push(finding),
            }
        }
        let mut unused: Vec<Finding> = (self.allowed.iter().zip(&used))
            .flat_map(|(allowed, used)| allowed.unused(used, &looked_at))
            .collect();
        if let Some((baseline, today)) = &self.lint.baseline {
            kept = baseline.apply(*today, kept, &mut suppressed);
            let only = &self.lint.only;
            let is_asked = |id: &str| only.is_empty() || only.iter().any(|kind| kind.id == id);
            unused.extend(baseline.unused(&all, is_asked));
        }
        let leveled = |finding| self.policy.leveled(finding);
        kept.extend(unused.into_iter().filter_map(leveled));
        (kept, suppressed)
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
    let own = own.iter().map(|rule| rule.kind);
    let all: Vec<&Kind> = own.chain(RULES.iter().copied()).collect();
    let found = all.iter().find(|kind| kind.id == id);
    found.copied().ok_or_else(|| {
        let ids: Vec<&str> = all.iter().map(|kind| kind.id).collect();
        format!(
            "there is no rule `{}`; the rules are {}",
            visible(id),
            ids.join(", ")
        )
    })
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
