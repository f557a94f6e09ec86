//! `diesel-drift lint`.

use crate::CLEAN;
use crate::args::{LintArgs, Verbosity};
use crate::interrupt;
use crate::output::{CliError, is_stdout, write_to};
use crate::progress::Progress;
use diesel_drift::rules::baseline::{Baseline, Date, Known, Written};
use diesel_drift::rules::{Lint, lint_with, named};
use diesel_drift::{Project, Report, Severity, Term};
use std::io;
use std::path::Path;

/// Holds the schema to the rules, writes the report or the baseline, and returns the exit code.
pub fn run(args: &LintArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover(&[])?;
    let rule = |id: &String| named(id, &project.rules).map_err(CliError::Usage);
    let only = args.rule.iter().map(rule).collect::<Result<_, _>>()?;
    let mut lint = Lint {
        only,
        baseline: None,
    };
    if let Some((path, new)) = args.to_write(Date::today())? {
        let former = read(path, |path| Baseline::read_if_there(path, &project.root))?;
        let report = report(args, &project, &lint, verbosity)?;
        let threshold = Severity::from(args.report.fail_on);
        let (policy, today) = (&project.policy, Date::today());
        let renewed = former.renewed(&report.findings, policy, threshold, &new, today);
        return write(path, renewed, verbosity);
    }
    if let Some(path) = &args.baseline {
        let baseline = read(path, |path| Baseline::read(path, &project.root))?;
        lint.baseline = Some((baseline, Date::today()));
    }
    let report = report(args, &project, &lint, verbosity)?;
    args.report.write(&report, verbosity)
}

fn read(
    path: &Path,
    read: impl Fn(&Path) -> Result<Baseline, diesel_drift::ProjectError>,
) -> Result<Baseline, CliError> {
    // The project's root is absolute, and reports show the file relative to it.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok(read(&path).map_err(diesel_drift::Error::from)?)
}

fn report(
    args: &LintArgs,
    project: &Project,
    lint: &Lint,
    verbosity: Verbosity,
) -> Result<Report, CliError> {
    let target = (args.provision).target(args.database_url.as_deref(), project);
    Progress::over(verbosity, |progress| {
        lint_with(project, &target, lint, progress)
    })
}

impl LintArgs {
    /// The baseline that is to be written, and what new entries say.
    fn to_write(&self, today: Date) -> Result<Option<(&Path, Known)>, CliError> {
        let Some(path) = &self.write_baseline else {
            return Ok(None);
        };
        let (Some(owner), Some(reason), Some(until)) = (&self.owner, &self.reason, self.until)
        else {
            return Err(CliError::Usage(
                "--write-baseline needs --owner, --reason and --until".to_owned(),
            ));
        };
        let wrong = |message: String| Err(CliError::Usage(message));
        if owner.trim().is_empty() || reason.trim().is_empty() {
            return wrong(
                "--owner and --reason are empty: say who is to see to it, and why it is not mended today"
                    .to_owned(),
            );
        }
        if until < today {
            return wrong(format!(
                "--until {until} has passed: name a day on which this will be mended"
            ));
        }
        let term = Term {
            owner: owner.clone(),
            until,
        };
        let reason = reason.clone();
        Ok(Some((path, Known { term, reason })))
    }
}

fn write(
    path: &Path,
    (baseline, written): (Baseline, Written),
    verbosity: Verbosity,
) -> Result<u8, CliError> {
    let text = baseline.to_toml();
    write_to(Some(path), |out| out.write_all(text.as_bytes()))?;
    if verbosity != Verbosity::Quiet && !is_stdout(path) {
        let over = match written.over {
            0 => String::new(),
            over => format!("; the day of {over} is over: write another `until`, or mend it"),
        };
        write_to(None, |out| -> io::Result<()> {
            writeln!(
                out,
                "{}: {} known; {} new, {} as before, {} mended and gone{over}",
                path.display(),
                written.new + written.kept,
                written.new,
                written.kept,
                written.gone
            )
        })?;
    }
    Ok(CLEAN)
}
