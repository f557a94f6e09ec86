//! `diesel-drift check`.

use crate::args::{CheckArgs, Verbosity};
use crate::interrupt;
use crate::output::CliError;
use crate::progress::Progress;
use diesel_drift::{Target, check};

/// Checks, writes the report, and returns the exit code.
pub fn run(args: &CheckArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover(&args.schema)?;
    let target = match &args.database_url {
        Some(url) => Target::Migrated {
            url: url.as_str().into(),
        },
        None => Target::Fresh(args.provision.apply(project.provision_options())),
    };
    let report = Progress::over(verbosity, |progress| {
        let mut report = check(&project, &target, progress)?;
        (args.blame).tell(&mut report, &args.report, verbosity, progress);
        Ok(report)
    })?;
    args.report.write(&report, verbosity)
}
