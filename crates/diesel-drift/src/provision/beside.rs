//! Further databases on the server of a scratch database: marked, and swept if they are left, as it is.

use super::conninfo::{Conninfo, ServerUrl};
use super::server::{self, RECONNECTING, sentence};
use super::{Database, ProvisionError};
use diesel::connection::SimpleConnection;
use diesel::result::Error;
use diesel::{Connection, PgConnection};

/// `DROP DATABASE` refuses while there are subscriptions. No subscription here has a slot on another server.
const DROP_SUBSCRIPTIONS: &str = "
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT subname FROM pg_catalog.pg_subscription s
        JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
    LOOP
        EXECUTE format('ALTER SUBSCRIPTION %I DISABLE', name);
        EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', name);
        EXECUTE format('DROP SUBSCRIPTION %I', name);
    END LOOP;
END $$";

/// A session on the server of a scratch database, which makes further databases. Their locks are the session's.
pub(crate) struct Beside {
    connection: PgConnection,
    conninfo: Conninfo,
}

/// Where a session begins: at a scratch database.
#[derive(Clone)]
pub(crate) struct Home(Conninfo);

impl Home {
    /// At `database`.
    ///
    /// # Errors
    /// When its connection string cannot be read.
    pub(crate) fn of(database: &Database) -> Result<Self, ProvisionError> {
        Self::at(database.libpq()).map_err(|reason| ProvisionError::Beside(reason.to_owned()))
    }

    /// At the database of a connection string.
    pub(super) fn at(url: &ServerUrl) -> Result<Self, &'static str> {
        Conninfo::parse(url).map(Self)
    }

    /// The name of the scratch database.
    pub(crate) fn name(&self) -> &str {
        self.0.database().unwrap_or_default()
    }

    /// Begins a session.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(crate) fn session(&self) -> Result<Beside, ProvisionError> {
        let connection = server::connect(&self.0, RECONNECTING)
            .map_err(|reason| ProvisionError::Beside(self.0.redact(&reason)))?;
        Ok(Beside {
            connection,
            conninfo: self.0.clone(),
        })
    }
}

impl Beside {
    /// Makes a database that holds what `template` does (an empty one: [`EMPTY`]) and returns its name. Nobody may be
    /// connected to the template.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn create(&mut self, template: &str) -> Result<String, ProvisionError> {
        server::create(&mut self.connection, template)
            .map_err(|(reason, advice)| ProvisionError::Beside(format!("{reason}; {advice}")))
    }

    /// The URL of a database on the server.
    pub(crate) fn url(&self, name: &str) -> ServerUrl {
        ServerUrl::from(self.conninfo.url_of(name, &[]).as_str())
    }

    /// The session's own connection.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// The session's connection, with which the locks go, and where it begins.
    pub(super) fn into_parts(self) -> (PgConnection, Conninfo) {
        (self.connection, self.conninfo)
    }

    /// Drops a database that it made, with its subscriptions.
    ///
    /// # Errors
    /// When the server refuses; the next run sweeps it.
    pub(crate) fn remove(&mut self, name: &str) -> Result<(), ProvisionError> {
        self.subscriptions(name)
            .and_then(|()| server::drop_database(&mut self.connection, name))
            .map_err(|error| {
                ProvisionError::Beside(format!("DROP DATABASE {name} failed: {}", sentence(&error)))
            })
    }

    fn subscriptions(&mut self, name: &str) -> Result<(), Error> {
        let found = diesel::sql_query(
            "SELECT FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
             WHERE d.datname = $1",
        )
        .bind::<diesel::sql_types::Text, _>(name);
        if diesel::RunQueryDsl::execute(found, &mut self.connection)? == 0 {
            return Ok(());
        }
        let url = self.conninfo.url_of(name, &[]);
        // Without a connection, `DROP DATABASE` says what is in the way.
        match PgConnection::establish(&url) {
            Ok(mut inside) => inside.batch_execute(DROP_SUBSCRIPTIONS),
            Err(_) => Ok(()),
        }
    }
}

/// The template of an empty database.
pub(crate) const EMPTY: &str = server::TEMPLATE;
