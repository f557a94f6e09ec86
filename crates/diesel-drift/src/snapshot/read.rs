//! YAML → object, with the line of what is wrong.

use crate::catalog::Object;
use crate::catalog::class::{self, Class};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::fmt;

/// What a snapshot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The object.
    pub object: Object,
    /// The major version of the PostgreSQL that it was read from.
    pub major: Option<u32>,
}

/// What is wrong, and in which line of the file (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, where it is known.
    pub line: Option<u64>,
    /// The sentence.
    pub message: String,
}

/// Reads a snapshot file: insta's header, and an object's YAML below it. `in_schema` says whether the object is in a schema, as
/// the file's directory tells.
pub fn from_snapshot(text: &str, in_schema: bool) -> Result<Document, Malformed> {
    let (header, body, lines_above) = split(text)?;
    let header: Header = serde_saphyr::from_str(header).map_err(|error| malformed(&error, 0))?;
    let Top(facts) =
        serde_saphyr::from_str(body).map_err(|error| malformed(&error, lines_above))?;
    let missing = |what: &str| Malformed {
        line: Some(lines_above + 1),
        message: format!("it does not say `{what}: …`"),
    };
    let class = facts.class.ok_or_else(|| missing("class"))?;
    let mut object = facts.of(class);
    if in_schema {
        object.schema = match object.attributes.shift_remove("schema") {
            Some(Value::String(schema)) => Some(schema),
            _ => return Err(missing("schema")),
        };
    }
    Ok(Document {
        object,
        major: header.info.and_then(|info| info.postgresql),
    })
}

/// Header, body, and the number of lines above the body.
pub(super) fn split(text: &str) -> Result<(&str, &str, u64), Malformed> {
    let missing = || Malformed {
        line: Some(1),
        message: "it has no header between two lines `---`, as insta writes it".to_owned(),
    };
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        end += line.len();
        let fence = line.trim_end() == "---";
        match index {
            0 if !fence => return Err(missing()),
            0 => {}
            _ if fence => return Ok((&text[..end - line.len()], &text[end..], index as u64 + 1)),
            _ => {}
        }
    }
    Err(missing())
}

fn malformed(error: &serde_saphyr::Error, lines_above: u64) -> Malformed {
    let line = error
        .location()
        .map(|location| location.line() + lines_above);
    // The line that it names is that of the part below the header.
    let message = error.without_snippet().to_string();
    let message = match message.rsplit_once(" at line ") {
        Some((message, _)) if line.is_some() => message.to_owned(),
        _ => message,
    };
    Malformed { line, message }
}

/// insta's metadata; what else it says is insta's business.
#[derive(Deserialize)]
struct Header {
    info: Option<Info>,
}

/// What this crate has insta note down.
#[derive(Deserialize)]
struct Info {
    postgresql: Option<u32>,
}

/// A top-level object, which says its class itself.
struct Top(Facts);

/// A child, whose class its list tells.
struct Child(Facts);

/// What is said of an object.
#[derive(Default)]
struct Facts {
    class: Option<&'static Class>,
    name: String,
    signature: String,
    attributes: Map<String, Value>,
    children: Vec<Object>,
}

impl Facts {
    fn of(self, class: &'static Class) -> Object {
        Object {
            class,
            schema: None,
            name: self.name,
            signature: self.signature,
            attributes: self.attributes,
            children: self.children,
        }
    }
}

/// The class that an id names.
struct Id(&'static Class);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        class::named(&id).map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(FactsVisitor { top_level: true })
            .map(Self)
    }
}

impl<'de> Deserialize<'de> for Child {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(FactsVisitor { top_level: false })
            .map(Self)
    }
}

struct FactsVisitor {
    top_level: bool,
}

impl<'de> Visitor<'de> for FactsVisitor {
    type Value = Facts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name and the attributes of an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Facts, A::Error> {
        let mut facts = Facts::default();
        while let Some(key) = map.next_key::<String>()? {
            let children = class::of_child_field(&key).filter(|_| self.top_level);
            match (key.as_str(), children) {
                ("class", _) if self.top_level => facts.class = Some(map.next_value::<Id>()?.0),
                ("name", _) => facts.name = map.next_value()?,
                ("signature", _) => facts.signature = map.next_value()?,
                (_, Some(class)) => {
                    let held: Vec<Child> = map.next_value()?;
                    facts
                        .children
                        .extend(held.into_iter().map(|Child(child)| child.of(class)));
                }
                (_, None) => {
                    facts.attributes.insert(key, map.next_value()?);
                }
            }
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_and_message(body: &str) -> (u64, String) {
        let text = format!("---\nsource: tests/snapshots.rs\n---\n{body}");
        let Malformed { line, message } = from_snapshot(&text, true).unwrap_err();
        (line.unwrap(), message)
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let (line, message) = line_and_message("class: tabel\nschema: public\nname: users\n");
        assert_eq!(line, 4);
        assert!(message.contains("there is no class `tabel`"), "{message}");
        let (line, message) =
            line_and_message("class: table\nschema: public\nname: users\ncolumns: 3\n");
        assert_eq!(line, 7, "{message}");
        let (line, message) =
            line_and_message("class: table\nschema: public\n<<<<<<< HEAD\nname: a\n");
        assert!([6, 7].contains(&line), "{line} {message}");
        let (line, message) = line_and_message("class: table\nname: users\n");
        assert_eq!((line, message.as_str()), (4, "it does not say `schema: …`"));
        let (line, _) = line_and_message("class: table\nschema: a\nname: b\nname: c\n");
        assert_eq!(line, 7);
        let (line, message) = line_and_message("class: table\nschema: a\ncolumns: [\n");
        assert!(line >= 6 && !message.contains("line"), "{line} {message}");
    }

    #[test]
    fn what_insta_did_not_write_is_refused() {
        for text in ["", "class: table\n", "---\nclass: table\n"] {
            assert_eq!(from_snapshot(text, false).unwrap_err().line, Some(1));
        }
    }
}
