//! `drift.toml`: the harness's own configuration.

use super::ProjectError;
use super::error::line_of;
use super::irreversible::{Irreversible, RawIrreversible};
use super::keys;
use super::own_rule;
use super::scorecard::{RawScorecard, ScorecardToml};
use crate::catalog::class;
use crate::compare::{Ignore, Owns, Scope};
use crate::declared::Span;
use crate::finding::{Kind, Severity};
use crate::kinds;
use crate::policy::{Level, Policy, Suppression};
use crate::rules::own::{OwnRule, Said};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// What `drift.toml` says.
#[derive(Clone, Debug, Default)]
pub struct DriftToml {
    /// Levels and suppressions.
    pub policy: Policy,
    /// `[[ignore]]`.
    pub ignores: Vec<Ignore>,
    /// `[scope] owns`.
    pub owns: Owns,
    /// `[migrate] command`.
    pub migrate_command: Option<String>,
    /// `[provision]`.
    pub provision: ProvisionToml,
    /// `[docs] directory`.
    pub docs_directory: Option<PathBuf>,
    /// `[[irreversible]]`.
    pub irreversible: Vec<Irreversible>,
    /// `[[rule]]`.
    pub rules: Vec<OwnRule>,
    /// `[scorecard]`.
    pub scorecard: ScorecardToml,
    /// The file's text, where there is one.
    pub text: Option<String>,
}

/// `[provision]`: where a fresh database comes from, unless the caller says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionToml {
    /// `auto`, `server`, `container` or `local`.
    pub provider: Option<crate::provision::Choice>,
    /// The image of the container, without its tag.
    pub image: Option<String>,
    /// The image's tag.
    pub tag: Option<String>,
    /// Whether the container is kept from run to run.
    pub reuse: Option<bool>,
    /// Roles that the migrations grant to and do not make.
    #[serde(default)]
    pub roles: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    levels: BTreeMap<Spanned<String>, RawLevel>,
    #[serde(default)]
    suppress: Vec<Spanned<RawSuppression>>,
    #[serde(default)]
    ignore: Vec<Spanned<RawIgnore>>,
    #[serde(default)]
    scope: RawScope,
    #[serde(default)]
    migrate: RawMigrate,
    #[serde(default)]
    provision: ProvisionToml,
    #[serde(default)]
    docs: RawDocs,
    #[serde(default)]
    irreversible: Vec<Spanned<RawIrreversible>>,
    rule: Option<Spanned<Said>>,
    #[serde(default)]
    scorecard: RawScorecard,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocs {
    directory: Option<PathBuf>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawLevel {
    Off,
    Note,
    Warning,
    Error,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSuppression {
    kind: Spanned<String>,
    subject: String,
    attribute: Option<String>,
    reason: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIgnore {
    class: Option<Spanned<String>>,
    schema: Option<String>,
    name: Option<Spanned<String>>,
    reason: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScope {
    #[serde(default)]
    owns: Owns,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMigrate {
    command: Option<String>,
}

/// The file's name, in the project's root.
pub const FILE: &str = "drift.toml";

impl DriftToml {
    /// Reads `drift.toml` in `root`; where there is none, nothing is set.
    ///
    /// # Errors
    /// When it cannot be read or says something that the harness does not know.
    pub fn read(root: &Path) -> Result<Self, ProjectError> {
        let path = root.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ProjectError::Io { path, source }),
        }
    }

    /// What is held against each other where there is no `diesel.toml`.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            covered: Vec::new(),
            ignores: self.ignores.clone(),
            owns: self.owns,
        }
    }

    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, ProjectError> {
        keys::check(path, text)?;
        let raw: Raw =
            toml::from_str(text).map_err(|error| ProjectError::toml(path, text, &error))?;
        let rules = own_rule::read_all(raw.rule, path, text)?;
        let kind = |id: &Spanned<String>| {
            let own = rules.iter().find(|rule| rule.kind.id == id.get_ref());
            own.map_or_else(|| kinds::named(id.get_ref()), |rule| Ok(rule.kind))
                .map_err(|message| ProjectError::at(path, text, id.span().start, message))
        };
        let levels = raw
            .levels
            .iter()
            .map(|(id, level)| Ok((kind(id)?, level.to_level())))
            .collect::<Result<Vec<(&'static Kind, Level)>, ProjectError>>()?;
        let suppressions = raw
            .suppress
            .into_iter()
            .map(|entry| {
                let span = entry.span();
                let entry = entry.into_inner();
                if entry.reason.get_ref().trim().is_empty() {
                    let message =
                        "a suppression needs a `reason`: say why this difference is meant";
                    return Err(ProjectError::at(
                        path,
                        text,
                        entry.reason.span().start,
                        message,
                    ));
                }
                Ok(Suppression {
                    kind: kind(&entry.kind)?,
                    subject: entry.subject,
                    attribute: entry.attribute,
                    reason: entry.reason.into_inner(),
                    span: span_in(text, span),
                })
            })
            .collect::<Result<_, _>>()?;
        let ignores = raw
            .ignore
            .into_iter()
            .map(|entry| {
                let start = entry.span().start;
                (entry.into_inner())
                    .into_ignore(start)
                    .map_err(|(start, message)| ProjectError::at(path, text, start, message))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            ignores,
            owns: raw.scope.owns,
            policy: Policy {
                levels,
                suppressions,
            },
            migrate_command: raw.migrate.command,
            provision: raw.provision,
            docs_directory: raw.docs.directory,
            irreversible: RawIrreversible::read_all(raw.irreversible, path, text)?,
            rules,
            scorecard: raw.scorecard.read(path, text)?,
            text: Some(text.to_owned()),
        })
    }
}

/// A place in the file, for findings.
pub(super) fn span_in(text: &str, range: Range<usize>) -> Span {
    Span {
        file: FILE.into(),
        start: range.start,
        end: range.end,
        line: line_of(text, range.start),
        column: 1,
    }
}

impl RawIgnore {
    /// # Errors
    /// A place in the text, and what is wrong there.
    fn into_ignore(self, start: usize) -> Result<Ignore, (usize, String)> {
        if self.class.is_none() && self.schema.is_none() && self.name.is_none() {
            let message = "an `[[ignore]]` needs a `class`, a `schema` or a `name`: this one would ignore everything";
            return Err((start, message.to_owned()));
        }
        if self.reason.get_ref().trim().is_empty() {
            let message = "an `[[ignore]]` needs a `reason`: say whose it is";
            return Err((self.reason.span().start, message.to_owned()));
        }
        let class = self
            .class
            .map(|id| class::named(id.get_ref()).map_err(|message| (id.span().start, message)));
        let name = self.name.map(|name| {
            Regex::new(&format!("^(?:{})$", name.get_ref()))
                .map_err(|error| (name.span().start, format!("`name` is no pattern: {error}")))
        });
        Ok(Ignore {
            class: class.transpose()?,
            schema: self.schema,
            name: name.transpose()?,
            reason: self.reason.into_inner(),
        })
    }
}

impl RawLevel {
    fn to_level(self) -> Level {
        match self {
            Self::Off => Level::Off,
            Self::Note => Level::At(Severity::Note),
            Self::Warning => Level::At(Severity::Warning),
            Self::Error => Level::At(Severity::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DriftToml, String> {
        DriftToml::parse(Path::new("drift.toml"), text).map_err(|error| error.to_string())
    }

    /// The list of keys is that of the struct, as serde tells it.
    #[test]
    fn every_key_that_is_read_is_known() {
        let error = toml::from_str::<Raw>("nothing = 1\n").err().unwrap();
        let fields = error.message().split_once("expected one of ").unwrap().1;
        assert_eq!(fields, keys::listed());
    }

    #[test]
    fn levels_suppressions_and_the_command() {
        let config = parse(
            "[levels]\ncolumn-order = \"error\"\n\n[[suppress]]\nkind = \"table-missing\"\nsubject = \"public.tmp\"\nreason = \"made at run time\"\n\n[migrate]\ncommand = \"true\"\n",
        )
        .unwrap();
        assert_eq!(config.policy.levels[0].1, Level::At(Severity::Error));
        assert_eq!(config.policy.suppressions[0].subject, "public.tmp");
        assert_eq!(config.policy.suppressions[0].span.line, 4);
        assert_eq!(config.migrate_command.as_deref(), Some("true"));
    }

    #[test]
    fn what_belongs_to_others_is_named_with_a_reason() {
        let config = parse(
            "[scope]\nowns = \"part\"\n\n[[ignore]]\nclass = \"table\"\nname = \"kosmos_.*\"\n\
             reason = \"Kosmos shares the database\"\n",
        )
        .unwrap();
        assert_eq!(config.owns, Owns::Part);
        let [ignore] = &config.ignores[..] else {
            panic!("{config:?}")
        };
        assert_eq!(ignore.class, Some(&class::TABLE));
        let pattern = ignore.name.as_ref().unwrap();
        assert!(pattern.is_match("kosmos_runs") && !pattern.is_match("my_kosmos_runs"));
        for (text, message) in [
            (
                "[[ignore]]\nreason = \"x\"\n",
                "drift.toml:1: an `[[ignore]]` needs a",
            ),
            (
                "[[ignore]]\nname = \"x\"\nreason = \"\"\n",
                "drift.toml:3: an `[[ignore]]` needs a `reason`",
            ),
            (
                "[[ignore]]\nclass = \"tabel\"\nreason = \"x\"\n",
                "drift.toml:2: there is no class `tabel`",
            ),
            (
                "[[ignore]]\nname = \"(\"\nreason = \"x\"\n",
                "drift.toml:2: `name` is no pattern",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn what_is_misspelt_is_an_error_with_its_line() {
        assert!(
            parse("[levels]\ncolumn-ordr = \"off\"\n")
                .unwrap_err()
                .starts_with(
                    "drift.toml:2: there is no kind `column-ordr` (did you mean `column-order`?); the kinds are table-missing"
                )
        );
        assert!(
            parse("[level]\n")
                .unwrap_err()
                .starts_with("drift.toml:1: there is no `level` in `drift.toml` (did you mean")
        );
        assert!(
            parse("[levels]\ncolumn-order = \"loud\"\n")
                .unwrap_err()
                .contains("loud")
        );
        assert_eq!(
            parse("[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"column\"\nmust = { not_null = 2024-01-01 }\n")
                .unwrap_err(),
            "drift.toml:5: a date stands where none can be: what is meant as a text stands in quotes"
        );
        assert!(
            parse("[[suppress]]\nkind = \"table-missing\"\nsubject = \"a\"\nreason = \" \"\n")
                .unwrap_err()
                .starts_with("drift.toml:4: a suppression needs")
        );
        assert!(
            parse("[[suppress]]\nkind = \"table-missing\"\nsubject = \"a\"\n")
                .unwrap_err()
                .contains("reason")
        );
    }
}
