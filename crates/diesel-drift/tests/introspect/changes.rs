//! What one statement changes in a catalog, told by the catalog's JSON.

use crate::support::read;
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use serde_json::Value;
use std::collections::BTreeMap;

/// A database that is changed and read by turns.
pub struct Watched<'a> {
    connection: &'a mut PgConnection,
    facts: BTreeMap<String, String>,
}

impl<'a> Watched<'a> {
    pub fn new(connection: &'a mut PgConnection) -> Self {
        let facts = facts(connection);
        Self { connection, facts }
    }

    /// The facts that `sql` changes, each as `place: before → after`, sorted; `-` for no fact.
    pub fn changes(&mut self, sql: &str) -> Vec<String> {
        self.connection
            .batch_execute(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let after = facts(self.connection);
        let before = std::mem::replace(&mut self.facts, after.clone());
        let text = |facts: &BTreeMap<String, String>, place| {
            facts.get(place).map_or("-", String::as_str).to_owned()
        };
        let mut places: Vec<&String> = before.keys().chain(after.keys()).collect();
        places.sort();
        places.dedup();
        places
            .into_iter()
            .filter(|place| before.get(*place) != after.get(*place))
            .map(|place| {
                format!(
                    "{place}: {} → {}",
                    text(&before, place),
                    text(&after, place)
                )
            })
            .collect()
    }
}

/// Every fact of the catalog by place.
fn facts(connection: &mut PgConnection) -> BTreeMap<String, String> {
    let catalog = serde_json::to_value(read(connection).catalog).unwrap();
    let mut facts = BTreeMap::new();
    add(&catalog, String::new(), &mut facts);
    facts
}

fn add(value: &Value, place: String, facts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let dot = if place.is_empty() { "" } else { "." };
                add(value, format!("{place}{dot}{key}"), facts);
            }
        }
        Value::Array(values) if values.iter().all(|value| value.get("name").is_some()) => {
            for value in values {
                add(value, format!("{place}[{}]", name(value)), facts);
            }
        }
        Value::Array(values) if values.iter().any(Value::is_object) => {
            for (number, value) in values.iter().enumerate() {
                add(value, format!("{place}[{number}]"), facts);
            }
        }
        fact => {
            facts.insert(place, fact.to_string());
        }
    }
}

fn name(value: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = &value["name"];
    match name.get("name") {
        Some(inner) => text(inner),
        None => text(name),
    }
}
