//! The names that a rule asks for, and whether anything is called so.
//!
//! What is misspelt in a `must` shows itself, because nothing keeps the rule; in a `must_not`, a `not` or a `one_of` nothing would ever show it.

use super::asked::Asked;
use super::condition::{Condition, Test};
use super::place::Objects;
use super::same::{FIRST, PUBLIC};
use super::value::Expected;
use crate::catalog::{
    Fact, Object, Part, Shape, THE_USUAL_OWNER, TypeName, class, facts, means_name, own_types,
};
use crate::text::nearest;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Whom privileges name beside roles.
const GRANTEES: [&str; 2] = ["OWNER", PUBLIC];

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Type,
    Object,
    Column,
    Role,
}

/// A name that a rule asks for.
#[derive(Clone, Debug)]
pub(super) struct Literal<'a> {
    pub(super) sort: Sort,
    /// The fact: `data_type`.
    pub(super) key: &'a str,
    pub(super) name: &'a str,
    /// Whether the fact is left out where it is the usual owner.
    pub(super) may_be_usual: bool,
}

/// All names that there are.
pub(super) struct Names {
    types: BTreeSet<String>,
    objects: BTreeSet<String>,
    columns: BTreeSet<String>,
    roles: BTreeSet<String>,
    usual_owner: String,
}

impl Sort {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Object => "object",
            Self::Column => "column",
            Self::Role => "role",
        }
    }

    /// What a text of that shape is the name of; none where it is no name.
    fn of(shape: &Shape) -> Option<Self> {
        match shape {
            Shape::Type => Some(Self::Type),
            Shape::Name => Some(Self::Object),
            Shape::Column => Some(Self::Column),
            Shape::Role => Some(Self::Role),
            _ => None,
        }
    }

    /// What the entries of a list are names of, and what a table goes by.
    fn of_entry(shape: &Shape, parts: &[Part]) -> Option<Self> {
        match shape {
            Shape::List(entry) | Shape::Set(entry) if **entry == Shape::Parts => {
                let first = parts.iter().find(|it| FIRST.contains(&it.name.as_str()));
                first.and_then(|part| Self::of(&part.shape))
            }
            Shape::List(entry) | Shape::Set(entry) => Self::of(entry),
            Shape::Named { key, .. } => Self::of(key),
            _ => None,
        }
    }
}

impl Condition {
    /// The names that it asks for.
    pub(super) fn literals(&self) -> Vec<Literal<'_>> {
        self.0.iter().flat_map(Test::literals).collect()
    }
}

impl Test {
    fn literals(&self) -> Vec<Literal<'_>> {
        match self {
            Self::Fact { fact, expected } => expected.literals(Asked::fact(fact)),
            Self::Parent { condition, .. } | Self::Child { condition, .. } => condition.literals(),
            Self::Name(_) | Self::Schema(_) => Vec::new(),
        }
    }
}

impl Expected {
    fn literals<'a>(&'a self, asked: Asked<'a>) -> Vec<Literal<'a>> {
        let of_text = Sort::of(asked.shape);
        let of_entry = Sort::of_entry(asked.shape, asked.parts);
        match self {
            Self::Is(Value::Array(all)) => (all.iter())
                .filter_map(|entry| asked.literal(of_entry, entry.as_str()?))
                .collect(),
            Self::Is(value) => (value.as_str().into_iter())
                .filter_map(|name| asked.literal(of_text, name))
                .collect(),
            // Of a text, a part, which names nothing.
            Self::Contains(value) => (value.as_str().into_iter())
                .filter_map(|name| asked.literal(of_entry, name))
                .collect(),
            Self::Whole(_) | Self::Matches(_) | Self::Present(_) => Vec::new(),
            Self::Not(expected) => expected.literals(asked),
            Self::OneOf(all) | Self::All(all) => (all.iter())
                .flat_map(|expected| expected.literals(asked))
                .collect(),
            Self::Parts(parts) => (parts.iter())
                .flat_map(|test| {
                    let key = match asked.shape {
                        Shape::Named { .. } => asked.literal(of_entry, &test.part.name),
                        _ => None,
                    };
                    let inner = test.expected.literals(asked.in_part(&test.part));
                    key.into_iter().chain(inner)
                })
                .collect(),
        }
    }
}

impl<'a> Asked<'a> {
    /// A name that it is asked for; none where it is no name.
    fn literal(&self, sort: Option<Sort>, name: &'a str) -> Option<Literal<'a>> {
        let is_table = matches!(self.shape, Shape::Named { .. });
        Some(Literal {
            sort: sort.filter(|_| !(is_table && GRANTEES.contains(&name)))?,
            key: self.key,
            name,
            may_be_usual: self.default == THE_USUAL_OWNER,
        })
    }
}

impl Names {
    pub(super) fn of(objects: &Objects<'_>) -> Self {
        let catalog = objects.catalog;
        let mut names = Self {
            types: BTreeSet::new(),
            objects: BTreeSet::new(),
            columns: BTreeSet::new(),
            roles: BTreeSet::new(),
            usual_owner: catalog.database.usual_owner.clone(),
        };
        let outside = &catalog.outside;
        let outside = (outside.relations.iter().map(|it| &it.name))
            .chain(outside.enums.iter().map(|it| &it.name))
            .chain(outside.domains.iter().map(|it| &it.name))
            .chain(&outside.types);
        names.objects.extend(outside.map(|name| name.to_sql()));
        for object in &objects.list {
            names.objects.extend(object.path().sql_name());
            names.take_facts(object);
            for child in &object.children {
                if [&class::COLUMN, &class::ATTRIBUTE].contains(&child.class) {
                    names.columns.insert(child.name.clone());
                }
                names.take_facts(child);
            }
        }
        names
    }

    /// What an object's facts name is there, whether the catalog has it or PostgreSQL.
    fn take_facts(&mut self, object: &Object) {
        for (attribute, value) in &object.attributes {
            if let Some(fact) = FACTS.get(&(object.class.id, attribute.as_str())) {
                self.take(&fact.shape, &fact.parts, value);
            }
        }
    }

    fn take(&mut self, shape: &Shape, parts: &[Part], value: &Value) {
        match (shape, value) {
            (Shape::List(entry) | Shape::Set(entry), Value::Array(all)) => {
                all.iter().for_each(|it| self.take(entry, parts, it));
            }
            (Shape::Named { key, value }, Value::Object(entries)) => {
                for (name, entry) in entries {
                    self.take_name(key, name);
                    self.take(value, parts, entry);
                }
            }
            (Shape::Parts, Value::Object(facts)) => {
                for part in parts {
                    if let Some(found) = facts.get(&part.name) {
                        self.take(&part.shape, &[], found);
                    }
                }
            }
            (shape, Value::String(text)) => self.take_name(shape, text),
            _ => {}
        }
    }

    fn take_name(&mut self, shape: &Shape, text: &str) {
        match Sort::of(shape) {
            Some(Sort::Type) => {
                self.types.insert(TypeName::read(text).name().to_owned());
            }
            Some(Sort::Object) => {
                self.objects.insert(text.to_owned());
            }
            Some(Sort::Role) => {
                self.roles.insert(text.to_owned());
            }
            // Columns are objects of their own; those of indexes are SQL, and expressions among them.
            Some(Sort::Column) | None => {}
        }
    }

    /// Whether it is the role that owns what is not said to be anybody's, where an owner is asked for.
    pub(super) fn is_usual_owner(&self, literal: &Literal<'_>) -> bool {
        literal.may_be_usual && literal.name == self.usual_owner
    }

    /// Whether anything is called so.
    pub(super) fn has(&self, literal: &Literal<'_>) -> bool {
        let Literal { sort, name, .. } = literal;
        match sort {
            Sort::Type => {
                let asked = TypeName::read(name);
                let mut known = self.types.iter().chain(&self.objects);
                asked.is_own() || known.any(|known| asked.names(known))
            }
            Sort::Object => {
                let asked = name.trim_end_matches("()");
                self.objects.iter().any(|known| means_name(asked, known))
            }
            Sort::Column => {
                let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                !is_plain || self.columns.contains(*name)
            }
            Sort::Role if name.eq_ignore_ascii_case(PUBLIC) => true,
            Sort::Role => self.roles.contains(*name) && !self.is_usual_owner(literal),
        }
    }

    /// What was meant, perhaps; without a schema where none was written.
    pub(super) fn nearest(&self, literal: &Literal<'_>) -> Option<String> {
        let own = || own_types().map(str::to_owned);
        let known: Vec<String> = match literal.sort {
            Sort::Type => (self.types.iter().chain(&self.objects).cloned())
                .chain(own())
                .collect(),
            Sort::Object => self.objects.iter().cloned().collect(),
            Sort::Column => self.columns.iter().cloned().collect(),
            Sort::Role => self.roles.iter().cloned().collect(),
        };
        let has_schema = literal.name.contains('.');
        let short = |name: &'_ String| match name.rsplit_once('.') {
            Some((_, bare)) if !has_schema => bare.to_owned(),
            _ => name.clone(),
        };
        let known: Vec<String> = known.iter().map(short).collect();
        let bare = TypeName::read(literal.name);
        let name = match literal.sort {
            Sort::Type => bare.name(),
            _ => literal.name,
        };
        nearest(name, known.iter().map(String::as_str)).map(str::to_owned)
    }
}

/// The facts, by class and name.
static FACTS: LazyLock<HashMap<(&'static str, &'static str), &'static Fact>> =
    LazyLock::new(|| {
        let of_fact = |fact: &'static Fact| {
            let classes = fact.classes.iter();
            classes.map(move |class| ((class.id, fact.attribute.as_str()), fact))
        };
        facts().iter().flat_map(of_fact).collect()
    });
