//! Many states of a schema in little room: each object once, and a state as a list of numbers.

use crate::catalog::{Catalog, Object, object_of_entry};
use crate::manifest::take_apart;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The objects of all states that were read.
#[derive(Debug, Default)]
pub(super) struct Store {
    keys: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The keys of what goes by a schema and name.
    named: HashMap<(Option<String>, String), Vec<u32>>,
    entries: Vec<Entry>,
    by_hash: HashMap<String, u32>,
}

#[derive(Debug)]
struct Entry {
    hash: String,
    value: Value,
    object: Object,
}

/// One state: which object each key stands for, by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State(Arc<[(u32, u32)]>);

impl Store {
    /// Adds what a database holds, without Diesel's bookkeeping.
    pub(super) fn add(&mut self, catalog: &Catalog) -> Result<State, serde_json::Error> {
        let mut objects = BTreeMap::new();
        let keys = take_apart(catalog, &mut objects)?;
        let entries = keys.into_iter().filter_map(|(key, hash)| {
            let value = objects.get(&hash)?.clone();
            Some((key, hash, value))
        });
        Ok(self.add_entries(entries))
    }

    fn add_entries(&mut self, entries: impl Iterator<Item = (String, String, Value)>) -> State {
        let mut state: Vec<(u32, u32)> = entries
            .filter_map(|(key, hash, value)| {
                let entry = self.entry(&key, hash, value)?;
                Some((self.key(key, entry), entry))
            })
            .collect();
        state.sort_unstable();
        State(state.into())
    }

    fn entry(&mut self, key: &str, hash: String, value: Value) -> Option<u32> {
        if let Some(entry) = self.by_hash.get(&hash) {
            return Some(*entry);
        }
        let list = key.split_once(' ').map_or(key, |(list, _)| list);
        let object = object_of_entry(list, value.clone())?;
        let number = u32::try_from(self.entries.len()).ok()?;
        self.by_hash.insert(hash.clone(), number);
        self.entries.push(Entry {
            hash,
            value,
            object,
        });
        Some(number)
    }

    fn key(&mut self, key: String, entry: u32) -> u32 {
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let object = &self.entries[entry as usize].object;
        let name = (object.schema.clone(), object.name.clone());
        self.named.entry(name).or_default().push(number);
        self.numbers.insert(key.clone(), number);
        self.keys.push(key);
        number
    }

    /// The top-level objects of a state that go by a schema and name: of several classes there may be one each, of functions several.
    pub(super) fn named<'a>(
        &'a self,
        state: &'a State,
        schema: Option<&str>,
        name: &str,
    ) -> impl Iterator<Item = &'a Object> {
        let name = (schema.map(str::to_owned), name.to_owned());
        let keys = self.named.get(&name).into_iter().flatten();
        keys.filter_map(|key| {
            let place = state.0.binary_search_by_key(key, |(key, _)| *key).ok()?;
            Some(self.object(state.0[place].1))
        })
    }

    /// Every top-level object of a state.
    pub(super) fn objects<'a>(&'a self, state: &'a State) -> impl Iterator<Item = &'a Object> {
        state.0.iter().map(|(_, entry)| self.object(*entry))
    }

    fn object(&self, entry: u32) -> &Object {
        &self.entries[entry as usize].object
    }

    /// The top-level objects in which two states differ, as each has them.
    pub(super) fn differing(&self, from: &State, to: &State) -> (Vec<Object>, Vec<Object>) {
        let only = |one: &State, other: &State| {
            let differs = |pair: &&(u32, u32)| other.0.binary_search(pair).is_err();
            let changed = one.0.iter().filter(differs);
            changed
                .map(|(_, entry)| self.object(*entry).clone())
                .collect()
        };
        (only(from, to), only(to, from))
    }
}
