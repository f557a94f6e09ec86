//! Databases beside a scratch database that go with it, also when the process is interrupted.

use super::beside::{Beside, Home};
use super::registry::{Held, Lease, hold};
use super::{Database, ProvisionError};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The databases that were made beside a scratch database. Dropping it removes them.
pub(crate) struct Copies {
    lease: Lease,
    left: Arc<Left>,
}

struct Left {
    home: Home,
    /// None once they are being removed: nothing more is made then.
    names: Mutex<Option<BTreeSet<String>>>,
}

impl Copies {
    /// Beside `database`, which has to live longer.
    ///
    /// # Errors
    /// When its connection string cannot be read.
    pub(crate) fn beside(database: &Database) -> Result<Self, ProvisionError> {
        let left = Arc::new(Left {
            home: Home::of(database)?,
            names: Mutex::new(Some(BTreeSet::new())),
        });
        let lease = hold(Box::new(Removal(Arc::clone(&left))));
        Ok(Self { lease, left })
    }

    /// A session that can make some.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) fn session(&self) -> Result<Beside, ProvisionError> {
        self.left.home.session()
    }

    /// Makes one that holds what `template` does, to which nobody may be connected, and returns its name.
    ///
    /// # Errors
    /// When the server refuses, and when the process is about to end.
    pub(crate) fn make(
        &self,
        session: &mut Beside,
        template: &str,
    ) -> Result<String, ProvisionError> {
        let name = session.create(template)?;
        if let Some(names) = &mut *self.left.names() {
            names.insert(name.clone());
            return Ok(name);
        }
        session.remove(&name)?;
        Err(ProvisionError::ShuttingDown)
    }

    /// Drops one.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn remove(&self, session: &mut Beside, name: &str) -> Result<(), ProvisionError> {
        session.remove(name)?;
        if let Some(names) = &mut *self.left.names() {
            names.remove(name);
        }
        Ok(())
    }

    /// Drops them all, and says if that failed (dropping cannot).
    ///
    /// # Errors
    /// When one could not be dropped; the next run tries again.
    pub(crate) fn close(self) -> Result<(), ProvisionError> {
        self.lease.release().map_err(ProvisionError::Cleanup)
    }
}

impl Left {
    fn names(&self) -> MutexGuard<'_, Option<BTreeSet<String>>> {
        // No code panics while it holds the lock.
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Removal(Arc<Left>);

impl Held for Removal {
    fn release(self: Box<Self>) -> Result<(), String> {
        let names = self.0.names().take().unwrap_or_default();
        if names.is_empty() {
            return Ok(());
        }
        let mut session = self.0.home.session().map_err(|error| error.to_string())?;
        names
            .iter()
            .try_for_each(|name| session.remove(name))
            .map_err(|error| error.to_string())
    }
}
