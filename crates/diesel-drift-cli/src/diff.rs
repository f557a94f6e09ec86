//! `diesel-drift diff`.

use crate::args::{DiffArgs, Verbosity};
use crate::interrupt;
use crate::output::CliError;
use crate::progress::Progress;
use diesel_drift::provision::Options;
use diesel_drift::{DiffOptions, Error, Side, diff};

/// Compares, writes the report, and returns the exit code.
pub fn run(args: &DiffArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let side = |text: &str| Side::parse(text).map_err(Error::from);
    let (from, to) = (side(&args.from)?, side(&args.to)?);
    let options = DiffOptions {
        schemas: args.schema.clone(),
        provision: args.provision.apply(Options::from_env()),
    };
    let report = Progress::over(verbosity, |progress| {
        let mut report = diff(&from, &to, &options, progress)?;
        (args.blame).tell(&mut report, &args.report, verbosity, progress);
        Ok(report)
    })?;
    args.report.write(&report, verbosity)
}
