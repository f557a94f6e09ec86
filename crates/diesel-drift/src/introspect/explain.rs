//! What lies behind a failure while the catalog was read.

use super::query::{Query, query};
use super::{IntrospectError, Limits, session};
use crate::catalog::QualifiedName;
use crate::subject::Subject;
use diesel::result::Error;
use diesel::sql_types::{Integer, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Lock {
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// The error with what only another look at the server tells: that it is gone, or who holds the lock that was waited for.
pub(super) fn explain(
    connection: &mut PgConnection,
    error: IntrospectError,
    limits: &Limits,
) -> IntrospectError {
    let (query, source) = match &error {
        IntrospectError::Query { query, source } => (Some(*query), source),
        IntrospectError::Transaction(source) => (None, source),
        _ => return error,
    };
    if !matches!(source, Error::AlreadyInTransaction)
        && diesel::sql_query("SELECT 1").execute(connection).is_err()
    {
        return IntrospectError::Gone(one_line(&source.to_string()));
    }
    match (query, source) {
        (Some(query), Error::DatabaseError(_, information))
            if information.message().contains("lock timeout") =>
        {
            IntrospectError::Locked {
                query,
                limit: limits.lock.unwrap_or_default(),
                holders: holders(connection, limits),
            }
        }
        _ => error,
    }
}

/// Who holds locks now, as a clause; empty where nobody is seen any more.
fn holders(connection: &mut PgConnection, limits: &Limits) -> String {
    const LOCKS: Query = query!("locks.sql");
    let locks = connection
        .build_transaction()
        .read_only()
        .run(|connection| {
            session::pin(connection, limits)?;
            LOCKS.rows::<Lock>(connection)
        });
    let locks: Vec<_> = (locks.unwrap_or_default().iter())
        .map(|Lock { schema, name, pid }| {
            let relation = Subject::Relation(QualifiedName::new(schema, name));
            format!("process {pid} of the server holds `{relation}`")
        })
        .collect();
    if locks.is_empty() {
        return String::new();
    }
    format!(" ({})", locks.join(", "))
}

/// libpq breaks its messages into indented lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
