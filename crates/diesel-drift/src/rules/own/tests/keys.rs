//! Every key of every class with every operator: from the list of facts, so that a new fact is asked for here as well.

use super::super::asked::OPERATORS;
use super::super::parse::{facts_of, keys};
use super::super::place::{Objects, Place, children_of};
use super::read;
use crate::catalog::class::CLASSES;
use crate::catalog::{Catalog, Fact, Object, Part, Shape, parent_classes};
use serde_json::{Map, Value, json};

/// A value that a fact of a shape can have: as the catalog has it, and another one.
fn values(shape: &Shape, parts: &[Part]) -> Option<(Value, Value)> {
    Some(match shape {
        Shape::Boolean => (json!(true), json!(false)),
        Shape::Number => (json!(7), json!(8)),
        Shape::Text | Shape::Column | Shape::Role => (json!("seven"), json!("eight")),
        Shape::Expression => (json!("'seven'"), json!("'eight'")),
        Shape::Name => (json!("app.seven"), json!("app.eight")),
        Shape::Type => (json!("app.seven"), json!("app.eight")),
        Shape::Word(words) | Shape::Mixed(words) => (json!(words.first()?), json!(words.last()?)),
        Shape::List(entry) | Shape::Set(entry) => {
            let (one, other) = values(entry, parts)?;
            (json!([one]), json!([other]))
        }
        Shape::Named { value, .. } => {
            let (one, other) = values(value, parts)?;
            (json!({ "app": one }), json!({ "app": other }))
        }
        Shape::Parts => {
            let part = parts.first()?;
            let (one, other) = values(&part.shape, &[])?;
            let of = |value| Value::Object(Map::from_iter([(part.name.clone(), value)]));
            (of(one), of(other))
        }
    })
}

/// A value as `drift.toml` has it.
fn written(value: &Value) -> String {
    match value {
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(written).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = (entries.iter())
                .map(|(key, value)| format!("{key} = {}", written(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// An operator, what it is asked with, and whether it holds of the one and of the other value; none where it cannot be asked.
type Tried = (&'static str, String, Option<(bool, bool)>);

/// The operators with a value of the fact, and whether they hold of the one and of the other value; none for those that it does not take.
fn operators(fact: &Fact, one: &Value) -> Vec<Tried> {
    let said = written(one);
    let whole = Some((true, false));
    let (matches, contains) = match &fact.shape {
        Shape::Boolean | Shape::Number => (None, None),
        Shape::Word(_) | Shape::Mixed(_) => (whole, None),
        Shape::List(entry) | Shape::Set(entry) => match **entry {
            Shape::Boolean | Shape::Number | Shape::Parts => (None, None),
            _ => (whole, whole),
        },
        // One name is in both.
        Shape::Named { .. } => (None, Some((true, true))),
        Shape::Parts => (None, None),
        // A text.
        _ => (whole, whole),
    };
    let text = match one {
        Value::Array(all) => written(all.first().unwrap_or(&Value::Null)),
        Value::Object(entries) => written(&json!(entries.keys().next())),
        scalar => written(scalar),
    };
    let pattern = written(&json!(format!(
        "^{}$",
        text.trim_matches('"').replace('.', "\\.")
    )));
    // A list of what has parts takes a part, and no list.
    let takes_values =
        !matches!(&fact.shape, Shape::List(entry) | Shape::Set(entry) if **entry == Shape::Parts);
    let asked = |asked: Option<(bool, bool)>| asked.filter(|_| takes_values);
    vec![
        ("", said.clone(), asked(whole)),
        (
            "not",
            format!("{{ not = {said} }}"),
            asked(Some((false, true))),
        ),
        ("one_of", format!("{{ one_of = [{said}] }}"), asked(whole)),
        (
            "not",
            format!("{{ not = {{ one_of = [{said}] }} }}"),
            asked(Some((false, true))),
        ),
        ("matches", format!("{{ matches = {pattern} }}"), matches),
        (
            "not",
            format!("{{ not = {{ matches = {pattern} }} }}"),
            matches.map(|(one, other)| (!one, !other)),
        ),
        ("contains", format!("{{ contains = {text} }}"), contains),
        (
            "present",
            "{ present = true }".to_owned(),
            Some((true, true)),
        ),
        (
            "present",
            "{ present = false }".to_owned(),
            Some((false, false)),
        ),
        (
            "present",
            format!("{{ present = true, not = {said} }}"),
            asked(Some((false, true))),
        ),
    ]
}

fn rule(class: &str, key: &str, value: &str) -> String {
    format!(
        "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"{class}\"\nmust = {{ {key} = {value} }}\n"
    )
}

#[test]
fn every_fact_of_every_class_takes_what_it_can_and_says_what_it_cannot() {
    let catalog = Catalog::default();
    let all = Objects::of(&catalog);
    let mut tried = 0;
    for class in CLASSES {
        for fact in facts_of(class) {
            let Some((one, other)) = values(&fact.shape, &fact.parts) else {
                panic!(
                    "{}: {} has no value: {:?}",
                    class.id, fact.attribute, fact.shape
                );
            };
            for (operator, value, holds) in operators(fact, &one) {
                assert!(operator.is_empty() || OPERATORS.contains(&operator));
                let text = rule(class.id, &fact.attribute, &value);
                let rules = match (read(&text), holds) {
                    (Ok(rules), Some(_)) => rules,
                    (Err(error), None) => {
                        assert!(error.starts_with("drift.toml:5: `"), "{text}{error}");
                        continue;
                    }
                    (Ok(_), None) => {
                        let is_value = ["", "not", "one_of"].contains(&operator);
                        assert!(is_value, "{text} was taken");
                        continue;
                    }
                    (Err(error), Some(_)) => panic!("{text}{error}"),
                };
                let Some((of_one, of_other)) = holds else {
                    continue;
                };
                for (found, expected) in [(&one, of_one), (&other, of_other)] {
                    if found == &one && one == other {
                        continue;
                    }
                    let attributes = [(fact.attribute.clone(), found.clone())];
                    let object = Object {
                        class,
                        attributes: attributes.into_iter().collect(),
                        ..Object::database()
                    };
                    let place = Place {
                        object: &object,
                        parent: None,
                        all: &all,
                    };
                    let must = rules[0].must.as_ref().unwrap();
                    assert_eq!(must.holds(place), expected, "{text}of {found}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 5000, "{tried}");
}

#[test]
fn every_class_takes_its_names_and_what_is_around_it_and_nothing_else() {
    for class in CLASSES {
        for key in ["name", "schema"] {
            for value in [
                "\"a\"",
                "{ matches = \"a\" }",
                "{ contains = \"a\" }",
                "{ one_of = [\"a\", \"b.*\"] }",
                "{ not = \"a\" }",
                "{ not = { one_of = [\"a\", { matches = \"b\" }] } }",
                "{ present = true }",
                "{ matches = \"a\", not = \"b\" }",
            ] {
                read(&rule(class.id, key, value)).unwrap();
            }
        }
        for around in parent_classes(class) {
            let key = around.id.replace('-', "_");
            read(&rule(class.id, &key, "{ name = \"a\" }")).unwrap();
        }
        for around in children_of(class) {
            let key = around.id.replace('-', "_");
            for value in [
                "{}",
                "{ present = false, name = \"a\" }",
                "[{}, { name = \"a\" }]",
            ] {
                read(&rule(class.id, &key, value)).unwrap();
            }
        }
        let error = read(&rule(class.id, "no_such", "1")).unwrap_err();
        let known = format!(
            "drift.toml:5: {} has no `no_such`; it has {}",
            class.with_article(),
            keys(class).join(", ")
        );
        assert_eq!(error, known);
    }
}

#[test]
fn every_key_that_is_misspelt_is_told_with_the_one_that_was_meant() {
    for class in CLASSES {
        for key in keys(class) {
            // Two letters that have changed places.
            let mut letters: Vec<char> = key.chars().collect();
            let last = letters.len() - 1;
            letters.swap(last - 1, last);
            let misspelt: String = letters.iter().collect();
            if keys(class).contains(&misspelt) || key.len() < 5 {
                continue;
            }
            let error = read(&rule(class.id, &misspelt, "1")).unwrap_err();
            assert!(
                error.contains(&format!("(did you mean `{key}`?)")),
                "{error}"
            );
        }
    }
}
