//! What is asked of one fact.

use crate::catalog::{NOTHING, Part, Shape, THE_DEFAULT, THE_USUAL_OWNER};
use regex::Regex;
use serde_json::{Map, Value};

/// What is asked of a fact.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    /// This value.
    Is(Value),
    /// A name that matches as a whole.
    Whole(Regex),
    /// A text, or one of a list, in which a pattern is found.
    Matches(Regex),
    /// Anything else.
    Not(Box<Expected>),
    /// One of these.
    OneOf(Vec<Expected>),
    /// That the catalog says something of it, or says nothing because it is PostgreSQL's default.
    Present(bool),
    /// A part of a text, an entry of a list, a name of what has names.
    Contains(Value),
    /// Of what has parts these; of a list, those of one entry.
    Parts(Vec<PartTest>),
}

/// What is asked of a part of a fact.
#[derive(Clone, Debug)]
pub(super) struct PartTest {
    pub(super) part: Part,
    pub(super) expected: Expected,
}

/// The name, which an entry of a list goes by if it says no more than that.
const TERM: &str = "term";

impl Expected {
    /// Whether a value is as it should be. What is absent has PostgreSQL's default.
    pub(super) fn holds(&self, value: Option<&Value>, shape: &Shape, default: &str) -> bool {
        match (self, value) {
            (Self::Present(wanted), value) => value.is_some() == *wanted,
            (_, Some(value)) => self.holds_of(value, shape),
            (_, None) => self.holds_of(&absent(shape, default), shape),
        }
    }

    fn holds_of(&self, value: &Value, shape: &Shape) -> bool {
        match self {
            Self::Is(expected) => equal(expected, value, shape),
            Self::Whole(pattern) | Self::Matches(pattern) => match value {
                Value::String(text) => pattern.is_match(text),
                Value::Array(entries) => entries.iter().any(|entry| self.holds_of(entry, shape)),
                Value::Object(facts) => {
                    (facts.get(TERM)).is_some_and(|term| self.holds_of(term, shape))
                }
                _ => false,
            },
            Self::Not(expected) => !expected.holds_of(value, shape),
            Self::OneOf(all) => all.iter().any(|expected| expected.holds_of(value, shape)),
            Self::Present(wanted) => *wanted,
            Self::Contains(expected) => match value {
                Value::String(text) => expected.as_str().is_some_and(|part| text.contains(part)),
                Value::Array(entries) => {
                    let of_entry = entry_shape(shape);
                    (entries.iter()).any(|entry| equal(expected, entry, of_entry))
                }
                Value::Object(facts) => {
                    (expected.as_str()).is_some_and(|name| facts.contains_key(name))
                }
                _ => false,
            },
            Self::Parts(parts) => match value {
                Value::Array(entries) => entries.iter().any(|entry| all_hold(parts, entry)),
                other => all_hold(parts, other),
            },
        }
    }

    /// As `drift.toml` has it: `on_delete = "cascade"`.
    pub(super) fn said(&self, key: &str) -> String {
        match self {
            Self::Is(_) | Self::Whole(_) => format!("{key} = {}", self.plain()),
            other => format!("{key} = {{ {} }}", other.plain()),
        }
    }

    fn plain(&self) -> String {
        let quoted = |pattern: &Regex| Value::from(pattern.as_str()).to_string();
        let plain = |expected: &Self| expected.plain();
        match self {
            Self::Is(value) => value.to_string(),
            Self::Whole(pattern) => {
                let whole = pattern.as_str();
                let own = (whole.strip_prefix("^(?:")).and_then(|it| it.strip_suffix(")$"));
                Value::from(own.unwrap_or(whole)).to_string()
            }
            Self::Matches(pattern) => format!("matches = {}", quoted(pattern)),
            Self::Not(expected) => format!("not = {}", expected.plain()),
            Self::OneOf(all) => {
                let all: Vec<String> = all.iter().map(plain).collect();
                format!("one_of = [{}]", all.join(", "))
            }
            Self::Present(wanted) => format!("present = {wanted}"),
            Self::Contains(value) => format!("contains = {value}"),
            Self::Parts(parts) => {
                let said = |test: &PartTest| test.expected.said(&test.part.name);
                let parts: Vec<String> = parts.iter().map(said).collect();
                parts.join(", ")
            }
        }
    }
}

/// Whether a value, or an entry of a list, has all parts as they should be.
fn all_hold(parts: &[PartTest], value: &Value) -> bool {
    let found = |name: &str| match value {
        Value::Object(facts) => facts.get(name),
        Value::String(_) if name == TERM => Some(value),
        _ => None,
    };
    parts.iter().all(|PartTest { part, expected }| {
        expected.holds(found(&part.name), &part.shape, &part.default)
    })
}

fn entry_shape(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(entry) => entry,
        other => other,
    }
}

/// What a fact is of which the catalog says nothing.
fn absent(shape: &Shape, default: &str) -> Value {
    let is_told = ![NOTHING, THE_DEFAULT, THE_USUAL_OWNER].contains(&default);
    match shape {
        Shape::Boolean => Value::Bool(false),
        Shape::Number => default.parse::<i64>().map_or(Value::Null, Value::from),
        Shape::Word(words) if words.iter().any(|word| word == default) => Value::from(default),
        Shape::Text | Shape::Name | Shape::Type if is_told => Value::from(default),
        Shape::List(_) => Value::Array(Vec::new()),
        Shape::Parts | Shape::Named(_) => Value::Object(Map::new()),
        _ => Value::Null,
    }
}

fn equal(expected: &Value, found: &Value, shape: &Shape) -> bool {
    match (expected, found) {
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        (Value::String(_), Value::Object(facts)) => facts.get(TERM) == Some(expected),
        (Value::String(expected), Value::String(found)) => {
            let without_schema = || found.strip_suffix(expected.as_str())?.strip_suffix('.');
            expected == found || (shape == &Shape::Name && without_schema().is_some())
        }
        (Value::Array(expected), Value::Array(found)) => {
            let shape = entry_shape(shape);
            let mut pairs = expected.iter().zip(found);
            expected.len() == found.len() && pairs.all(|(one, other)| equal(one, other, shape))
        }
        (expected, found) => expected == found,
    }
}
