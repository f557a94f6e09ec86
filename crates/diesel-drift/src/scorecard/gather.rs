//! What lines look at, gathered once.

use super::immutable::{self, Trial};
use super::{ScorecardOptions, lookup};
use crate::Step;
use crate::catalog::query::Table;
use crate::catalog::{Catalog, QualifiedName};
use crate::chain::{Against, check_chain};
use crate::check::read_database;
use crate::compare::Comparison;
use crate::declared::{self, Declared, Exercise, Models, Reading};
use crate::error::Error;
use crate::fresh::MigratedDatabase;
use crate::introspect::{Live, Wanted};
use crate::migrate::MigrateError;
use crate::policy::Policy;
use crate::project::{Project, ScorecardToml};
use crate::provision::ServerUrl;
use crate::report::{Compared, Migrated, Report};
use crate::roundtrip::{RoundTripOptions, Which, roundtrip};
use crate::rules;
use crate::snapshot;
use crate::verify::{Expect, verify};

/// What was seen.
pub(super) struct Evidence<'a> {
    /// What the project says that it has.
    pub(super) asked: &'a ScorecardToml,
    /// What it makes of rules.
    pub(super) policy: &'a Policy,
    /// What the sources declare.
    pub(super) declared: Declared,
    /// Their row types.
    pub(super) models: Models,
    /// What its tests do; none where the project does not say where they are.
    pub(super) exercises: Vec<Exercise>,
    /// The chain as files, or why it could not be read.
    pub(super) chain: Result<Report, String>,
    /// What the migrations make, or why they make nothing.
    pub(super) schema: Result<Schema, Unmade>,
    /// Up, down and up again, or why it could not be tried.
    pub(super) round_trip: Result<Report, String>,
    /// Whether only the newest migration was tried.
    pub(super) quick: bool,
}

/// Why there is nothing to look at.
pub(super) struct Unmade {
    /// The whole of it.
    pub(super) message: String,
    /// In a few words, for the lines that are not about the migrations themselves.
    pub(super) because: &'static str,
}

/// What the migrations make.
pub(super) struct Schema {
    /// The database.
    pub(super) database: String,
    /// How it came to it.
    pub(super) migrated: Migrated,
    /// What is the project's.
    pub(super) catalog: Catalog,
    /// The relation's name of each `table!`, in their order; none where there is no such relation.
    pub(super) relations: Vec<Option<QualifiedName>>,
    /// Against schema.rs.
    pub(super) parity: Report,
    /// Against the rules.
    pub(super) lint: Report,
    /// Against the reviewed snapshots, or why not; none where there are none.
    pub(super) snapshots: Option<Result<Report, String>>,
    /// The tables that are said to be immutable, each with what became of attempts to change them.
    pub(super) immutable: Vec<(String, Trial)>,
}

impl<'a> Evidence<'a> {
    /// Gathers everything.
    ///
    /// # Errors
    /// When there is no database to be had, or sources cannot be read.
    pub(super) fn gather(
        project: &'a Project,
        options: &ScorecardOptions,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        progress(Step::Declared);
        let reading = declared::read(&project.root, &project.schemas)?;
        let models = declared::models(&project.root, &project.schemas, &reading.declared)?;
        let asked = &project.scorecard;
        let exercises = declared::exercises(
            &project.root,
            &asked.tests,
            &reading.declared,
            &models.models,
        )?;
        let declared = reading.declared.clone();
        let schema = Schema::make(project, options, reading, models.clone(), progress);
        let schema = unmade(schema)?;
        Ok(Self {
            asked,
            policy: &project.policy,
            declared,
            models,
            exercises,
            chain: check_chain(project, &Against::default())
                .map_err(|error| first_paragraph(&error)),
            round_trip: trips(project, options, &schema, progress),
            schema,
            quick: options.quick,
        })
    }
}

/// What is wrong with the migrations is evidence; what is wrong with the machine is an error.
fn unmade<T>(outcome: Result<T, Error>) -> Result<Result<T, Unmade>, Error> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Migrate(error)) => Ok(Err(Unmade {
            message: sentence(&error),
            because: match error {
                MigrateError::DirectoryNotFound { .. } => "there are no migrations",
                _ => "the migrations do not apply",
            },
        })),
        Err(error) => Err(error),
    }
}

/// What failed and where, without the excerpt.
fn sentence(error: &MigrateError) -> String {
    let MigrateError::Failed(failed) = error else {
        return first_paragraph(error);
    };
    let line = (failed.place.as_ref()).map_or_else(String::new, |place| format!(":{}", place.line));
    let hints = failed.hint.iter().map(|hint| format!("hint: {hint}"));
    let help = failed.help.iter().cloned();
    let first = format!("{} ({}{line})", failed.message, failed.file.display());
    let all: Vec<String> = std::iter::once(first).chain(hints).chain(help).collect();
    format!("migration `{}` fails: {}", failed.name, all.join("; "))
}

/// The rest is how to find the place.
fn first_paragraph(error: &impl std::error::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = (text.lines())
        .take_while(|line| !line.trim().is_empty())
        .collect();
    lines.join(" ")
}

fn trips(
    project: &Project,
    options: &ScorecardOptions,
    schema: &Result<Schema, Unmade>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, String> {
    if let Err(unmade) = schema {
        return Err(unmade.because.to_owned());
    }
    let which = match options.quick {
        true => Which::Last(1),
        false => Which::All,
    };
    let options = RoundTripOptions {
        which,
        ..RoundTripOptions::new(options.provision.clone())
    };
    roundtrip(project, &options, progress).map_err(|error| first_paragraph(&error))
}

impl Schema {
    fn make(
        project: &Project,
        options: &ScorecardOptions,
        reading: Reading,
        models: Models,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let wanted = Wanted::of(&reading);
        let made = MigratedDatabase::make(project, &options.provision, progress)?;
        progress(Step::Introspect);
        let live = read_database(made.libpq(), &wanted)?;
        progress(Step::Compare);
        let catalog = project.scope.kept_catalog(&live.catalog);
        let snapshots = snapshots(project, made.libpq());
        let asked = &project.scorecard.immutable;
        let immutable = immutable::try_all(&mut made.connect()?, &catalog, asked, &project.root);
        let database = made.describe();
        let migrated = made.migrated();
        made.close()?;
        let relations = relations(&reading.declared, &live, project);
        let report = |reading: Reading| {
            let database = database.clone();
            Report::new(project, reading, &live, database, migrated, Vec::new())
        };
        let parity = report(reading.clone());
        let lint = rules::report(project, reading, models, &live, database.clone(), migrated)?;
        Ok(Self {
            database,
            migrated,
            catalog,
            relations,
            parity,
            lint,
            snapshots,
            immutable,
        })
    }

    /// The table that is called so.
    ///
    /// # Errors
    /// What the name means instead, as the rest of a sentence.
    pub(super) fn table(&self, name: &str) -> Result<Table<'_>, String> {
        lookup::table(&self.catalog, name)
    }

    /// The places of the `table!`s of a table.
    pub(super) fn declared_as(&self, name: &QualifiedName) -> impl Iterator<Item = usize> {
        let places = self.relations.iter().enumerate();
        places
            .filter_map(move |(place, relation)| (relation.as_ref() == Some(name)).then_some(place))
    }
}

fn relations(declared: &Declared, live: &Live, project: &Project) -> Vec<Option<QualifiedName>> {
    let comparison = Comparison::new(declared, live, &project.scope);
    (comparison.tables.iter())
        .map(|pair| pair.relation.map(|relation| relation.name.clone()))
        .collect()
}

/// Holds the database against the reviewed snapshots, where there are some.
fn snapshots(project: &Project, url: &ServerUrl) -> Option<Result<Report, String>> {
    let directory = project.root.join(snapshot::DIRECTORY);
    let expect = Expect::Snapshots {
        project,
        directory: &directory,
    };
    snapshot::holds_snapshots(&directory)
        .then(|| verify(expect, url, &mut |_| {}).map_err(|error| error.to_string()))
}

/// The migrations that a round trip tried.
pub(super) fn tried(report: &Report) -> &[crate::roundtrip::Tried] {
    match &report.compared {
        Compared::RoundTrip { tried } => tried,
        _ => &[],
    }
}
