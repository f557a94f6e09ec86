//! `diesel-drift roundtrip`.

use crate::args::{RoundtripArgs, Verbosity};
use crate::interrupt;
use crate::output::CliError;
use crate::progress::Progress;
use diesel_drift::roundtrip::{RoundTripOptions, Which, roundtrip};

/// Tries the migrations, writes the report, and returns the exit code.
pub fn run(args: &RoundtripArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover_migrations()?;
    let which = match (args.last, &args.from) {
        (Some(last), _) => Which::Last(last),
        (None, Some(from)) => Which::From(from.clone()),
        (None, None) => Which::All,
    };
    let options = RoundTripOptions {
        which,
        with_rows: !args.no_rows,
        workers: args.jobs,
        provision: args.provision.apply(project.provision_options()),
    };
    let report = Progress::over(verbosity, |progress| {
        roundtrip(&project, &options, progress)
    })?;
    args.report.write(&report, verbosity)
}
