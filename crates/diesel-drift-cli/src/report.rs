//! Writing a report as the command line asks.

use crate::args::{Format, ReportArgs, Verbosity};
use crate::output::{self, CliError};
use crate::{CLEAN, DRIFT};
use diesel_drift::Severity;
use diesel_drift::report::{Report, Style, write_json, write_text};
use std::io::{self, Write};

impl ReportArgs {
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
                let verbose = verbosity == Verbosity::Verbose;
                let full = if verbose {
                    Severity::Note
                } else {
                    threshold.min(Severity::Warning)
                };
                let style = Style {
                    color: true,
                    full,
                    fail_on: threshold,
                    show_suppressed: verbose,
                };
                write_text(report, style, out)
            }
        }
    }
}
