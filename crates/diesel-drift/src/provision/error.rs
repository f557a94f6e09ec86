//! Why there is no fresh database.

use std::fmt;

/// Why one provider could not make a database, and what to do. Holds no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `server`, `container` or `local`.
    pub provider: &'static str,
    /// What failed, on what.
    pub reason: String,
    /// What the reader can do about it.
    pub advice: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}; {}",
            self.provider,
            self.reason.trim_end(),
            self.advice
        )
    }
}

/// Why there is no fresh database, or why it could not be removed.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The one provider that was asked refused.
    #[error("no fresh database from the provider {0}")]
    Refused(Refusal),
    /// [`Choice::Auto`](super::Choice::Auto) found no provider.
    #[error("no fresh database could be had; each provider refused:{}", list(.0))]
    NoProvider(Vec<Refusal>),
    /// [`cleanup_all`](super::cleanup_all) was called: the program is about to end.
    #[error("the harness is shutting down, so no fresh database is made")]
    ShuttingDown,
    /// A server that was named could not be asked for what is left on it, or did not let it be removed.
    #[error("{server}: {reason}")]
    Left {
        /// The server, without user and password.
        server: String,
        /// What failed.
        reason: String,
    },
    /// A further database beside a scratch database.
    #[error("on the server of the scratch database: {0}")]
    Beside(String),
    /// What was made could not be removed.
    #[error("the scratch database could not be removed: {0}; the next run tries again")]
    Cleanup(String),
}

fn list(refusals: &[Refusal]) -> String {
    refusals
        .iter()
        .map(|refusal| format!("\n  - {refusal}"))
        .collect()
}
