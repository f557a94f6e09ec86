//! Ctrl-C and SIGTERM: everything that was started is stopped before the process goes.

use crate::output::CliError;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Handles the signals on a thread of their own, where it is safe to stop servers and remove directories.
pub fn install() -> Result<(), CliError> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| CliError::Usage(format!("cannot handle signals: {error}")))?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            diesel_drift::provision::cleanup_all();
            // As a shell reports a process that a signal ended.
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}
