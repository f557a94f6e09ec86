//! Reading a generated schema's catalog and comparing it, against PostgreSQL's and Diesel's programs.

use crate::measure::{Pair, median};
use crate::page::{Page, times};
use crate::probe::Probe;
use crate::{Failure, Options, generated, programs};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::provision::{self, provision};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The most that a comparison's process may ever have had.
const MEMORY_GOAL: u64 = 200 * 1024;

/// `diesel print-schema` takes more than a minute from here on.
const TABLES_FOR_PRINT_SCHEMA: usize = 100;

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Setting {
    #[diesel(sql_type = Text)]
    setting: String,
}

/// A server that schemas were made on.
#[derive(Default)]
pub struct Server {
    /// How it describes itself.
    pub description: String,
    /// The directory of its programs, where it is on this machine.
    pub bin: Option<PathBuf>,
}

/// Measures for each number of tables, and adds the rows.
pub fn measure(options: &Options, page: &mut Page) -> Result<Server, Failure> {
    let mut costs = Vec::new();
    let mut server = Server::default();
    for &tables in &options.sizes {
        let database = provision(&provision::Options::from_env())?;
        eprintln!("making {tables} tables on {}", database.describe());
        let project = tempfile::tempdir()?;
        generated::write_project(project.path(), tables)?;
        let mut connection = PgConnection::establish(database.url())?;
        for batch in generated::batches(tables) {
            connection.batch_execute(&batch)?;
        }
        server = Server {
            description: database.describe(),
            bin: directory_of_programs(&mut connection)?,
        };
        let mut probes = Vec::new();
        let mut ours = || {
            let probe = Probe::run(project.path(), database.url())?;
            let took = probe.catalog_and_comparison();
            probes.push(probe);
            Ok(took)
        };
        let what = format!("catalog and comparison, {tables} tables");
        let cost = match programs::find("pg_dump", server.bin.as_deref()) {
            Some(pg_dump) => {
                let other = || {
                    let mut command = Command::new(&pg_dump);
                    command
                        .arg("--schema-only")
                        .arg("--dbname")
                        .arg(database.url());
                    programs::time(&mut command)
                };
                let pair = Pair::measure(options.rounds, ours, other)?;
                let goal = (tables >= 10_000).then_some(0.10);
                page.pair(&what, "`pg_dump --schema-only`", &pair, goal);
                pair.ours
            }
            None => {
                page.note("`pg_dump` is not installed: nothing was held against it.");
                median(
                    (0..options.rounds)
                        .map(|_| ours())
                        .collect::<Result<Vec<_>, _>>()?
                        .into_iter(),
                )
            }
        };
        costs.push((tables, cost));
        parts(page, tables, &probes);
        if let Some(kib) = probes.iter().filter_map(|probe| probe.peak).max()
            && tables >= 10_000
        {
            let met = (format!("≤ {} MiB", MEMORY_GOAL / 1024), kib <= MEMORY_GOAL);
            let what = format!("peak memory of that, `schema.rs` included, {tables} tables");
            page.row(&what, &format!("{} MiB", kib / 1024), "", "", Some(met));
        }
        if tables <= TABLES_FOR_PRINT_SCHEMA
            || options.full && tables <= 10 * TABLES_FOR_PRINT_SCHEMA
        {
            print_schema(page, tables, cost, database.url())?;
        }
        database.close()?;
    }
    growth(page, &costs);
    Ok(server)
}

/// Where the time went, and that nothing was found: the declarations are those of the tables.
fn parts(page: &mut Page, tables: usize, probes: &[Probe]) {
    let part = |of: fn(&Probe) -> Duration| crate::page::seconds(median(probes.iter().map(of)));
    let findings = probes.iter().map(|probe| probe.findings).max();
    page.note(format!(
        "{tables} tables: {} to connect, {} for the catalog, {} to compare it, {} findings; reading `schema.rs`, which is beside these, {}.",
        part(|probe| probe.connect),
        part(|probe| probe.catalog),
        part(|probe| probe.compare),
        findings.unwrap_or_default(),
        part(|probe| probe.declared),
    ));
}

fn print_schema(page: &mut Page, tables: usize, ours: Duration, url: &str) -> Result<(), Failure> {
    let Some(diesel) = programs::find("diesel", None) else {
        page.note("Diesel CLI is not installed: nothing was held against `diesel print-schema`.");
        return Ok(());
    };
    let elsewhere = tempfile::tempdir()?;
    let mut command = Command::new(diesel);
    command
        .args(["print-schema", "--database-url", url])
        .current_dir(elsewhere.path());
    let other = programs::time(&mut command)?;
    let ratio = ours.as_secs_f64() / other.as_secs_f64();
    let pair = Pair { ours, other, ratio };
    let what = format!("the same, {tables} tables");
    let against = "`diesel print-schema`";
    if tables < 10 * TABLES_FOR_PRINT_SCHEMA {
        page.pair(&what, against, &pair, None);
    } else {
        page.faster(&what, against, &pair, 500.0);
    }
    Ok(())
}

/// What a table costs in the largest schema, against what it costs in the second largest.
fn growth(page: &mut Page, costs: &[(usize, Duration)]) {
    if let [.., (fewer, small), (more, large)] = costs {
        let a_table = |cost: &Duration, tables: &usize| cost.as_secs_f64() / *tables as f64;
        let ratio = a_table(large, more) / a_table(small, fewer);
        page.row(
            &format!("cost a table, {more} tables"),
            &format!("{:.0} µs", a_table(large, more) * 1e6),
            &format!("{fewer} tables: {:.0} µs", a_table(small, fewer) * 1e6),
            &times(ratio),
            Some(("≤ 1.20 ×".into(), ratio <= 1.2)),
        );
    }
}

/// The directory of the server's programs, where it is on this machine.
fn directory_of_programs(connection: &mut PgConnection) -> Result<Option<PathBuf>, Failure> {
    let settings: Vec<Setting> =
        diesel::sql_query("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
            .load(connection)?;
    let mut directories = settings.into_iter().map(|row| PathBuf::from(row.setting));
    Ok(directories.find(|path| path.is_dir()))
}
