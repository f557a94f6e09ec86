//! A catalog taken apart into entries that are stored by their hash, and put together again.

use crate::catalog::{Catalog, ENVIRONMENT, QualifiedName, quote_identifier};
use crate::digest::sha256_json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The hash of each entry, by a key that names its list and itself: `relations public.users`.
pub(crate) type Keys = BTreeMap<String, String>;

/// What one version changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Step {
    /// New and changed objects: the key names the list of the catalog and the object in it, the value is the object's hash.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, String>,
    /// The keys of the objects that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<String>,
}

impl Step {
    /// What leads from `before` to `after`.
    pub(super) fn between(before: &Keys, after: &Keys) -> Self {
        let changed = |(key, hash): &(&String, &String)| before.get(*key) != Some(*hash);
        let owned = |(key, hash): (&String, &String)| (key.clone(), hash.clone());
        Self {
            set: after.iter().filter(changed).map(owned).collect(),
            removed: (before.keys())
                .filter(|key| !after.contains_key(*key))
                .cloned()
                .collect(),
        }
    }

    /// Makes the change.
    pub(super) fn apply(&self, keys: &mut Keys) {
        for key in &self.removed {
            keys.remove(key);
        }
        keys.extend(
            self.set
                .iter()
                .map(|(key, hash)| (key.clone(), hash.clone())),
        );
    }

    /// Whether each object that it sets makes one of its list, and is the one that the key names.
    pub(super) fn check(&self, objects: &BTreeMap<String, Value>) -> Result<(), String> {
        for (key, hash) in &self.set {
            let single = Keys::from([(key.clone(), hash.clone())]);
            assemble(&single, objects).map_err(|error| {
                let (key, error) = (crate::visible(key), crate::visible(&error.to_string()));
                format!("its object {hash} is not what `{key}` names: {error}")
            })?;
            let named = (key.split_once(' ').zip(objects.get(hash)))
                .map(|((list, _), entry)| self::key(list, entry));
            if let Some(named) = named.filter(|named| named != key) {
                let (key, named) = (crate::visible(key), crate::visible(&named));
                return Err(format!("its object {hash} is `{named}`, and not `{key}`"));
            }
        }
        Ok(())
    }

    /// The objects that it refers to.
    pub(super) fn hashes(&self) -> impl Iterator<Item = &str> {
        self.set.values().map(String::as_str)
    }
}

/// Takes a catalog apart; its entries go to `objects`.
pub(crate) fn take_apart(
    catalog: &Catalog,
    objects: &mut BTreeMap<String, Value>,
) -> Result<Keys, serde_json::Error> {
    let Value::Object(lists) = serde_json::to_value(catalog)? else {
        return Ok(Keys::new());
    };
    let mut keys = Keys::new();
    for (list, value) in lists {
        let entries: Vec<(String, Value)> = match value {
            Value::Array(entries) => (entries.into_iter())
                .map(|entry| (key(&list, &entry), entry))
                .collect(),
            mut single => {
                // No migration makes it, and a scratch database has another one.
                if let Value::Object(facts) = &mut single {
                    facts.retain(|fact, _| !ENVIRONMENT.contains(&fact.as_str()));
                }
                vec![(list, single)]
            }
        };
        for (key, entry) in entries {
            let hash = sha256_json(&entry);
            keys.insert(key, hash.clone());
            objects.insert(hash, entry);
        }
    }
    Ok(keys)
}

/// Puts a catalog together, with its lists in the order in which they are read from a database.
pub(super) fn assemble(
    keys: &Keys,
    objects: &BTreeMap<String, Value>,
) -> Result<Catalog, serde_json::Error> {
    let mut lists = Map::new();
    for (key, hash) in keys {
        let Some(entry) = objects.get(hash).cloned() else {
            continue;
        };
        match key.split_once(' ') {
            Some((list, _)) => {
                let list = lists
                    .entry(list)
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(entries) = list {
                    entries.push(entry);
                }
            }
            None => {
                lists.insert(key.clone(), entry);
            }
        }
    }
    for list in lists.values_mut().filter_map(Value::as_array_mut) {
        list.sort_by(|a, b| identity(a).cmp(&identity(b)));
    }
    serde_json::from_value(Value::Object(lists))
}

/// Schema, name and signature, raw.
fn identity(entry: &Value) -> [&str; 3] {
    let name = entry.get("name");
    let part = |part: &str| name.and_then(|name| name.get(part));
    [
        part("schema"),
        part("name").or(name),
        entry.get("signature"),
    ]
    .map(|value| value.and_then(Value::as_str).unwrap_or_default())
}

/// Every object has the hash that it is stored by.
pub(super) fn check_hashes(objects: &BTreeMap<String, Value>) -> Result<(), String> {
    let changed = (objects.iter()).find(|(hash, object)| sha256_json(object) != **hash);
    match changed {
        Some((hash, _)) => Err(format!(
            "its object {} does not have that checksum: the file was changed; make it again with `diesel-drift manifest`",
            crate::visible(hash)
        )),
        None => Ok(()),
    }
}

/// The list and the object in it, as SQL writes its name.
fn key(list: &str, entry: &Value) -> String {
    let name = match entry.get("name") {
        Some(Value::String(name)) => quote_identifier(name),
        Some(name) => {
            QualifiedName::deserialize(name).map_or_else(|_| name.to_string(), |name| name.to_sql())
        }
        None => String::new(),
    };
    let signature = entry
        .get("signature")
        .and_then(Value::as_str)
        .unwrap_or_default();
    format!("{list} {name}{signature}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{EnumType, Schema};

    fn catalog(schemas: &[&str], labels: &[&str]) -> Catalog {
        Catalog {
            schemas: (schemas.iter())
                .map(|name| Schema {
                    name: (*name).to_owned(),
                    ..Schema::default()
                })
                .collect(),
            enums: vec![EnumType {
                name: QualifiedName::new("public", "two words"),
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
                ..EnumType::default()
            }],
            ..Catalog::default()
        }
    }

    #[test]
    fn what_is_taken_apart_is_put_together_again_and_a_step_holds_only_what_changed() {
        let mut objects = BTreeMap::new();
        let versions = [
            catalog(&["Z", "a", "public"], &["x"]),
            catalog(&["Z", "public"], &["x", "y"]),
            catalog(&["Z", "a", "public"], &["x"]),
        ];
        let keys: Vec<Keys> = (versions.iter())
            .map(|version| take_apart(version, &mut objects).unwrap())
            .collect();
        assert_eq!(objects.len(), 5, "three schemas and two states of the enum");
        assert_eq!(check_hashes(&objects), Ok(()));
        let step = Step::between(&keys[0], &keys[1]);
        assert_eq!(step.removed, ["schemas a"]);
        assert_eq!(
            step.set.keys().collect::<Vec<_>>(),
            ["enums public.\"two words\""]
        );
        let mut current = Keys::new();
        let mut before = Keys::new();
        for (after, version) in keys.iter().zip(&versions) {
            Step::between(&before, after).apply(&mut current);
            assert_eq!(&assemble(&current, &objects).unwrap(), version);
            before = after.clone();
        }
    }

    #[test]
    fn an_object_is_what_its_key_names() {
        let mut objects = BTreeMap::new();
        let keys = take_apart(&catalog(&["a", "b"], &[]), &mut objects).unwrap();
        let step = |key: &str, of: &str| Step {
            set: Keys::from([(key.to_owned(), keys[of].clone())]),
            ..Step::default()
        };
        assert_eq!(Step::between(&Keys::new(), &keys).check(&objects), Ok(()));
        let other = step("schemas a", "schemas b").check(&objects).unwrap_err();
        assert!(other.ends_with("is `schemas b`, and not `schemas a`"));
        for list in ["enums a", "nothing a"] {
            let error = step(list, "schemas a").check(&objects).unwrap_err();
            assert!(error.contains("is not what"), "{error}");
        }
    }

    #[test]
    fn an_object_that_was_changed_is_found() {
        let mut objects = BTreeMap::new();
        take_apart(&catalog(&["a"], &[]), &mut objects).unwrap();
        for object in objects.values_mut() {
            object["comment"] = Value::from("by hand");
        }
        assert!(
            check_hashes(&objects)
                .unwrap_err()
                .contains("does not have that checksum")
        );
    }
}
