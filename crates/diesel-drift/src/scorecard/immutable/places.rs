//! Which rows are tried.

use crate::catalog::{QualifiedName, Relation};
use diesel::result::QueryResult;
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};

/// Where a row is.
#[derive(QueryableByName)]
pub(super) struct Place {
    /// `pg_class.oid` of the table, partition or heir that holds it.
    #[diesel(sql_type = Text)]
    relation: String,
    /// `ctid`, which stays what it is while every change is taken back.
    #[diesel(sql_type = Text)]
    at: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Place {
    /// The relation that holds it.
    pub(super) fn relation(&self) -> QualifiedName {
        QualifiedName::new(&self.schema, &self.name)
    }

    /// The row, as a condition on `t`.
    pub(super) fn condition(&self) -> String {
        format!("t.tableoid = {} AND t.ctid = '{}'", self.relation, self.at)
    }
}

/// So many rows are tried: made ones are three in a table, seeds may bring thousands.
const MOST: usize = 12;

/// Rows of a table, first one of each partition and heir.
pub(super) fn places(connection: &mut PgConnection, table: &Relation) -> QueryResult<Vec<Place>> {
    let rows = format!(
        "SELECT t.tableoid AS relation, t.ctid::text AS at, \
         pg_catalog.row_number() OVER (PARTITION BY t.tableoid ORDER BY t.ctid) AS place FROM {} AS t",
        table.name.to_sql()
    );
    let query = format!(
        "SELECT o.relation::text AS relation, o.at, n.nspname::text AS schema, c.relname::text AS name \
         FROM ({rows}) AS o JOIN pg_catalog.pg_class AS c ON c.oid = o.relation \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace ORDER BY o.place, o.relation LIMIT {MOST}"
    );
    sql_query(query).load(connection)
}
