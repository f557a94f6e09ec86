//! `[[rule]]` of `drift.toml`: a team's own rules.

use super::ProjectError;
use super::drift_toml::span_in;
use crate::catalog::class;
use crate::finding::Severity;
use crate::kinds;
use crate::rules::own::{self, Conditions, Definition, Entries, OwnRule, Said, Wrong};
use crate::text::{proposed, visible};
use std::path::Path;
use toml::Spanned;

/// The keys of a `[[rule]]`.
const KEYS: [&str; 8] = [
    "id", "because", "severity", "every", "where", "must", "must_not", "except",
];

/// A rule's keys, each held to the form of its value. Read by hand, because serde knows neither which rule it is nor what to write instead, and
/// stops at the first that is wrong.
#[derive(Default)]
struct RawRule {
    id: Option<Spanned<String>>,
    because: Option<Spanned<String>>,
    severity: Option<Severity>,
    every: Option<Spanned<String>>,
    condition: Option<Entries>,
    must: Option<Entries>,
    must_not: Option<Entries>,
    except: Vec<Spanned<String>>,
}

/// Reads what `drift.toml` has under `rule`.
///
/// # Errors
/// When a rule says nothing, or something that the harness does not know; and when two have one id, or one that of a kind. Of each rule that is
/// wrong, what is wrong first.
pub(super) fn read_all(
    said: Option<Spanned<Said>>,
    path: &Path,
    text: &str,
) -> Result<Vec<OwnRule>, ProjectError> {
    let mut read: Vec<OwnRule> = Vec::new();
    let mut wrong = Vec::new();
    for entry in entries_of(said).map_err(|(at, said)| ProjectError::at(path, text, at, said))? {
        let start = entry.span().start;
        match rule(start, entry.into_inner(), &read, text) {
            Ok(rule) => read.push(rule),
            Err((at, said)) => wrong.push(ProjectError::at(path, text, at, said)),
        }
    }
    ProjectError::of_all(wrong).map_or(Ok(read), Err)
}

fn entries_of(said: Option<Spanned<Said>>) -> Result<Vec<Spanned<Said>>, Wrong> {
    let Some(said) = said else {
        return Ok(Vec::new());
    };
    let start = said.span().start;
    match said.into_inner() {
        Said::List(all) => Ok(all),
        Said::Table(_) => {
            let message = "`[rule]` is one table: write `[[rule]]` above each rule, with two brackets, and `[rule.must]` for a table of its last one";
            Err((start, message.to_owned()))
        }
        other => {
            let message = format!("`rule` is {other}: write `[[rule]]` above each rule");
            Err((start, message))
        }
    }
}

fn rule(start: usize, said: Said, others: &[OwnRule], text: &str) -> Result<OwnRule, Wrong> {
    let Said::Table(entries) = said else {
        let message = format!("a `[[rule]]` is a table, and no {said}");
        return Err((start, message));
    };
    let raw = RawRule::of(entries)?;
    let RawRule {
        id,
        because,
        severity,
        every,
        condition,
        must,
        must_not,
        except,
    } = raw;
    let needed = |key: &str, why: &str| (start, format!("a `[[rule]]` needs `{key}`: {why}"));
    let id = id.ok_or_else(|| {
        let why = "the name that its findings, `[levels]` and `[[suppress]]` call it by, as `crate-fk-cascades`";
        needed("id", why)
    })?;
    check_id(&id, others)?;
    let because = because.ok_or_else(|| {
        let why = "what goes wrong where it is broken, for whoever breaks it";
        needed("because", why)
    })?;
    if because.get_ref().trim().is_empty() {
        let message = "a `[[rule]]` needs a `because`: say what goes wrong where it is broken";
        return Err((because.span().start, message.to_owned()));
    }
    let every = every.ok_or_else(|| {
        let why = "the class of objects that it looks at, as `table`, `column` or `foreign-key`";
        needed("every", why)
    })?;
    if must.is_none() && must_not.is_none() {
        let message = "a `[[rule]]` needs a `must` or a `must_not`: this one asks for nothing";
        return Err((start, message.to_owned()));
    }
    let definition = Definition {
        span: span_in(text, id.span()),
        because: because.into_inner().trim().to_owned(),
        severity: severity.unwrap_or(Severity::Error),
        every: class::named(every.get_ref()).map_err(|message| (every.span().start, message))?,
        except: (except.into_iter())
            .map(|name| {
                let span = span_in(text, name.span());
                (name.into_inner(), span)
            })
            .collect(),
        id: id.into_inner(),
    };
    let conditions = Conditions {
        condition: condition.unwrap_or_default(),
        must,
        must_not,
    };
    own::parse(definition, conditions)
}

fn check_id(id: &Spanned<String>, others: &[OwnRule]) -> Result<(), Wrong> {
    let name = id.get_ref();
    let wrong = |message: String| Err((id.span().start, message));
    if !is_kebab_case(name) {
        return wrong(format!(
            "`{}` is no id: write it in kebab case, as `crate-fk-cascades`",
            visible(name)
        ));
    }
    if kinds::find(name).is_some() {
        return wrong(format!(
            "`{name}` is a kind of diesel-drift's own: choose another id"
        ));
    }
    match others.iter().any(|other| other.kind.id == name) {
        true => wrong(format!(
            "there are two rules `{name}`: choose another id for one"
        )),
        false => Ok(()),
    }
}

impl RawRule {
    fn of(entries: Entries) -> Result<Self, Wrong> {
        let mut raw = Self::default();
        for (key, value) in entries {
            match key.get_ref().as_str() {
                "id" => raw.id = Some(text_of("id", value)?),
                "because" => raw.because = Some(text_of("because", value)?),
                "severity" => raw.severity = Some(severity(&text_of("severity", value)?)?),
                "every" => raw.every = Some(text_of("every", value)?),
                "where" => raw.condition = Some(table("where", value)?),
                "must" => raw.must = Some(table("must", value)?),
                "must_not" => raw.must_not = Some(table("must_not", value)?),
                "except" => raw.except = names(value)?,
                other => {
                    let message = format!(
                        "a `[[rule]]` has no `{}`{}; it has {}",
                        visible(other),
                        proposed(other, KEYS),
                        KEYS.join(", ")
                    );
                    return Err((key.span().start, message));
                }
            }
        }
        Ok(raw)
    }
}

fn text_of(key: &str, said: Spanned<Said>) -> Result<Spanned<String>, Wrong> {
    let span = said.span();
    match said.into_inner() {
        Said::Text(text) => Ok(Spanned::new(span, text)),
        Said::List(_) if key == "every" => {
            let message = "`every` is one class: write a `[[rule]]` for each";
            Err((span.start, message.to_owned()))
        }
        other => {
            let message = format!("`{key}` is a text, `{key} = \"…\"`, and no {other}");
            Err((span.start, visible(&message)))
        }
    }
}

fn severity(said: &Spanned<String>) -> Result<Severity, Wrong> {
    match said.get_ref().as_str() {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        "note" => Ok(Severity::Note),
        other => {
            let why = match other {
                "off" => "a rule is switched off in `[levels]`",
                _ => "`error` where it says nothing",
            };
            let message = format!(
                "`severity` is error, warning or note, and not `{}`; {why}",
                visible(other)
            );
            Err((said.span().start, message))
        }
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

/// The names of exceptions, none of them twice.
fn names(said: Spanned<Said>) -> Result<Vec<Spanned<String>>, Wrong> {
    let start = said.span().start;
    let all = match said.into_inner() {
        Said::List(all) => all,
        other => {
            let message = format!("`except` is a list: write `except = [{other}]`");
            return Err((start, visible(&message)));
        }
    };
    let mut names: Vec<Spanned<String>> = Vec::new();
    for said in all {
        let span = said.span();
        let name = match said.into_inner() {
            Said::Text(name) => name,
            other => {
                let message =
                    format!("`except` lists names as findings print them, and no {other}");
                return Err((span.start, visible(&message)));
            }
        };
        if names.iter().any(|known| *known.get_ref() == name) {
            let message = format!("`except` has `{}` twice", visible(&name));
            return Err((span.start, message));
        }
        names.push(Spanned::new(span, name));
    }
    Ok(names)
}

fn is_kebab_case(id: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && (word.chars()).all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    id.split('-').all(is_word) && id.starts_with(|c: char| c.is_ascii_lowercase())
}
