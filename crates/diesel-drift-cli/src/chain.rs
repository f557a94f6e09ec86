//! `diesel-drift chain`.

use crate::CLEAN;
use crate::args::{ChainArgs, Verbosity};
use crate::output::{CliError, write_to};
use diesel_drift::chain::{Against, check_chain, lock};
use diesel_drift::visible;

/// Holds the chain against what is known of it, writes the report, and returns the exit code; or writes the lock file.
pub fn run(args: &ChainArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    let project = args.project.discover_migrations()?;
    if args.lock {
        let locked = lock(&project)?;
        if verbosity != Verbosity::Quiet {
            write_to(None, |out| writeln!(out, "{}", visible(&locked.describe())))?;
        }
        return Ok(CLEAN);
    }
    let against = Against {
        base: args.base.clone(),
        database: args.database_url.as_deref().map(Into::into),
    };
    args.report
        .write(&check_chain(&project, &against)?, verbosity)
}
