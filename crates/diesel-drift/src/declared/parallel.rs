//! Work on threads with stacks that deeply nested sources do not exhaust.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::model::DeclaredError;

/// `syn` recurses, and `text::MAX_WEIGHT` takes up to half of this in a debug build. Memory is only used where a stack grows.
const STACK: usize = 128 * 1024 * 1024;

/// Runs something on a large stack.
pub(super) fn on_large_stack<R: Send>(work: impl FnOnce() -> R + Send) -> Result<R, DeclaredError> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK);
        Ok(join(worker.spawn_scoped(scope, work).map_err(no_thread)?))
    })
}

/// Applies `work` to all items on all processors; results come in the order of the items.
pub(super) fn map<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Result<Vec<R>, DeclaredError> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return done;
            };
            done.push((at, work(item)));
        }
    };
    let mut results = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers.min(items.len()))
            .map(|_| {
                thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, run)
                    .map_err(no_thread)
            })
            .collect::<Result<_, _>>()?;
        Ok(workers.into_iter().flat_map(join).collect::<Vec<_>>())
    })?;
    results.sort_by_key(|(at, _)| *at);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// A panic stays one.
fn join<R>(worker: thread::ScopedJoinHandle<'_, R>) -> R {
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn no_thread(source: std::io::Error) -> DeclaredError {
    DeclaredError::Io {
        path: PathBuf::from("no thread to read with"),
        source,
    }
}
