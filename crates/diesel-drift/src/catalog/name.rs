//! Names, raw and quoted.

use crate::text::{is_misleading, show_name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

/// A schema and a name in it, both raw as `pg_namespace.nspname` and the object's own catalog hold them.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
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

    /// The name for people: each part bare where it is plain, else quoted and visible.
    pub(crate) fn shown(&self) -> String {
        format!("{}.{}", show_name(&self.schema), show_name(&self.name))
    }

    /// The name as SQL text, each part quoted where it must be.
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

/// `name` as an SQL identifier: bare where PostgreSQL reads it back as it is, else quoted, with escapes for what could not be
/// seen.
pub fn quote_identifier(name: &str) -> String {
    let begins_plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if begins_plain && name.chars().all(plain) && !RESERVED_WORDS.contains(name) {
        name.to_owned()
    } else if name.chars().any(is_misleading) {
        let escape = |c: char| match c {
            '"' => "\"\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if is_misleading(c) => format!("\\+{:06X}", c as u32),
            c => c.to_string(),
        };
        format!("U&\"{}\"", name.chars().map(escape).collect::<String>())
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Whether `written` is what somebody writes who means what is `sql` as SQL: with or without its schema, with or without quotes.
pub(crate) fn means_name(written: &str, sql: &str) -> bool {
    let is_end = |whole: &str| {
        let before = whole.strip_suffix(written);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    !written.is_empty() && (is_end(sql) || sql.contains('"') && is_end(&sql.replace('"', "")))
}

/// Whether a table or column of that name has to be quoted by whoever writes SQL. PostgreSQL's own `quote_ident` quotes more: `time` and `position`
/// are plain as names of columns.
pub(crate) fn must_be_quoted(name: &str) -> bool {
    quote_identifier(name) != name && !PLAIN_COLUMNS.split_whitespace().any(|word| word == name)
}

/// The words of `pg_get_keywords()` with `catcode` `C`: names of columns, and of functions and types not.
const PLAIN_COLUMNS: &str = "
    between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer
    interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize
    json_table json_value least merge_action national nchar none normalize nullif numeric out overlay position precision
    real row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists
    xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
";

/// It is asked for each name of a schema.
static RESERVED_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| RESERVED.split_whitespace().collect());

/// What `quote_ident` quotes in PostgreSQL 13 to 18: the words of `pg_get_keywords()` with `catcode` `R`, `T` or `C`.
const RESERVED: &str = "
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean
    both case cast char character check coalesce collate collation column concurrently constraint create
    cross current_catalog current_date current_role current_schema current_time current_timestamp
    current_user dec decimal default deferrable desc distinct do else end except exists extract false
    fetch float for foreign freeze from full grant greatest group grouping having ilike in initially
    inner inout int integer intersect interval into is isnull join json json_array json_arrayagg
    json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
    lateral leading least left like limit localtime localtimestamp merge_action national natural nchar
    none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay
    placing position precision primary real references returning right row select session_user setof
    similar smallint some substring symmetric system_user table tablesample then time timestamp to
    trailing treat trim true union unique user using values varchar variadic verbose when where window
    with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
    xmlserialize xmltable
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_with_or_without_its_schema_and_quotes() {
        for written in ["public.posts", "posts"] {
            assert!(means_name(written, "public.posts"), "{written}");
        }
        for written in ["app.\"Mood\"", "\"Mood\"", "app.Mood", "Mood"] {
            assert!(means_name(written, "app.\"Mood\""), "{written}");
        }
        for written in ["osts", "app.posts", "", "public", "mood"] {
            assert!(!means_name(written, "public.posts"), "{written}");
        }
    }

    #[test]
    fn a_column_may_be_called_as_a_type_is() {
        for plain in ["time", "timestamp", "position", "values", "type", "name"] {
            assert!(!must_be_quoted(plain), "{plain}");
        }
        for quoted in ["user", "order", "left", "displayName"] {
            assert!(must_be_quoted(quoted), "{quoted}");
        }
    }

    #[test]
    fn identifiers_are_quoted_where_they_must_be() {
        for bare in ["posts", "_x", "a1", "name"] {
            assert_eq!(quote_identifier(bare), bare);
        }
        for (name, quoted) in [
            ("user", "\"user\""),
            ("Mood", "\"Mood\""),
            ("1a", "\"1a\""),
            ("a\"b", "\"a\"\"b\""),
            ("", "\"\""),
        ] {
            assert_eq!(quote_identifier(name), quoted);
        }
    }
}
