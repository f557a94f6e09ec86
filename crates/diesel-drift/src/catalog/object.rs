//! A catalog as a list of objects with attributes: the one form in which catalogs are compared, snapshotted and fingerprinted.
//!
//! Made from the serialised form of the structs, so that a new field is a new attribute without another word. A field whose
//! name [`class`](super::class) knows holds objects; every other field is an attribute. A fact that equals PostgreSQL's default
//! is absent.

use super::class::{self, Class};
use super::deparsed::restored;
use super::{Catalog, QualifiedName, quote_identifier};
use crate::text::{show_name, visible};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;

/// The table in which Diesel keeps the versions that it applied: its own, not the project's.
pub(crate) const BOOKKEEPING: &str = "__diesel_schema_migrations";

/// An object of a database, or of a table or type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub class: &'static Class,
    /// The schema that it is in, raw; none for what is in no schema, and for children.
    pub schema: Option<String>,
    /// The name, raw.
    pub name: String,
    /// What tells it from others of its name: a function's argument types.
    pub signature: String,
    /// Its facts, in the order of the struct's fields, without those that are PostgreSQL's default.
    pub attributes: Map<String, Value>,
    /// What hangs on it: columns, constraints, indexes, triggers, rules, policies; in the order of the fields, and within one
    /// in PostgreSQL's order where that has a meaning, else by name.
    pub children: Vec<Object>,
}

/// Where an object is: what a finding about it names. Raw names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPath {
    /// The schema, of what is in one.
    pub schema: Option<String>,
    /// The name of the object, or of that which it hangs on. Empty for the database.
    pub name: String,
    /// What tells it from others of its name.
    pub signature: String,
    /// The name of the child: a column, a constraint, a trigger.
    pub child: Option<String>,
    /// What it is.
    pub class: &'static Class,
}

impl ObjectPath {
    /// The name as SQL writes it, of a top-level object that is in a schema.
    pub(crate) fn sql_name(&self) -> Option<String> {
        let schema = self.schema.as_ref().filter(|_| self.child.is_none())?;
        Some(QualifiedName::new(schema, &self.name).to_sql())
    }
}

/// Names joined by dots, quoted and escaped where they could mislead; `database` for the database.
impl fmt::Display for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [self.schema.as_ref(), Some(&self.name), self.child.as_ref()];
        let names: Vec<_> = names.into_iter().flatten().collect();
        match names[..] {
            [name] if name.is_empty() => f.write_str("database"),
            _ => {
                let shown: Vec<_> = names.iter().map(|name| show_name(name)).collect();
                f.write_str(&shown.join("."))?;
                let signature = visible(&self.signature).replace('\n', "\\u{a}");
                f.write_str(&signature)
            }
        }
    }
}

impl Object {
    /// A database of which there is nothing to say.
    pub(crate) fn database() -> Self {
        Self {
            class: &class::DATABASE,
            schema: None,
            name: String::new(),
            signature: String::new(),
            attributes: Map::new(),
            children: Vec::new(),
        }
    }

    /// Where a top-level object is.
    pub fn path(&self) -> ObjectPath {
        ObjectPath {
            schema: self.schema.clone(),
            name: self.name.clone(),
            signature: self.signature.clone(),
            child: None,
            class: self.class,
        }
    }

    /// Where a child of this object is.
    pub fn child_path(&self, child: &Object) -> ObjectPath {
        ObjectPath {
            child: Some(format!("{}{}", child.name, child.signature)),
            class: child.class,
            ..self.path()
        }
    }
}

/// The facts of a database that are its environment's: no migration makes them, and a scratch database has others.
pub(crate) const ENVIRONMENT: [&str; 2] = ["environment", "usual_owner"];

/// Objects without what belongs to a database's environment: what can be held against a scratch database or a snapshot.
pub fn portable(mut objects: Vec<Object>) -> Vec<Object> {
    for object in &mut objects {
        if object.class == &class::DATABASE {
            for fact in ENVIRONMENT {
                object.attributes.shift_remove(fact);
            }
        }
    }
    let said = |object: &Object| object.class != &class::DATABASE || !object.attributes.is_empty();
    objects.retain(said);
    objects
}

impl Catalog {
    /// Every object outside of [`Outside`](super::Outside), without Diesel's bookkeeping.
    ///
    /// # Errors
    /// Never for a catalog that was read: when a map's key is no text.
    pub fn objects(&self) -> Result<Vec<Object>, serde_json::Error> {
        let Value::Object(fields) = serde_json::to_value(self)? else {
            return Ok(Vec::new());
        };
        let objects = fields.into_iter().flat_map(|(field, value)| {
            let entries = match value {
                Value::Array(entries) => entries,
                single => vec![single],
            };
            entries
                .into_iter()
                .filter_map(move |entry| object_of_entry(&field, entry))
        });
        Ok(objects
            .filter(|object| object.name != BOOKKEEPING)
            .collect())
    }
}

/// The object that an entry of a field of the serialised [`Catalog`] is.
pub(crate) fn object_of_entry(field: &str, entry: Value) -> Option<Object> {
    let Value::Object(mut facts) = entry else {
        return None;
    };
    let kind = facts.get("kind").and_then(Value::as_str);
    let class = class::of_field(field, kind)?;
    if field == "relations" && class != &class::TABLE {
        facts.shift_remove("kind");
    }
    let (schema, name) = match facts.shift_remove("name") {
        Some(Value::String(name)) => (None, name),
        Some(name) => {
            let name = QualifiedName::deserialize(name).ok()?;
            (Some(name.schema), name.name)
        }
        // The database: one of its class.
        None => (None, String::new()),
    };
    let signature = take_text(&mut facts, "signature");
    let indexes = constraint_indexes(&mut facts);
    let mut object = Object {
        class,
        schema,
        name,
        signature,
        attributes: Map::new(),
        children: Vec::new(),
    };
    for (field, value) in facts {
        match class::of_child_field(&field) {
            Some(class) => {
                let entries = match value {
                    Value::Array(entries) => entries,
                    single => vec![single],
                };
                let children = entries
                    .into_iter()
                    .filter_map(|entry| child(class, entry, &indexes));
                object.children.extend(children);
            }
            None => {
                let value = restored(&field, plain(value));
                object.attributes.insert(field, value);
            }
        }
    }
    Some(object)
}

fn child(class: &'static Class, entry: Value, indexes: &Map<String, Value>) -> Option<Object> {
    let Value::Object(mut facts) = entry else {
        return None;
    };
    let name = take_text(&mut facts, "name");
    let signature = take_text(&mut facts, "signature");
    if let Some(Value::Object(index)) = indexes.get(&name).filter(|_| class.is_constraint()) {
        let index = beyond_constraint(index.clone(), &facts);
        if !index.is_empty() {
            facts.insert("index".to_owned(), Value::Object(index));
        }
    }
    let attributes = facts
        .into_iter()
        .map(|(field, value)| {
            let value = restored(&field, plain(value));
            (field, value)
        })
        .collect();
    Some(Object {
        class,
        schema: None,
        name,
        signature,
        attributes,
        children: Vec::new(),
    })
}

/// Takes the indexes that serve a constraint out of a relation's facts: they are part of the constraint, by whose name they go.
fn constraint_indexes(facts: &mut Map<String, Value>) -> Map<String, Value> {
    let Some(Value::Array(indexes)) = facts.get_mut("indexes") else {
        return Map::new();
    };
    let (serving, own): (Vec<_>, Vec<_>) = std::mem::take(indexes)
        .into_iter()
        .partition(|index| index.get("constraint").is_some_and(Value::is_string));
    *indexes = own;
    serving
        .into_iter()
        .filter_map(|index| Some((index.get("constraint")?.as_str()?.to_owned(), index)))
        .collect()
}

/// What the index says that its constraint does not.
fn beyond_constraint(
    mut index: Map<String, Value>,
    constraint: &Map<String, Value>,
) -> Map<String, Value> {
    for said in ["name", "constraint", "unique"] {
        index.shift_remove(said);
    }
    let columns = constraint.get("columns").cloned().unwrap_or_default();
    let bare: Option<Vec<Value>> = index.get("columns").and_then(|columns| {
        let column = |entry: &Value| match entry.as_object()? {
            entry if entry.len() == 1 => entry.get("term")?.get("column").cloned(),
            _ => None,
        };
        columns.as_array()?.iter().map(column).collect()
    });
    if bare.is_some_and(|bare| Value::Array(bare) == columns)
        || constraint.contains_key("definition")
    {
        index.shift_remove("columns");
    }
    index
}

fn take_text(facts: &mut Map<String, Value>, field: &str) -> String {
    match facts.shift_remove(field) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// A value with names, types and index terms as their SQL text.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(entries) => entries.into_iter().map(plain).collect(),
        Value::Object(facts) => match as_sql(&facts) {
            Some(sql) => Value::String(sql),
            None => facts
                .into_iter()
                .map(|(field, value)| (field, plain(value)))
                .collect(),
        },
        scalar => scalar,
    }
}

fn as_sql(facts: &Map<String, Value>) -> Option<String> {
    let text = |field: &str| facts.get(field).and_then(Value::as_str);
    let only = |fields: &[&str]| {
        facts.len() == fields.len() && fields.iter().all(|field| facts.contains_key(*field))
    };
    if only(&["schema", "name"]) {
        return Some(QualifiedName::new(text("schema")?, text("name")?).to_sql());
    }
    if let (Some(sql), true) = (text("sql"), facts.contains_key("schema")) {
        return Some(sql.to_owned());
    }
    if only(&["term"]) {
        return as_sql(facts.get("term")?.as_object()?);
    }
    if only(&["column"]) {
        return text("column").map(quote_identifier);
    }
    if only(&["expression"]) {
        return Some(format!("({})", text("expression")?));
    }
    None
}
