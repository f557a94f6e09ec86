//! A server with the cases' base, and a copy of it for each case.

use super::SelftestError;
use super::abilities::Abilities;
use super::case::{BASE, Case};
use super::shared::Shared;
use crate::introspect::{Live, Wanted, introspect};
use crate::migrate::split;
use crate::provision::{
    self, Beside, Database, EMPTY, Held, Home, Lease, ProvisionError, ServerUrl, hold,
};
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where an extension of the base cannot be had, what stands for what it brings; the cases that are about the extension
/// itself are skipped.
const STAND_INS: [(&str, &str, &str); 2] = [
    (
        "citext",
        "CREATE EXTENSION IF NOT EXISTS citext",
        "CREATE DOMAIN citext AS text",
    ),
    (
        "postgres_fdw",
        "CREATE EXTENSION IF NOT EXISTS postgres_fdw",
        "CREATE FOREIGN DATA WRAPPER postgres_fdw",
    ),
];

/// A statement of a case may take this long; it locks nobody else's tables.
const LIMITS: &str = "SET statement_timeout = '60s'; SET client_min_messages = error";

/// A server with a database that holds the base. Dropping it removes everything that was made.
pub struct Bench {
    /// The databases and roles go before the scratch database that they are named after.
    lease: Lease,
    left: Arc<Left>,
    shared: Shared,
    base: String,
    live: Live,
    abilities: Abilities,
    database: Database,
}

impl Bench {
    /// Makes a scratch database and, beside it, the base.
    ///
    /// # Errors
    /// When there is no server to be had, when its role is no superuser, and when the base cannot be made or read.
    pub fn make(options: &provision::Options) -> Result<Self, SelftestError> {
        let database = provision::provision(options)?;
        let home = Home::of(&database)?;
        let shared = Shared::of(&home);
        let mut session = home.session()?;
        let abilities = Abilities::read(session.connection(), database.server_version())?;
        Shared::sweep(session.connection());
        let left = Arc::new(Left {
            home,
            shared: shared.clone(),
            databases: Mutex::new(Some(BTreeSet::new())),
        });
        let lease = hold(Box::new(Removal(Arc::clone(&left))));
        shared.make(session.connection(), &abilities)?;
        let base = left.make(&mut session, EMPTY)?;
        let mut connection = connect(&session.url(&base))?;
        for script in BASE {
            let script = shared.in_sql(&with_stand_ins(script, &abilities));
            run(&mut connection, &script).map_err(SelftestError::Base)?;
        }
        let live = introspect(&mut connection, &Wanted::default())?;
        Ok(Self {
            lease,
            left,
            shared,
            base,
            live,
            abilities,
            database,
        })
    }

    /// What its server can make.
    pub fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    /// One line about its server, without a password.
    pub fn describe(&self) -> String {
        self.database.describe()
    }

    /// A text about this server, with the names that the cases have for its roles.
    pub fn as_written(&self, text: &str) -> String {
        self.shared.as_written(text)
    }

    /// Begins work on cases; several can work beside each other.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn worker(&self) -> Result<Worker<'_>, SelftestError> {
        Ok(Worker {
            bench: self,
            session: self.left.home.session()?,
        })
    }

    /// Removes everything, and says if that failed (dropping cannot).
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub fn close(self) -> Result<(), SelftestError> {
        self.lease.release().map_err(ProvisionError::Cleanup)?;
        Ok(self.database.close()?)
    }
}

/// A session that makes copies of the base.
pub struct Worker<'bench> {
    bench: &'bench Bench,
    session: Beside,
}

impl Worker<'_> {
    /// A database that holds the base and what is given for `case`, but not its change yet.
    ///
    /// # Errors
    /// When it cannot be made, and when a statement fails.
    pub fn prepare(&mut self, case: &Case) -> Result<Copy<'_>, SelftestError> {
        let name = self.bench.left.make(&mut self.session, &self.bench.base)?;
        let url = self.session.url(&name);
        let mut copy = Copy {
            name,
            left: &self.bench.left,
            session: &mut self.session,
            shared: &self.bench.shared,
            connection: connect(&url)?,
            url,
            before: self.bench.live.clone(),
        };
        if !case.given.is_empty() {
            copy.run(&case.given)?;
            copy.before = copy.read()?;
        }
        Ok(copy)
    }
}

/// A copy of the base. Dropping it removes it.
pub struct Copy<'worker> {
    name: String,
    left: &'worker Left,
    session: &'worker mut Beside,
    shared: &'worker Shared,
    connection: PgConnection,
    url: ServerUrl,
    before: Live,
}

impl Copy<'_> {
    /// The catalog before the change.
    pub fn before(&self) -> &Live {
        &self.before
    }

    /// Its libpq URL. It may hold a password.
    pub fn url(&self) -> &str {
        self.url.reveal()
    }

    /// Changes it as `case` says, and reads its catalog.
    ///
    /// # Errors
    /// When a statement fails, and when the catalog cannot be read.
    pub fn change(&mut self, case: &Case) -> Result<Live, SelftestError> {
        self.run(&case.sql)?;
        self.read()
    }

    fn run(&mut self, sql: &str) -> Result<(), SelftestError> {
        run(&mut self.connection, &self.shared.in_sql(sql)).map_err(SelftestError::Case)
    }

    fn read(&mut self) -> Result<Live, SelftestError> {
        // Not the case's session: what it has set is its own.
        Ok(introspect(&mut connect(&self.url)?, &Wanted::default())?)
    }
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        // What is left goes with the bench, which says what could not be removed.
        let _ = self.left.remove(self.session, &self.name);
    }
}

fn connect(url: &ServerUrl) -> Result<PgConnection, SelftestError> {
    let mut connection = url.connect().map_err(ProvisionError::Beside)?;
    connection
        .batch_execute(LIMITS)
        .map_err(SelftestError::asking)?;
    Ok(connection)
}

/// Runs a script statement by statement: some can stand in no transaction.
fn run(connection: &mut PgConnection, script: &str) -> Result<(), String> {
    split(script).into_iter().try_for_each(|statement| {
        let statement = &script[statement];
        connection
            .batch_execute(statement)
            .map_err(|error| format!("{error} in: {statement}"))
    })
}

fn with_stand_ins(script: &str, abilities: &Abilities) -> String {
    STAND_INS
        .iter()
        .filter(|(extension, ..)| !abilities.extension(extension, None))
        .fold(script.to_owned(), |script, (_, real, stand_in)| {
            script.replace(real, stand_in)
        })
}

/// What was made on the server and not yet removed.
struct Left {
    home: Home,
    shared: Shared,
    /// None once they are being removed: nothing more is made then.
    databases: Mutex<Option<BTreeSet<String>>>,
}

impl Left {
    fn databases(&self) -> MutexGuard<'_, Option<BTreeSet<String>>> {
        // No code panics while it holds the lock.
        self.databases
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self, session: &mut Beside, template: &str) -> Result<String, ProvisionError> {
        let name = session.create(template)?;
        if let Some(databases) = &mut *self.databases() {
            databases.insert(name.clone());
            return Ok(name);
        }
        session.remove(&name)?;
        Err(ProvisionError::ShuttingDown)
    }

    fn remove(&self, session: &mut Beside, name: &str) -> Result<(), ProvisionError> {
        session.remove(name)?;
        if let Some(databases) = &mut *self.databases() {
            databases.remove(name);
        }
        Ok(())
    }
}

struct Removal(Arc<Left>);

impl Held for Removal {
    fn release(self: Box<Self>) -> Result<(), String> {
        let Left { home, shared, .. } = &*self.0;
        let databases = self.0.databases().take().unwrap_or_default();
        let mut session = home.session().map_err(|error| error.to_string())?;
        for name in databases {
            session.remove(&name).map_err(|error| error.to_string())?;
        }
        shared.remove(session.connection())
    }
}
