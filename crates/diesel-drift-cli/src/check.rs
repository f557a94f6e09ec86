//! `diesel-drift check`.

use crate::args::{CheckArgs, Format, Verbosity};
use crate::output::{self, CliError};
use crate::progress::Progress;
use crate::{CLEAN, DRIFT, interrupt};
use diesel_drift::report::{Report, Style, write_json, write_text};
use diesel_drift::{Overrides, Project, Severity, Target, check};
use std::io::Write;

/// Checks, writes the report, and returns the exit code.
pub fn run(args: &CheckArgs, verbosity: &Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let overrides = Overrides {
        config_file: args.config_file.clone(),
        schemas: args.schema.clone(),
        migration_dir: args.migration_dir.clone(),
    };
    let project =
        Project::discover_with(&args.project, &overrides).map_err(diesel_drift::Error::from)?;
    let target = target(args, &project);
    let mut progress = Progress::new(*verbosity);
    let report = check(&project, &target, &mut |step| progress.step(&step));
    progress.finish();
    let report = report?;
    let threshold = Severity::from(args.fail_on);
    output::write_to(args.output.as_deref(), |out| {
        write(&report, args, *verbosity, threshold, out)
    })?;
    Ok(if report.fails(threshold) {
        DRIFT
    } else {
        CLEAN
    })
}

fn target(args: &CheckArgs, project: &Project) -> Target {
    if let Some(url) = &args.database_url {
        return Target::Migrated {
            url: url.as_str().into(),
        };
    }
    let mut options = project.provision_options();
    if let Some(provider) = args.provider {
        options.provider = provider.into();
    }
    if let Some(server) = &args.server {
        options.server_url = Some(server.as_str().into());
    }
    Target::Fresh(options)
}

fn write(
    report: &Report,
    args: &CheckArgs,
    verbosity: Verbosity,
    threshold: Severity,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    match args.format {
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
