//! Waiting for work that may hang: libpq waits for a server's answer without end.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often it is asked whether to wait on.
const TICK: Duration = Duration::from_millis(50);

/// Runs `work` on a thread of its own for as long as `go_on` has no objection. Work that is given up goes on in the
/// background, and its outcome is dropped there.
pub(super) fn wait_while<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    mut go_on: impl FnMut() -> Result<(), String>,
) -> Result<T, String> {
    let (sender, receiver) = channel();
    std::thread::Builder::new()
        .spawn(move || sender.send(work()))
        .map_err(|error| format!("no thread could be started: {error}"))?;
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(outcome) => return Ok(outcome),
            Err(RecvTimeoutError::Timeout) => go_on()?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err("the work panicked; please report it".to_owned());
            }
        }
    }
}

/// Runs `work` on a thread of its own, and gives it up after `limit`.
pub(super) fn wait_for<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let started = Instant::now();
    wait_while(work, || {
        if started.elapsed() < limit {
            Ok(())
        } else {
            Err(format!("it was not done within {limit:?}"))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Duration, wait_for, wait_while};
    use std::sync::mpsc::channel;

    #[test]
    fn what_hangs_is_given_up() {
        let (release, hanging) = channel::<()>();
        let (done, ended) = channel();
        let work = move || {
            let _ = hanging.recv();
            done.send(()).unwrap();
        };
        let outcome = wait_for(Duration::ZERO, work);
        assert_eq!(outcome, Err("it was not done within 0ns".to_owned()));
        release.send(()).unwrap();
        ended.recv().unwrap();
    }

    #[test]
    fn what_is_done_is_handed_over() {
        assert_eq!(wait_for(Duration::from_secs(60), || 7), Ok(7));
        assert!(wait_while(|| panic!("on purpose"), || Ok(())).is_err());
    }
}
