//! Ctrl-C and SIGTERM: everything that was started is stopped before the process goes.

use crate::output::CliError;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Whether a signal has come.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Handles the signals on a thread of their own, where it is safe to stop servers and remove directories.
pub fn install() -> Result<(), CliError> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| CliError::Usage(format!("cannot handle signals: {error}")))?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            INTERRUPTED.store(true, Ordering::SeqCst);
            diesel_drift::provision::cleanup_all();
            // As a shell reports a process that a signal ended.
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// After a signal, leaves the end of the process to its handler: what the interrupted work says of itself is no result.
pub fn leave_to_the_handler() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_secs(1));
    }
}
