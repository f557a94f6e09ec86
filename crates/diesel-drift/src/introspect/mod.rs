//! Live database → [`Catalog`]. One `.sql` file an object class, each a single set-based query, all in one
//! `REPEATABLE READ READ ONLY` transaction with an empty `search_path`.

mod applied;
mod children;
mod columns;
mod common;
mod constraints;
mod explain;
mod expressions;
mod indexes;
mod letter;
mod lookup;
mod not_nulls;
mod options;
mod others;
mod outside;
mod privileges;
mod query;
mod relations;
mod row;
mod schemas;
mod sequences;
mod session;
mod tree;
mod trigger_text;
mod types;
mod wanted;

use crate::catalog::{Catalog, Outside};
use crate::version;
use common::Common;
use diesel::{Connection, PgConnection};
use lookup::Lookup;
use not_nulls::NotNulls;
use relations::{RelationRows, Relations};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use types::{TypeRows, Types};

pub use applied::{Applied, AppliedVersion};
pub use wanted::Wanted;

/// A database as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// What it holds.
    pub catalog: Catalog,
    /// `server_version_num`: `150018`.
    pub server_version: u32,
    /// `current_schemas(false)` as a plain connection to the database has it: where an unqualified name is looked up.
    pub search_path: Vec<String>,
}

/// How long the server may take. `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one query (`statement_timeout`).
    pub statement: Option<Duration>,
    /// For a lock that a deparse function needs on a table that somebody alters (`lock_timeout`).
    pub lock: Option<Duration>,
    /// Between two queries (`idle_in_transaction_session_timeout`).
    pub idle: Option<Duration>,
}

/// A minute, ten seconds, a minute.
impl Default for Limits {
    fn default() -> Self {
        Self {
            statement: Some(Duration::from_secs(60)),
            lock: Some(Duration::from_secs(10)),
            idle: Some(Duration::from_secs(60)),
        }
    }
}

/// Reads the catalog of the database behind `connection`, within the default [`Limits`].
///
/// # Errors
/// As [`introspect_within`].
pub fn introspect(connection: &mut PgConnection, wanted: &Wanted) -> Result<Live, IntrospectError> {
    introspect_within(connection, wanted, &Limits::default())
}

/// Reads the catalog of the database behind `connection`.
///
/// One read-only transaction sees one state of the database. It leaves the connection's settings as they were.
///
/// # Errors
/// When the connection is inside a transaction already; when the server refuses or breaks off a query: the error
/// names the query's file; when the catalog does not fit together.
pub fn introspect_within(
    connection: &mut PgConnection,
    wanted: &Wanted,
    limits: &Limits,
) -> Result<Live, IntrospectError> {
    in_one_snapshot(connection, limits, |connection| {
        read(connection, wanted, limits)
    })
}

/// Reads the catalog as the open transaction of `connection` sees it, and leaves nothing behind in that transaction.
///
/// # Errors
/// As [`introspect_within`]; the transaction is good for nothing then but being rolled back.
pub(crate) fn introspect_inside(
    connection: &mut PgConnection,
    wanted: &Wanted,
) -> Result<Live, IntrospectError> {
    /// Takes what was read out of a savepoint that is rolled back: what was set for it goes with it.
    struct Undone(Result<Box<Live>, IntrospectError>);
    impl From<diesel::result::Error> for Undone {
        fn from(error: diesel::result::Error) -> Self {
            Self(Err(error.into()))
        }
    }
    let limits = Limits::default();
    let Undone(read) = connection
        .transaction(|connection| {
            let live = read(connection, wanted, &limits);
            Err::<std::convert::Infallible, _>(Undone(live.map(Box::new)))
        })
        .map_or_else(|undone| undone, |never| match never {});
    read.map(|live| *live)
        .map_err(|error| explain::explain(connection, error, &limits))
}

/// A deployed database: its catalog, and the migrations that it says were applied, both of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// What it is.
    pub live: Live,
    /// What it says of its migrations.
    pub applied: Applied,
}

/// Reads a database and its record of migrations, as [`introspect_within`] does, in one transaction.
///
/// # Errors
/// As [`introspect_within`]. That the record is missing or may not be read is none.
pub fn introspect_deployed(
    connection: &mut PgConnection,
    wanted: &Wanted,
    limits: &Limits,
) -> Result<Deployed, IntrospectError> {
    in_one_snapshot(connection, limits, |connection| {
        let live = read(connection, wanted, limits)?;
        let applied = applied::read(connection, &live.search_path)?;
        Ok(Deployed { live, applied })
    })
}

/// What a database says of the migrations that were applied to it, and nothing else of it; in a transaction that only reads.
///
/// # Errors
/// When it cannot be read for another reason than that the table is not there or not to be read.
pub fn read_applied(
    connection: &mut PgConnection,
    limits: &Limits,
) -> Result<Applied, IntrospectError> {
    in_one_snapshot(connection, limits, |connection| {
        let session = session::session(connection)?;
        session::pin(connection, limits)?;
        applied::read(connection, &session.search_path)
    })
}

fn in_one_snapshot<T>(
    connection: &mut PgConnection,
    limits: &Limits,
    read: impl FnOnce(&mut PgConnection) -> Result<T, IntrospectError>,
) -> Result<T, IntrospectError> {
    connection
        .build_transaction()
        .repeatable_read()
        .read_only()
        .run(read)
        .map_err(|error| explain::explain(connection, error, limits))
}

fn read(
    connection: &mut PgConnection,
    wanted: &Wanted,
    limits: &Limits,
) -> Result<Live, IntrospectError> {
    let session = session::session(connection)?;
    let server_version = u32::try_from(session.server_version).unwrap_or_default();
    version::check(server_version).map_err(IntrospectError::TooOld)?;
    session::pin(connection, limits)?;

    let common = Common::read(connection, server_version)?;
    let relation_rows = RelationRows::read(connection, wanted)?;
    let type_rows = TypeRows::read(connection)?;
    let used = relation_rows.types().chain(type_rows.types()).collect();
    let not_nulls = NotNulls::read(connection)?;
    let lookup = Lookup::read(connection, used)?;
    let types = Types::new(type_rows, &lookup, &not_nulls, &common)?;
    let mut relations = Relations::new(relation_rows, &lookup, &not_nulls, &common)?;
    let served = constraints::read(connection, &mut relations)?;
    indexes::read(
        connection,
        &mut relations,
        &lookup,
        &served,
        &types.domain_bases,
    )?;
    children::read(connection, &mut relations, &common)?;
    let sequences = sequences::read(connection, &relations, &common)?;
    let statistics = children::statistics(connection, &common)?;
    let enums = types::enums(connection, &common)?;
    let schemas = schemas::schemas(connection, &common)?;
    let others = others::read(connection, &common)?;
    let outside_types = types::outside(connection, &wanted.types)?;

    let (relations, outside_relations) = relations.into_own_and_outside();
    let outside_relations = outside::wanted_relations(outside_relations, wanted);
    let (enums, outside_enums) = outside::own_and_outside(enums);
    let (domains, outside_domains) = outside::own_and_outside(types.domains);
    let columns = relations
        .iter()
        .chain(&outside_relations)
        .flat_map(|relation| &relation.columns);
    let attributes = types
        .composites
        .iter()
        .flat_map(|composite| &composite.attributes);
    let used = (columns.map(|column| &column.data_type))
        .chain(attributes.map(|attribute| &attribute.data_type))
        .chain(domains.iter().map(|domain| &domain.base))
        .chain(types.ranges.iter().map(|range| &range.subtype));
    let outside = Outside {
        domains: outside::wanted_domains(outside_domains, used, wanted),
        enums: outside::wanted_enums(outside_enums, wanted),
        relations: outside_relations,
        types: outside_types,
    };
    Ok(Live {
        catalog: Catalog {
            schemas,
            relations,
            sequences,
            statistics,
            enums,
            domains,
            composites: types.composites,
            ranges: types.ranges,
            outside,
            ..others
        },
        server_version,
        search_path: session.search_path,
    })
}

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IntrospectError {
    /// The transaction could not be begun or ended.
    #[error("reading the catalog failed: {0}")]
    Transaction(#[from] diesel::result::Error),
    /// PostgreSQL refused a query, or answered with what its documentation rules out.
    #[error("reading the catalog failed in {query}: {source}")]
    Query {
        /// The query's file.
        query: &'static str,
        /// What PostgreSQL said.
        source: diesel::result::Error,
    },
    /// Somebody held a lock for longer than was waited for.
    #[error(
        "reading the catalog failed in {query}: a lock of somebody else's was still held after lock_timeout ({limit:?}){holders}; \
         try again when that transaction has ended"
    )]
    Locked {
        /// The query's file.
        query: &'static str,
        /// `lock_timeout`.
        limit: Duration,
        /// Who holds what, in parentheses; empty where the lock was gone when it was asked for.
        holders: String,
    },
    /// The connection was lost.
    #[error(
        "the server went away while its catalog was being read ({0}); see its log, and try again"
    )]
    Gone(String),
    /// The server is older than the harness works with.
    #[error("{0}")]
    TooOld(String),
    /// The catalog refers to something that it does not hold, or holds a value with no known meaning.
    #[error("the catalog does not fit together: {0}; if the schema is being changed, try again")]
    Inconsistent(String),
}

impl IntrospectError {
    fn inconsistent(what: impl Into<String>) -> Self {
        Self::Inconsistent(what.into())
    }
}
