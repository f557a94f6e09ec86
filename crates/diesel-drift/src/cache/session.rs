//! What the migrations of a chain leave to those after them outside of the database: Diesel applies all of them over one connection.

use crate::provision::SUPERUSER;
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};

/// Settings of the session; temporary objects, a role or a transaction that is still there, and settings of the database or a role, which
/// only a new connection heeds; and what ALTER SYSTEM set, which holds from the next start on, and tablespaces elsewhere, which a copy of the cluster would share. The server is
/// the harness's own, with no other sessions.
const SESSION: &str = "SELECT \
    (SELECT pg_catalog.string_agg(s.name || '=' || s.setting, ',' ORDER BY s.name) \
       FROM pg_catalog.pg_settings AS s WHERE s.source = 'session') AS settings, \
    pg_catalog.pg_my_temp_schema() = 0 AND pg_catalog.pg_current_xact_id_if_assigned() IS NULL \
      AND current_user = $1 AND session_user = $1 \
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_db_role_setting) AS is_plain, \
    NOT EXISTS (SELECT FROM pg_catalog.pg_file_settings AS f WHERE f.sourcefile LIKE '%postgresql.auto.conf') \
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_tablespace AS t WHERE pg_catalog.pg_tablespace_location(t.oid) LIKE '/%') AS is_copied";

/// The state of a session.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
pub(crate) struct Session {
    #[diesel(sql_type = Nullable<Text>)]
    settings: Option<String>,
    #[diesel(sql_type = Bool)]
    is_plain: bool,
    #[diesel(sql_type = Bool)]
    is_copied: bool,
}

/// What a database is good for once the connection is closed over which it was migrated, and its server has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Its migrations may go on.
    Clean,
    /// It may be used as it is.
    Whole,
    /// It would not be what it was.
    Other,
}

impl Session {
    /// `None` where the session does not say: it may be in a transaction that failed.
    pub(crate) fn of(connection: &mut PgConnection) -> Option<Self> {
        diesel::sql_query(SESSION)
            .bind::<Text, _>(SUPERUSER)
            .get_result(connection)
            .ok()
    }

    /// What the database is good for without `connection`, whose session began as `first`.
    pub(crate) fn rest(first: Option<&Self>, connection: &mut PgConnection) -> Rest {
        let last = first.and_then(|_| Self::of(connection));
        match &last {
            Some(last) if last.is_copied => match last.is_plain && first == Some(last) {
                true => Rest::Clean,
                false => Rest::Whole,
            },
            _ => Rest::Other,
        }
    }
}
