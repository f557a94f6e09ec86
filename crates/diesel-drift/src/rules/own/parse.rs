//! Conditions as `drift.toml` has them → what is asked, with every name and value held against the catalog's own.

use super::condition::{Condition, Test, children_of, key_of};
use super::value::{Expected, PartTest};
use super::{OwnRule, kind_of};
use crate::catalog::class::{self, Class};
use crate::catalog::{Fact, NOTHING, Part, Shape, facts, parent_classes, spelt};
use crate::declared::Span;
use crate::finding::Severity;
use crate::text::visible;
use regex::Regex;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use toml::Spanned;

/// A value of TOML whose entries know where they stand.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Said>>),
    Table(Entries),
}

/// The entries of a table.
pub(crate) type Entries = Vec<(Spanned<String>, Spanned<Said>)>;

/// Where in the text something is wrong, and what.
pub(crate) type Wrong = (usize, String);

/// A rule as `drift.toml` has it, but for its conditions read.
pub(crate) struct Definition {
    pub(crate) id: String,
    pub(crate) because: String,
    pub(crate) severity: Severity,
    pub(crate) every: &'static Class,
    pub(crate) except: Vec<(String, Span)>,
    pub(crate) span: Span,
}

/// The conditions of a rule.
pub(crate) struct Conditions {
    pub(crate) condition: Entries,
    pub(crate) must: Option<Entries>,
    pub(crate) must_not: Option<Entries>,
}

/// Reads a rule's conditions.
///
/// # Errors
/// Where a key or a value is none of the class's, and what its are.
pub(crate) fn parse(definition: Definition, conditions: Conditions) -> Result<OwnRule, Wrong> {
    let Definition {
        id,
        because,
        severity,
        every,
        except,
        span,
    } = definition;
    let read = |entries: Entries| condition(every, entries);
    let where_ = read(conditions.condition)?;
    let must = conditions.must.map(read).transpose()?;
    let must_not = conditions.must_not.map(read).transpose()?;
    let parents = parent_classes(every);
    let asked: Vec<_> = where_.parents().collect();
    // What hangs on a view is not meant where nobody says so.
    let of = match (asked.as_slice(), parents.contains(&&class::TABLE)) {
        ([], true) => vec![&class::TABLE],
        ([], false) => parents,
        _ => asked,
    };
    let all = [Some(&where_), must.as_ref(), must_not.as_ref()];
    let partitions = (all.into_iter().flatten()).any(|it| it.asks_for("partition_of"));
    Ok(OwnRule {
        kind: kind_of(&id, &because, severity),
        span,
        every,
        of,
        partitions,
        condition: where_,
        must,
        must_not,
        except,
    })
}

fn condition(class: &'static Class, entries: Entries) -> Result<Condition, Wrong> {
    let tests = entries
        .into_iter()
        .map(|(key, value)| test(class, &key, value));
    Ok(Condition(tests.collect::<Result<_, _>>()?))
}

fn test(class: &'static Class, key: &Spanned<String>, value: Spanned<Said>) -> Result<Test, Wrong> {
    let name = key.get_ref().as_str();
    let is_it = |class: &&&'static Class| key_of(class) == name;
    if let "name" | "schema" = name {
        let expected = Asked::name(name).expected(value)?;
        return Ok(match name {
            "name" => Test::Name(expected),
            _ => Test::Schema(expected),
        });
    }
    if let Some(fact) = facts_of(class).find(|fact| fact.attribute == name) {
        let expected = Asked::fact(fact).expected(value)?;
        return Ok(Test::Fact { fact, expected });
    }
    if let Some(parent) = parent_classes(class).iter().find(is_it) {
        let condition = condition(parent, table(name, value)?)?;
        let class = parent;
        return Ok(Test::Parent { class, condition });
    }
    if let Some(child) = children_of(class).iter().find(is_it) {
        let (wanted, entries) = presence(table(name, value)?)?;
        return Ok(Test::Child {
            class: child,
            wanted,
            condition: condition(child, entries)?,
        });
    }
    let message = format!(
        "{} has no `{}`; it has {}",
        class.with_article(),
        visible(name),
        keys(class).join(", ")
    );
    Err((key.span().start, message))
}

fn facts_of(class: &'static Class) -> impl Iterator<Item = &'static Fact> {
    facts()
        .iter()
        .filter(move |fact| fact.classes.contains(&class))
}

/// Everything that can be asked of objects of a class.
fn keys(class: &'static Class) -> Vec<String> {
    let own = ["name", "schema"].map(str::to_owned).into_iter();
    let facts = facts_of(class).map(|fact| fact.attribute.clone());
    let parents = parent_classes(class);
    let around = parents.iter().chain(children_of(class));
    let mut keys: Vec<String> = own
        .chain(facts)
        .chain(around.map(|class| key_of(class)))
        .collect();
    let mut seen = Vec::new();
    keys.retain(|key| {
        let is_new = !seen.contains(key);
        seen.push(key.clone());
        is_new
    });
    keys
}

fn table(key: &str, value: Spanned<Said>) -> Result<Entries, Wrong> {
    let start = value.span().start;
    match value.into_inner() {
        Said::Table(entries) => Ok(entries),
        _ => {
            let message = format!(
                "`{key}` takes a table: `{key} = {{}}` is any, `{key} = {{ present = false }}` none"
            );
            Err((start, message))
        }
    }
}

/// Whether something is to be there, and what is asked of it.
fn presence(entries: Entries) -> Result<(bool, Entries), Wrong> {
    match entries.as_slice() {
        [(key, value)] if key.get_ref() == "present" => match value.get_ref() {
            Said::Boolean(wanted) => Ok((*wanted, Vec::new())),
            _ => Err((value.span().start, "`present` is true or false".to_owned())),
        },
        _ => Ok((true, entries)),
    }
}

/// What can be asked of a fact beside its value.
const OPERATORS: [&str; 5] = ["matches", "one_of", "not", "present", "contains"];

/// What a value is asked of.
struct Asked<'a> {
    key: &'a str,
    shape: &'a Shape,
    parts: &'a [Part],
    is_name: bool,
}

impl<'a> Asked<'a> {
    fn name(key: &'a str) -> Self {
        Self {
            key,
            shape: &Shape::Text,
            parts: &[],
            is_name: true,
        }
    }

    fn fact(fact: &'a Fact) -> Self {
        Self {
            key: &fact.attribute,
            shape: &fact.shape,
            parts: &fact.parts,
            is_name: false,
        }
    }

    fn part(part: &'a Part) -> Self {
        Self {
            key: &part.name,
            shape: &part.shape,
            parts: &[],
            is_name: false,
        }
    }

    fn expected(&self, value: Spanned<Said>) -> Result<Expected, Wrong> {
        let start = value.span().start;
        let mut entries = match value.get_ref() {
            Said::Table(_) => table(self.key, value)?,
            _ => return self.leaf(value),
        };
        let is_operator =
            |(key, _): &(Spanned<String>, _)| OPERATORS.contains(&key.as_ref().as_str());
        if !entries.iter().any(is_operator) && !entries.is_empty() {
            return self.in_parts(start, entries);
        }
        match (entries.pop(), entries.is_empty()) {
            (Some((key, value)), true) => self.operator(key.get_ref(), value),
            _ => Err((start, self.takes())),
        }
    }

    fn takes(&self) -> String {
        format!(
            "`{}` takes a value, or a table with one of {}",
            self.key,
            OPERATORS.join(", ")
        )
    }

    fn operator(&self, operator: &str, value: Spanned<Said>) -> Result<Expected, Wrong> {
        let start = value.span().start;
        let wrong = |message: String| Err((start, message));
        match (operator, value.get_ref()) {
            ("present", Said::Boolean(wanted)) => Ok(Expected::Present(*wanted)),
            ("present", _) => wrong("`present` is true or false".to_owned()),
            ("not", _) => Ok(Expected::Not(Box::new(self.leaf(value)?))),
            ("one_of", Said::List(_)) => {
                let Said::List(all) = value.into_inner() else {
                    return Err((start, self.takes()));
                };
                let all = all.into_iter().map(|entry| self.leaf(entry));
                Ok(Expected::OneOf(all.collect::<Result<_, _>>()?))
            }
            ("one_of", _) => wrong("`one_of` is a list".to_owned()),
            ("matches", Said::Text(text)) if self.has_text() => {
                Ok(Expected::Matches(pattern(text, start)?))
            }
            ("matches", _) if self.has_text() => wrong("`matches` is a pattern: a text".to_owned()),
            ("matches", _) => wrong(format!("`{}` is no text that could match", self.key)),
            (_, _) => {
                let entry = match self.shape {
                    Shape::List(entry) => entry,
                    Shape::Named(_) | Shape::Parts => &Shape::Text,
                    Shape::Text | Shape::Name | Shape::Type => &Shape::Text,
                    _ => return wrong(format!("`{}` contains nothing: it is one value", self.key)),
                };
                Ok(Expected::Contains(self.checked(entry, value)?))
            }
        }
    }

    fn has_text(&self) -> bool {
        let of_text =
            |shape: &Shape| !matches!(shape, Shape::Boolean | Shape::Number | Shape::Named(_));
        match self.shape {
            Shape::List(entry) => of_text(entry),
            Shape::Parts => false,
            other => of_text(other),
        }
    }

    /// A value that is to be equal; of a name, a pattern for all of it.
    fn leaf(&self, value: Spanned<Said>) -> Result<Expected, Wrong> {
        match value.get_ref() {
            Said::Text(text) if self.is_name => {
                let whole = format!("^(?:{text})$");
                Ok(Expected::Whole(pattern(&whole, value.span().start)?))
            }
            _ => Ok(Expected::Is(self.checked(self.shape, value)?)),
        }
    }

    /// A value, if it is one that a fact of that shape can have.
    fn checked(&self, shape: &Shape, value: Spanned<Said>) -> Result<Value, Wrong> {
        let start = value.span().start;
        let key = self.key;
        let wrong = |message: String| Err((start, message));
        match (shape, value.into_inner()) {
            (Shape::Boolean | Shape::Mixed, Said::Boolean(value)) => Ok(Value::Bool(value)),
            (Shape::Number | Shape::Mixed, Said::Integer(value)) => Ok(Value::from(value)),
            (Shape::Number | Shape::Mixed, Said::Float(value)) => Ok(Value::from(value)),
            (Shape::Type, Said::Text(text)) => Ok(Value::from(spelt(&text))),
            // An entry that has parts goes by its first.
            (Shape::Text | Shape::Name | Shape::Mixed | Shape::Parts, Said::Text(text))
                if shape != &Shape::Parts || matches!(self.shape, Shape::List(_)) =>
            {
                Ok(Value::from(text))
            }
            (Shape::Word(words), Said::Text(text)) if words.contains(&text) => {
                Ok(Value::from(text))
            }
            (Shape::Word(words), _) => wrong(format!("`{key}` is one of {}", words.join(", "))),
            (Shape::List(entry), Said::List(all)) => {
                let all = all.into_iter().map(|value| self.checked(entry, value));
                Ok(Value::Array(all.collect::<Result<_, _>>()?))
            }
            (Shape::List(_), _) => wrong(format!(
                "`{key}` is a list: write `{key} = [\"…\"]`, or `{key} = {{ contains = \"…\" }}`"
            )),
            (Shape::Boolean, _) => wrong(format!("`{key}` is true or false")),
            (Shape::Number, _) => wrong(format!("`{key}` is a number")),
            (Shape::Parts | Shape::Named(_), _) => wrong(self.has_parts()),
            (Shape::Text | Shape::Name | Shape::Type | Shape::Mixed, _) => {
                wrong(format!("`{key}` is a text"))
            }
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
    fn in_parts(&self, start: usize, entries: Entries) -> Result<Expected, Wrong> {
        let test = |(key, value): (Spanned<String>, Spanned<Said>)| {
            let name = key.get_ref();
            let part = match self.shape {
                Shape::Named(shape) => Part {
                    name: name.clone(),
                    meaning: String::new(),
                    default: NOTHING.to_owned(),
                    shape: (**shape).clone(),
                },
                _ => (self.parts.iter().find(|part| part.name == *name))
                    .cloned()
                    .ok_or_else(|| (key.span().start, self.unknown_part(name)))?,
            };
            let expected = Asked::part(&part).expected(value)?;
            Ok(PartTest { part, expected })
        };
        if self.parts.is_empty() && !matches!(self.shape, Shape::Named(_)) {
            let unknown = entries.first().map(|(key, _)| key.span().start);
            return Err((unknown.unwrap_or(start), self.takes()));
        }
        let tests = entries
            .into_iter()
            .map(test)
            .collect::<Result<_, Wrong>>()?;
        Ok(Expected::Parts(tests))
    }

    fn unknown_part(&self, name: &str) -> String {
        let names: Vec<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        format!(
            "`{}` has no `{}`; it has {}",
            self.key,
            visible(name),
            names.join(", ")
        )
    }
}

fn pattern(text: &str, start: usize) -> Result<Regex, Wrong> {
    Regex::new(text).map_err(|error| (start, format!("this is no pattern: {error}")))
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Said;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false, a number, a text, a list or a table")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Said, E> {
                Ok(Said::Boolean(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Said, E> {
                Ok(Said::Integer(value))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Said, E> {
                Ok(Said::Float(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Said, E> {
                Ok(Said::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Said, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = list.next_element()? {
                    all.push(entry);
                }
                Ok(Said::List(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Said, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = table.next_entry()? {
                    entries.push(entry);
                }
                Ok(Said::Table(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
