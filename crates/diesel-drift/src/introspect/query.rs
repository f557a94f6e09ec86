//! Running one query, and naming it where it fails.

use super::IntrospectError;
use diesel::PgConnection;
use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{Array, Text};
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

impl Query {
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
