//! The names that a rule asks for, and whether anything is called so.
//!
//! What is misspelt in a `must` shows itself, because nothing keeps the rule; in a `must_not`, a `not` or a `one_of` nothing would ever show it.

use super::condition::{Condition, Test};
use super::place::Objects;
use super::same::first;
use super::value::Expected;
use crate::catalog::{
    Fact, Object, Part, Shape, THE_USUAL_OWNER, TypeName, class, facts, means_name, own_types,
};
use crate::text::nearest;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

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
}

/// All names that there are.
pub(super) struct Names {
    types: BTreeSet<String>,
    objects: BTreeSet<String>,
    columns: BTreeSet<String>,
    roles: BTreeSet<String>,
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

    /// What the values of a fact are names of; none where they are no names.
    fn of(attribute: &str, meaning: &str, default: &str, shape: &Shape) -> Option<Self> {
        let speaks_of_columns = || attribute.contains("column") || meaning.contains("columns");
        match shape {
            Shape::Type => Some(Self::Type),
            Shape::Name => Some(Self::Object),
            Shape::Text if default == THE_USUAL_OWNER => Some(Self::Role),
            Shape::List(entry) | Shape::Set(entry) => match **entry {
                Shape::Text | Shape::Parts if speaks_of_columns() => Some(Self::Column),
                Shape::Name => Some(Self::Object),
                _ => None,
            },
            _ => None,
        }
    }

    fn of_fact(fact: &Fact) -> Option<Self> {
        Self::of(&fact.attribute, &fact.meaning, &fact.default, &fact.shape)
    }

    fn of_part(part: &Part) -> Option<Self> {
        Self::of(&part.name, &part.meaning, &part.default, &part.shape)
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
            Self::Fact { fact, expected } => {
                expected.literals(Sort::of_fact(fact), &fact.attribute)
            }
            Self::Parent { condition, .. } | Self::Child { condition, .. } => condition.literals(),
            Self::Name(_) | Self::Schema(_) => Vec::new(),
        }
    }
}

impl Expected {
    fn literals<'a>(&'a self, sort: Option<Sort>, key: &'a str) -> Vec<Literal<'a>> {
        let of = |expected: &'a Self| expected.literals(sort, key);
        let of_value = |value: &'a Value| match (sort, value) {
            (Some(sort), Value::String(name)) => vec![Literal { sort, key, name }],
            _ => Vec::new(),
        };
        match self {
            Self::Is(Value::Array(all)) => all.iter().flat_map(of_value).collect(),
            Self::Is(value) => of_value(value),
            // Of a text, a part; of a list, an entry.
            Self::Contains(value) if sort == Some(Sort::Column) => of_value(value),
            Self::Contains(_) | Self::Whole(_) | Self::Matches(_) | Self::Present(_) => Vec::new(),
            Self::Not(expected) => of(expected),
            Self::OneOf(all) | Self::All(all) => all.iter().flat_map(of).collect(),
            Self::Parts(parts) => (parts.iter())
                .flat_map(|test| {
                    let sort = Sort::of_part(&test.part);
                    test.expected.literals(sort, &test.part.name)
                })
                .collect(),
        }
    }
}

impl Names {
    pub(super) fn of(objects: &Objects<'_>) -> Self {
        let catalog = objects.catalog;
        let mut names = Self {
            types: BTreeSet::new(),
            objects: BTreeSet::new(),
            columns: BTreeSet::new(),
            roles: BTreeSet::from([catalog.database.usual_owner.clone()]),
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
            if attribute == "privileges" {
                let roles = value.as_object().into_iter().flat_map(|roles| roles.keys());
                self.roles.extend(roles.cloned());
                continue;
            }
            let Some((fact, sort)) = SORTS.get(&(object.class.id, attribute.as_str())) else {
                continue;
            };
            match sort {
                Some(sort) => self.take(*sort, value),
                None => self.take_parts(fact, value),
            }
        }
    }

    fn take_parts(&mut self, fact: &Fact, value: &Value) {
        for part in &fact.parts {
            let found = match value {
                Value::Array(entries) => entries.iter().find_map(|it| it.get(&part.name)),
                value => value.get(&part.name),
            };
            if let (Some(sort), Some(found)) = (Sort::of_part(part), found) {
                self.take(sort, found);
            }
        }
    }

    fn take(&mut self, sort: Sort, value: &Value) {
        let all = match value {
            Value::Array(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        for text in all.iter().filter_map(|it| first(it).unwrap_or(it).as_str()) {
            match sort {
                Sort::Type => self.types.insert(TypeName::read(text).name().to_owned()),
                Sort::Object => self.objects.insert(text.to_owned()),
                Sort::Role => self.roles.insert(text.to_owned()),
                // Those of indexes are SQL, and expressions among them.
                Sort::Column => false,
            };
        }
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
            Sort::Role => self.roles.contains(*name),
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

/// What values of facts are names of, for those that are any or have parts that are.
type Sorts = HashMap<(&'static str, &'static str), (&'static Fact, Option<Sort>)>;

static SORTS: LazyLock<Sorts> = LazyLock::new(|| {
    let is_some = |fact: &&Fact| {
        Sort::of_fact(fact).is_some() || fact.parts.iter().any(|it| Sort::of_part(it).is_some())
    };
    let of_fact = |fact: &'static Fact| {
        let entry = (fact, Sort::of_fact(fact));
        let classes = fact.classes.iter();
        classes.map(move |class| ((class.id, fact.attribute.as_str()), entry))
    };
    facts().iter().filter(is_some).flat_map(of_fact).collect()
});
