//! Objects that are there under another name.

use crate::catalog::class::{
    ATTRIBUTE, CAST, COLUMN, Class, DEFAULT_PRIVILEGES, RULE, SCHEMA, TRANSFORM,
};
use crate::catalog::{Object, ObjectPath, QualifiedName, quote_identifier};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What was found to be called otherwise: texts that name it follow.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Schemas and what is in them: for texts everywhere.
    everywhere: Vec<(String, String)>,
    /// What is in a schema, by its name alone: a view's text says so of the tables that it reads.
    bare: Vec<(String, String)>,
    /// Children, raw: for the facts of the object that they hang on, only.
    within: BTreeMap<ObjectPath, Vec<(String, String)>>,
}

impl Renames {
    /// Notes that `old` is called `new`; of children, with what they hang on.
    pub(super) fn add(&mut self, parent: Option<&ObjectPath>, old: &Object, new: &Object) {
        if let Some(parent) = parent {
            let names = (old.name.clone(), new.name.clone());
            self.within.entry(parent.clone()).or_default().push(names);
            return;
        }
        let prefix = |name: &str| format!("{}.", quote_identifier(name));
        match (&old.schema, &new.schema) {
            (Some(old_schema), Some(new_schema)) => {
                let qualified =
                    |schema: &str, name: &str| QualifiedName::new(schema, name).to_sql();
                self.everywhere.push((
                    qualified(old_schema, &old.name),
                    qualified(new_schema, &new.name),
                ));
                self.bare
                    .push((quote_identifier(&old.name), quote_identifier(&new.name)));
            }
            _ if old.class == &SCHEMA => {
                self.everywhere.push((prefix(&old.name), prefix(&new.name)));
            }
            _ if is_named_by_others(old) => {}
            _ => {
                let names = (quote_identifier(&old.name), quote_identifier(&new.name));
                self.everywhere.push(names);
            }
        }
    }

    /// What a child of `parent` is called now.
    pub(super) fn child_name<'a>(&'a self, parent: &ObjectPath, name: &'a str) -> &'a str {
        let renamed = self.within.get(parent).into_iter().flatten();
        let mut found = renamed.filter(|(old, _)| old == name);
        found.next().map_or(name, |(_, new)| new)
    }

    /// Whether two values differ only in names that follow from what was renamed; `top` is the top-level object that they
    /// are facts of.
    pub(super) fn explain(
        &self,
        top: &ObjectPath,
        from: Option<&Value>,
        to: Option<&Value>,
    ) -> bool {
        let (Some(from), Some(to)) = (from, to) else {
            return false;
        };
        let within = self.within.get(top);
        if self.everywhere.is_empty() && within.is_none() {
            return false;
        }
        let quoted: Vec<_> = within
            .into_iter()
            .flatten()
            .map(|(old, new)| (quote_identifier(old), quote_identifier(new)))
            .collect();
        let raw = within.map(Vec::as_slice).unwrap_or_default();
        let followed = follow(from, raw, [&quoted, &self.everywhere]);
        followed == *to || follow(&followed, &[], [&self.bare, &[]]) == *to
    }

    /// Whether `new` is where `old` was, and only what its name, signature or schema names is called otherwise.
    pub(super) fn is_moved_along(&self, old: &Object, new: &Object) -> bool {
        let followed = |text: &str| {
            (self.everywhere.iter()).fold(text.to_owned(), |text, (old, new)| {
                replace_name(&text, old, new)
            })
        };
        let schema = |object: &Object| {
            let prefix = |schema: &String| format!("{}.", quote_identifier(schema));
            object.schema.as_ref().map(prefix).unwrap_or_default()
        };
        (old.name == new.name || is_named_by_others(old) && followed(&old.name) == new.name)
            && followed(&old.signature) == new.signature
            && followed(&schema(old)) == schema(new)
    }

    /// What makes an object of the expected side what it is, with the names of the other side as far as they are known.
    fn identity(&self, object: &Object, place: Option<usize>) -> String {
        follow(&identity(object, place), &[], [&[], &self.everywhere]).to_string()
    }
}

/// Whether an object has no name of its own, only that of what it is about: `(public.mood AS text)`.
fn is_named_by_others(object: &Object) -> bool {
    [&CAST, &TRANSFORM, &DEFAULT_PRIVILEGES].contains(&object.class)
}

/// `value` with names replaced: texts that are a raw name, and SQL names anywhere in a text.
fn follow(value: &Value, raw: &[(String, String)], sql: [&[(String, String)]; 2]) -> Value {
    match value {
        Value::String(text) => match raw.iter().find(|(old, _)| old == text) {
            Some((_, new)) => Value::String(new.clone()),
            None => Value::String(
                sql.into_iter()
                    .flatten()
                    .fold(text.clone(), |text, (old, new)| {
                        replace_name(&text, old, new)
                    }),
            ),
        },
        Value::Array(values) => values.iter().map(|value| follow(value, raw, sql)).collect(),
        Value::Object(facts) => facts
            .iter()
            .map(|(field, value)| (field.clone(), follow(value, raw, sql)))
            .collect(),
        other => other.clone(),
    }
}

/// Replaces an SQL name where it stands by itself and is not the end of a longer one.
fn replace_name(text: &str, old: &str, new: &str) -> String {
    let joins = |c: char| c.is_alphanumeric() || "_$\"".contains(c);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find(old) {
        let (before, after) = (&rest[..place], &rest[place + old.len()..]);
        let whole = !before.ends_with(joins) && (old.ends_with('.') || !after.starts_with(joins));
        replaced.push_str(before);
        replaced.push_str(if whole { new } else { old });
        rest = after;
    }
    replaced + rest
}

/// Everything about an object but its name.
fn definition(object: &Object) -> Value {
    let children: Vec<_> = object
        .children
        .iter()
        .map(|child| {
            json!([
                child.class.id,
                child.name,
                child.signature,
                definition(child)
            ])
        })
        .collect();
    // A rule's text has its name in it. The name of a NOT NULL constraint stays behind when a column is renamed.
    let own: Vec<_> = (object.class == &RULE)
        .then(|| (quote_identifier(&object.name), String::new()))
        .into_iter()
        .collect();
    let facts: Map<String, Value> = (object.attributes.iter())
        .filter(|(field, _)| *field != "not_null_constraint")
        .map(|(field, value)| (field.clone(), follow(value, &[], [&own, &[]])))
        .collect();
    json!([facts, children])
}

/// Takes the pairs that are certainly the same object under another name: the same class and definition, and nothing else
/// on either side that could be meant.
pub(super) fn take_renamed<'a>(
    renames: &mut Renames,
    parent: Option<&ObjectPath>,
    (from, to): (&'a [Object], &'a [Object]),
    missing: &mut Vec<&'a Object>,
    unexpected: &mut Vec<&'a Object>,
) -> Vec<(&'a Object, &'a Object)> {
    if missing.is_empty() || unexpected.is_empty() {
        return Vec::new();
    }
    let mut pairs = schemas((from, to), missing, unexpected);
    for (old, new) in &pairs {
        renames.add(parent, old, new);
    }
    let others = |list: &[&'a Object]| -> Vec<&'a Object> {
        list.iter()
            .copied()
            .filter(|object| object.class != &SCHEMA)
            .collect()
    };
    // Each round may explain more: a function whose argument is of a renamed type.
    loop {
        let before = |old: &&'a Object| renames.identity(old, place(old, from));
        let after = |new: &&'a Object| identity(new, place(new, to)).to_string();
        let found = one_to_one(
            others(missing).iter().map(|old| (before(old), *old)),
            others(unexpected).iter().map(|new| (after(new), *new)),
        );
        for (old, new) in &found {
            if !renames.is_moved_along(old, new) {
                renames.add(parent, old, new);
            }
        }
        let last = found.is_empty();
        pairs.extend(found);
        let paired: HashSet<*const Object> = (pairs.iter())
            .flat_map(|(old, new)| [*old as *const Object, *new])
            .collect();
        let is_alone = |object: &&'a Object| !paired.contains(&std::ptr::from_ref(*object));
        missing.retain(is_alone);
        unexpected.retain(is_alone);
        if last {
            return pairs;
        }
    }
}

/// The pairs of what has one key, where nothing else on either side has it.
fn one_to_one<'a, K: Ord>(
    old: impl Iterator<Item = (K, &'a Object)>,
    new: impl Iterator<Item = (K, &'a Object)>,
) -> Vec<(&'a Object, &'a Object)> {
    let mut candidates: BTreeMap<K, (Vec<&Object>, Vec<&Object>)> = BTreeMap::new();
    for (key, object) in old {
        candidates.entry(key).or_default().0.push(object);
    }
    for (key, object) in new {
        candidates.entry(key).or_default().1.push(object);
    }
    candidates
        .into_values()
        .filter_map(|(old, new)| match (&old[..], &new[..]) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        })
        .collect()
}

/// What makes an object what it is, but for its name; where its definition says that, as a key to the table itself does, it is left
/// out too.
fn identity(object: &Object, place: Option<usize>) -> Value {
    let own = object.schema.as_ref().map(|schema| {
        let name = QualifiedName::new(schema, &object.name).to_sql();
        (name, String::new())
    });
    let definition = follow(&definition(object), &[], [own.as_slice(), &[]]);
    json!([object.class.id, object.signature, place, definition])
}

/// The place among its siblings of what has an order.
fn place(object: &Object, siblings: &[Object]) -> Option<usize> {
    let ordered = [&COLUMN, &ATTRIBUTE].contains(&object.class);
    let position = || {
        siblings
            .iter()
            .position(|sibling| std::ptr::eq(sibling, object))
    };
    ordered.then(position).flatten()
}

/// Schemas that hold the same objects.
fn schemas<'a>(
    (from, to): (&'a [Object], &'a [Object]),
    missing: &[&'a Object],
    unexpected: &[&'a Object],
) -> Vec<(&'a Object, &'a Object)> {
    one_to_one(with_contents(missing, from), with_contents(unexpected, to))
}

/// A schema's facts, and what it holds.
type Contents<'a> = (String, BTreeSet<(&'static Class, &'a str)>);

/// The schemas of a list that hold anything, by their facts and by what they hold.
fn with_contents<'a>(
    list: &[&'a Object],
    objects: &'a [Object],
) -> impl Iterator<Item = (Contents<'a>, &'a Object)> {
    let schemas: Vec<_> = (list.iter().copied())
        .filter(|object| object.class == &SCHEMA)
        .collect();
    let mut held: BTreeMap<&str, BTreeSet<_>> = (schemas.iter())
        .map(|schema| (schema.name.as_str(), BTreeSet::new()))
        .collect();
    for object in objects {
        if let Some(held) = (object.schema.as_deref()).and_then(|schema| held.get_mut(schema)) {
            held.insert((object.class, object.name.as_str()));
        }
    }
    schemas.into_iter().filter_map(move |schema| {
        let held = held.remove(schema.name.as_str())?;
        let facts = json!(schema.attributes).to_string();
        (!held.is_empty()).then_some(((facts, held), schema))
    })
}

#[cfg(test)]
mod tests {
    use super::replace_name;

    #[test]
    fn only_whole_names_are_replaced() {
        assert_eq!(
            replace_name("'a'::public.mood", "public.mood", "public.m"),
            "'a'::public.m"
        );
        for other in ["public.moods", "xpublic.mood", "public.mood_2"] {
            assert_eq!(replace_name(other, "public.mood", "public.m"), other);
        }
        assert_eq!(replace_name("audit.log", "audit.", "a2."), "a2.log");
    }
}
