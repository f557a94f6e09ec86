//! What this process has made and not yet removed, so that a signal handler can remove all of it.

use super::ProvisionError;
use super::patience::wait_for;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long [`cleanup_all`] waits for databases that are just being made to notice and give up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long [`cleanup_all`] waits for one removal, and for all of them.
const REMOVAL: Duration = Duration::from_secs(10);
const REMOVALS: Duration = Duration::from_secs(30);

static STATE: Mutex<State> = Mutex::new(State {
    closing: false,
    next: 0,
    in_flight: 0,
    live: BTreeMap::new(),
});
static CHANGED: Condvar = Condvar::new();

/// Something that was made and has to be removed.
pub(crate) trait Held: Send {
    /// Removes it; what could not be removed is named in the error.
    fn release(self: Box<Self>) -> Result<(), String>;

    /// As [`release`](Self::release); where it is a cluster that can be brought to rest, `keep` is shown its directory before.
    fn release_kept(self: Box<Self>, _keep: &mut dyn FnMut(&Path)) -> Result<(), String> {
        self.release()
    }
}

/// What somebody else removes.
impl Held for () {
    fn release(self: Box<Self>) -> Result<(), String> {
        Ok(())
    }
}

/// Whoever takes it out removes it: the guard, or [`cleanup_all`].
type Slot = Arc<Mutex<Option<Box<dyn Held>>>>;

struct State {
    closing: bool,
    next: u64,
    in_flight: usize,
    live: BTreeMap<u64, Slot>,
}

fn state() -> MutexGuard<'static, State> {
    // No code panics while it holds the lock, and what the map holds has to be removed in any case.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every database of this process, for good: providers at work give up, and later calls of
/// [`provision`](super::provision) are refused. For signal handlers that run on a thread of their own (not inside the signal
/// itself), before the process exits. It returns within a minute, even if a server hangs. What cannot be removed, or not in
/// time, is left to the next run.
pub fn cleanup_all() {
    let slots: Vec<Slot> = {
        let mut state = state();
        state.closing = true;
        let (mut state, _) = CHANGED
            .wait_timeout_while(state, PATIENCE, |state| state.in_flight > 0)
            .unwrap_or_else(PoisonError::into_inner);
        // The last first: a command that uses a database goes before it.
        std::mem::take(&mut state.live)
            .into_values()
            .rev()
            .collect()
    };
    clean(slots, REMOVAL, REMOVALS);
}

/// Empties the slots one after the other; the next one's turn comes after `each` at the latest, the end after `all`.
fn clean(slots: Vec<Slot>, each: Duration, all: Duration) {
    let started = Instant::now();
    for slot in slots {
        let limit = each.min(all.saturating_sub(started.elapsed()));
        let _ = wait_for(limit, move || empty(&slot));
    }
}

fn empty(slot: &Slot) -> Result<(), String> {
    empty_by(slot, Held::release)
}

fn empty_by(
    slot: &Slot,
    release: impl FnOnce(Box<dyn Held>) -> Result<(), String>,
) -> Result<(), String> {
    // The lock is held until the removal is done, so that a guard dropped meanwhile does not let the process end early.
    let mut held = slot.lock().unwrap_or_else(PoisonError::into_inner);
    held.take().map_or(Ok(()), release)
}

/// A database that is being made.
pub(super) struct Ticket(());

/// Announces a database that will be made.
pub(super) fn begin() -> Result<Ticket, ProvisionError> {
    let mut state = state();
    if state.closing {
        return Err(ProvisionError::ShuttingDown);
    }
    state.in_flight += 1;
    Ok(Ticket(()))
}

impl Ticket {
    /// Hands over what was made; the lease removes it.
    pub(super) fn finish(self, held: Box<dyn Held>) -> Lease {
        hold(held)
    }
}

/// Takes charge of something that has to go with the process; the lease removes it before.
pub(crate) fn hold(held: Box<dyn Held>) -> Lease {
    let slot: Slot = Arc::new(Mutex::new(Some(held)));
    let mut state = state();
    let key = state.next;
    state.next += 1;
    state.live.insert(key, Arc::clone(&slot));
    Lease { key, slot }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        state().in_flight -= 1;
        CHANGED.notify_all();
    }
}

/// Removes what it stands for when it is dropped.
pub(crate) struct Lease {
    key: u64,
    slot: Slot,
}

impl Lease {
    pub(crate) fn release(&self) -> Result<(), String> {
        let outcome = empty(&self.slot);
        state().live.remove(&self.key);
        outcome
    }

    /// As [`release`](Self::release), by [`Held::release_kept`].
    pub(crate) fn release_kept(&self, keep: &mut dyn FnMut(&Path)) -> Result<(), String> {
        let outcome = empty_by(&self.slot, |held| held.release_kept(keep));
        state().live.remove(&self.key);
        outcome
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // `Database::close` is there for those who want to hear of it.
        let _ = self.release();
    }
}

/// The deadline of a start-up, which an interruption brings forward.
#[derive(Clone)]
pub(super) struct Startup {
    started: Instant,
    limit: Duration,
}

impl Startup {
    pub(super) fn new(_: &Ticket, limit: Duration) -> Self {
        Startup {
            started: Instant::now(),
            limit,
        }
    }

    /// The same with an earlier deadline: `limit` from now.
    #[cfg(feature = "container")]
    pub(super) fn within(&self, limit: Duration) -> Self {
        Startup {
            started: Instant::now(),
            limit: limit.min(self.left()),
        }
    }

    /// Whether [`cleanup_all`] was called.
    pub(super) fn interrupted(&self) -> bool {
        state().closing
    }

    /// What is left of the deadline.
    pub(super) fn left(&self) -> Duration {
        self.limit.saturating_sub(self.started.elapsed())
    }

    /// Refuses to go on after the deadline or an interruption; `doing` completes "… was not done in 60 s".
    pub(super) fn check(&self, doing: &str) -> Result<(), String> {
        if self.interrupted() {
            Err(format!("{doing} was interrupted"))
        } else if self.left().is_zero() {
            Err(format!(
                "{doing} was not done within the start-up deadline of {:?}",
                self.limit
            ))
        } else {
            Ok(())
        }
    }

    /// Sleeps for one tick of a polling loop.
    pub(super) fn tick(&self) {
        std::thread::sleep(Duration::from_millis(4).min(self.left()));
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Duration, Held, Mutex, Slot, clean};
    use std::sync::mpsc::{Receiver, Sender, channel};

    struct Hanging(Receiver<()>);

    impl Held for Hanging {
        fn release(self: Box<Self>) -> Result<(), String> {
            self.0.recv().map_err(|error| error.to_string())
        }
    }

    struct Telling(Sender<()>);

    impl Held for Telling {
        fn release(self: Box<Self>) -> Result<(), String> {
            self.0.send(()).map_err(|error| error.to_string())
        }
    }

    fn slot(held: impl Held + 'static) -> Slot {
        Arc::new(Mutex::new(Some(Box::new(held))))
    }

    /// The test would not end if one that hangs were waited for.
    #[test]
    fn one_removal_that_hangs_keeps_no_other_from_its_turn() {
        let (_never, hanging) = channel();
        let (tell, told) = channel();
        let slots = vec![slot(Hanging(hanging)), slot(Telling(tell))];
        clean(slots, Duration::from_millis(1), Duration::from_secs(60));
        told.recv().unwrap();
    }
}
