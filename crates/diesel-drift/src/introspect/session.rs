//! The session that the catalog is read in.

use super::query::{Query, query};
use super::{IntrospectError, Limits};
use diesel::sql_types::{Array, BigInt, Integer, Text};
use diesel::{PgConnection, QueryableByName};
use std::time::Duration;

/// What the connection has by itself.
#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub(super) struct Session {
    #[diesel(sql_type = Integer)]
    pub(super) server_version: i32,
    #[diesel(sql_type = Array<Text>)]
    pub(super) search_path: Vec<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Pinned {
    #[diesel(sql_type = BigInt)]
    #[expect(
        dead_code,
        reason = "the settings are the effect; a query has to return something"
    )]
    pinned: i64,
}

/// Reads what the connection has by itself. To be called before [`pin`].
pub(super) fn session(connection: &mut PgConnection) -> Result<Session, IntrospectError> {
    const SESSION: Query = query!("session.sql");
    SESSION
        .rows(connection)?
        .pop()
        .ok_or_else(|| IntrospectError::inconsistent("the server says nothing about the session"))
}

/// Pins settings for the rest of the transaction.
pub(super) fn pin(connection: &mut PgConnection, limits: &Limits) -> Result<(), IntrospectError> {
    const PIN: Query = query!("pin.sql");
    let bound = diesel::sql_query(PIN.text)
        .bind::<Text, _>(milliseconds(limits.statement))
        .bind::<Text, _>(milliseconds(limits.lock))
        .bind::<Text, _>(milliseconds(limits.idle));
    PIN.load::<Pinned, _>(bound, connection).map(|_| ())
}

/// A time limit as a setting's text. PostgreSQL takes 0 for "no limit" and at most `i32::MAX`.
fn milliseconds(limit: Option<Duration>) -> String {
    let limit = limit.map_or(0, |limit| limit.as_millis().clamp(1, i32::MAX as u128));
    limit.to_string()
}

#[cfg(test)]
mod tests {
    use super::milliseconds;
    use std::time::Duration;

    #[test]
    fn a_limit_is_never_rounded_to_none() {
        assert_eq!(milliseconds(None), "0");
        assert_eq!(milliseconds(Some(Duration::from_micros(1))), "1");
        assert_eq!(milliseconds(Some(Duration::from_secs(2))), "2000");
        assert_eq!(milliseconds(Some(Duration::MAX)), "2147483647");
    }
}
