//! `diesel-drift check`.

use crate::args::{CheckArgs, Verbosity};
use crate::interrupt;
use crate::output::CliError;
use crate::progress::Progress;
use diesel_drift::check;

/// Checks, writes the report, and returns the exit code.
pub fn run(args: &CheckArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover(&args.schema)?;
    let target = (args.provision).target(args.database_url.as_deref(), &project);
    let report = Progress::over(verbosity, |progress| {
        let mut report = check(&project, &target, progress)?;
        (args.blame).tell(&mut report, &args.report, verbosity, progress);
        Ok(report)
    })?;
    args.report.write(&report, verbosity)
}
