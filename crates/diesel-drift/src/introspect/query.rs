//! Running one query, and naming it where it fails.

use super::IntrospectError;
use super::common::Common;
use diesel::pg::Pg;
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{Array, Oid, Text};
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

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ObjectRow {
    #[diesel(sql_type = Oid)]
    class: u32,
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    object: String,
}

impl Query {
    /// The objects of a query that returns, for each, the number of its catalog as `class`, its own as `oid` and itself as
    /// `object`: the text of a JSON object whose keys are the struct's fields.
    ///
    /// A null in it is as good as absent. Its owner (`owner`) is dropped where it is the usual one; its privileges are put in.
    pub(super) fn objects<T: DeserializeOwned>(
        self,
        connection: &mut PgConnection,
        common: &Common,
    ) -> Result<Vec<T>, IntrospectError> {
        let rows: Vec<ObjectRow> = self.rows(connection)?;
        rows.into_iter()
            .map(|row| self.object(&row, common))
            .collect()
    }

    fn object<T: DeserializeOwned>(
        self,
        row: &ObjectRow,
        common: &Common,
    ) -> Result<T, IntrospectError> {
        let mut object: Map<String, Value> = self.json(&row.object)?;
        object.values_mut().for_each(drop_nulls);
        object.retain(|_, value| !value.is_null());
        if object.get("owner").and_then(Value::as_str) == Some(&common.usual_owner) {
            object.remove("owner");
        }
        let privileges = common.privileges(row.class, row.oid, 0);
        if !privileges.0.is_empty() {
            let privileges = serde_json::to_value(privileges);
            object.insert(
                "privileges".to_owned(),
                privileges.map_err(|e| self.no_fit(&e))?,
            );
        }
        serde_json::from_value(Value::Object(object)).map_err(|error| self.no_fit(&error))
    }

    /// What a query returned as JSON.
    pub(super) fn json<T: DeserializeOwned>(self, text: &str) -> Result<T, IntrospectError> {
        serde_json::from_str(text).map_err(|error| self.no_fit(&error))
    }

    fn no_fit(self, error: &serde_json::Error) -> IntrospectError {
        IntrospectError::inconsistent(format!("{}: {error}", self.file))
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

/// Drops what is null from the objects in `value`.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(drop_nulls);
            fields.retain(|_, value| !value.is_null());
        }
        Value::Array(values) => values.iter_mut().for_each(drop_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
