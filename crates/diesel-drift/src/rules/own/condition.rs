//! What is asked of an object, and what of it does not hold.

use super::value::Expected;
use crate::catalog::class::{self, Class};
use crate::catalog::{Fact, Object, child_classes, default_of, quote_identifier};
use crate::kinds;
use crate::text::show_name;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What is asked of an object: all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Condition(pub(super) Vec<Test>);

/// One thing that is asked of an object.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Its name.
    Name(Expected),
    /// The schema that it, or what it hangs on, is in.
    Schema(Expected),
    /// One of its facts.
    Fact {
        fact: &'static Fact,
        expected: Expected,
    },
    /// That it hangs on something of that class for which a condition holds.
    Parent {
        class: &'static Class,
        condition: Condition,
    },
    /// Whether something of that class hangs on it for which a condition holds.
    Child {
        class: &'static Class,
        wanted: bool,
        condition: Condition,
    },
}

/// An object, and what it hangs on.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) object: &'a Object,
    pub(super) parent: Option<&'a Object>,
}

/// What should hold and does not: as `drift.toml` says it, and what there is instead.
pub(super) struct Unmet {
    pub(super) expected: String,
    pub(super) found: String,
}

/// A class as a key: `foreign_key`.
pub(super) fn key_of(class: &Class) -> String {
    class.id.replace('-', "_")
}

/// What counts as hanging on a column: the keys that it is part of, and the indexes that begin with it.
const OF_A_COLUMN: &[&Class] = &[
    &class::FOREIGN_KEY,
    &class::PRIMARY_KEY,
    &class::UNIQUE_CONSTRAINT,
    &class::INDEX,
];

/// The classes of what hangs on an object.
pub(super) fn children_of(class: &'static Class) -> &'static [&'static Class] {
    match class == &class::COLUMN {
        true => OF_A_COLUMN,
        false => child_classes(class),
    }
}

impl Condition {
    pub(super) fn holds(&self, place: Place<'_>) -> bool {
        self.0.iter().all(|test| test.holds(place))
    }

    /// What of it does not hold.
    pub(super) fn unmet(&self, place: Place<'_>) -> Vec<Unmet> {
        let tests = self.0.iter().filter(|test| !test.holds(place));
        tests
            .map(|test| Unmet {
                expected: test.said(),
                found: test.found(place),
            })
            .collect()
    }

    /// What there is of that which it asks for.
    pub(super) fn found(&self, place: Place<'_>) -> String {
        let found: Vec<String> = self.0.iter().map(|test| test.found(place)).collect();
        found.join(", ")
    }

    /// As `drift.toml` has it.
    pub(super) fn said(&self) -> String {
        let tests: Vec<String> = self.0.iter().map(Test::said).collect();
        match tests.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {} }}", tests.join(", ")),
        }
    }

    /// Whether it asks for a fact, at whatever depth.
    pub(super) fn asks_for(&self, attribute: &str) -> bool {
        self.0.iter().any(|test| match test {
            Test::Fact { fact, .. } => fact.attribute == attribute,
            Test::Parent { condition, .. } | Test::Child { condition, .. } => {
                condition.asks_for(attribute)
            }
            Test::Name(_) | Test::Schema(_) => false,
        })
    }

    /// The classes of what it asks that objects hang on.
    pub(super) fn parents(&self) -> impl Iterator<Item = &'static Class> {
        self.0.iter().filter_map(|test| match test {
            Test::Parent { class, .. } => Some(*class),
            _ => None,
        })
    }
}

impl Test {
    fn holds(&self, place: Place<'_>) -> bool {
        use crate::catalog::Shape::Text;
        match self {
            Self::Name(expected) => {
                let name = Value::from(place.object.name.as_str());
                expected.holds(Some(&name), &Text, "")
            }
            Self::Schema(expected) => {
                let schema = place.schema().map(Value::from);
                expected.holds(schema.as_ref(), &Text, crate::catalog::NOTHING)
            }
            Self::Fact { fact, expected } => {
                let value = place.object.attributes.get(&fact.attribute);
                expected.holds(value, &fact.shape, &fact.default)
            }
            Self::Parent { class, condition } => {
                let holds = |object| {
                    let place = Place {
                        object,
                        parent: None,
                    };
                    object.class == *class && condition.holds(place)
                };
                place.parent.is_some_and(holds)
            }
            Self::Child {
                class,
                wanted,
                condition,
            } => {
                let holds = |object: &Object| condition.holds(place.around(object));
                place.children(class).iter().any(|child| holds(child)) == *wanted
            }
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Name(expected) => expected.said("name"),
            Self::Schema(expected) => expected.said("schema"),
            Self::Fact { fact, expected } => expected.said(&fact.attribute),
            Self::Parent { class, condition } => {
                format!("{} = {}", key_of(class), condition.said())
            }
            Self::Child {
                class,
                wanted: true,
                condition,
            } => format!("{} = {}", key_of(class), condition.said()),
            Self::Child { class, .. } => format!("{} = {{ present = false }}", key_of(class)),
        }
    }

    /// What there is of that which it asks for.
    fn found(&self, place: Place<'_>) -> String {
        match self {
            Self::Name(_) => format!("its name is `{}`", show_name(&place.object.name)),
            Self::Schema(_) => match place.schema() {
                Some(schema) => format!("its schema is `{}`", show_name(schema)),
                None => "it is in no schema".to_owned(),
            },
            Self::Fact { fact, .. } => {
                let attribute = &fact.attribute;
                let value = match place.object.attributes.get(attribute) {
                    Some(value) => kinds::shown(value),
                    None => default_of(place.object.class, attribute),
                };
                format!("`{attribute}` is `{value}`")
            }
            Self::Parent { condition, .. } => match place.parent {
                Some(parent) => {
                    let of_parent = Place {
                        object: parent,
                        parent: None,
                    };
                    let title = parent.class.title();
                    format!("of its {title} {}", condition.found(of_parent))
                }
                None => "it hangs on nothing".to_owned(),
            },
            Self::Child {
                class, condition, ..
            } => {
                let told = |child: &Object| {
                    let of_child = condition.found(place.around(child));
                    let of_child = match of_child.is_empty() {
                        true => String::new(),
                        false => format!(": {of_child}"),
                    };
                    format!("{} `{}`{of_child}", class.title(), show_name(&child.name))
                };
                let children = place.children(class);
                match children.is_empty() {
                    true => format!("no {}", class.title()),
                    false => {
                        let told: Vec<String> = children.iter().map(|child| told(child)).collect();
                        told.join("; ")
                    }
                }
            }
        }
    }
}

impl<'a> Place<'a> {
    fn schema(self) -> Option<&'a str> {
        let own = self.object.schema.as_deref();
        // Extensions are in no schema, and put what is theirs into one.
        let said = || self.object.attributes.get("schema").and_then(Value::as_str);
        own.or_else(|| self.parent?.schema.as_deref()).or_else(said)
    }

    /// The place of something that hangs on this. What counts as a column's is its table's.
    fn around<'b>(self, object: &'b Object) -> Place<'b>
    where
        'a: 'b,
    {
        let parent = match self.object.class == &class::COLUMN {
            true => self.parent,
            false => Some(self.object),
        };
        Place { object, parent }
    }

    /// What of a class hangs on it.
    fn children(self, class: &'static Class) -> Vec<Cow<'a, Object>> {
        let of_class = |object: &'a Object| {
            let children = object.children.iter();
            children.filter(move |child| child.class == class)
        };
        let Some(table) = self.parent.filter(|_| self.object.class == &class::COLUMN) else {
            return of_class(self.object).map(Cow::Borrowed).collect();
        };
        let name = &self.object.name;
        if class != &class::INDEX {
            let is_over = |key: &&Object| columns(key).any(|column| column == name);
            return of_class(table).filter(is_over).map(Cow::Borrowed).collect();
        }
        let sql = quote_identifier(name);
        let begins = |index: &&Object| columns(index).next() == Some(sql.as_str());
        let own = of_class(table).filter(begins).map(Cow::Borrowed);
        // The index of a key serves as any other does.
        let keys = (table.children.iter())
            .filter(|key| [&class::PRIMARY_KEY, &class::UNIQUE_CONSTRAINT].contains(&key.class))
            .filter(|key| columns(key).next() == Some(name.as_str()))
            .map(|key| Cow::Owned(index_of(key)));
        own.chain(keys).collect()
    }
}

/// The columns of a key, raw, or the terms of an index, as SQL.
fn columns(object: &Object) -> impl Iterator<Item = &str> {
    let columns = object.attributes.get("columns").and_then(Value::as_array);
    (columns.into_iter().flatten()).filter_map(|entry| match entry {
        Value::String(column) => Some(column.as_str()),
        entry => entry.get("term")?.as_str(),
    })
}

/// The index that serves a key.
fn index_of(key: &Object) -> Object {
    let mut attributes = match key.attributes.get("index") {
        Some(Value::Object(facts)) => facts.clone(),
        _ => Map::new(),
    };
    let terms: Vec<String> = columns(key).map(quote_identifier).collect();
    (attributes.entry("columns")).or_insert_with(|| Value::from(terms));
    attributes.insert("unique".to_owned(), Value::Bool(true));
    Object {
        class: &class::INDEX,
        attributes,
        ..key.clone()
    }
}
