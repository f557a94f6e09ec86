//! Running one query, and naming it where it fails.

use super::IntrospectError;
use super::common::Common;
use diesel::pg::Pg;
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{Array, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A `.sql` file of `introspect/sql/`.
#[derive(Clone, Copy)]
pub(super) struct Query {
    /// The file's name, for errors.
    pub(super) file: &'static str,
    /// Its text.
    pub(super) text: &'static str,
    /// The catalog without whose rows it has none, where that is one of `populated.sql`.
    pub(super) of: Option<&'static str>,
}

/// The query in a file of `introspect/sql/`, after the text of others that it builds on.
macro_rules! query {
    ($file:literal $(, after $before:literal)*) => {
        $crate::introspect::query::Query {
            file: $file,
            text: concat!($(include_str!(concat!("sql/", $before)), "\n",)* include_str!(concat!("sql/", $file))),
            of: None,
        }
    };
    ($file:literal, of $catalog:literal $(, after $before:literal)*) => {
        $crate::introspect::query::Query {
            of: Some($catalog),
            ..$crate::introspect::query::query!($file $(, after $before)*)
        }
    };
}
pub(super) use query;

/// One row as JSON.
#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ObjectRow {
    #[diesel(sql_type = Text)]
    object: String,
}

/// What hangs on a relation.
pub(super) struct Part<T> {
    /// The relation's number.
    pub(super) relation: u32,
    /// The text that the rest of the object is to be found in.
    pub(super) text: Option<String>,
    pub(super) object: T,
}

impl Query {
    /// The objects of a query whose columns are the fields of `T`, sorted by schema, name and signature.
    ///
    /// A column that is no field of `T` is an error; a `NULL`, also inside a column's JSON, is the field's default. Two fields are put
    /// right on the way: the owner (`owner`, by name) is left out where it is the usual one, and a row that says which it is
    /// in `pg_depend`'s manner (`class`, which is `tableoid`, and `oid`) gets its privileges.
    ///
    /// See [`text_for`] for what older servers lack.
    pub(super) fn objects<T: DeserializeOwned>(
        self,
        connection: &mut PgConnection,
        common: &Common,
    ) -> Result<Vec<T>, IntrospectError> {
        let mut objects = self.maps(connection, common)?;
        objects.sort_by_cached_key(identity);
        objects
            .into_iter()
            .map(|object| self.object(object, common))
            .collect()
    }

    /// What hangs on relations: as [`Self::objects`], and the column `relation` is the number of its relation, `text` what is
    /// returned beside it.
    pub(super) fn parts<T: DeserializeOwned>(
        self,
        connection: &mut PgConnection,
        common: &Common,
    ) -> Result<Vec<Part<T>>, IntrospectError> {
        let part = |mut object: Map<String, Value>| {
            Ok(Part {
                relation: number(&mut object, "relation").unwrap_or_default(),
                text: match object.remove("text") {
                    Some(Value::String(text)) => Some(text),
                    _ => None,
                },
                object: self.object(object, common)?,
            })
        };
        let objects = self.maps(connection, common)?;
        objects.into_iter().map(part).collect()
    }

    /// The rows, each as a map from column to value.
    fn maps(
        self,
        connection: &mut PgConnection,
        common: &Common,
    ) -> Result<Vec<Map<String, Value>>, IntrospectError> {
        if self
            .of
            .is_some_and(|catalog| !common.populated.contains(catalog))
        {
            return Ok(Vec::new());
        }
        let text = format!(
            "SELECT json_strip_nulls(row_to_json(fields))::text AS object FROM (\n{}\n) AS fields",
            text_for(self.text, common.server_version)
        );
        let rows: Vec<ObjectRow> = self.load(diesel::sql_query(text), connection)?;
        rows.into_iter().map(|row| self.json(&row.object)).collect()
    }

    fn object<T: DeserializeOwned>(
        self,
        mut object: Map<String, Value>,
        common: &Common,
    ) -> Result<T, IntrospectError> {
        if object.get("owner").and_then(Value::as_str) == Some(&common.usual_owner) {
            object.remove("owner");
        }
        if let (Some(class), Some(oid)) = (number(&mut object, "class"), number(&mut object, "oid"))
        {
            let privileges = common.privileges(class, oid, 0);
            if !privileges.0.is_empty() {
                let privileges =
                    serde_json::to_value(privileges).map_err(|error| self.no_fit(error))?;
                object.insert("privileges".to_owned(), privileges);
            }
        }
        serde_json::from_value(Value::Object(object)).map_err(|error| self.no_fit(error))
    }

    /// What a query returned as JSON.
    pub(super) fn json<T: DeserializeOwned>(self, text: &str) -> Result<T, IntrospectError> {
        serde_json::from_str(text).map_err(|error| self.no_fit(error))
    }

    /// What a query returned as JSON, if anything; else the default.
    pub(super) fn json_or_none<T: DeserializeOwned + Default>(
        self,
        text: Option<String>,
    ) -> Result<T, IntrospectError> {
        text.map_or_else(|| Ok(T::default()), |text| self.json(&text))
    }

    fn no_fit(self, error: serde_json::Error) -> IntrospectError {
        IntrospectError::Query {
            query: self.file,
            source: diesel::result::Error::DeserializationError(Box::new(error)),
        }
    }

    /// The rows of a query without parameters.
    pub(super) fn rows<Row>(
        self,
        connection: &mut PgConnection,
    ) -> Result<Vec<Row>, IntrospectError>
    where
        Row: diesel::deserialize::QueryableByName<Pg> + 'static,
    {
        self.load(diesel::sql_query(self.text), connection)
    }

    /// The rows of a query that takes names as its only parameter.
    pub(super) fn rows_for<Row>(
        self,
        connection: &mut PgConnection,
        names: &BTreeSet<String>,
    ) -> Result<Vec<Row>, IntrospectError>
    where
        Row: diesel::deserialize::QueryableByName<Pg> + 'static,
    {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.load(
            diesel::sql_query(self.text).bind::<Array<Text>, _>(names),
            connection,
        )
    }

    /// The rows of this query once its parameters are bound.
    pub(super) fn load<'query, Row, Bound>(
        self,
        bound: Bound,
        connection: &mut PgConnection,
    ) -> Result<Vec<Row>, IntrospectError>
    where
        Bound: LoadQuery<'query, PgConnection, Row> + RunQueryDsl<PgConnection>,
    {
        bound
            .load(connection)
            .map_err(|source| IntrospectError::Query {
                query: self.file,
                source,
            })
    }
}

/// What an object is sorted by: schema, name, signature; a global object has no schema.
fn identity(object: &Map<String, Value>) -> (String, String, String) {
    let text = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let signature = text(object.get("signature"));
    match object.get("name") {
        Some(Value::Object(name)) => (text(name.get("schema")), text(name.get("name")), signature),
        name => (String::new(), text(name), signature),
    }
}

/// Takes out a number that PostgreSQL writes as text (`oid`).
fn number(object: &mut Map<String, Value>, field: &str) -> Option<u32> {
    object.remove(field)?.as_str()?.parse().ok()
}

/// `text` as a server of that version (`server_version_num`) takes it: without the lines that end in `-- since N` where
/// its major version is less than N.
fn text_for(text: &str, server_version: u32) -> String {
    let major = server_version / 10_000;
    let since = |line: &str| {
        let (_, since) = line.rsplit_once("-- since ")?;
        since.trim().parse::<u32>().ok()
    };
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        if since(line).is_none_or(|since| since <= major) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::text_for;

    #[test]
    fn lines_of_newer_servers_are_left_out() {
        let text = "SELECT a,\n  b, -- since 15\n  c, -- since when?\n  d, -- since 14\n  e";
        assert_eq!(
            text_for(text, 140_018),
            "SELECT a,\n  c, -- since when?\n  d, -- since 14\n  e\n"
        );
        assert_eq!(text_for(text, 150_000), format!("{text}\n"));
    }
}
