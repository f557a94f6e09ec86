//! Declarations as one side: as a partial catalog, and what they cover.

use crate::catalog::class::Class;
use crate::catalog::{Object, class};
use crate::compare::{Covered, Filter, Scope, State};
use crate::declared::{Column, Joined, Reading, Table, Type};
use crate::introspect::Live;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The schema of a table that names none.
const DEFAULT: &str = "public";

/// What declarations say, as objects: tables with columns, types, nullability, keys and joins. Types are named as PostgreSQL names them, and those
/// that Diesel has one type for by one name.
pub(super) fn state(reading: &Reading) -> State {
    let declared = &reading.declared;
    let mut objects: Vec<Object> = declared.tables.iter().map(table).collect();
    let joined = Joined::of(declared);
    for joinable in &declared.joinables {
        let child = joined.place(joinable, &joinable.child);
        let parent = joined.table(joinable, &joinable.parent);
        let (Some(place), Some(parent)) = (child, parent) else {
            continue;
        };
        let child = &declared.tables[place];
        let column = (child.columns.iter()).find(|column| column.rust_name == joinable.foreign_key);
        let column = column.map_or(&joinable.foreign_key, |column| &column.name);
        let name = format!("{column} -> {}.{}", schema(parent), parent.name);
        objects[place]
            .children
            .push(part(&class::FOREIGN_KEY, &name, Map::new()));
    }
    // One relation may be declared in several places: the fullest is what is meant.
    objects.sort_by_key(|object| std::cmp::Reverse(object.children.len()));
    let mut seen = BTreeSet::new();
    objects.retain(|object| seen.insert((object.schema.clone(), object.name.clone())));
    for object in &mut objects {
        let mut seen = BTreeSet::new();
        (object.children).retain(|child| seen.insert((child.class.id, child.name.clone())));
    }
    State {
        objects,
        server_version: 0,
    }
}

fn schema(table: &Table) -> &str {
    table.schema.as_deref().unwrap_or(DEFAULT)
}

fn table(table: &Table) -> Object {
    let mut children: Vec<Object> = table.columns.iter().map(column).collect();
    if !table.primary_key.is_empty() {
        let facts = json!({ "columns": table.primary_key });
        children.push(part(&class::PRIMARY_KEY, "primary key", facts_of(facts)));
    }
    Object {
        class: &class::TABLE,
        schema: Some(schema(table).to_owned()),
        name: table.name.clone(),
        signature: String::new(),
        attributes: Map::new(),
        children,
    }
}

fn column(column: &Column) -> Object {
    let mut facts = Map::new();
    facts.insert("data_type".to_owned(), type_name(&column.data_type).into());
    if !column.nullable {
        facts.insert("not_null".to_owned(), true.into());
    }
    if let Some(length) = column.max_length {
        facts.insert("length".to_owned(), length.into());
    }
    part(&class::COLUMN, &column.name, facts)
}

fn type_name(data_type: &Type) -> String {
    match data_type {
        Type::Known {
            schema: Some(schema),
            name,
        } if schema != "pg_catalog" => format!("{schema}.{name}"),
        Type::Known { name, .. } | Type::Unknown { name } => name.clone(),
        Type::Array { element, nullable } => {
            let elements = if *nullable { "" } else { " not null" };
            format!("{}{elements}[]", type_name(element))
        }
    }
}

fn part(class: &'static Class, name: &str, attributes: Map<String, Value>) -> Object {
    Object {
        class,
        schema: None,
        name: name.to_owned(),
        signature: String::new(),
        attributes,
        children: Vec::new(),
    }
}

fn facts_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// What declarations are held against: the schemas that they speak of, and of these only the `wanted` ones, if any.
pub(super) fn scope(reading: &Reading, live: &Live, wanted: &[String]) -> Scope {
    let default = live.search_path.first().map_or(DEFAULT, String::as_str);
    let schemas: BTreeSet<&str> = (reading.declared.tables.iter())
        .map(|table| table.schema.as_deref().unwrap_or(default))
        .chain(wanted.iter().map(String::as_str))
        .filter(|schema| wanted.is_empty() || wanted.iter().any(|wanted| wanted == schema))
        .collect();
    Scope {
        covered: schemas
            .into_iter()
            .map(|schema| Covered {
                schema: schema.to_owned(),
                filter: Filter::All,
                columns_by_name: false,
            })
            .collect(),
        ..Scope::default()
    }
}
