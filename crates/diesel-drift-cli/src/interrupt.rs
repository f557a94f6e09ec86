//! Ctrl-C and SIGTERM: everything that was started is stopped before the process goes; a second signal ends it at once.

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
        let mut signals = signals.forever();
        let Some(first) = signals.next() else { return };
        INTERRUPTED.store(true, Ordering::SeqCst);
        std::thread::spawn(move || {
            diesel_drift::provision::cleanup_all();
            std::process::exit(exit_code(first));
        });
        if let Some(second) = signals.next() {
            // What is left is the next run's to sweep. No exit handler may hang either.
            signal_hook::low_level::exit(exit_code(second));
        }
    });
    Ok(())
}

/// As a shell reports a process that a signal ended.
fn exit_code(signal: i32) -> i32 {
    128 + signal
}

/// After a signal, leaves the end of the process to its handler: what the interrupted work says of itself is no result.
pub fn leave_to_the_handler() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_secs(1));
    }
}
