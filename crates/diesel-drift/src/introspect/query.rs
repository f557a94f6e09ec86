//! Running one query, and naming it where it fails.

use super::IntrospectError;
use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{Array, Text};
use diesel::{PgConnection, QueryableByName};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// A `.sql` file of `introspect/sql/`.
#[derive(Clone, Copy)]
pub(super) struct Query {
    /// The file's name, for errors.
    pub(super) file: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

/// The query in a file of `introspect/sql/`.
macro_rules! query {
    ($file:literal) => {
        $crate::introspect::query::Query {
            file: $file,
            text: include_str!(concat!("sql/", $file)),
        }
    };
}
pub(super) use query;

/// One object as JSON.
#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ObjectRow {
    #[diesel(sql_type = Text)]
    object: String,
}

impl Query {
    /// The objects of a query whose columns are the fields of `T`, sorted by `key`.
    ///
    /// Each row travels as JSON: a column that is not a field of `T` is an error, a `NULL` and a column that is not there
    /// are the field's default. See [`text_for`] for columns that older servers lack.
    pub(super) fn objects<T, Key>(
        self,
        connection: &mut PgConnection,
        server_version: u32,
        key: impl Fn(&T) -> Key,
    ) -> Result<Vec<T>, IntrospectError>
    where
        T: DeserializeOwned,
        Key: Ord,
    {
        let text = format!(
            "SELECT json_strip_nulls(row_to_json(fields))::text AS object FROM (\n{}\n) AS fields",
            text_for(self.text, server_version)
        );
        let mut objects = self
            .load::<ObjectRow, _>(diesel::sql_query(text), connection)?
            .into_iter()
            .map(|row| serde_json::from_str(&row.object))
            .collect::<Result<Vec<T>, _>>()
            .map_err(|error| IntrospectError::Query {
                query: self.file,
                source: diesel::result::Error::DeserializationError(Box::new(error)),
            })?;
        objects.sort_by_cached_key(key);
        Ok(objects)
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
