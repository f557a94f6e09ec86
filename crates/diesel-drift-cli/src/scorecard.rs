//! `diesel-drift scorecard`.

use crate::args::{Format, ScorecardArgs, Verbosity};
use crate::output::{CliError, write_to};
use crate::progress::Progress;
use crate::{CLEAN, DRIFT, interrupt};
use diesel_drift::report::{Style, write_scorecard, write_scorecard_json};
use diesel_drift::scorecard::{ScorecardOptions, Status, scorecard};

/// Draws the scorecard, and returns the exit code that its worst line means.
pub fn run(args: &ScorecardArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover(&[])?;
    let options = ScorecardOptions {
        quick: args.quick,
        provision: args.provision.apply(project.provision_options()),
    };
    let card = Progress::over(verbosity, |progress| {
        scorecard(&project, &options, progress)
    })?;
    let fails = card.fails(Status::from(args.fail_on));
    let style = Style {
        color: true,
        ..Style::default()
    };
    write_to(args.output.as_deref(), |out| match args.format {
        Format::Json => write_scorecard_json(&card, out),
        Format::Text if verbosity == Verbosity::Quiet && !fails => Ok(()),
        Format::Text => write_scorecard(&card, style, out),
    })?;
    Ok(if fails { DRIFT } else { CLEAN })
}
