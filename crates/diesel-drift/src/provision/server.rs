//! A scratch database on a server that the user names.
//!
//! The database of the URL is connected to, and only `CREATE DATABASE` and `DROP DATABASE` are issued there. A scratch
//! database is marked within its `CREATE DATABASE`, by its name and by a connection limit that nobody would choose; its owner is
//! alive as long as an advisory lock derived from its name is held. The next run sweeps those that carry the mark and whose
//! owner is gone. `template0` is the template: `template1` may hold what no migration made, cannot be copied while
//! somebody is connected to it, and may be outdated in its collation.

use super::common::Common;
use super::conninfo::{Conninfo, ServerUrl};
use super::keep::Keep;
use super::patience::{wait_for, wait_while};
use super::registry::{Held, Startup};
use super::{Made, Options, Refusal, Site, probe, secret, template};
use crate::digest::sha256;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use std::sync::Arc;
use std::time::Duration;

/// What every scratch database's name begins with; 16 hexadecimal digits follow.
const PREFIX: &str = "diesel_drift_";

/// `pg_database.datconnlimit` of a scratch database. It is set by `CREATE DATABASE` itself, so that no crash can fall
/// between making and marking, and it limits nobody: `max_connections` is smaller.
pub(super) const MARK: i32 = 1_862_739;

/// First key of the advisory lock; the second is derived from the name.
pub(super) const LOCK_CLASS: i32 = 1_862_739;

/// Where a URL without a database connects to: it exists on nearly every server, one named after the user does not.
const MAINTENANCE: &str = "postgres";

/// What holds nothing but PostgreSQL's own.
pub(super) const TEMPLATE: &str = "template0";

/// How long a statement may take. `DROP DATABASE` waits for a checkpoint of the whole server.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long connecting once more may take, to drop a database whose session was cut off.
pub(super) const RECONNECTING: Duration = Duration::from_secs(10);

pub(super) fn make(options: &Options, startup: &Startup) -> Result<Made, Refusal> {
    let at = At::of(options)?;
    let (scratch, server_version) =
        at.wait(startup, "making a scratch database", |conninfo, startup| {
            let (mut connection, server_version) = open(&conninfo, startup)?;
            // Nobody may be waiting any more.
            startup
                .check("creating a scratch database")
                .map_err(|reason| (reason, "try again, or allow more time"))?;
            let name = create(&mut connection, TEMPLATE)?;
            let scratch = Scratch {
                name,
                connection,
                conninfo,
                keep: None,
                server: None,
            };
            Ok((scratch, server_version))
        })?;
    let url = at.conninfo.url_of(&scratch.name, &[]);
    Ok(at.made(url, server_version, Box::new(scratch)))
}

/// The server as it was named, and the database that is only connected to.
pub(super) fn named(options: &Options, startup: &Startup) -> Result<Made, Refusal> {
    let at = At::of(options)?;
    let server_version = at.wait(startup, "connecting", |conninfo, startup| {
        open(&conninfo, startup).map(|(_, version)| version)
    })?;
    let database = at.conninfo.database().unwrap_or(MAINTENANCE);
    let url = at.conninfo.url_of(database, &[]);
    Ok(at.made(url, server_version, Box::new(())))
}

/// The server that the options name. `None` where it does not answer, or does not say what it is: who wants a database there hears why.
pub(super) fn site(options: &Options, startup: &Startup) -> Option<Site> {
    let at = At::of(options).ok()?;
    let said = at.wait(startup, "connecting", |conninfo, startup| {
        let (mut connection, _) = open(&conninfo, startup)?;
        let own = template::ingredients(&mut connection);
        let roles = diesel::sql_query(ROLES).get_result::<Said>(&mut connection);
        match (own, roles) {
            (Ok(own), Ok(roles)) => Ok(format!("{own}\n{}", roles.text)),
            _ => Err(("the server does not say what it is".to_owned(), "")),
        }
    });
    Some(Site {
        provider: "server",
        identity: sha256(said.ok()?.as_bytes()),
        place: at.place,
    })
}

/// Which server it is, and its roles: migrations may ask for one before they grant to it.
const ROLES: &str = "
SELECT pg_catalog.json_build_array(
    (SELECT c.system_identifier FROM pg_catalog.pg_control_system() c),
    (SELECT pg_catalog.json_agg(r ORDER BY r.rolname) FROM pg_catalog.pg_roles r)
)::text AS text";

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    text: String,
}

fn refuse(reason: String, advice: &str) -> Refusal {
    Refusal {
        provider: "server",
        reason,
        advice: advice.to_owned(),
    }
}

/// The server that the options name.
struct At {
    conninfo: Conninfo,
    place: String,
}

impl At {
    fn of(options: &Options) -> Result<Self, Refusal> {
        let server = options.server_url.as_ref().ok_or_else(|| {
            refuse(
                "no server is configured".to_owned(),
                "name one with --server or DIESEL_DRIFT_SERVER (DATABASE_URL is never used: it may be production)",
            )
        })?;
        let conninfo = Conninfo::parse(server).map_err(|reason| {
            refuse(
                format!("the server's connection string cannot be read: {reason}"),
                "write it as postgres://user@host:port/database",
            )
        })?;
        let place = conninfo.place();
        Ok(Self { conninfo, place })
    }

    /// The server may accept the connection and never answer; libpq would wait for ever.
    fn wait<T: Send + 'static>(
        &self,
        startup: &Startup,
        doing: &str,
        work: impl FnOnce(Conninfo, &Startup) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Refusal> {
        let doing = format!("{doing} at {}", self.place);
        let (target, limit) = (self.conninfo.clone(), startup.clone());
        wait_while(move || work(target, &limit), || startup.check(&doing))
            .unwrap_or_else(|reason| Err((reason, "see whether the server answers, and try again")))
            .map_err(|(reason, advice)| refuse(self.conninfo.redact(&reason), advice))
    }

    fn made(self, url: String, server_version: u32, held: Box<dyn Held>) -> Made {
        Made {
            libpq: ServerUrl::from(url.as_str()),
            url,
            provider: "server",
            server_version,
            place: self.place,
            kept: None,
            server: None,
            passfile: None,
            held,
        }
    }
}

/// What failed, and what to do.
pub(super) type Failure = (String, &'static str);

/// Connects, and sweeps.
fn open(conninfo: &Conninfo, startup: &Startup) -> Result<(PgConnection, u32), Failure> {
    let mut connection = connect(conninfo, startup.left()).map_err(|reason| {
        (
            format!("connecting to {} failed: {reason}", conninfo.place()),
            "check the URL given with --server or DIESEL_DRIFT_SERVER, and that the server is running",
        )
    })?;
    let server_version =
        probe::server_version(&mut connection).map_err(|reason| (reason, "name another server"))?;
    sweep(&mut connection);
    Ok((connection, server_version))
}

/// A session beside the database that the user names.
pub(super) fn connect(conninfo: &Conninfo, limit: Duration) -> Result<PgConnection, String> {
    let seconds = limit.as_secs().max(2).to_string();
    let own = [
        ("fallback_application_name", "diesel-drift"),
        ("connect_timeout", seconds.as_str()),
        // The session is idle while the project's tests run, and no router in between may forget it.
        ("keepalives_idle", "30"),
        ("keepalives_interval", "10"),
        ("keepalives_count", "3"),
    ];
    let more: Vec<_> = own
        .into_iter()
        .filter(|(parameter, _)| !conninfo.has(parameter))
        .collect();
    let url = conninfo.url_of(conninfo.database().unwrap_or(MAINTENANCE), &more);
    let mut connection =
        PgConnection::establish(&url).map_err(|error| one_line(&error.to_string()))?;
    // The session has to outlive idle times, because the lock dies with it (PostgreSQL 14 brought the setting), and no
    // statement of it may take longer than anybody waits for it.
    let _ = diesel::sql_query(
        "SELECT pg_catalog.set_config(s.name, v.value, false)
         FROM pg_catalog.pg_settings s, (VALUES ('idle_session_timeout', '0'), ('statement_timeout', $1)) v (name, value)
         WHERE s.name = v.name",
    )
    .bind::<Text, _>(PATIENCE.as_millis().to_string())
    .execute(&mut connection);
    Ok(connection)
}

/// Takes the lock, then makes the database: whoever sees the mark sees the lock. Nobody may be connected to `template`.
pub(super) fn create(connection: &mut PgConnection, template: &str) -> Result<String, Failure> {
    let other = "try again; if it stays, please report it";
    let name = format!(
        "{PREFIX}{}",
        secret::random_hex(8).map_err(|reason| (reason, other))?
    );
    let locked = diesel::sql_query(
        "SELECT pg_catalog.pg_try_advisory_lock($1, pg_catalog.hashtext($2)) AS yes",
    )
    .bind::<Integer, _>(LOCK_CLASS)
    .bind::<Text, _>(&name)
    .get_result::<Yes>(connection)
    .map_err(|error| {
        (
            format!("taking an advisory lock failed: {}", sentence(&error)),
            other,
        )
    })?;
    if !locked.yes {
        return Err((
            "the lock of a new scratch database is taken".to_owned(),
            other,
        ));
    }
    let manner = manner(connection, template).map_err(|error| (sentence(&error), other))?;
    let statement =
        format!("CREATE DATABASE {name} TEMPLATE {template}{manner} CONNECTION LIMIT {MARK}");
    diesel::sql_query(statement)
        .execute(connection)
        .map_err(|error| match &error {
            Error::DatabaseError(DatabaseErrorKind::Unknown, message)
                if message.message().contains("permission denied") =>
            {
                (
                    format!("the role may not create a database: {}", sentence(&error)),
                    "run ALTER ROLE … CREATEDB as a superuser, or name a server where the role may",
                )
            }
            _ => (
                format!("CREATE DATABASE failed: {}", sentence(&error)),
                "see what PostgreSQL says, or name another server",
            ),
        })?;
    Ok(name)
}

/// Projects expect UTF-8; only where `template0` has another encoding does it need saying, and then a locale that fits. Files are copied
/// where nothing waits for the disk (12 ms against 28 ms through the log); elsewhere the checkpoints before and after it are the whole
/// server's, and the log is better (the clause came with PostgreSQL 15).
fn manner(connection: &mut PgConnection, template: &str) -> Result<String, Error> {
    let Manner { utf8, at_once } = diesel::sql_query(
        "SELECT pg_catalog.pg_encoding_to_char(encoding) = 'UTF8' AS utf8,
                pg_catalog.current_setting('fsync') = 'off'
                AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 150000 AS at_once
         FROM pg_catalog.pg_database WHERE datname = 'template0'",
    )
    .get_result(connection)?;
    let encoding = match utf8 || template != TEMPLATE {
        true => "",
        false => " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
    };
    let strategy = if at_once { " STRATEGY file_copy" } else { "" };
    Ok(format!("{encoding}{strategy}"))
}

/// Drops the scratch databases whose owner is gone; one whose DROP was broken off has lost its mark to PostgreSQL's own
/// (-2: it can only be dropped). A lock is looked for in `pg_locks`, which shows those of every
/// database, while taking it would only tell about the owners connected to this one. Failures are the next run's.
pub(super) fn sweep(connection: &mut PgConnection) {
    let dead = diesel::sql_query(
        "SELECT d.datname AS name
         FROM pg_catalog.pg_database d
         WHERE d.datname ~ '^diesel_drift_[0-9a-f]{16}$' AND d.datconnlimit IN ($1, -2)
           AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datname = d.datname)
           AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_locks l
               WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
                 AND l.classid::pg_catalog.int8 = $2
                 AND l.objid = pg_catalog.hashtext(d.datname::pg_catalog.text)::pg_catalog.int8::pg_catalog.bit(32)::pg_catalog.int8::pg_catalog.oid)",
    )
    .bind::<Integer, _>(MARK)
    .bind::<BigInt, _>(i64::from(LOCK_CLASS))
    .load::<Dead>(connection);
    for Dead { name } in dead.unwrap_or_default() {
        let _ = drop_database(connection, &name);
    }
}

pub(super) fn drop_database(connection: &mut PgConnection, name: &str) -> Result<(), Error> {
    diesel::sql_query(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .execute(connection)
        .map(drop)
}

/// A scratch database and the session that holds its lock.
pub(super) struct Scratch {
    pub(super) name: String,
    pub(super) connection: PgConnection,
    pub(super) conninfo: Conninfo,
    /// Whether it is kept after all, and how that is told.
    pub(super) keep: Option<Keep>,
    /// What it is on, where that goes with it.
    pub(super) server: Option<Arc<Common>>,
}

impl Scratch {
    fn remove(mut self) -> Result<(), String> {
        let first = drop_database(&mut self.connection, &self.name);
        // The session may have been cut off meanwhile; a new one can drop the database as well.
        first.map_err(|error| sentence(&error)).or_else(|first| {
            let mut again = connect(&self.conninfo, RECONNECTING).map_err(|_| first)?;
            drop_database(&mut again, &self.name).map_err(|error| sentence(&error))
        })
    }
}

impl Held for Scratch {
    fn release(mut self: Box<Self>) -> Result<(), String> {
        if let Some(keep) = self.keep.take().filter(Keep::wanted) {
            let Scratch {
                name, connection, ..
            } = &mut *self;
            return keep.carry_out(connection, name);
        }
        let (name, conninfo) = (self.name.clone(), self.conninfo.clone());
        let _server = self.server.take();
        wait_for(PATIENCE, move || self.remove())
            .and_then(|outcome| outcome)
            .map_err(|reason| {
                let reason = conninfo.redact(&reason);
                format!(
                    "DROP DATABASE {name} failed at {}: {reason}",
                    conninfo.place()
                )
            })
    }
}

/// PostgreSQL's message with its detail and hint, in one line.
pub(super) fn sentence(error: &Error) -> String {
    let text = match error {
        Error::DatabaseError(_, information) => [
            Some(information.message()),
            information.details(),
            information.hint(),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" "),
        other => other.to_string(),
    };
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(QueryableByName)]
pub(super) struct Yes {
    #[diesel(sql_type = Bool)]
    pub(super) yes: bool,
}

#[derive(QueryableByName)]
struct Manner {
    #[diesel(sql_type = Bool)]
    utf8: bool,
    #[diesel(sql_type = Bool)]
    at_once: bool,
}

#[derive(QueryableByName)]
struct Dead {
    #[diesel(sql_type = Text)]
    name: String,
}
