//! `diesel-drift selftest`.

use crate::args::{Format, SelftestArgs, Verbosity};
use crate::output::{CliError, write_to};
use crate::progress::Progress;
use crate::{CLEAN, DRIFT, interrupt};
use diesel_drift::Project;
use diesel_drift::provision::Options;
use diesel_drift::selftest::{report, selftest};

/// Tries the drift cases, writes what became of them, and returns the exit code.
pub fn run(args: &SelftestArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let options = args.provision.apply(options());
    let tried = Progress::over(verbosity, |progress| {
        Ok(selftest(&options, &args.cases, progress)?)
    })?;
    let passed = tried.passed();
    if !(passed && verbosity == Verbosity::Quiet) {
        write_to(args.output.as_deref(), |out| match args.format {
            Format::Text => report::write_text(&tried, verbosity == Verbosity::Verbose, out),
            Format::Json => report::write_json(&tried, out),
        })?;
    }
    Ok(if passed { CLEAN } else { DRIFT })
}

/// What the project here says, if there is one: the self-test needs none.
fn options() -> Options {
    Project::discover(".").map_or_else(
        |_| Options::from_env(),
        |project| project.provision_options(),
    )
}
