//! What the cases name and a server has only once: two roles and a tablespace.

use super::SelftestError;
use super::abilities::Abilities;
use crate::provision::Home;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl};

/// Their names in the cases.
const ROLES: [&str; 2] = ["app_ro", "app_other"];
/// Its name in the cases.
pub(super) const TABLESPACE: &str = "app_space";

/// What the names begin with in the cases.
const WRITTEN: &str = "app";

/// The names on one server. They are the scratch database's with something behind it, so that nobody else has them, and
/// whose database is gone is left over. They sort as those in the cases do.
#[derive(Clone, Debug)]
pub(super) struct Shared(String);

impl Shared {
    pub(super) fn of(home: &Home) -> Self {
        Self(home.name().to_owned())
    }

    fn names(&self) -> impl Iterator<Item = (&'static str, String)> {
        ROLES.into_iter().chain([TABLESPACE]).map(|written| {
            let name = written.replacen(WRITTEN, &self.0, 1);
            (written, name)
        })
    }

    /// A case's statements with the names of this server.
    pub(super) fn in_sql(&self, sql: &str) -> String {
        self.names().fold(sql.to_owned(), |sql, (written, name)| {
            sql.replace(written, &name)
        })
    }

    /// A text about this server with the names of the cases.
    pub(super) fn as_written(&self, text: &str) -> String {
        self.names().fold(text.to_owned(), |text, (written, name)| {
            text.replace(&name, written)
        })
    }

    /// Makes them.
    pub(super) fn make(
        &self,
        connection: &mut PgConnection,
        abilities: &Abilities,
    ) -> Result<(), SelftestError> {
        let roles = ROLES.map(|role| format!("CREATE ROLE {role} NOLOGIN"));
        let tablespace = [
            "SET allow_in_place_tablespaces = on".to_owned(),
            format!("CREATE TABLESPACE {TABLESPACE} LOCATION ''"),
        ];
        let tablespace = tablespace.iter().filter(|_| abilities.tablespaces);
        roles
            .iter()
            .chain(tablespace)
            .try_for_each(|statement| connection.batch_execute(&self.in_sql(statement)))
            .map_err(SelftestError::asking)
    }

    /// Drops them; no database may use them any more.
    pub(super) fn remove(&self, connection: &mut PgConnection) -> Result<(), String> {
        for (written, name) in self.names() {
            let class = if written == TABLESPACE {
                "TABLESPACE"
            } else {
                "ROLE"
            };
            let drop = format!("DROP {class} IF EXISTS {name}");
            connection
                .batch_execute(&drop)
                .map_err(|error| format!("{drop} failed: {error}"))?;
        }
        Ok(())
    }

    /// Drops those of runs that were killed: their database is gone. Failures are the next run's.
    pub(super) fn sweep(connection: &mut PgConnection) {
        let left: Vec<Left> = diesel::sql_query(
            "SELECT left(name, -length(substring(name from '_[a-z]+$'))) AS home
             FROM (SELECT rolname::text FROM pg_catalog.pg_roles UNION SELECT spcname::text FROM pg_catalog.pg_tablespace) s (name)
             WHERE name ~ '^diesel_drift_[0-9a-f]{16}_(ro|other|space)$'
               AND NOT EXISTS (
                   SELECT FROM pg_catalog.pg_database d
                   WHERE d.datname = left(name, -length(substring(name from '_[a-z]+$')))
               )",
        )
        .load(connection)
        .unwrap_or_default();
        for Left { home } in left {
            let _ = Self(home).remove(connection);
        }
    }
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = Text)]
    home: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_a_server_s_own_and_back() {
        let shared = Shared("diesel_drift_0011".to_owned());
        let sql = "GRANT SELECT ON t TO app_ro, app_other";
        let here = shared.in_sql(sql);
        assert_eq!(
            here,
            "GRANT SELECT ON t TO diesel_drift_0011_ro, diesel_drift_0011_other"
        );
        assert_eq!(shared.as_written(&here), sql);
    }
}
