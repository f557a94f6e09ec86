//! Up, down and up again: whether every migration can be undone, and what of the data survives that.
//!
//! Each migration is tried on a scratch database in the state before it. The catalog is read before the up, after it, after the down and after
//! the second up, and has to be equal in everything that a migration can make. What is found on a database on which others were tried is found
//! again on a new one, so that no migration is blamed for another; one whose down fails is no end for those after it. Then the same once more
//! with rows in the tables.

mod data;
mod explain;
mod ground;
mod judge;
mod source;
mod trial;
mod whole;
mod work;

use crate::Step;
use crate::chain::{ChainSource, find_of};
use crate::check::Plan;
use crate::error::Error;
use crate::finding::Finding;
use crate::kinds::round_trip::ROUND_TRIP_KINDS;
use crate::migrate::{Chain, Direction, Steps, leading_words, read_sql, split};
use crate::project::{DRIFT_TOML, Irreversible, Project};
use crate::provision::{self, Copies};
use crate::report::{Compared, Report};
use crate::subject::Subject;
use crate::text::{plural, visible};
pub(crate) use data::{Known, Seeds, another_value, put_rows};
use ground::Land;
use schemars::JsonSchema;
use serde::Serialize;
use source::Files;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use trial::Trial;

/// Which migrations are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them; and then all down to nothing, and up again.
    #[default]
    All,
    /// The newest ones.
    Last(usize),
    /// From the one of that name or version on.
    From(String),
}

/// How a round trip is made.
#[derive(Clone, Debug)]
pub struct RoundTripOptions {
    /// Which migrations are tried.
    pub which: Which,
    /// Whether rows are put into the tables, to see what becomes of them.
    pub with_rows: bool,
    /// How many databases are worked on at once; none for as many as there are cores.
    pub workers: Option<NonZeroUsize>,
    /// Where scratch databases come from.
    pub provision: provision::Options,
}

impl RoundTripOptions {
    /// Every migration, with rows, on databases from there.
    pub fn new(provision: provision::Options) -> Self {
        Self {
            which: Which::All,
            with_rows: true,
            workers: None,
            provision,
        }
    }
}

/// A migration that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Its directory's name.
    pub migration: String,
    /// How it went.
    pub verdict: Verdict,
    /// PostgreSQL's message where something failed, the reason of one that is declared irreversible.
    pub says: Option<String>,
    /// How many tables held rows before it, made ones and those of seeds, that were looked for afterwards.
    pub tables_with_rows: usize,
}

/// How a round trip of one migration went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// After the down everything is as it was before, and after the second up as after the first.
    Exact,
    /// The same, but for the order of columns.
    Reordered,
    /// `[[irreversible]]` in `drift.toml`.
    Irreversible,
    /// Something else is left, missing or different.
    Differs,
    /// The down fails, or there is none; or a file is certain to fail on tables with rows.
    Fails,
}

impl Verdict {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Reordered => "exact but for column order",
            Self::Irreversible => "irreversible",
            Self::Differs => "differs",
            Self::Fails => "fails",
        }
    }
}

/// Tries the migrations of `project` up, down and up again, and tells `progress` of each.
///
/// # Errors
/// When there is no database to be had, a migration cannot be applied in the first place, or the project migrates by a command of its own.
pub fn roundtrip(
    project: &Project,
    options: &RoundTripOptions,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    let Plan::Chain(chain) = Plan::of(project)? else {
        return Err(RoundTripError::OwnCommand.into());
    };
    let numbers = options.which.numbers(&chain)?;
    let seeds = Seeds::read(&project.root);
    Steps::of(&chain)?;
    let apart = makes_what_is_the_servers(&chain)?;
    progress(Step::Provision);
    let on = match apart {
        true => options.provision.on_own_server(),
        false => options.provision.clone(),
    };
    let database = provision::provision(&on)?;
    let (description, server_version) = (database.describe(), database.server_version());
    if apart && database.provider() == "server" {
        return Err(RoundTripError::SharedServer.into());
    }
    let land = match apart {
        true => Land::Apart(on),
        false => Land::Shared(Copies::beside(&database)?),
    };
    let walking = work::Walking {
        chain: &chain,
        scope: &project.scope,
        seeds: &seeds,
        with_rows: options.with_rows,
        land: &land,
    };
    let workers = match apart {
        true => 1,
        false => options.workers.map_or_else(work::cores, NonZeroUsize::get),
    };
    let trials = walking.all(numbers.clone(), workers, progress)?;
    let mut notices = Notices::new(&chain, &seeds, options.with_rows);
    let (mut tried, mut findings) = (Vec::new(), Vec::new());
    let mut sources: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut downs = Vec::new();
    let known = no_way_back(project)?;
    for trial in trials {
        let Some(migration) = chain.migrations.get(trial.number) else {
            continue;
        };
        notices.see(&trial);
        downs.push(whole::Way::of(&trial));
        let files = Files::read(migration, &project.root);
        let declared = declared(project, &migration.name, &migration.version);
        let (verdict, found) = judge::judge(trial, &files, declared);
        let about_it =
            |finding: &&Finding| finding.subject == Subject::Migration(migration.name.clone());
        findings.extend(known.iter().filter(about_it).cloned());
        tried.push(verdict);
        let scripts = [files.up, files.down].into_iter().flatten();
        sources.extend(scripts.map(|script| (script.file, script.text)));
        findings.extend(found);
    }
    if options.which == Which::All && !tried.is_empty() {
        progress(Step::RoundTripWhole);
        findings.extend(walking.whole(&downs)?);
    }
    if let Land::Shared(copies) = land {
        copies.close()?;
    }
    database.close()?;
    Ok(report(
        project,
        findings,
        sources,
        Trip {
            tried,
            notices: notices.sentences(),
            description,
            server_version,
            whole: options.which == Which::All && options.with_rows,
        },
    ))
}

struct Trip {
    tried: Vec<Tried>,
    notices: Vec<String>,
    description: String,
    server_version: u32,
    /// Whether everything was looked for, so that a suppression that suppresses nothing is out of date.
    whole: bool,
}

fn report(
    project: &Project,
    findings: Vec<Finding>,
    mut sources: BTreeMap<PathBuf, String>,
    trip: Trip,
) -> Report {
    let (findings, suppressed) = (project.policy).apply_where(findings, |kind| {
        trip.whole && ROUND_TRIP_KINDS.contains(&kind)
    });
    let pointed = |file: &PathBuf| {
        let mut spans = findings.iter().filter_map(|finding| finding.span.as_ref());
        spans.any(|span| span.file == *file)
    };
    sources.retain(|file, _| pointed(file));
    let drift_toml = project.drift_toml.clone();
    sources.extend(drift_toml.map(|text| (DRIFT_TOML.into(), text)));
    Report {
        root: project.root.clone(),
        database: Some(trip.description),
        server_version: Some(trip.server_version),
        compared: Compared::RoundTrip { tried: trip.tried },
        findings,
        suppressed,
        notices: trip.notices,
        lineages: Vec::new(),
        sources,
    }
}

/// What `chain` says of those that have no way back.
fn no_way_back(project: &Project) -> Result<Vec<Finding>, Error> {
    let source = ChainSource::read(project)?;
    Ok(find_of(&source, &|kind| {
        ["down-missing", "down-empty"].contains(&kind.id)
    }))
}

fn declared<'a>(project: &'a Project, name: &str, version: &str) -> Option<&'a Irreversible> {
    let mut declared = project.irreversible.iter();
    declared.find(|declared| declared.means(name, version))
}

impl Which {
    fn numbers(&self, chain: &Chain) -> Result<Range<usize>, RoundTripError> {
        let count = chain.migrations.len();
        let first = match self {
            Self::All => 0,
            Self::Last(last) => count.saturating_sub(*last),
            Self::From(from) => {
                let bare = from.replace('-', "");
                let mut migrations = chain.migrations.iter();
                migrations
                    .position(|of| of.name == *from || of.version == *from || of.version == bare)
                    .ok_or_else(|| RoundTripError::NoMigration {
                        from: visible(from),
                        directory: chain.directory.clone(),
                    })?
            }
        };
        Ok(first..count)
    }
}

/// Whether a migration makes or changes what belongs to the whole server, which the databases of one server share.
fn makes_what_is_the_servers(chain: &Chain) -> Result<bool, Error> {
    for migration in &chain.migrations {
        for direction in [Direction::Up, Direction::Down] {
            let file = migration.sql(direction);
            // What is wrong with a down is told when it is its turn.
            let Ok(sql) = read_sql(&file) else { continue };
            if is_of_the_server(&sql) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// `CREATE ROLE` and its like, also in the body of a `DO` or of a function.
fn is_of_the_server(sql: &str) -> bool {
    let makes = |text: &str| {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .collect();
        words.windows(2).any(|pair| {
            ["create", "drop", "alter"].contains(&pair[0])
                && ["role", "user", "group", "tablespace"].contains(&pair[1])
                // `CREATE USER MAPPING` is a database's.
                && !lower.contains("user mapping")
        })
    };
    let quotes = ["do", "create", "drop", "alter", "select"];
    split(sql).into_iter().any(|statement| {
        let text = &sql[statement];
        let first = leading_words(text, 1);
        first
            .first()
            .is_some_and(|first| quotes.contains(&first.as_str()))
            && makes(text)
    })
}

/// So many reasons are given.
const MOST_CAUSES: usize = 3;

/// What could not be looked at, over all migrations.
struct Notices<'a> {
    chain: &'a Chain,
    seeds: &'a Seeds,
    with_rows: bool,
    without: BTreeMap<String, (usize, String)>,
    unseen: Vec<usize>,
    seeded: BTreeMap<PathBuf, Option<Option<String>>>,
}

impl<'a> Notices<'a> {
    fn new(chain: &'a Chain, seeds: &'a Seeds, with_rows: bool) -> Self {
        Self {
            chain,
            seeds,
            with_rows,
            without: BTreeMap::new(),
            unseen: Vec::new(),
            seeded: BTreeMap::new(),
        }
    }

    fn see(&mut self, trial: &Trial) {
        match &trial.rows {
            Some(rows) => {
                for (file, refused) in &rows.seeded {
                    let known = self.seeded.entry(file.clone()).or_default();
                    // Once is enough, and of the refusals the last one counts: the file is for the newest schema.
                    let ran = known.as_ref().is_some_and(Option::is_none);
                    if !ran {
                        *known = Some(refused.clone());
                    }
                }
                for (table, reason) in &rows.without {
                    let known = self.without.entry(table.clone());
                    known.or_insert_with(|| (trial.number, reason.clone()));
                }
            }
            None => self.unseen.push(trial.number),
        }
    }

    fn sentences(self) -> Vec<String> {
        let mut sentences: Vec<String> = self.chain.stray_sql_notice().into_iter().collect();
        if !self.with_rows {
            return sentences;
        }
        let name = |number: &usize| {
            let migration = self.chain.migrations.get(*number);
            migration.map_or_else(String::new, |migration| visible(&migration.name))
        };
        if !self.without.is_empty() {
            let tables: Vec<&str> = self.without.keys().map(String::as_str).collect();
            // What refers to a table without rows has none for that reason.
            let mut causes: Vec<_> = self.without.iter().collect();
            causes.sort_by_key(|(_, (first, reason))| (reason.starts_with("null value"), *first));
            let causes: Vec<String> = (causes.iter().take(MOST_CAUSES))
                .map(|(table, (number, reason))| {
                    format!("{table} before {}: {}", name(number), visible(reason))
                })
                .collect();
            sentences.push(format!(
                "what becomes of the rows of {} is not seen, at least for some migrations, because none could be made: {}; {}",
                plural(tables.len(), "table"),
                tables.join(", "),
                causes.join("; ")
            ));
        }
        if let Some(first) = self.unseen.first() {
            sentences.push(format!(
                "what becomes of rows could not be seen for {}, {} the first",
                plural(self.unseen.len(), "migration"),
                name(first)
            ));
        }
        for file in &self.seeds.unusable {
            sentences.push(format!(
                "{} is not used, because it controls its transactions itself, reads rows from a client, or is not UTF-8",
                file.display()
            ));
        }
        for (file, refused) in &self.seeded {
            if let Some(Some(reason)) = refused {
                sentences.push(format!(
                    "{} could be run before none of the migrations; before the last one: {}",
                    file.display(),
                    visible(reason)
                ));
            }
        }
        sentences
    }
}

/// Why there is no round trip.
#[derive(Debug, thiserror::Error)]
pub enum RoundTripError {
    /// The project's own command knows no way back.
    #[error(
        "the project is migrated by `[migrate] command` of drift.toml, which has no way back that could be tried: \
         name the migrations with --migration-dir, if they are Diesel's"
    )]
    OwnCommand,
    /// One server for all, and a chain that needs one for each database.
    #[error(
        "the migrations make roles or tablespaces, which belong to the whole server: two databases on the one that is named would be in each other's way, and what is made would stay; let diesel-drift start servers of its own: `--provider local` or `--provider container`"
    )]
    SharedServer,
    /// No such migration.
    #[error("no migration in {} is `{from}`: name a directory, or its version", .directory.display())]
    NoMigration {
        /// What was asked for.
        from: String,
        /// Where.
        directory: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_server_is_seen() {
        for sql in [
            "CREATE ROLE app",
            "create user app",
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'a') THEN CREATE ROLE a; END IF; END $$",
            "select 1; DROP ROLE app",
        ] {
            assert!(is_of_the_server(sql), "{sql}");
        }
        for sql in [
            "CREATE TABLE user_role (role text)",
            "INSERT INTO log VALUES ('create role')",
            "CREATE USER MAPPING FOR CURRENT_USER SERVER s",
            "-- create role a\nSELECT 1",
        ] {
            assert!(!is_of_the_server(sql), "{sql}");
        }
    }
}
