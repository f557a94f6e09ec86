//! Objects that are there under another name.

use crate::catalog::class::{ATTRIBUTE, COLUMN, SCHEMA};
use crate::catalog::{Object, ObjectPath, QualifiedName, quote_identifier};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What was found to be called otherwise: texts that name it follow.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Schemas and what is in them: for texts everywhere.
    everywhere: Vec<(String, String)>,
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
        match (&old.schema, &new.schema) {
            (Some(old_schema), Some(new_schema)) => {
                let qualified =
                    |schema: &str, name: &str| QualifiedName::new(schema, name).to_sql();
                self.everywhere.push((
                    qualified(old_schema, &old.name),
                    qualified(new_schema, &new.name),
                ));
            }
            _ if old.class == &SCHEMA => {
                let prefix = |name: &str| format!("{}.", quote_identifier(name));
                self.everywhere.push((prefix(&old.name), prefix(&new.name)));
            }
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
            .chain(self.everywhere.iter().cloned())
            .collect();
        let raw = within.map(Vec::as_slice).unwrap_or_default();
        follow(from, raw, &quoted) == *to
    }

    /// The definition of an object of the expected side, with the names of the other side as far as they are known.
    fn definition(&self, object: &Object) -> Value {
        follow(&definition(object), &[], &self.everywhere)
    }
}

/// `value` with names replaced: texts that are a raw name, and SQL names anywhere in a text.
fn follow(value: &Value, raw: &[(String, String)], sql: &[(String, String)]) -> Value {
    match value {
        Value::String(text) => match raw.iter().find(|(old, _)| old == text) {
            Some((_, new)) => Value::String(new.clone()),
            None => Value::String(sql.iter().fold(text.clone(), |text, (old, new)| {
                replace_name(&text, old, new)
            })),
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
    // A name in the definition's own text, as a rule has it, is the object's. That of a NOT NULL constraint stays behind when
    // a column is renamed.
    let own = [(quote_identifier(&object.name), String::new())];
    let facts: Map<String, Value> = (object.attributes.iter())
        .filter(|(field, _)| *field != "not_null_constraint")
        .map(|(field, value)| (field.clone(), follow(value, &[], &own)))
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
    let mut candidates: BTreeMap<String, (Vec<&Object>, Vec<&Object>)> = BTreeMap::new();
    let objects = |list: &[&'a Object]| -> Vec<&'a Object> {
        list.iter()
            .copied()
            .filter(|object| object.class != &SCHEMA)
            .collect()
    };
    for old in objects(missing) {
        let what = identity(old, place(old, from), renames.definition(old));
        candidates.entry(what).or_default().0.push(old);
    }
    for new in objects(unexpected) {
        let what = identity(new, place(new, to), definition(new));
        candidates.entry(what).or_default().1.push(new);
    }
    for (old, new) in candidates.into_values() {
        if let ([old], [new]) = (&old[..], &new[..]) {
            renames.add(parent, old, new);
            pairs.push((old, new));
        }
    }
    let paired = |object: &Object, side: fn(&(&'a Object, &'a Object)) -> &'a Object| {
        pairs.iter().any(|pair| std::ptr::eq(side(pair), object))
    };
    missing.retain(|object| !paired(object, |pair| pair.0));
    unexpected.retain(|object| !paired(object, |pair| pair.1));
    pairs
}

fn identity(object: &Object, place: Option<usize>, definition: Value) -> String {
    json!([object.class.id, object.signature, place, definition]).to_string()
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
    let held = |objects: &'a [Object], schema: &Object| -> BTreeSet<_> {
        objects
            .iter()
            .filter(|object| object.schema.as_ref() == Some(&schema.name))
            .map(|object| (object.class, &object.name))
            .collect()
    };
    let of_class = |list: &[&'a Object]| -> Vec<&'a Object> {
        list.iter()
            .copied()
            .filter(|object| object.class == &SCHEMA)
            .collect()
    };
    let (old, new) = (of_class(missing), of_class(unexpected));
    let same = |old: &Object, new: &Object| {
        let held_before = held(from, old);
        !held_before.is_empty() && held_before == held(to, new) && old.attributes == new.attributes
    };
    let pairs: Vec<_> = old
        .iter()
        .flat_map(|old| new.iter().map(move |new| (*old, *new)))
        .filter(|(old, new)| same(old, new))
        .collect();
    let alone = |(old, new): &(&Object, &Object)| {
        let touching =
            |pair: &&(&Object, &Object)| pair.0.name == old.name || pair.1.name == new.name;
        pairs.iter().filter(touching).count() == 1
    };
    pairs.iter().copied().filter(|pair| alone(pair)).collect()
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
