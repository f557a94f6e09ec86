//! `diesel-drift chain`.

use crate::args::{ChainArgs, Verbosity};
use crate::output::CliError;
use diesel_drift::chain::check_chain;

/// Holds the chain against all that is known of it, writes the report, and returns the exit code.
pub fn run(args: &ChainArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    let project = args.project.discover(&[])?;
    let report = check_chain(&project)?;
    args.report.write(&report, verbosity)
}
