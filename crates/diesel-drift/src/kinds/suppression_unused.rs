use super::fixture;
use crate::finding::{Found, Kind, Severity};

/// Found when suppressions are applied (see [`crate::policy`]), because only then is it known what they match.
pub static KIND: Kind = Kind {
    id: "suppression-unused",
    severity: Severity::Warning,
    summary: "a suppression in `drift.toml` or in a migration that suppresses nothing",
    fixture: Some(fixture!("suppression-unused")),
    found: Found::Together,
    message: |finding| {
        format!(
            "the suppression of `{}` suppresses nothing",
            finding.subject
        )
    },
};
