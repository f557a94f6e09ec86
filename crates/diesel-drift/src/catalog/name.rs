//! Names, raw and quoted.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A schema and a name in it, both raw as `pg_namespace.nspname` and the object's own catalog hold them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QualifiedName {
    /// The schema (`pg_namespace.nspname`).
    pub schema: String,
    /// The name in the schema.
    pub name: String,
}

impl QualifiedName {
    /// A name in a schema.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            schema: schema.into(),
            name: name.into(),
        }
    }

    /// A name in a schema, if both are there.
    pub(crate) fn from_parts(schema: Option<String>, name: Option<String>) -> Option<Self> {
        Some(Self::new(schema?, name?))
    }

    /// The name as SQL text, each part quoted.
    pub fn to_sql(&self) -> String {
        format!(
            "{}.{}",
            quote_identifier(&self.schema),
            quote_identifier(&self.name)
        )
    }
}

/// The raw parts joined by a dot: for people, not for SQL.
impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// `name` as a quoted SQL identifier.
///
/// It is quoted even where PostgreSQL would not need it: which words are reserved depends on the server's version.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
