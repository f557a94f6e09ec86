//! What a container wrote, for who has to say why it does not serve.

use crate::provision::probe;
use std::sync::{Arc, Mutex, PoisonError};
use testcontainers_modules::testcontainers::core::logs::LogFrame;

/// What the container wrote.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(super) fn take(&self, frame: &LogFrame) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(frame.bytes());
    }

    pub(super) fn quoted(&self) -> String {
        let bytes = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        probe::quote(&String::from_utf8_lossy(&bytes))
    }
}
