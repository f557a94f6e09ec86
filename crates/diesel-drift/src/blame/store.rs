//! Many states of a schema in little room: each object once, and a state as a list of numbers.

use super::history::Moment;
use crate::catalog::{Catalog, Object, object_of_entry};
use crate::manifest::take_apart;
use serde::{Deserialize, Serialize};
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

/// A key, and the entry that it stands for from there on, or none any more.
type Change = (u32, Option<u32>);

/// A store and states of it in the form in which they are kept: of each state, only what it has otherwise than the one before.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Packed {
    keys: Vec<String>,
    entries: Vec<(String, Value)>,
    states: Vec<(Moment, Vec<Change>)>,
}

/// One state: which object each key stands for, by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State(Arc<[(u32, u32)]>);

impl Store {
    /// Adds what a database holds, without Diesel's bookkeeping.
    pub(super) fn add(&mut self, catalog: &Catalog) -> Result<State, serde_json::Error> {
        let mut objects = BTreeMap::new();
        let keys = take_apart(catalog, &mut objects)?;
        let entries = (keys.iter()).filter_map(|(key, hash)| Some((key, hash, objects.get(hash)?)));
        Ok(self.add_entries(entries))
    }

    fn add_entries<'a>(
        &mut self,
        entries: impl Iterator<Item = (&'a String, &'a String, &'a Value)>,
    ) -> State {
        let mut state: Vec<(u32, u32)> = entries
            .filter_map(|(key, hash, value)| {
                let entry = self.entry(key, hash, value)?;
                Some((self.key(key, entry), entry))
            })
            .collect();
        state.sort_unstable();
        State(state.into())
    }

    fn entry(&mut self, key: &str, hash: &str, value: &Value) -> Option<u32> {
        if let Some(entry) = self.by_hash.get(hash) {
            return Some(*entry);
        }
        let list = key.split_once(' ').map_or(key, |(list, _)| list);
        let object = object_of_entry(list, value.clone())?;
        let number = u32::try_from(self.entries.len()).ok()?;
        self.by_hash.insert(hash.to_owned(), number);
        self.entries.push(Entry {
            hash: hash.to_owned(),
            value: value.clone(),
            object,
        });
        Some(number)
    }

    fn key(&mut self, key: &str, entry: u32) -> u32 {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let object = &self.entries[entry as usize].object;
        let name = (object.schema.clone(), object.name.clone());
        self.named.entry(name).or_default().push(number);
        self.numbers.insert(key.to_owned(), number);
        self.keys.push(key.to_owned());
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

    /// Every top-level object of a state, with a number that only one that is equal has too.
    pub(super) fn numbered<'a>(
        &'a self,
        state: &'a State,
    ) -> impl Iterator<Item = (u32, &'a Object)> {
        (state.0.iter()).map(|(_, entry)| (*entry, self.object(*entry)))
    }

    /// Packs states, in the order of their moments.
    pub(super) fn pack<'a>(&self, states: impl Iterator<Item = (&'a Moment, &'a State)>) -> Packed {
        let mut before: BTreeMap<u32, u32> = BTreeMap::new();
        let states = states.map(|(moment, state)| {
            let after: BTreeMap<u32, u32> = state.0.iter().copied().collect();
            let set = (after.iter())
                .filter(|(key, entry)| before.get(*key) != Some(*entry))
                .map(|(key, entry)| (*key, Some(*entry)));
            let gone = (before.keys())
                .filter(|key| !after.contains_key(*key))
                .map(|key| (*key, None));
            let step = set.chain(gone).collect();
            before = after;
            (*moment, step)
        });
        Packed {
            states: states.collect(),
            keys: self.keys.clone(),
            entries: (self.entries.iter())
                .map(|entry| (entry.hash.clone(), entry.value.clone()))
                .collect(),
        }
    }

    /// Unpacks what [`pack`](Self::pack) packed; none where it is nothing of the kind.
    pub(super) fn unpack(packed: Packed) -> Option<(Self, BTreeMap<Moment, State>)> {
        let mut store = Self::default();
        let mut current: BTreeMap<u32, u32> = BTreeMap::new();
        let mut states = BTreeMap::new();
        for (moment, step) in packed.states {
            for (key, entry) in step {
                match entry {
                    Some(entry) => current.insert(key, entry),
                    None => current.remove(&key),
                };
            }
            let entries = current.iter().map(|(key, entry)| {
                let (hash, value) = packed.entries.get(*entry as usize)?;
                Some((packed.keys.get(*key as usize)?, hash, value))
            });
            let entries: Option<Vec<_>> = entries.collect();
            states.insert(moment, store.add_entries(entries?.into_iter()));
        }
        Some((store, states))
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
