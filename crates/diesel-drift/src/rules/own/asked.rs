//! A value of `drift.toml` → what is asked of a fact, held against what values such a fact has.

use super::never::{is_bare_word, no_default, type_of};
use super::said::{Entries, Said, Wrong};
use super::value::{Expected, PartTest};
use crate::catalog::{Fact, NOTHING, Part, Shape, THE_DEFAULT};
use crate::text::{proposed, visible};
use regex::Regex;
use serde_json::Value;
use toml::Spanned;

/// What can be asked of a fact beside its value.
pub(super) const OPERATORS: [&str; 5] = ["matches", "one_of", "not", "present", "contains"];

/// Settings that are lists of names, of which PostgreSQL keeps an empty one as an empty name (`GUC_LIST_QUOTE`, which no catalog tells).
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// As such a setting is kept where nothing is in it.
const NO_NAMES: &str = "\"\"";

/// What a value is asked of.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) key: &'a str,
    pub(super) shape: &'a Shape,
    pub(super) parts: &'a [Part],
    pub(super) default: &'a str,
    is_name: bool,
}

impl<'a> Asked<'a> {
    /// Of a name, which is matched as a whole.
    pub(super) fn name(key: &'a str) -> Self {
        Self {
            key,
            shape: &Shape::Text,
            parts: &[],
            default: "",
            is_name: true,
        }
    }

    pub(super) fn fact(fact: &'a Fact) -> Self {
        Self {
            key: &fact.attribute,
            shape: &fact.shape,
            parts: &fact.parts,
            default: &fact.default,
            is_name: false,
        }
    }

    fn part(part: &'a Part) -> Self {
        Self {
            key: &part.name,
            shape: &part.shape,
            parts: &[],
            default: &part.default,
            is_name: false,
        }
    }

    /// Of a part of it. What goes by names of the project's has the parts that each of them has.
    pub(super) fn in_part<'b>(&self, part: &'b Part) -> Asked<'b>
    where
        'a: 'b,
    {
        Asked {
            parts: match self.shape {
                Shape::Named { .. } => self.parts,
                _ => &[],
            },
            ..Asked::part(part)
        }
    }

    /// A value; or a table of operators and parts, of which all are asked.
    pub(super) fn expected(&self, value: Spanned<Said>) -> Result<Expected, Wrong> {
        let start = value.span().start;
        let Said::Table(_) = value.get_ref() else {
            let is_default = self.key == "default" && *self.shape == Shape::Expression;
            return match value.get_ref() {
                Said::Text(text) if is_default && is_bare_word(text) => {
                    Err((start, no_default(text)))
                }
                _ => self.leaf(value),
            };
        };
        let Said::Table(entries) = value.into_inner() else {
            return Err((start, self.takes()));
        };
        let is_operator =
            |(key, _): &(Spanned<String>, _)| OPERATORS.contains(&key.get_ref().as_str());
        let (operators, parts): (Entries, Entries) = entries.into_iter().partition(is_operator);
        let mut all = (operators.into_iter())
            .map(|(key, value)| self.operator(key.get_ref(), value))
            .collect::<Result<Vec<_>, _>>()?;
        if !parts.is_empty() {
            all.push(self.in_parts(parts)?);
        }
        match (all.pop(), all.is_empty()) {
            (None, _) => Err((start, self.takes())),
            (Some(one), true) => Ok(one),
            (Some(last), false) => {
                all.push(last);
                Ok(Expected::All(all))
            }
        }
    }

    fn takes(&self) -> String {
        let names: Vec<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        let parts = match names.is_empty() {
            true => String::new(),
            false => format!(", or of its parts {}", names.join(", ")),
        };
        format!(
            "`{}` takes a value, or a table with {}{parts}",
            self.key,
            OPERATORS.join(", ")
        )
    }

    fn operator(&self, operator: &str, value: Spanned<Said>) -> Result<Expected, Wrong> {
        let start = value.span().start;
        let key = self.key;
        let wrong = |message: String| Err((start, message));
        match (operator, value.get_ref()) {
            ("present", Said::Boolean(wanted)) => Ok(Expected::Present(*wanted)),
            ("present", _) => wrong("`present` is true or false".to_owned()),
            ("not", _) => Ok(Expected::Not(Box::new(self.expected(value)?))),
            ("one_of", Said::List(all)) => {
                if all.is_empty() {
                    return wrong(format!(
                        "`one_of` of `{key}` is empty: nothing is one of none"
                    ));
                }
                no_duplicates("one_of", all)?;
                let all = all.iter().map(|entry| self.expected(entry.clone()));
                Ok(Expected::OneOf(all.collect::<Result<_, _>>()?))
            }
            ("one_of", other) => wrong(format!("`one_of` is a list: write `one_of = [{other}]`")),
            ("matches" | "contains", Said::Text(text)) if text.is_empty() => wrong(format!(
                "`{operator}` of `{key}` is empty, which everything {operator}"
            )),
            ("matches", Said::Text(text)) if self.has_text() => {
                Ok(Expected::Matches(pattern(text, text, start)?))
            }
            ("matches", _) if self.has_text() => wrong("`matches` is a pattern: a text".to_owned()),
            ("matches", _) => wrong(format!("`{key}` is no text that could match")),
            (_, Said::List(all)) if !all.is_empty() => {
                let each = all.iter().map(|entry| self.contains(entry.clone()));
                Ok(Expected::All(each.collect::<Result<_, _>>()?))
            }
            (_, _) => self.contains(value),
        }
    }

    /// That it contains one value.
    fn contains(&self, value: Spanned<Said>) -> Result<Expected, Wrong> {
        let entry = match self.shape {
            Shape::List(entry) | Shape::Set(entry) => entry,
            Shape::Named { .. } => &Shape::Text,
            shape if shape.is_text() => &Shape::Text,
            _ => {
                let message = format!("`{}` contains nothing: it is one value", self.key);
                return Err((value.span().start, message));
            }
        };
        Ok(Expected::Contains(self.checked(entry, value)?))
    }

    fn has_text(&self) -> bool {
        let of_text =
            |shape: &Shape| !matches!(shape, Shape::Boolean | Shape::Number | Shape::Named { .. });
        match self.shape {
            Shape::List(entry) | Shape::Set(entry) => of_text(entry),
            Shape::Parts => false,
            other => of_text(other),
        }
    }

    /// A value that is to be equal; of a name, a pattern for all of it.
    fn leaf(&self, value: Spanned<Said>) -> Result<Expected, Wrong> {
        let start = value.span().start;
        match value.get_ref() {
            Said::Text(text) if self.is_name && text.is_empty() => {
                Err((start, format!("`{}` is empty, as no name is", self.key)))
            }
            Said::Text(text) if self.is_name => {
                let whole = format!("^(?:{text})$");
                Ok(Expected::Whole(pattern(text, &whole, start)?))
            }
            Said::Text(text) if self.is_list() && ["", "''"].contains(&text.trim()) => {
                Ok(Expected::Is(Value::from(NO_NAMES)))
            }
            Said::Text(text) if self.asks_for_nothing(text) => Err((start, self.nothing(text))),
            _ => Ok(Expected::Is(self.checked(self.shape, value)?)),
        }
    }

    /// Whether it is a setting that lists names.
    fn is_list(&self) -> bool {
        *self.shape == Shape::Text && LISTS.contains(&self.key)
    }

    /// Whether somebody asks by a word for what the catalog has no word for.
    fn asks_for_nothing(&self, text: &str) -> bool {
        let is_word = |words: &[String]| words.iter().any(|word| word == text);
        let says_nothing = matches!(text.to_lowercase().as_str(), NOTHING | "null" | "");
        let can_be_nothing = match self.shape {
            Shape::Word(words) | Shape::Mixed(words) => !is_word(words),
            // `DEFAULT NULL` is one.
            Shape::Expression => text.to_lowercase() != "null",
            shape => shape.is_text(),
        };
        says_nothing && can_be_nothing && self.default == NOTHING
    }

    fn nothing(&self, text: &str) -> String {
        let key = self.key;
        format!(
            "`{key}` is never \"{}\": that there is none is `{key} = {{ present = false }}`",
            visible(text)
        )
    }

    /// A value, if it is one that a fact of that shape can have.
    fn checked(&self, shape: &Shape, value: Spanned<Said>) -> Result<Value, Wrong> {
        let start = value.span().start;
        let key = self.key;
        let wrong = |message: String| Err((start, message));
        match (shape, value.into_inner()) {
            (Shape::Boolean, Said::Boolean(value)) => Ok(Value::Bool(value)),
            (Shape::Number, Said::Integer(value)) => Ok(Value::from(value)),
            (Shape::Number, Said::Float(value)) => Ok(Value::from(value)),
            (Shape::Type, Said::Text(text)) => type_of(key, text).or_else(wrong),
            (shape, Said::Text(text)) if shape.is_text() => Ok(Value::from(text)),
            // An entry that has parts goes by its first.
            (Shape::Parts, Said::Text(text))
                if matches!(self.shape, Shape::List(_) | Shape::Set(_)) =>
            {
                Ok(Value::from(text))
            }
            (Shape::Word(words) | Shape::Mixed(words), Said::Text(text)) => {
                match word(words, &text) {
                    Some(word) => Ok(Value::from(word)),
                    None => wrong(format!(
                        "`{key}` is one of {}, and not `{}`",
                        words.join(", "),
                        visible(&text)
                    )),
                }
            }
            (Shape::List(entry) | Shape::Set(entry), Said::List(all)) => {
                if matches!(shape, Shape::Set(_)) {
                    no_duplicates(key, &all)?;
                }
                let all = all.into_iter().map(|value| self.checked(entry, value));
                Ok(Value::Array(all.collect::<Result<_, _>>()?))
            }
            (Shape::List(_) | Shape::Set(_), other) => wrong(visible(&format!(
                "`{key}` is a list: write `{key} = [{other}]`, or `{key} = {{ contains = {other} }}`"
            ))),
            (Shape::Parts | Shape::Named { .. }, _) => wrong(self.has_parts()),
            (_, all @ Said::List(_)) => wrong(visible(&format!(
                "`{key}` is one value: any of several is `{key} = {{ one_of = {all} }}`"
            ))),
            (Shape::Word(words) | Shape::Mixed(words), other) => {
                let hint = match other {
                    Said::Boolean(said) => {
                        format!("; whether there is any is `{key} = {{ present = {said} }}`")
                    }
                    _ => String::new(),
                };
                wrong(format!("`{key}` is one of {}{hint}", words.join(", ")))
            }
            (shape, Said::Boolean(said)) if shape.is_text() => wrong(format!(
                "`{key}` is a text; whether there is one is `{key} = {{ present = {said} }}`"
            )),
            (Shape::Boolean, _) => wrong(format!("`{key}` is true or false")),
            (Shape::Number, _) => wrong(format!("`{key}` is a number")),
            // A text.
            (_, other) => wrong(format!("`{key}` is a text: write `{key} = \"{other}\"`")),
        }
    }

    fn has_parts(&self) -> String {
        let names: Vec<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        let key = self.key;
        match names.is_empty() {
            true => format!("`{key}` has entries by name: write `{key} = {{ contains = \"…\" }}`"),
            false => format!(
                "`{key}` has parts: write `{key} = {{ … }}` with {}",
                names.join(", ")
            ),
        }
    }

    /// Of a fact that consists of others, those that are asked for.
    fn in_parts(&self, entries: Entries) -> Result<Expected, Wrong> {
        let test = |(key, value): (Spanned<String>, Spanned<Said>)| {
            let part = self
                .part_of(key.get_ref())
                .map_err(|message| (key.span().start, message))?;
            let expected = self.in_part(&part).expected(value)?;
            Ok(PartTest { part, expected })
        };
        let tests = entries.into_iter().map(test);
        Ok(Expected::Parts(tests.collect::<Result<_, Wrong>>()?))
    }

    fn part_of(&self, name: &str) -> Result<Part, String> {
        let of_shape = |shape: Shape| Part {
            name: name.to_owned(),
            meaning: String::new(),
            default: NOTHING.to_owned(),
            shape,
        };
        match self.shape {
            // Any text can be a setting's value.
            Shape::Named { value, .. } => {
                return Ok(Part {
                    default: THE_DEFAULT.to_owned(),
                    ..of_shape((**value).clone())
                });
            }
            // A word with which a text goes: the index, the expression.
            Shape::Mixed(words) if words.iter().any(|word| word == name) => {
                return Ok(of_shape(Shape::Expression));
            }
            _ => {}
        }
        let found = self.parts.iter().find(|part| part.name == name);
        found.cloned().ok_or_else(|| self.unknown_part(name))
    }

    fn unknown_part(&self, name: &str) -> String {
        let names: Vec<&str> = match self.shape {
            Shape::Mixed(words) => words.iter().map(String::as_str).collect(),
            _ => self.parts.iter().map(|part| part.name.as_str()).collect(),
        };
        let hint = proposed(name, names.iter().copied().chain(OPERATORS));
        let (key, name) = (self.key, visible(name));
        match names.is_empty() {
            true => format!("`{key}` has no `{name}`{hint}: {}", self.takes()),
            false => format!("`{key}` has no `{name}`{hint}; it has {}", names.join(", ")),
        }
    }
}

/// One of `words`, which SQL writes in capitals and with spaces.
fn word(words: &[String], text: &str) -> Option<String> {
    let text = text.trim().to_lowercase().replace([' ', '-'], "_");
    words.iter().find(|word| **word == text).cloned()
}

/// Nothing is said twice of what has no order.
fn no_duplicates(key: &str, all: &[Spanned<Said>]) -> Result<(), Wrong> {
    let mut seen: Vec<String> = Vec::new();
    for entry in all {
        let said = entry.get_ref().to_string();
        if seen.contains(&said) {
            let message = format!("`{key}` has {} twice", visible(&said));
            return Err((entry.span().start, message));
        }
        seen.push(said);
    }
    Ok(())
}

/// The pattern `whole`, for what somebody wrote as `text`.
fn pattern(text: &str, whole: &str, start: usize) -> Result<Regex, Wrong> {
    // The text by itself first: what is around it must not mend it, and an error is about what was written.
    Regex::new(text)
        .and_then(|_| Regex::new(whole))
        .map_err(|error| {
            let error = error.to_string();
            let last = error.lines().last().unwrap_or_default();
            let why = last.trim().trim_start_matches("error: ");
            (start, format!("`{}` is no pattern: {why}", visible(text)))
        })
}
