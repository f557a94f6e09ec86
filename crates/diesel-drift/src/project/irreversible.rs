//! `[[irreversible]]` of `drift.toml`: migrations that cannot be undone.

use super::ProjectError;
use super::drift_toml::span_in;
use crate::declared::Span;
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;

/// A migration that its project says cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreversible {
    /// Its directory's name or its version, as `drift.toml` has it.
    pub migration: String,
    /// Why.
    pub reason: String,
    /// Where `drift.toml` says so.
    pub span: Span,
}

impl Irreversible {
    /// Whether it is the migration of that name and version that is meant.
    pub fn means(&self, name: &str, version: &str) -> bool {
        self.migration == name || self.migration == version
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIrreversible {
    migration: Spanned<String>,
    reason: Spanned<String>,
}

impl RawIrreversible {
    /// # Errors
    /// When a migration or its reason is not said, or a migration is named twice.
    pub(super) fn read_all(
        all: Vec<Spanned<Self>>,
        path: &Path,
        text: &str,
    ) -> Result<Vec<Irreversible>, ProjectError> {
        let mut read: Vec<Irreversible> = Vec::new();
        for entry in all {
            let Self { migration, reason } = entry.into_inner();
            let at = |spanned: &Spanned<String>, message: &str| {
                ProjectError::at(path, text, spanned.span().start, message)
            };
            if migration.get_ref().trim().is_empty() {
                let message = "an `[[irreversible]]` needs a `migration`: its directory's name, or its version";
                return Err(at(&migration, message));
            }
            if reason.get_ref().trim().is_empty() {
                let message = "an `[[irreversible]]` needs a `reason`: say why it cannot be undone, and what to do instead";
                return Err(at(&reason, message));
            }
            if read
                .iter()
                .any(|other| other.migration == *migration.get_ref())
            {
                let message =
                    "this migration is declared irreversible twice: remove one of the two";
                return Err(at(&migration, message));
            }
            read.push(Irreversible {
                span: span_in(text, migration.span()),
                migration: migration.into_inner(),
                reason: reason.into_inner(),
            });
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use crate::project::DriftToml;
    use std::path::Path;

    fn parse(text: &str) -> Result<DriftToml, String> {
        DriftToml::parse(Path::new("drift.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_migration_is_named_by_its_directory_or_its_version() {
        let text =
            "[[irreversible]]\nmigration = \"2024-01-01-000000_x\"\nreason = \"drops data\"\n";
        let [entry] = &parse(text).unwrap().irreversible[..] else {
            panic!("one")
        };
        assert_eq!(entry.reason, "drops data");
        assert_eq!(entry.span.line, 2);
        assert_eq!(
            &text[entry.span.start..entry.span.end],
            "\"2024-01-01-000000_x\""
        );
        assert!(entry.means("2024-01-01-000000_x", "20240101000000"));
        assert!(!entry.means("2024-01-01-000000_y", "20240101000000"));
        let text = text.replace("2024-01-01-000000_x", "20240101000000");
        assert!(
            parse(&text).unwrap().irreversible[0].means("2024-01-01-000000_y", "20240101000000")
        );
    }

    #[test]
    fn what_is_missing_empty_or_unknown_is_an_error_with_its_line() {
        for (text, message) in [
            (
                "[[irreversible]]\nmigration = \"a\"\nreason = \" \"\n",
                "drift.toml:3: an `[[irreversible]]` needs a `reason`",
            ),
            (
                "[[irreversible]]\nmigration = \"\"\nreason = \"x\"\n",
                "drift.toml:2: an `[[irreversible]]` needs a `migration`",
            ),
            (
                "\n[[irreversible]]\nmigration = \"a\"\n",
                "drift.toml:2: missing field `reason`",
            ),
            (
                "[[irreversible]]\nmigration = \"a\"\nreason = \"x\"\nversion = 1\n",
                "drift.toml:4: unknown field `version`",
            ),
            (
                "[[irreversible]]\nmigration = \"a\"\nreason = \"x\"\n\n[[irreversible]]\nmigration = \"a\"\nreason = \"y\"\n",
                "drift.toml:6: this migration is declared irreversible twice",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
