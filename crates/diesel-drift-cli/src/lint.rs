//! `diesel-drift lint`.

use crate::args::{LintArgs, Verbosity};
use crate::interrupt;
use crate::output::CliError;
use crate::progress::Progress;
use diesel_drift::Target;
use diesel_drift::rules::lint;

/// Holds the schema to the rules, writes the report, and returns the exit code.
pub fn run(args: &LintArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover(&[])?;
    let target = match &args.database_url {
        Some(url) => Target::Migrated {
            url: url.as_str().into(),
        },
        None => Target::Fresh(args.provision.apply(project.provision_options())),
    };
    let report = Progress::over(verbosity, |progress| Ok(lint(&project, &target, progress)?))?;
    args.report.write(&report, verbosity)
}
