//! `[[rule]]` of `drift.toml`: a team's own rules.

use super::ProjectError;
use super::drift_toml::span_in;
use crate::catalog::class;
use crate::finding::Severity;
use crate::kinds;
use crate::rules::own::{self, Conditions, Definition, Entries, OwnRule, Said};
use crate::text::visible;
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    id: Spanned<String>,
    because: Spanned<String>,
    severity: Option<Severity>,
    every: Spanned<String>,
    #[serde(rename = "where")]
    condition: Option<Spanned<Said>>,
    must: Option<Spanned<Said>>,
    must_not: Option<Spanned<Said>>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
}

/// Where in the text something is wrong, and what.
type Wrong = (usize, String);

impl RawRule {
    /// # Errors
    /// When a rule says nothing, or something that the harness does not know; and when two have one id, or one that of a kind.
    pub(super) fn read_all(
        all: Vec<Spanned<Self>>,
        path: &Path,
        text: &str,
    ) -> Result<Vec<OwnRule>, ProjectError> {
        let mut read: Vec<OwnRule> = Vec::new();
        for entry in all {
            let start = entry.span().start;
            let rule = (entry.into_inner().read(start, &read, text))
                .map_err(|(start, message)| ProjectError::at(path, text, start, message))?;
            read.push(rule);
        }
        Ok(read)
    }

    fn read(self, start: usize, others: &[OwnRule], text: &str) -> Result<OwnRule, Wrong> {
        let id = self.id.get_ref();
        let wrong = |message: String| Err((self.id.span().start, message));
        if !is_kebab_case(id) {
            return wrong(format!(
                "`{}` is no id: write it in kebab case, as `crate-fk-cascades`",
                visible(id)
            ));
        }
        if kinds::find(id).is_some() {
            return wrong(format!(
                "`{id}` is a kind of diesel-drift's own: choose another id"
            ));
        }
        if others.iter().any(|other| other.kind.id == id) {
            return wrong(format!(
                "there are two rules `{id}`: choose another id for one"
            ));
        }
        if self.because.get_ref().trim().is_empty() {
            let message = "a `[[rule]]` needs a `because`: say what goes wrong where it is broken";
            return Err((self.because.span().start, message.to_owned()));
        }
        if self.must.is_none() && self.must_not.is_none() {
            let message = "a `[[rule]]` needs a `must` or a `must_not`: this one asks for nothing";
            return Err((start, message.to_owned()));
        }
        let every = class::named(self.every.get_ref())
            .map_err(|message| (self.every.span().start, message))?;
        let except = (self.except.into_iter())
            .map(|name| {
                let span = span_in(text, name.span());
                (name.into_inner(), span)
            })
            .collect();
        let definition = Definition {
            span: span_in(text, self.id.span()),
            because: self.because.into_inner().trim().to_owned(),
            severity: self.severity.unwrap_or(Severity::Error),
            every,
            except,
            id: self.id.into_inner(),
        };
        let asked = |key: &'static str, said: Option<Spanned<Said>>| {
            said.map(|said| table(key, said)).transpose()
        };
        let conditions = Conditions {
            condition: asked("where", self.condition)?.unwrap_or_default(),
            must: asked("must", self.must)?,
            must_not: asked("must_not", self.must_not)?,
        };
        own::parse(definition, conditions)
    }
}

fn table(key: &str, said: Spanned<Said>) -> Result<Entries, Wrong> {
    let start = said.span().start;
    match said.into_inner() {
        Said::Table(entries) if entries.is_empty() && key != "where" => {
            Err((start, format!("`{key}` is empty: say what it asks for")))
        }
        Said::Table(entries) => Ok(entries),
        _ => Err((start, format!("`{key}` takes a table: `{key} = {{ … }}`"))),
    }
}

fn is_kebab_case(id: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && (word.chars()).all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    id.split('-').all(is_word) && id.starts_with(|c: char| c.is_ascii_lowercase())
}
