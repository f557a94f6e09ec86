//! A database for each test: a copy of what the migrations make once.

use crate::MigratedDatabase;
use crate::cache::{States, Wish};
use crate::check::{Plan, read_database};
use crate::compare::State;
use crate::error::Error;
use crate::fresh::{is_worth_keeping, keep_head};
use crate::introspect::Wanted;
use crate::migrate::Chain;
use crate::project::Project;
use crate::provision::{Common, Copied, Options, ProvisionError, ServerUrl};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

/// A fresh database for one test, migrated as the project of the crate that is being tested says. Nothing of other tests is in it.
///
/// The migrations run once; then each test has a copy in milliseconds, also where each is a process of its own (cargo-nextest). It goes
/// with its guard, also if the test panics, and with the next run if the test is killed. `DIESEL_DRIFT_KEEP=1` keeps the database of a test
/// that panics, `DIESEL_DRIFT_KEEP=always` that of each, and tells on stderr how to connect.
///
/// Of the server's own objects (roles, for one) there is one set for all: a test that changes them takes [`database_on_own_server`].
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use diesel::prelude::*;
///
/// let database = diesel_drift::testing::database()?;
/// let mut connection = database.connect()?;
/// diesel::sql_query("INSERT INTO users (name) VALUES ('ada')").execute(&mut connection)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When there is no project, no such database can be had, or a migration fails.
pub fn database() -> Result<MigratedDatabase, Error> {
    database_in(tested_crate())
}

/// [`database`] for the project in `directory`.
///
/// # Errors
/// As [`database`].
pub fn database_in(directory: impl AsRef<Path>) -> Result<MigratedDatabase, Error> {
    let project = Project::discover(directory)?;
    let options = project.provision_options();
    match Plan::of(&project)? {
        Plan::Chain(chain) => copy(&project, &options, &chain)?.map_or_else(
            || MigratedDatabase::make(&project, &options.on_own_server(), &mut |_| {}),
            Ok,
        ),
        // Nobody knows what it will do today.
        Plan::Command(_) => MigratedDatabase::make(&project, &options, &mut |_| {}),
    }
}

/// A fresh, migrated database for one test in which the whole server is its own where the harness starts it: for tests that make roles, or
/// ask about all databases. It takes as long as a server's start and the migrations do. On a server that is named
/// (`DIESEL_DRIFT_SERVER`), it is a database beside others as well.
///
/// # Errors
/// As [`MigratedDatabase::make`], and when there is no project.
pub fn database_on_own_server(directory: impl AsRef<Path>) -> Result<MigratedDatabase, Error> {
    let project = Project::discover(directory)?;
    let options = project.provision_options().on_own_server();
    MigratedDatabase::make(&project, &options, &mut |_| {})
}

/// Cargo and nextest set it for a test's process; the library's own would be the wrong one.
fn tested_crate() -> String {
    std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned())
}

/// A copy of what the chain makes; `None` where none can be had, and the database has to be made on its own.
fn copy(
    project: &Project,
    options: &Options,
    chain: &Chain,
) -> Result<Option<MigratedDatabase>, Error> {
    let content = chain.state_keys()?.pop().unwrap_or_default();
    let mut has_begun = false;
    let kept = || kept(options, chain).unwrap_or_default();
    let copied = common(options, &content, &kept)
        .map_err(Error::from)
        .and_then(|common| {
            has_begun = common.has_begun();
            let root = project.root.display().to_string();
            common.copy(
                &root,
                &mut |url| {
                    let started = Instant::now();
                    crate::check::apply_chain(url, chain, &mut |_| {})?;
                    if is_worth_keeping(started.elapsed())
                        && let Some(states) = States::of(chain, options)
                        && states.wish().is_none()
                    {
                        states.note_wish(Wish::Wished);
                    }
                    described(url)
                },
                &described,
            )
        });
    match copied {
        Ok(Copied::Copy(database)) => Ok(Some(MigratedDatabase::of_chain(database, chain))),
        // What was kept has lost what a session had. The error that counts is the one that a cold run meets.
        Err(_) if has_begun => Ok(None),
        // Another server may do, or say better why not: on this one there may be roles of an earlier try.
        Ok(Copied::Unlike) | Err(Error::Provision(_) | Error::Migrate(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keys of the migrated clusters that a server may be started from, the one with most migrations first.
///
/// The database of a running server cannot be kept. Where it would have been worth it the last time, the chain is replayed on a server that can be
/// ended.
fn kept(options: &Options, chain: &Chain) -> Option<Vec<String>> {
    let states = States::of(chain, options)?;
    if states.wish() == Some(Wish::Wished) && !states.has_head() {
        // What fails here fails once more, and is told.
        let _ = keep_head(chain, options, &states);
        if !states.has_head() {
            states.note_wish(Wish::InVain);
        }
    }
    Some(
        states
            .clusters_of_head()
            .into_iter()
            .map(|(key, _)| key)
            .collect(),
    )
}

/// Everything that a database holds and the catalog knows of, as text.
fn described(url: &ServerUrl) -> Result<String, Error> {
    let live = read_database(url, &Wanted::default())?;
    let objects = State::of(&live)?.objects;
    Ok(objects
        .iter()
        .map(|object| format!("{object:?}\n"))
        .collect())
}

/// The servers that this process uses.
static SERVERS: Mutex<Vec<Used>> = Mutex::new(Vec::new());

struct Used {
    options: Options,
    content: String,
    server: Weak<Common>,
    /// What goes with the process anyway is held for the tests to come.
    _held: Option<Arc<Common>>,
}

/// The server for a content. Others wait while one test brings it up.
fn common(
    options: &Options,
    content: &str,
    kept: &dyn Fn() -> Vec<String>,
) -> Result<Arc<Common>, ProvisionError> {
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    servers.retain(|used| used.server.strong_count() > 0);
    let found = (servers.iter())
        .find(|used| used.options == *options && used.content == content)
        .and_then(|used| used.server.upgrade());
    if let Some(server) = found {
        return Ok(server);
    }
    let server = Arc::new(Common::bring_up(options, content, kept)?);
    servers.push(Used {
        options: options.clone(),
        content: content.to_owned(),
        server: Arc::downgrade(&server),
        _held: (!server.has_to_be_dropped()).then(|| Arc::clone(&server)),
    });
    Ok(server)
}
