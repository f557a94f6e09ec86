//! What is asked of one fact.

use super::same::{entry_shape, equal, first, named, spellings};
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
    /// All of these.
    All(Vec<Expected>),
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

impl Expected {
    /// Whether a value is as it should be. What is absent has PostgreSQL's default.
    pub(super) fn holds(&self, value: Option<&Value>, shape: &Shape, default: &str) -> bool {
        let holds = |expected: &Self| expected.holds(value, shape, default);
        match self {
            Self::Present(wanted) => value.is_some() == *wanted,
            Self::Not(expected) => !holds(expected),
            Self::OneOf(all) => all.iter().any(holds),
            Self::All(all) => all.iter().all(holds),
            Self::Is(expected) => with(value, shape, default, |it| equal(expected, it, shape)),
            Self::Whole(pattern) | Self::Matches(pattern) => {
                with(value, shape, default, |it| is_match(pattern, it, shape))
            }
            Self::Contains(expected) => {
                with(value, shape, default, |it| contains(expected, it, shape))
            }
            Self::Parts(parts) => with(value, shape, default, |it| match it {
                Value::Array(entries) => entries.iter().any(|entry| all_hold(parts, entry)),
                other => all_hold(parts, other),
            }),
        }
    }

    /// The patterns for whole names in it, each as it is written.
    pub(super) fn wholes(&self) -> Vec<(&str, &Regex)> {
        match self {
            Self::Whole(pattern) => vec![(own_text(pattern), pattern)],
            Self::Not(expected) => expected.wholes(),
            Self::OneOf(all) | Self::All(all) => all.iter().flat_map(Self::wholes).collect(),
            _ => Vec::new(),
        }
    }

    /// As `drift.toml` has it: `on_delete = "cascade"`.
    pub(super) fn said(&self, key: &str) -> String {
        format!("{key} = {}", self.plain())
    }

    fn plain(&self) -> String {
        match self {
            Self::Is(value) => value.to_string(),
            Self::Whole(pattern) => Value::from(own_text(pattern)).to_string(),
            operators => format!("{{ {} }}", operators.operators()),
        }
    }

    /// As the entries of a table.
    fn operators(&self) -> String {
        let joined = |all: &[Self], said: fn(&Self) -> String| {
            all.iter().map(said).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Is(_) | Self::Whole(_) => self.plain(),
            Self::Matches(pattern) => {
                format!("matches = {}", Value::from(pattern.as_str()))
            }
            Self::Not(expected) => format!("not = {}", expected.plain()),
            Self::OneOf(all) => format!("one_of = [{}]", joined(all, Self::plain)),
            Self::All(all) => match contained(all) {
                Some(values) => format!("contains = [{}]", values.join(", ")),
                None => joined(all, Self::operators),
            },
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

/// A pattern for a whole name without what says so.
fn own_text(whole: &Regex) -> &str {
    let whole = whole.as_str();
    let own = (whole.strip_prefix("^(?:")).and_then(|it| it.strip_suffix(")$"));
    own.unwrap_or(whole)
}

/// Several values of one `contains`.
fn contained(all: &[Expected]) -> Option<Vec<String>> {
    let value = |expected: &Expected| match expected {
        Expected::Contains(value) => Some(value.to_string()),
        _ => None,
    };
    all.iter().map(value).collect()
}

/// Asks something of a value, or of what stands for it where it is absent.
fn with(
    value: Option<&Value>,
    shape: &Shape,
    default: &str,
    holds: impl Fn(&Value) -> bool,
) -> bool {
    match value {
        Some(value) => holds(value),
        None => holds(&absent(shape, default)),
    }
}

fn is_match(pattern: &Regex, value: &Value, shape: &Shape) -> bool {
    match value {
        Value::String(text) => {
            (spellings(text, shape).iter()).any(|spelling| pattern.is_match(spelling))
        }
        Value::Array(entries) => {
            let of_entry = entry_shape(shape);
            (entries.iter()).any(|entry| is_match(pattern, entry, of_entry))
        }
        Value::Object(facts) if matches!(shape, Shape::Mixed(_)) => {
            facts.keys().any(|word| pattern.is_match(word))
        }
        Value::Object(_) => {
            let name = first(value).and_then(Value::as_str);
            name.is_some_and(|name| pattern.is_match(name))
        }
        _ => false,
    }
}

fn contains(expected: &Value, value: &Value, shape: &Shape) -> bool {
    match value {
        Value::String(text) => expected.as_str().is_some_and(|part| {
            let mut spellings = spellings(text, shape).into_iter();
            spellings.any(|spelling| spelling.contains(part))
        }),
        Value::Array(entries) => {
            let of_entry = entry_shape(shape);
            (entries.iter()).any(|entry| equal(expected, entry, of_entry))
        }
        Value::Object(facts) => {
            (expected.as_str()).is_some_and(|name| named(facts, name).is_some())
        }
        _ => false,
    }
}

/// Whether a value, or an entry of a list, has all parts as they should be.
fn all_hold(parts: &[PartTest], value: &Value) -> bool {
    let found = |name: &str| match value {
        Value::Object(facts) => named(facts, name),
        // An index's column that says no more than its term is that.
        Value::String(_) if name == "term" => Some(value),
        _ => None,
    };
    parts.iter().all(|PartTest { part, expected }| {
        let shape = match part.name.as_str() {
            // A column, or an expression with the parentheses that PostgreSQL adds.
            "term" => &Shape::Expression,
            _ => &part.shape,
        };
        expected.holds(found(&part.name), shape, &part.default)
    })
}

/// What a fact is of which the catalog says nothing.
fn absent(shape: &Shape, default: &str) -> Value {
    let is_told = ![NOTHING, THE_DEFAULT, THE_USUAL_OWNER].contains(&default);
    match shape {
        Shape::Boolean => Value::Bool(false),
        Shape::Number => default.parse::<i64>().map_or(Value::Null, Value::from),
        Shape::Word(words) if words.iter().any(|word| word == default) => Value::from(default),
        shape if shape.is_text() && is_told => Value::from(default),
        Shape::List(_) | Shape::Set(_) => Value::Array(Vec::new()),
        Shape::Parts | Shape::Named { .. } => Value::Object(Map::new()),
        _ => Value::Null,
    }
}
