//! What is known of a server before a database is made on it.

/// A server on which it is certain that a fresh database would be made.
pub(crate) struct Site {
    /// Who provides it: `server`, `container` or `local`.
    pub(crate) provider: &'static str,
    /// Where it is, for people.
    pub(crate) place: String,
    /// Equal where what it makes of the same statements is equal.
    pub(crate) identity: String,
}

/// No container engine answers.
pub(super) struct NoEngine;
