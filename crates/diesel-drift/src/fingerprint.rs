//! A short hash of a database's schema, to be compared by eye.

use crate::compare::{Scope, State};
use crate::digest::fingerprint;
use crate::introspect::{IntrospectError, Live};
use std::fmt;

/// The fingerprint of a database, and the major version that it holds for: another one may write the same schema in other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// `3f2a-91bc-77de-0a12-5c4e`.
    pub digits: String,
    /// `15`.
    pub major: u32,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  PostgreSQL {}", self.digits, self.major)
    }
}

impl Fingerprint {
    /// The fingerprint of a database as far as `scope` says that it is the project's, without its environment and without Diesel's bookkeeping.
    ///
    /// # Errors
    /// Never for a catalog that was read.
    pub fn of(live: &Live, scope: &Scope) -> Result<Self, IntrospectError> {
        let state = State::of(live)?.portable();
        Ok(Self {
            digits: fingerprint(&scope.kept(&state.objects)),
            major: live.server_version / 10_000,
        })
    }
}
