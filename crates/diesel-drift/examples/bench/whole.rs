//! A whole `check` of a generated project with a migration for each table, cold and warm, and a migrated database for each test.

use crate::catalog::Server;
use crate::measure::{Pair, timed};
use crate::page::Page;
use crate::{Failure, Options, generated, programs};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::cache::Kind;
use diesel_drift::migrate::{Chain, find_directory};
use diesel_drift::provision::{self, provision};
use diesel_drift::testing;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The variable that says where the harness keeps what it made.
const CACHE: &str = "DIESEL_DRIFT_CACHE";

/// A start of a server and the replay that is held against it, as somebody would write it: `$1` has PostgreSQL's programs, `$2` is a directory
/// that is not there yet. The server does not wait for the disk, and neither does the harness's.
const INIT: &str = r#""$1/initdb" --pgdata "$2/data" --username postgres --auth trust --encoding UTF8 --no-sync >/dev/null"#;
const START: &str = r#""$1/pg_ctl" --pgdata "$2/data" --wait --silent --log "$2/log" \
    --options "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -k $2" start >/dev/null 2>&1
"#;
const REPLAY: &str = r#""$1/psql" --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host "$2" --username postgres --dbname postgres --file "$3" >/dev/null"#;
const STOP: &str = r#""$1/pg_ctl" --pgdata "$2/data" --mode immediate --silent stop"#;

/// So many migrations are replayed over and over at most.
const MOST: usize = 1_000;

/// Measures, and adds the rows.
pub fn measure(options: &Options, server: &Server, page: &mut Page) -> Result<(), Failure> {
    let binary = binary();
    if binary.is_none() {
        page.note(
            "`diesel-drift` is not built beside this program: whole checks were not measured (`make bench` builds it).",
        );
    }
    for &tables in options.sizes.iter().filter(|tables| **tables <= MOST) {
        eprintln!("writing a project of {tables} migrations");
        let project = tempfile::tempdir()?;
        generated::write_project(project.path(), tables)?;
        generated::write_migrations(project.path(), tables)?;
        if let Some(binary) = &binary {
            checks(options, server, page, project.path(), tables, binary)?;
        }
        databases(options, page, project.path(), tables)?;
    }
    Ok(())
}

fn checks(
    options: &Options,
    server: &Server,
    page: &mut Page,
    project: &Path,
    tables: usize,
    binary: &Path,
) -> Result<(), Failure> {
    let cache = tempfile::tempdir()?;
    open_to_all(cache.path())?;
    let check = |cache: &Path| {
        let mut command = Command::new(binary);
        command.arg("check").current_dir(project).env(CACHE, cache);
        programs::time(&mut command)
    };
    let mut firsts = 0..;
    let mut first = || {
        let number = firsts.next().unwrap_or_default();
        check(&cache.path().join(format!("first-{number}")))
    };
    let cold_cache = cache.path().join("cold");
    check(&cold_cache)?;
    let mut cold = || {
        forget_the_project(&cold_cache)?;
        check(&cold_cache)
    };
    let has_all = |bin: &PathBuf| {
        let programs = ["initdb", "pg_ctl", "psql"];
        programs.iter().all(|program| bin.join(program).is_file())
    };
    match server.bin.clone().filter(has_all) {
        Some(bin) => {
            let replay = Replay::new(project, bin)?;
            let pair = Pair::measure(options.rounds, &mut cold, || replay.run(Timed::Start))?;
            let what = format!("whole `check`, cold, {tables} migrations");
            let against = "start a server, `psql` replays";
            page.pair(&what, against, &pair, Some(1.15));
            let pair = Pair::measure(options.rounds, &mut first, || replay.run(Timed::Init))?;
            let what = format!("the first `check` on a machine, {tables} migrations");
            let against = "`initdb`, start a server, `psql` replays";
            page.pair(&what, against, &pair, None);
        }
        None => page.note(
            "initdb, pg_ctl and psql are not beside the server: a cold `check` was held against nothing.",
        ),
    }
    let warm = cache.path().join("warm");
    check(&warm)?;
    let pair = Pair::measure(options.rounds, || check(&warm), &mut cold)?;
    let what = format!("whole `check`, {tables} migrations unchanged");
    page.pair(&what, "cold", &pair, Some(0.25));
    Ok(())
}

/// Leaves of a cache what has to do with the server alone: its initialised cluster.
fn forget_the_project(cache: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(cache)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_of = |kind: Kind| name.starts_with(&format!("{}-", kind.id()));
        match [Kind::Catalog, Kind::Chain, Kind::Migrated]
            .into_iter()
            .any(is_of)
        {
            true if entry.file_type()?.is_dir() => fs::remove_dir_all(entry.path())?,
            true => fs::remove_file(entry.path())?,
            false => {}
        }
    }
    Ok(())
}

/// The command, where Cargo puts it: examples are one directory below.
fn binary() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let binary = here.parent()?.parent()?.join("diesel-drift");
    binary.is_file().then_some(binary)
}

/// Starting a server and replaying the migrations, without the harness.
struct Replay {
    bin: PathBuf,
    directory: tempfile::TempDir,
    script: PathBuf,
}

/// Where the clock begins.
#[derive(Clone, Copy)]
enum Timed {
    /// With the cluster's initialisation.
    Init,
    /// With the server's start.
    Start,
}

impl Replay {
    fn new(project: &Path, bin: PathBuf) -> Result<Self, Failure> {
        let directory = tempfile::tempdir()?;
        open_to_all(directory.path())?;
        let script = directory.path().join("replay.sql");
        let chain = Chain::read(&find_directory(project, None, None)?)?;
        let mut sql = String::new();
        for migration in &chain.migrations {
            let up = fs::read_to_string(migration.up_sql())?;
            sql += &match migration.run_in_transaction {
                true => format!("BEGIN;\n{up}\nCOMMIT;\n"),
                false => up + "\n",
            };
        }
        fs::write(&script, sql)?;
        Ok(Self {
            bin,
            directory,
            script,
        })
    }

    fn run(&self, from: Timed) -> Result<Duration, Failure> {
        let place = tempfile::tempdir_in(self.directory.path())?;
        open_to_all(place.path())?;
        let shell = |script: &str| {
            // PostgreSQL refuses root.
            let mut command = match rustix::process::geteuid().is_root() {
                true => {
                    let mut command = Command::new("runuser");
                    command.args(["-u", "postgres", "--", "sh", "-c"]);
                    command
                }
                false => {
                    let mut command = Command::new("sh");
                    command.arg("-c");
                    command
                }
            };
            command
                .arg(script)
                .arg("bench")
                .arg(&self.bin)
                .arg(place.path());
            programs::time(command.arg(&self.script).current_dir(place.path()))
        };
        let init = shell(INIT)?;
        let replayed = shell(START).and_then(|start| Ok(start + shell(REPLAY)?));
        let stopped = shell(STOP);
        let took = match from {
            Timed::Init => init + replayed?,
            Timed::Start => replayed?,
        };
        stopped?;
        Ok(took)
    }
}

/// The server's own account writes there, where the server is started by root.
fn open_to_all(directory: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        directory,
        fs::Permissions::from_mode(0o777),
    )?)
}

/// A migrated database for each test, against Diesel's replay of the migrations in a database of its own.
fn databases(
    options: &Options,
    page: &mut Page,
    project: &Path,
    tables: usize,
) -> Result<(), Failure> {
    // Made once, by the first; a run of tests has others open all the time.
    let first = testing::database_in(project)?;
    let server = provision(&provision::Options::from_env())?;
    let migrations = FileBasedMigrations::from_path(find_directory(project, None, None)?)?;
    let mut numbers = 0..;
    let mut admin = PgConnection::establish(server.url())?;
    let replayed = || {
        let name = format!("bench_{}", numbers.next().unwrap_or_default());
        let (made, took) = timed(|| -> Result<(), Failure> {
            admin.batch_execute(&format!("CREATE DATABASE {name}"))?;
            let mut url = url::Url::parse(server.url())?;
            url.set_path(&name);
            let mut connection = PgConnection::establish(url.as_str())?;
            let ran = connection.run_pending_migrations(migrations.clone());
            ran.map(drop).map_err(|error| error.to_string().into())
        });
        made?;
        admin.batch_execute(&format!("DROP DATABASE {name}"))?;
        Ok(took)
    };
    let copied = || {
        let (database, took) = timed(|| testing::database_in(project));
        database?.close()?;
        Ok(took)
    };
    let pair = Pair::measure(options.rounds, copied, replayed)?;
    page.faster(
        &format!("a database for a test, {tables} migrations"),
        "Diesel replays the migrations",
        &pair,
        20.0,
    );
    first.close()?;
    server.close()?;
    Ok(())
}
