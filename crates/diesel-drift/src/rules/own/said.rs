//! TOML whose values know where they stand.

use crate::text::toml_string;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use toml::Spanned;

/// A value of TOML whose entries know where they stand.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Said>>),
    Table(Entries),
}

/// The entries of a table.
pub(crate) type Entries = Vec<(Spanned<String>, Spanned<Said>)>;

/// Where in the text something is wrong, and what.
pub(crate) type Wrong = (usize, String);

/// As TOML has it, on one line.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(&toml_string(text)),
            Self::List(all) => {
                let all: Vec<String> = all.iter().map(|it| it.get_ref().to_string()).collect();
                write!(f, "[{}]", all.join(", "))
            }
            Self::Table(entries) => {
                let entries: Vec<String> = (entries.iter())
                    .map(|(key, value)| format!("{} = {}", key.get_ref(), value.get_ref()))
                    .collect();
                match entries.is_empty() {
                    true => f.write_str("{}"),
                    false => write!(f, "{{ {} }}", entries.join(", ")),
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Said;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false, a number, a text, a list or a table")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Said, E> {
                Ok(Said::Boolean(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Said, E> {
                Ok(Said::Integer(value))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Said, E> {
                Ok(Said::Float(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Said, E> {
                Ok(Said::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Said, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = list.next_element()? {
                    all.push(entry);
                }
                Ok(Said::List(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Said, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = table.next_entry()? {
                    entries.push(entry);
                }
                // As they stand there: what is wrong first is told first.
                entries.sort_by_key(|(key, _): &(Spanned<String>, _)| key.span().start);
                Ok(Said::Table(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
