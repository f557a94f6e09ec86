//! What reviewed snapshots expect of a server of another major version.

use super::Snapshot;
use crate::catalog::{Class, Object, ObjectPath};
use crate::compare::{State, comparable};
use std::collections::HashMap;

/// What snapshots expect of one database.
#[derive(Clone, Debug)]
pub struct Expected {
    /// As the database's own server would write it.
    pub state: State,
    /// The objects of which a text could not be compared, because the major version that the snapshot was taken on writes it in
    /// another way.
    pub set_aside: Vec<ObjectPath>,
}

/// What `snapshots` expect of the database that is `live`: the objects as they were reviewed, where texts that the two major versions
/// write in their own ways are taken for equal.
pub fn expected(snapshots: Vec<Snapshot>, live: &State) -> Expected {
    let by_key: HashMap<_, _> = live
        .objects
        .iter()
        .map(|object| (key(object), object))
        .collect();
    let mut objects = Vec::new();
    let mut set_aside = Vec::new();
    for Snapshot {
        mut object, major, ..
    } in snapshots
    {
        let there = by_key.get(&key(&object)).copied();
        if let Some(there) = there
            && settle(&mut object, there, versions(major, live.server_version))
        {
            set_aside.push(object.path());
        }
        objects.push(object);
    }
    Expected {
        state: State {
            objects,
            server_version: live.server_version,
        },
        set_aside,
    }
}

/// The versions of a snapshot and of a server, as `server_version_num` says them. A snapshot that does not say its own is compared
/// in full.
pub(super) fn versions(major: Option<u32>, server_version: u32) -> (u32, u32) {
    let taken_on = major.map_or(server_version, |major| major.saturating_mul(10_000));
    (taken_on, server_version)
}

/// Takes over from `there` what cannot be compared, and says whether there was anything.
pub(super) fn settle(object: &mut Object, there: &Object, versions: (u32, u32)) -> bool {
    let mut settled = false;
    for (name, value) in &mut object.attributes {
        let other = there.attributes.get(name).filter(|other| *other != value);
        if let Some(other) = other.filter(|_| !comparable(object.class, name, versions)) {
            *value = other.clone();
            settled = true;
        }
    }
    for child in &mut object.children {
        if let Some(there) = there.children.iter().find(|there| key(child) == key(there)) {
            settled |= settle(child, there, versions);
        }
    }
    settled
}

type Key<'a> = (&'static Class, Option<&'a str>, &'a str, &'a str);

fn key(object: &Object) -> Key<'_> {
    let schema = object.schema.as_deref();
    (object.class, schema, &object.name, &object.signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class::VIEW;
    use crate::compare::{Difference, diff};
    use serde_json::json;

    fn view(name: &str, definition: &str, comment: &str) -> Object {
        let attributes = json!({"definition": definition, "comment": comment});
        Object {
            class: &VIEW,
            schema: Some("public".into()),
            name: name.into(),
            signature: String::new(),
            attributes: attributes.as_object().cloned().unwrap_or_default(),
            children: Vec::new(),
        }
    }

    fn snapshot(object: Object, major: u32) -> Snapshot {
        Snapshot {
            path: "x.snap".into(),
            object,
            major: Some(major),
        }
    }

    #[test]
    fn each_snapshot_is_compared_as_of_the_version_it_was_taken_on() {
        let live = State {
            objects: vec![
                view("taken_on_15", "SELECT a FROM t", "new"),
                view("taken_on_17", "SELECT a FROM t", "same"),
            ],
            server_version: 170_004,
        };
        let snapshots = vec![
            snapshot(view("taken_on_15", "SELECT t.a FROM t", "old"), 15),
            snapshot(view("taken_on_17", "SELECT t.a FROM t", "same"), 17),
        ];
        let Expected { state, set_aside } = expected(snapshots, &live);
        let changed: Vec<_> = diff(&state, &live)
            .into_iter()
            .filter_map(|change| match change.difference {
                Difference::Changed { attribute, .. } => Some((change.path.name, attribute)),
                _ => None,
            })
            .collect();
        let expected = [("taken_on_15", "comment"), ("taken_on_17", "definition")];
        assert_eq!(
            changed,
            expected.map(|(name, attribute)| (name.to_owned(), attribute.to_owned()))
        );
        assert_eq!(set_aside.len(), 1);
        assert_eq!(set_aside[0].name, "taken_on_15");
    }
}
