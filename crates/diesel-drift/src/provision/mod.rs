//! Where a fresh database comes from.
//!
//! Three providers make an empty scratch database: [`Choice::Server`] beside the database of a URL, [`Choice::Container`]
//! in a container, [`Choice::Local`] with the `initdb` and `postgres` of the machine. [`Choice::Auto`] takes the server if
//! one is configured, else a container if an engine answers and an image can be had, else the machine's own binaries;
//! when none can serve, one error lists every refusal with what to do. `DATABASE_URL` is never read: it may be production.
//!
//! # Nothing is left behind
//! [`Database`] is a guard: dropping it, also while a panic unwinds, removes what was made. A program that installs signal
//! handlers calls [`cleanup_all`] from them. What a `SIGKILL` leaves: a local server is stopped and its directory removed
//! by its supervisor at once, a container by a watcher if the engine's command line client is installed. Everything carries a mark, and its owner
//! can be told to be gone: what is left all the same, and databases on a server, the next run of the same provider sweeps. What does not carry the mark is never touched.

mod auto;
mod beside;
mod common;
mod conninfo;
#[cfg(feature = "container")]
mod container;
#[cfg(not(feature = "container"))]
#[path = "no_container.rs"]
mod container;
mod copies;
mod error;
mod keep;
mod kept;
mod keywords;
mod left;
mod local;
mod major;
mod own;
mod patience;
mod probe;
mod process;
mod registry;
mod roles;
mod rundir;
mod secret;
mod server;
mod settings;
mod site;
mod template;

use crate::{cache, version};
use major::Major;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use beside::{Beside, EMPTY, Home};
pub(crate) use common::{Common, Copied};
pub use conninfo::ServerUrl;
pub(crate) use copies::Copies;
pub use error::{ProvisionError, Refusal};
pub use kept::{KeptContainer, kept_containers};
pub use left::{Left, clear, left};
pub(crate) use local::account::Account;
pub use local::shared::{KeptServer, kept_servers};
pub use registry::cleanup_all;
pub(crate) use registry::{Held, Lease, hold};
pub(crate) use secret::random_hex;
pub(crate) use site::Site;

/// Name of the scratch database where the whole server is the harness's own (container, local).
const DATABASE: &str = "diesel_drift";

/// Superuser where the whole server is the harness's own: the name that migrations dumped from elsewhere grant to.
pub(crate) const SUPERUSER: &str = "postgres";

/// Which provider makes the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// The server if one is configured, else a container, else the machine's own binaries.
    #[default]
    Auto,
    /// A scratch database on the server of [`Options::server_url`].
    Server,
    /// A server in a container (cargo feature `container`).
    Container,
    /// A server run from the machine's own `initdb` and `postgres`.
    Local,
}

/// What a provider may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which provider makes the database.
    pub provider: Choice,
    /// A server where databases may be created. The database it names is connected to and never changed.
    pub server_url: Option<ServerUrl>,
    /// Container image, with or without a tag or digest; `postgres` if `None`.
    pub image: Option<String>,
    /// The image's tag. Without one: the newest tag of the image that is already on the machine, else `18`.
    pub tag: Option<String>,
    /// Whether a container is kept from run to run, with a scratch database on it for each, and not started and removed each time. What
    /// migrations make outside of their database, such as roles, stays on it. Without a [`cache`](Self::cache) it is not kept.
    pub reuse: bool,
    /// Directory that holds `initdb` and `postgres`; `None` looks on `PATH`, then in the distributions' usual places.
    pub pg_bin: Option<PathBuf>,
    /// The major version that the server should have: `17`. A container takes it as its tag and `local` looks for binaries of it, unless
    /// [`tag`](Self::tag) or [`pg_bin`](Self::pg_bin) says otherwise; where it cannot be had, the nearest serves, and a server that is named is taken
    /// as it is. [`Database::server_version`] tells what it became.
    pub major: Option<u32>,
    /// Roles that the migrations grant to and do not make. They are made, without the right to log in, where the server is the harness's
    /// own; a server that is named is left as it is.
    pub roles: Vec<String>,
    /// How long start-up may take, all in all; pulling an image counts too.
    pub startup_timeout: Duration,
    /// Where clusters and catalogs are kept between runs.
    pub cache: cache::Place,
}

impl Default for Options {
    /// `Auto`, nothing configured, 60 seconds. The environment is not read.
    fn default() -> Self {
        Options {
            provider: Choice::Auto,
            server_url: None,
            image: None,
            tag: None,
            reuse: false,
            pg_bin: None,
            major: None,
            roles: Vec::new(),
            startup_timeout: Duration::from_secs(60),
            cache: cache::Place::User,
        }
    }
}

impl Options {
    /// The defaults, with what `DIESEL_DRIFT_SERVER`, `DIESEL_DRIFT_IMAGE`, `DIESEL_DRIFT_REUSE`, `DIESEL_DRIFT_PG_BIN` and `DIESEL_DRIFT_CACHE` say. An empty
    /// variable says nothing, and for `DIESEL_DRIFT_REUSE` neither does `0`. `DATABASE_URL` is not read.
    #[must_use]
    pub fn from_env() -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let text = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        Options {
            server_url: text("DIESEL_DRIFT_SERVER").map(ServerUrl::from),
            image: text("DIESEL_DRIFT_IMAGE"),
            reuse: text("DIESEL_DRIFT_REUSE").is_some_and(|value| value != "0"),
            pg_bin: variable("DIESEL_DRIFT_PG_BIN").map(PathBuf::from),
            cache: cache::Place::from_env(),
            ..Options::default()
        }
    }

    /// The same, on a server that nobody else is on, where the harness starts it.
    pub(crate) fn on_own_server(&self) -> Self {
        Options {
            reuse: false,
            ..self.clone()
        }
    }
}

/// Makes an empty scratch database and blocks until it takes connections.
///
/// The database is UTF-8, made from `template0`, so that neither what a `template1` was given nor its locale matters:
/// everything found in it came from the migrations. Its server runs in UTC where the harness started it.
///
/// # Errors
/// When the chosen provider (or, with [`Choice::Auto`], every provider) refuses, and after [`cleanup_all`].
pub fn provision(options: &Options) -> Result<Database, ProvisionError> {
    provision_from(options, &[])
}

/// As [`provision`]; where it is the machine's own server that serves, its cluster is the first that is kept under one of these keys, and not
/// empty then.
pub(crate) fn provision_from(
    options: &Options,
    kept: &[String],
) -> Result<Database, ProvisionError> {
    let ticket = registry::begin()?;
    let startup = registry::Startup::new(&ticket, options.startup_timeout);
    local::sweep();
    let made = bring_up(options, &startup, Use::Scratch(kept))?;
    let with_roles = roles::make(&made, &options.roles);
    let database = Database {
        url: made.url,
        libpq: made.libpq,
        provider: made.provider,
        server_version: made.server_version,
        place: made.place,
        kept: made.kept,
        lease: ticket.finish(made.held),
    };
    // Only now: what was made is removed where this fails.
    with_roles.map_err(ProvisionError::Refused)?;
    Ok(database)
}

/// The server on which a fresh database would be made, where that is certain before one is: the one that is named, if it answers; else one in
/// a container, whose image is on the machine; else the machine's own, where nothing else was asked for, and with [`Choice::Auto`] no engine answers.
pub(crate) fn site(options: &Options, cache: &cache::Cache) -> Option<Site> {
    match options.provider {
        Choice::Server | Choice::Auto if options.server_url.is_some() => {
            let ticket = registry::begin().ok()?;
            server::site(options, &registry::Startup::new(&ticket, ANSWER))
        }
        Choice::Container => container::site(options).ok()?,
        Choice::Auto => match container::site(options) {
            Ok(site) => site,
            Err(site::NoEngine) => local::site(options, cache),
        },
        Choice::Local => local::site(options, cache),
        Choice::Server => None,
    }
}

/// How long a server may take to say what it is. One that is slower is asked for a database all the same.
const ANSWER: Duration = Duration::from_secs(5);

/// What a provider is asked for.
#[derive(Clone, Copy)]
enum Use<'a> {
    /// A scratch database. A server of the machine's own begins from the first cluster that is kept under one of these keys.
    Scratch(&'a [String]),
    /// The server that all share who want this content; what is named there is no scratch database.
    Shared {
        /// The content.
        content: &'a str,
        /// Asked by whoever starts a server of the machine's own: it begins from the first cluster that is kept under one of these keys.
        kept: &'a dyn Fn() -> Vec<String>,
    },
}

fn bring_up(
    options: &Options,
    startup: &registry::Startup,
    used: Use<'_>,
) -> Result<Made, ProvisionError> {
    let made = match options.provider {
        Choice::Auto => auto::make(options, startup, used),
        Choice::Server => match used {
            Use::Shared { .. } => server::named(options, startup),
            Use::Scratch(_) => server::make(options, startup),
        }
        .map_err(ProvisionError::Refused),
        Choice::Container => first(options, |major| {
            container::make(options, startup, options.startup_timeout, major, used)
        }),
        Choice::Local => first(options, |major| local::make(options, startup, major, used)),
    };
    match made {
        Err(_) if startup.interrupted() => Err(ProvisionError::ShuttingDown),
        made => made,
    }
}

/// One provider's wanted major, else its nearest. The last refusal counts: it is the one that asked for least.
fn first(
    options: &Options,
    make: impl Fn(Major) -> Result<Made, Refusal>,
) -> Result<Made, ProvisionError> {
    let mut refusal = None;
    for major in Major::attempts(options.major) {
        match make(major) {
            Ok(made) => return Ok(made),
            Err(refused) => refusal = Some(refused),
        }
    }
    Err(refusal.map_or(
        ProvisionError::NoProvider(Vec::new()),
        ProvisionError::Refused,
    ))
}

/// What a provider hands over.
struct Made {
    /// For every driver.
    url: String,
    /// For the harness's own connections.
    libpq: ServerUrl,
    provider: &'static str,
    server_version: u32,
    place: String,
    /// The key of the migrated cluster that it was made from.
    kept: Option<String>,
    /// Run directory and port of a server that the harness runs on this machine.
    server: Option<(PathBuf, u16)>,
    /// The password file of a container that is kept.
    passfile: Option<PathBuf>,
    held: Box<dyn registry::Held>,
}

/// An empty scratch database; dropping it removes everything that was made for it.
pub struct Database {
    url: String,
    libpq: ServerUrl,
    provider: &'static str,
    server_version: u32,
    place: String,
    kept: Option<String>,
    lease: registry::Lease,
}

impl Database {
    /// URL of the scratch database, for libpq and for the drivers that know no libpq. It may hold a password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// With what the harness itself connects: where the server is its own, no variable of libpq leads elsewhere.
    pub(crate) fn libpq(&self) -> &ServerUrl {
        &self.libpq
    }

    /// The variables that a program has to be started without, so that its libpq finds a server of the harness's own.
    /// None where the user has named the server: there they may be needed.
    pub fn misleading_variables(&self) -> Vec<&'static str> {
        match self.provider {
            "server" => Vec::new(),
            _ => own::misleading().collect(),
        }
    }

    /// `server`, `container` or `local`.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// `server_version_num`: `150018`.
    #[must_use]
    pub fn server_version(&self) -> u32 {
        self.server_version
    }

    /// One line for humans, without a password: `local PostgreSQL 15.18 (/usr/lib/postgresql/15/bin)`.
    #[must_use]
    pub fn describe(&self) -> String {
        let version = version::readable(self.server_version);
        format!("{} PostgreSQL {version} ({})", self.provider, self.place)
    }

    /// The key of the migrated cluster that it was made from, if it was.
    pub(crate) fn kept(&self) -> Option<&str> {
        self.kept.as_deref()
    }

    /// As [`close`](Self::close). Where the whole server is the machine's own, it is brought to rest before, and `keep` is shown its data directory,
    /// in which there is no password any more.
    ///
    /// # Errors
    /// As [`close`](Self::close).
    pub(crate) fn close_keeping(self, keep: &mut dyn FnMut(&Path)) -> Result<(), ProvisionError> {
        let forgotten = self.provider == "local"
            && self.libpq.connect().is_ok_and(|mut connection| {
                let forget = format!("ALTER ROLE {SUPERUSER} PASSWORD NULL");
                diesel::RunQueryDsl::execute(diesel::sql_query(forget), &mut connection).is_ok()
            });
        if !forgotten {
            return self.close();
        }
        (self.lease.release_kept(keep)).map_err(ProvisionError::Cleanup)
    }

    /// Removes the database and what serves it, and says if that failed (dropping cannot).
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub fn close(self) -> Result<(), ProvisionError> {
        self.lease.release().map_err(ProvisionError::Cleanup)
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The URL holds a password.
        f.debug_tuple("Database").field(&self.describe()).finish()
    }
}
