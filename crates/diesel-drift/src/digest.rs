//! Hashes that do not depend on the order in which a struct's fields happen to stand.

use crate::catalog::Object;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a JSON value, whatever the order of its fields.
pub(crate) fn sha256_json(value: &Value) -> String {
    sha256(canonical(value).to_string().as_bytes())
}

/// A value with its fields sorted by name.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(canonical).collect(),
        Value::Object(facts) => {
            let mut sorted: Vec<_> = facts.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            let canonical = |(name, value): (&String, &Value)| (name.clone(), canonical(value));
            Value::Object(sorted.into_iter().map(canonical).collect::<Map<_, _>>())
        }
        scalar => scalar.clone(),
    }
}

/// How many hexadecimal digits of a fingerprint are shown, and how many stand together.
const DIGITS: usize = 20;
const GROUP: usize = 4;

/// A short stable hash of objects, to be compared by eye: `3f2a-91bc-77de-0a12-5c4e`. It does not depend on the order of the objects; that of
/// columns counts. For what compares equal it is equal, on servers of one major version.
pub(crate) fn fingerprint(objects: &[Object]) -> String {
    let mut hashes: Vec<String> = objects
        .iter()
        .map(|object| sha256_json(&plain(object)))
        .collect();
    hashes.sort();
    let digest = sha256(hashes.concat().as_bytes());
    let groups: Vec<&str> = (0..DIGITS)
        .step_by(GROUP)
        .filter_map(|start| digest.get(start..start + GROUP))
        .collect();
    groups.join("-")
}

fn plain(object: &Object) -> Value {
    let Object {
        class,
        schema,
        name,
        signature,
        attributes,
        children,
    } = object;
    let children: Vec<_> = children.iter().map(plain).collect();
    json!([class.id, schema, name, signature, attributes, children])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class;

    fn object(name: &str, attributes: Value) -> Object {
        let Value::Object(attributes) = attributes else {
            panic!("no attributes")
        };
        Object {
            class: &class::SEQUENCE,
            schema: Some("public".into()),
            name: name.into(),
            signature: String::new(),
            attributes,
            children: Vec::new(),
        }
    }

    #[test]
    fn the_order_of_fields_and_objects_is_no_difference_and_everything_else_is() {
        let a = || object("a", json!({"start": 1, "cache": {"x": 1, "y": 2}}));
        let b = || object("b", json!({}));
        let shuffled = object("a", json!({"cache": {"y": 2, "x": 1}, "start": 1}));
        let known = fingerprint(&[a(), b()]);
        assert_eq!(known, fingerprint(&[b(), shuffled]));
        assert_eq!(known.len(), "3f2a-91bc-77de-0a12-5c4e".len());
        for other in [
            vec![a()],
            vec![a(), object("c", json!({}))],
            vec![a(), object("b", json!({"start": 1}))],
            Vec::new(),
        ] {
            assert_ne!(known, fingerprint(&other));
        }
        let column = |name: &str| object(name, json!({}));
        let with = |children| Object { children, ..a() };
        assert_ne!(
            fingerprint(&[with(vec![column("x"), column("y")])]),
            fingerprint(&[with(vec![column("y"), column("x")])]),
        );
    }

    #[test]
    fn a_known_text_has_its_known_hash() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
