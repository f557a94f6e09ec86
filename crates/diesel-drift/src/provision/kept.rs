//! Containers that are kept from run to run ([`Options::reuse`](super::Options::reuse)).

use super::container;
use crate::cache::{Cache, Place};
use std::path::PathBuf;
use std::time::SystemTime;

/// A container that runs on after the runs that use it, until it is removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptContainer {
    /// Its name, as the engine's client takes it.
    pub name: String,
    /// The image that it was made from.
    pub image: String,
    /// When it was made.
    pub since: SystemTime,
    /// Where the password of its superuser is, for libpq (`PGPASSFILE`).
    pub passfile: PathBuf,
}

impl KeptContainer {
    /// Removes it, with the databases on it, also while it is in use.
    ///
    /// # Errors
    /// When the engine does not remove it.
    pub fn remove(&self) -> Result<(), String> {
        container::remove(self)
    }
}

/// The containers that are kept for the cache at `place`, oldest first; none where no engine answers.
#[must_use]
pub fn kept_containers(place: &Place) -> Vec<KeptContainer> {
    let mut kept = Cache::existing(place).map_or_else(Vec::new, |cache| container::kept(&cache));
    kept.sort_by_key(|container| container.since);
    kept
}
