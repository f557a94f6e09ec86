//! Writing a report as the command line asks.

use crate::args::{BlameArgs, Format, ReportArgs, Verbosity};
use crate::output::{self, CliError};
use crate::{CLEAN, DRIFT};
use diesel_drift::report::{Report, Style, write_json, write_text};
use diesel_drift::{Severity, Step, blame};
use std::io::{self, Write};

impl BlameArgs {
    /// Looks up which migrations made what the findings of `report` are about, as far as they are shown in full.
    pub fn tell(
        &self,
        report: &mut Report,
        written: &ReportArgs,
        verbosity: Verbosity,
        progress: &mut dyn FnMut(Step<'_>),
    ) {
        if !self.no_blame {
            blame(report, written.full(verbosity), progress);
        }
    }
}

impl ReportArgs {
    /// The least severity that is shown in full.
    fn full(&self, verbosity: Verbosity) -> Severity {
        match verbosity {
            Verbosity::Verbose => Severity::Note,
            _ => Severity::from(self.fail_on).min(Severity::Warning),
        }
    }

    /// Writes the report, and returns the exit code that it means.
    pub fn write(&self, report: &Report, verbosity: Verbosity) -> Result<u8, CliError> {
        let threshold = Severity::from(self.fail_on);
        output::write_to(self.output.as_deref(), |out| {
            self.render(report, verbosity, threshold, out)
        })?;
        Ok(if report.fails(threshold) {
            DRIFT
        } else {
            CLEAN
        })
    }

    fn render(
        &self,
        report: &Report,
        verbosity: Verbosity,
        threshold: Severity,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self.format {
            Format::Json => write_json(report, out),
            Format::Text if verbosity == Verbosity::Quiet && !report.fails(threshold) => Ok(()),
            Format::Text => {
                let style = Style {
                    color: true,
                    full: self.full(verbosity),
                    fail_on: threshold,
                    show_suppressed: verbosity == Verbosity::Verbose,
                };
                write_text(report, style, out)
            }
        }
    }
}
