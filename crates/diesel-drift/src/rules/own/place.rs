//! Objects, and what is around them.

use super::condition::Condition;
use crate::catalog::class::{self, Class};
use crate::catalog::{Catalog, Object, QualifiedName, Relation, child_classes, quote_identifier};
use crate::rules::foreign_key_unindexed::{Served, served};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// The objects of a catalog, and its relations by name.
pub(crate) struct Objects<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) list: Vec<Object>,
    relations: HashMap<&'a QualifiedName, &'a Relation>,
}

/// An object, and what it hangs on.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) object: &'a Object,
    pub(super) parent: Option<&'a Object>,
    pub(super) all: &'a Objects<'a>,
}

/// A class as a key: `foreign_key`.
pub(super) fn key_of(class: &Class) -> String {
    class.id.replace('-', "_")
}

/// What counts as hanging on a column: the keys that it is part of, and the indexes that find its rows.
const OF_A_COLUMN: &[&Class] = &[
    &class::FOREIGN_KEY,
    &class::PRIMARY_KEY,
    &class::UNIQUE_CONSTRAINT,
    &class::INDEX,
];

/// What counts as hanging on a foreign key: the indexes that serve it.
const OF_A_FOREIGN_KEY: &[&Class] = &[&class::INDEX];

/// The classes of what hangs on an object.
pub(super) fn children_of(class: &'static Class) -> &'static [&'static Class] {
    match class {
        class if class == &class::COLUMN => OF_A_COLUMN,
        class if class == &class::FOREIGN_KEY => OF_A_FOREIGN_KEY,
        class => child_classes(class),
    }
}

impl<'a> Objects<'a> {
    pub(crate) fn of(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            // A catalog that was read can be written; were it not so, each rule would say that it looks at nothing.
            list: catalog.objects().unwrap_or_default(),
            relations: (catalog.relations.iter())
                .map(|relation| (&relation.name, relation))
                .collect(),
        }
    }

    fn relation(&self, table: &Object) -> Option<&'a Relation> {
        let name = QualifiedName::new(table.schema.as_deref()?, &table.name);
        self.relations.get(&name).copied()
    }
}

/// What hangs on an object, and what does but does not count, and why.
pub(super) struct Children<'a> {
    pub(super) counted: Vec<Cow<'a, Object>>,
    pub(super) passed_over: Vec<(String, &'static str)>,
}

impl<'a> Place<'a> {
    pub(super) fn schema(self) -> Option<&'a str> {
        let own = self.object.schema.as_deref();
        // Extensions are in no schema, and put what is theirs into one.
        let said = || self.object.attributes.get("schema").and_then(Value::as_str);
        own.or_else(|| self.parent?.schema.as_deref()).or_else(said)
    }

    /// The place of something that hangs on this. What counts as a column's or a key's is its table's.
    pub(super) fn around<'b>(self, object: &'b Object) -> Place<'b>
    where
        'a: 'b,
    {
        let parent = match [&class::COLUMN, &class::FOREIGN_KEY].contains(&self.object.class) {
            true => self.parent,
            false => Some(self.object),
        };
        Place {
            object,
            parent,
            all: self.all,
        }
    }

    /// The place of what this hangs on.
    pub(super) fn above(self) -> Option<Self> {
        let object = self.parent?;
        Some(Self {
            object,
            parent: None,
            all: self.all,
        })
    }

    /// What of a class hangs on it, of which `condition` is asked.
    pub(super) fn children(self, class: &'static Class, condition: &Condition) -> Children<'a> {
        let whose = self.object.class;
        let all = match self.parent {
            Some(table) if whose == &class::COLUMN && class == &class::INDEX => {
                return counting(self.indexes_of_column(table), condition);
            }
            Some(table) if whose == &class::FOREIGN_KEY => self.indexes_of_key(table),
            Some(table) if whose == &class::COLUMN => {
                let name = &self.object.name;
                let is_over = |key: &&Object| columns(key).any(|column| column == name);
                let keys = of_class(table, class).filter(is_over);
                keys.map(Cow::Borrowed).collect()
            }
            _ if class == &class::INDEX => {
                return counting(indexes_of(self.object), condition);
            }
            _ => of_class(self.object, class).map(Cow::Borrowed).collect(),
        };
        Children {
            counted: all,
            passed_over: Vec::new(),
        }
    }

    /// The indexes that begin with a column, those of keys among them.
    fn indexes_of_column(self, table: &'a Object) -> impl Iterator<Item = Cow<'a, Object>> {
        let sql = quote_identifier(&self.object.name);
        // An index for many values of one row has no order among its columns.
        let is_its = move |index: &Cow<'_, Object>| match index.attributes.get("method") {
            Some(method) if method == "gin" => columns(index).any(|column| column == sql),
            _ => columns(index).next() == Some(sql.as_str()),
        };
        indexes_of(table).filter(is_its)
    }

    /// The indexes that serve a foreign key, as the rule `foreign-key-unindexed` has it.
    fn indexes_of_key(self, table: &'a Object) -> Vec<Cow<'a, Object>> {
        let Some(relation) = self.all.relation(table) else {
            return Vec::new();
        };
        let keys = &relation.foreign_keys;
        let Some(key) = keys.iter().find(|key| key.name == self.object.name) else {
            return Vec::new();
        };
        let target = self.all.relations.get(&key.target).copied();
        let serving =
            (relation.indexes.iter()).filter(|index| served(index, key, target) == Served::Whole);
        serving
            .filter_map(|index| match &index.constraint {
                Some(constraint) => (keys_of(table).find(|key| key.name == *constraint))
                    .map(|key| Cow::Owned(index_of(key))),
                None => (of_class(table, &class::INDEX).find(|own| own.name == index.name))
                    .map(Cow::Borrowed),
            })
            .collect()
    }
}

/// The indexes of a table, those of its keys among them.
fn indexes_of(table: &Object) -> impl Iterator<Item = Cow<'_, Object>> {
    let of_keys = keys_of(table).map(|key| Cow::Owned(index_of(key)));
    (of_class(table, &class::INDEX).map(Cow::Borrowed)).chain(of_keys)
}

/// Those that count: what does not find each row does not, unless that is asked for.
fn counting<'a>(all: impl Iterator<Item = Cow<'a, Object>>, condition: &Condition) -> Children<'a> {
    let mut children = Children {
        counted: Vec::new(),
        passed_over: Vec::new(),
    };
    for index in all {
        match why_not(&index, condition) {
            Some(why) => children.passed_over.push((index.name.clone(), why)),
            None => children.counted.push(index),
        }
    }
    children
}

/// Why an index does not count as one that finds each row; none where it does, or where the condition asks for such.
fn why_not(index: &Object, condition: &Condition) -> Option<&'static str> {
    let is_brin = || {
        index
            .attributes
            .get("method")
            .is_some_and(|it| it == "brin")
    };
    let has = |attribute: &str| index.attributes.contains_key(attribute);
    [
        ("invalid", "is invalid", has("invalid")),
        ("predicate", "is partial", has("predicate")),
        ("method", "is a BRIN index", is_brin()),
    ]
    .into_iter()
    .find(|(attribute, _, is_so)| *is_so && !condition.asks_itself_for(attribute))
    .map(|(_, why, _)| why)
}

fn of_class<'a>(object: &'a Object, class: &'static Class) -> impl Iterator<Item = &'a Object> {
    let children = object.children.iter();
    children.filter(move |child| child.class == class)
}

/// What has an index of its own.
fn keys_of(table: &Object) -> impl Iterator<Item = &Object> {
    let is_key =
        |key: &&Object| [&class::PRIMARY_KEY, &class::UNIQUE_CONSTRAINT].contains(&key.class);
    table.children.iter().filter(is_key)
}

/// The columns of a key, raw, or the terms of an index, as SQL.
fn columns(object: &Object) -> impl Iterator<Item = &str> {
    let columns = object.attributes.get("columns").and_then(Value::as_array);
    columns
        .into_iter()
        .flatten()
        .filter_map(|entry| match entry {
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
