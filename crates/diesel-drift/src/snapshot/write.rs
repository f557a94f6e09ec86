//! Object → YAML that is reviewed a line at a time.
//!
//! What is its own fact is its own line: an attribute, an element of an attribute, a child. The layout is made here, and a
//! text's own in [`scalar`](super::scalar).

use super::scalar::{Written, block, is_plain_block, key, quoted_lines, scalar};
use super::{SnapshotError, described};
use crate::catalog::{Object, class};
use serde_json::{Map, Value};

/// The snapshot of an object, without the header that insta writes.
///
/// # Errors
/// When an attribute goes by a name that the layout needs for itself.
pub fn to_yaml(object: &Object) -> Result<String, SnapshotError> {
    let failed = |message: String| SnapshotError::Unwritable {
        object: described(object),
        message,
    };
    if let Some(taken) = taken(object) {
        return Err(failed(format!(
            "its attribute `{taken}` cannot be told from what the file says of the object itself"
        )));
    }
    document(object).map_err(|error| failed(error.to_string()))
}

/// An attribute whose name would be read back as something else.
fn taken(object: &Object) -> Option<&str> {
    let keys = object.attributes.keys().map(String::as_str);
    let heading: &[&str] = match object.schema {
        Some(_) => &["class", "schema", "name", "signature"],
        None => &["class", "name", "signature"],
    };
    let in_children = object
        .children
        .iter()
        .flat_map(|child| child.attributes.keys());
    keys.filter(|key| heading.contains(key) || class::of_child_field(key).is_some())
        .chain(
            in_children
                .map(String::as_str)
                .filter(|key| ["name", "signature"].contains(key)),
        )
        .next()
}

fn document(object: &Object) -> Written {
    let mut text = format!("class: {}\n", object.class.id);
    let heading = [
        ("schema", object.schema.as_deref()),
        (
            "name",
            Some(object.name.as_str()).filter(|name| !name.is_empty()),
        ),
        (
            "signature",
            Some(object.signature.as_str()).filter(|signature| !signature.is_empty()),
        ),
    ];
    for (key, value) in heading {
        if let Some(value) = value {
            text += &format!("{key}: {}\n", scalar(value)?);
        }
    }
    for (key, value) in &object.attributes {
        text += &attribute(key, value)?;
    }
    for children in object.children.chunk_by(|a, b| a.class == b.class) {
        if let Some(field) = children
            .first()
            .and_then(|child| class::child_field(child.class))
        {
            text += &format!("{field}:\n");
        }
        for child in children {
            text += &self::child(child)?;
        }
    }
    Ok(text)
}

/// An attribute of a top-level object: a line for each of its elements.
fn attribute(key: &str, value: &Value) -> Written {
    let key = self::key(key)?;
    let mut text = format!("{key}:");
    match value {
        Value::Array(elements) if !elements.is_empty() => {
            text.push('\n');
            for element in elements {
                text += &format!("- {}\n", flow(element)?);
            }
        }
        Value::Object(facts) if !facts.is_empty() => {
            text.push('\n');
            for (name, fact) in facts {
                text += &format!("  {}: {}\n", self::key(name)?, flow(fact)?);
            }
        }
        value => text += &format!(" {}\n", lines(value, "  ")?),
    }
    Ok(text)
}

/// A child: one line, unless a text of its own has several.
fn child(child: &Object) -> Written {
    let mut facts = Map::new();
    facts.insert("name".to_owned(), child.name.clone().into());
    if !child.signature.is_empty() {
        facts.insert("signature".to_owned(), child.signature.clone().into());
    }
    facts.extend(child.attributes.clone());
    if !facts.values().any(has_lines) {
        return Ok(format!("- {}\n", flow(&Value::Object(facts))?));
    }
    let mut text = String::new();
    for (key, value) in &facts {
        let bullet = if text.is_empty() { "- " } else { "  " };
        text += &format!("{bullet}{}: {}\n", self::key(key)?, lines(value, "    ")?);
    }
    Ok(text)
}

fn has_lines(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('\n'))
}

/// A value after its key: a text with lines on lines of its own, everything else on one.
fn lines(value: &Value, indent: &str) -> Written {
    match value {
        Value::String(text) if text.contains('\n') => {
            if is_plain_block(text) {
                Ok(block(text, indent))
            } else {
                quoted_lines(text, indent)
            }
        }
        value => flow(value),
    }
}

/// A value on one line.
fn flow(value: &Value) -> Written {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(flow).collect::<Result<_, _>>()?;
            Ok(format!("[{}]", elements.join(", ")))
        }
        Value::Object(facts) => {
            let fact = |(name, fact): (&String, &Value)| -> Written {
                Ok(format!("{}: {}", key(name)?, flow(fact)?))
            };
            let facts: Vec<_> = facts.iter().map(fact).collect::<Result<_, _>>()?;
            Ok(format!("{{{}}}", facts.join(", ")))
        }
        // YAML writes these as JSON does.
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::{Document, from_snapshot};
    use super::super::scalar::is_escaped;
    use super::*;
    use crate::catalog::class::{CLASSES, COLUMN, FUNCTION, POLICY, TABLE, TRIGGER};
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;
    use serde_json::json;

    fn object(class: &'static class::Class, name: &str, attributes: Value) -> Object {
        let Value::Object(attributes) = attributes else {
            panic!("attributes are a map");
        };
        Object {
            class,
            schema: None,
            name: name.to_owned(),
            signature: String::new(),
            attributes,
            children: Vec::new(),
        }
    }

    /// What insta makes of a text on its way to the file.
    fn stored(content: &str) -> String {
        format!(
            "---\nsource: tests/snapshots.rs\ninfo:\n  postgresql: 15\n---\n{}\n",
            content.trim_end().replace("\r\n", "\n")
        )
    }

    fn read_back(text: &str, object: &Object) -> Object {
        let Document { object, major } = from_snapshot(text, object.schema.is_some()).unwrap();
        assert_eq!(major, Some(15));
        object
    }

    #[test]
    fn a_table_has_a_line_for_each_fact() {
        let column = |name: &str, attributes| object(&COLUMN, name, attributes);
        let table = Object {
            schema: Some("public".into()),
            children: vec![
                column("id", json!({"data_type": "bigint", "not_null": true})),
                column(
                    "region",
                    json!({"data_type": "text", "default": "'eu'::text"}),
                ),
                object(&TRIGGER, "touch", json!({"when": "(a\nAND b)"})),
                object(&POLICY, "mine", json!({"roles": ["app", "PUBLIC"]})),
            ],
            ..object(
                &TABLE,
                "users",
                json!({
                    "options": ["fillfactor=70"],
                    "privileges": {"app_ro": ["SELECT"], "app_rw": ["INSERT", "SELECT"]},
                    "comment": "who: they are",
                }),
            )
        };
        let expected = "\
class: table
schema: public
name: users
options:
- fillfactor=70
privileges:
  app_ro: [SELECT]
  app_rw: [INSERT, SELECT]
comment: \"who: they are\"
columns:
- {name: id, data_type: bigint, not_null: true}
- {name: region, data_type: text, default: \"'eu'::text\"}
triggers:
- name: touch
  when: |-
    (a
    AND b)
policies:
- {name: mine, roles: [app, PUBLIC]}
";
        assert_eq!(to_yaml(&table).unwrap(), expected);
        assert_eq!(read_back(&stored(expected), &table), table);
    }

    #[test]
    fn texts_keep_their_lines_and_hide_nothing() {
        let body = |text: &str| to_yaml(&object(&FUNCTION, "f", json!({"body": text}))).unwrap();
        let only = |text: &str| body(text).replace("class: function\nname: f\nbody: ", "");
        assert_eq!(
            only("\nBEGIN\n\tx;\n\nEND;\n"),
            "|\n\n  BEGIN\n  \tx;\n\n  END;\n"
        );
        assert_eq!(only("  a\nb"), "|2-\n    a\n  b\n");
        assert_eq!(only("a \r\n  b\r\n"), "\"a \\r\\n\\\n  \\  b\\r\\n\"\n");
        assert_eq!(
            only("a\u{202e}\n\u{1f600}\u{e0061}"),
            "\"a\\u202E\\n\\\n  \u{1f600}\\U000E0061\"\n"
        );
        assert_eq!(only("a\n\n"), "\"a\\n\\\n  \\n\"\n");
    }

    #[test]
    fn an_attribute_that_would_be_read_as_something_else_is_refused() {
        let error = to_yaml(&object(&TABLE, "users", json!({"columns": 3}))).unwrap_err();
        assert!(error.to_string().contains("table `users`"), "{error}");
        // What is in no schema may have one as an attribute.
        assert!(to_yaml(&object(&FUNCTION, "f", json!({"schema": "public"}))).is_ok());
    }

    fn any_text() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "",
            " ",
            "~",
            "null",
            "true",
            "No",
            "y",
            "0x1f",
            "1e3",
            "12:30",
            "2020-01-01",
            "<<",
            "=",
            "---",
            "...",
            "- a",
            "? a",
            "a: b",
            "a #b",
            "#a",
            "'",
            "\"",
            "{a}",
            "[",
            ",",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "|",
            ">",
            "\\n",
            "a\\",
            ".inf",
        ]);
        prop_oneof![
            3 => words.prop_map(str::to_owned),
            2 => "\\PC{0,12}",
            2 => any::<String>(),
            3 => "([ a#:\\-'\"\t\u{202e}\u{feff}]{0,3}(\n|\r\n|\r|)){0,6}",
            1 => "[a, ]{1020,2050}",
        ]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            6 => any_text().prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
            1 => any::<i64>().prop_map(Value::from),
            1 => any::<i32>().prop_map(|number| Value::from(f64::from(number) / 64.0)),
            1 => Just(Value::Null),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any_key(), inner), 0..4)
                    .prop_map(|facts| Value::Object(facts.into_iter().collect())),
            ]
        })
    }

    /// YAML has no longer key than that.
    fn any_key() -> impl Strategy<Value = String> {
        any_text().prop_map(|text| text.chars().take(63).collect())
    }

    fn any_facts() -> impl Strategy<Value = Map<String, Value>> {
        let key = prop_oneof![
            "[b-m][a-z_]{0,4}1",
            any_key().prop_map(|text| format!("{text} "))
        ];
        prop::collection::vec((key, any_value()), 0..4)
            .prop_map(|facts| facts.into_iter().collect())
    }

    fn any_child() -> impl Strategy<Value = Object> {
        (any_text(), any_text(), any_facts()).prop_map(|(name, signature, attributes)| Object {
            class: &COLUMN,
            schema: None,
            name,
            signature,
            attributes,
            children: Vec::new(),
        })
    }

    fn any_object() -> impl Strategy<Value = Object> {
        let of_class =
            |class: &'static class::Class| move |child: Object| Object { class, ..child };
        let children = (
            prop::collection::vec(any_child(), 0..3),
            prop::collection::vec(any_child(), 0..2),
        )
            .prop_map(move |(columns, triggers)| {
                let columns = columns.into_iter().map(of_class(&COLUMN));
                columns
                    .chain(triggers.into_iter().map(of_class(&TRIGGER)))
                    .collect()
            });
        let class = prop::sample::select(CLASSES);
        (
            class,
            prop::option::of(any_text()),
            any_text(),
            any_text(),
            any_facts(),
            children,
        )
            .prop_map(
                |(class, schema, name, signature, attributes, children)| Object {
                    class,
                    schema,
                    name,
                    signature,
                    attributes,
                    children,
                },
            )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(250))]

        #[test]
        fn what_is_written_is_read_back(object in any_object()) {
            let yaml = to_yaml(&object).unwrap();
            prop_assert!(!yaml.chars().any(|c| is_escaped(c) && !['\n', '\t'].contains(&c)), "{yaml}");
            prop_assert!(yaml.lines().all(|line| line == line.trim_end()), "{yaml}");
            let text = stored(&yaml);
            prop_assert_eq!(&read_back(&text, &object), &object, "{}", text);
            // A clone on Windows.
            let text = text.replace('\n', "\r\n");
            prop_assert_eq!(&read_back(&text, &object), &object, "{}", text);
        }
    }
}
