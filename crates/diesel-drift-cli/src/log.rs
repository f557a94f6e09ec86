//! `diesel-drift log`.

use crate::args::{Format, LogArgs, Verbosity};
use crate::output::{CliError, write_to};
use crate::progress::Progress;
use crate::{CLEAN, interrupt};
use diesel_drift::catalog::class;
use diesel_drift::log;
use diesel_drift::report::{Style, write_log, write_log_json};

/// Tells the history of an object, and returns the exit code.
pub fn run(args: &LogArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let class = match &args.class {
        Some(id) => Some(class::named(id).map_err(CliError::Usage)?),
        None => None,
    };
    let project = args.project.discover_migrations()?;
    let options = args.provision.apply(project.provision_options());
    let log = Progress::over(verbosity, |progress| {
        log(&project, &options, &args.object, class, progress)
    })?;
    let style = Style {
        color: true,
        ..Style::default()
    };
    write_to(args.output.as_deref(), |out| match args.format {
        Format::Text => write_log(&log, style, out),
        Format::Json => write_log_json(&log, out),
    })?;
    Ok(CLEAN)
}
