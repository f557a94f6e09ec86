//! `[scorecard]` of `drift.toml`: what a project says that it has, so that a scorecard can hold it to that.

use super::ProjectError;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// `[scorecard]`. What is not said is left out of the card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScorecardToml {
    /// `required`: tables that there have to be, in the database, in schema.rs and as a row type.
    pub required: Vec<String>,
    /// `[[scorecard.many_to_many]]`.
    pub many_to_many: Vec<ManyToMany>,
    /// `immutable`: tables whose rows must neither change nor go.
    pub immutable: Vec<String>,
    /// `audit_log`: the table that says who did what.
    pub audit_log: Option<String>,
    /// `tests`: directories with sources of tests, below the root.
    pub tests: Vec<PathBuf>,
}

/// Two tables each of whose rows may have many of the other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyToMany {
    /// The two.
    pub tables: [String; 2],
    /// `through`: the table that joins them, where it is said.
    pub through: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScorecard {
    #[serde(default)]
    required: Vec<Spanned<String>>,
    #[serde(default)]
    many_to_many: Vec<RawManyToMany>,
    #[serde(default)]
    immutable: Vec<Spanned<String>>,
    audit_log: Option<Spanned<String>>,
    #[serde(default)]
    tests: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManyToMany {
    tables: Spanned<Vec<Spanned<String>>>,
    through: Option<Spanned<String>>,
}

impl RawScorecard {
    /// # Errors
    /// When a name is empty or said twice, or a `many_to_many` has not two tables.
    pub(super) fn read(self, path: &Path, text: &str) -> Result<ScorecardToml, ProjectError> {
        let at = |start: usize, message: String| ProjectError::at(path, text, start, message);
        let name = |of: Spanned<String>| {
            if of.get_ref().trim().is_empty() {
                let message = "a table is named as findings name it: `app.posts`";
                return Err(at(of.span().start, message.to_owned()));
            }
            Ok(of.into_inner())
        };
        let names = |key: &str, all: Vec<Spanned<String>>| {
            let mut read: Vec<String> = Vec::new();
            for of in all {
                let start = of.span().start;
                let of = name(of)?;
                if read.contains(&of) {
                    let message = format!("`{of}` is in `{key}` twice: remove one of the two");
                    return Err(at(start, message));
                }
                read.push(of);
            }
            Ok(read)
        };
        let mut many_to_many = Vec::new();
        for entry in self.many_to_many {
            let start = entry.tables.span().start;
            let tables = entry.tables.into_inner();
            let tables: Vec<String> = tables.into_iter().map(name).collect::<Result<_, _>>()?;
            let tables = <[String; 2]>::try_from(tables).map_err(|tables| {
                let count = tables.len();
                at(
                    start,
                    format!("`tables` are the two that are joined: here are {count}"),
                )
            })?;
            let through = entry.through.map(name).transpose()?;
            many_to_many.push(ManyToMany { tables, through });
        }
        let tests = (self.tests.into_iter())
            .map(
                |directory| match Path::new(directory.get_ref()).is_relative() {
                    true => Ok(PathBuf::from(directory.into_inner())),
                    false => Err(at(
                        directory.span().start,
                        "a directory of tests is below the project's root: `tests`".to_owned(),
                    )),
                },
            )
            .collect::<Result<_, _>>()?;
        Ok(ScorecardToml {
            required: names("required", self.required)?,
            many_to_many,
            immutable: names("immutable", self.immutable)?,
            audit_log: self.audit_log.map(name).transpose()?,
            tests,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::project::DriftToml;
    use std::path::{Path, PathBuf};

    fn parse(text: &str) -> Result<DriftToml, String> {
        DriftToml::parse(Path::new("drift.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_that_can_be_said_is_read() {
        let card = parse(
            "[scorecard]\nrequired = [\"app.a\", \"b\"]\nimmutable = [\"app.a\"]\naudit_log = \"app.log\"\ntests = [\"tests\"]\n\n\
             [[scorecard.many_to_many]]\ntables = [\"app.a\", \"b\"]\nthrough = \"app.a_b\"\n",
        )
        .unwrap()
        .scorecard;
        assert_eq!(card.required, ["app.a", "b"]);
        assert_eq!(card.immutable, ["app.a"]);
        assert_eq!(card.audit_log.as_deref(), Some("app.log"));
        assert_eq!(card.tests, [PathBuf::from("tests")]);
        assert_eq!(card.many_to_many[0].tables, ["app.a", "b"]);
        assert_eq!(card.many_to_many[0].through.as_deref(), Some("app.a_b"));
        assert_eq!(parse("").unwrap().scorecard, Default::default());
    }

    #[test]
    fn what_is_misspelt_is_an_error_with_its_line() {
        for (text, message) in [
            (
                "[scorecard]\nimutable = []\n",
                "drift.toml:2: unknown field `imutable` (did you mean `immutable`?); there is required, many_to_many, immutable, audit_log, tests",
            ),
            (
                "[scorecard]\nrequired = [\"a\",\n \"\"]\n",
                "drift.toml:3: a table is named as findings name it",
            ),
            (
                "[scorecard]\nrequired = [\"a\", \"a\"]\n",
                "drift.toml:2: `a` is in `required` twice",
            ),
            (
                "[[scorecard.many_to_many]]\ntables = [\"a\"]\n",
                "drift.toml:2: `tables` are the two that are joined: here are 1",
            ),
            (
                "[[scorecard.many_to_many]]\ntables = [\"a\", \"b\"]\nvia = \"c\"\n",
                "drift.toml:3: unknown field `via`",
            ),
            (
                "[scorecard]\ntests = [\"/tests\"]\n",
                "drift.toml:2: a directory of tests is below",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
