//! Live database → [`Catalog`]. One `.sql` file an object class, each a single set-based query, all in one
//! `REPEATABLE READ READ ONLY` transaction with an empty `search_path`.

use crate::catalog::Catalog;
use diesel::PgConnection;
use std::collections::BTreeSet;

/// What a project names and may not own: looked up by name in system schemas and among the members of extensions,
/// and returned in [`Catalog::outside`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Relations that `table!` declares, by raw name in any schema.
    pub relations: BTreeSet<String>,
    /// Types that `schema.rs` names (`postgres_type(name = …)`, and types of other crates by their likely name), by
    /// raw name in any schema.
    pub types: BTreeSet<String>,
}

/// A database as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// What it holds.
    pub catalog: Catalog,
    /// `server_version_num`: `150018`.
    pub server_version: u32,
    /// `current_schemas(false)` as a plain connection to the database has it: where an unqualified name is looked up.
    pub search_path: Vec<String>,
}

/// Reads the catalog of the database behind `connection`.
///
/// # Errors
/// When the server refuses or breaks off a query; the error names the query's file.
pub fn introspect(connection: &mut PgConnection, wanted: &Wanted) -> Result<Live, IntrospectError> {
    let _ = (connection, wanted);
    todo!("helper: introspect")
}

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IntrospectError {
    /// PostgreSQL refused a query.
    #[error("reading the catalog failed in {query}: {source}")]
    Query {
        /// The query's file.
        query: &'static str,
        /// What PostgreSQL said.
        source: diesel::result::Error,
    },
}
