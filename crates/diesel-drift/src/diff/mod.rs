//! Any two states of a schema against each other: databases, migrations, manifests, snapshots, declarations.

mod declared;
mod mixed;
mod reviewed;
mod side;

use crate::Step;
use crate::catalog::{Object, class};
use crate::compare::Scope;
use crate::declared::Reading;
use crate::error::Error;
use crate::finding::Finding;
use crate::kinds::compare;
use crate::provision;
use crate::report::{Compared, Counts, Migrated, Report};
use crate::subject::Subject;
use crate::text::visible;
use side::Opened;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(crate) use mixed::{Mixed, compare_mixed};

pub use side::{Side, SideError};

/// How two sides are compared.
#[derive(Clone, Debug, Default)]
pub struct DiffOptions {
    /// Only what is in these schemas; everything where there is none.
    pub schemas: Vec<String>,
    /// Where scratch databases for migrations come from.
    pub provision: provision::Options,
}

/// Holds `to` against `from`, which is what is expected.
///
/// Declarations against anything else are compared as [`check`](crate::check()) compares them, whichever side they are on, and against other
/// declarations as far as both speak: tables, columns, types, nullability, keys and joins.
///
/// # Errors
/// When a side cannot be read; differences are no error.
pub fn diff(
    from: &Side,
    to: &Side,
    options: &DiffOptions,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Error> {
    let (from, to) = side::open_both(from, to, &options.provision, progress)?;
    progress(Step::Compare);
    exist([&from, &to], &options.schemas)?;
    let declares = (from.reading(), to.reading());
    let (findings, compared, of) = match declares {
        (Some(one), Some(other)) => {
            let state = |reading| Mixed::from(declared::state(reading));
            let (findings, objects) = held(state(one), state(other), options);
            (findings, catalogs(&from, objects), &to)
        }
        (Some(reading), None) => (declarations(reading, &to, options), one_of(reading), &to),
        (None, Some(reading)) => (
            declarations(reading, &from, options),
            one_of(reading),
            &from,
        ),
        (None, None) => {
            let with_environment = from.is_database && to.is_database;
            let one = from.mixed(with_environment, to.server_version())?;
            let other = to.mixed(with_environment, from.server_version())?;
            let (findings, objects) = held(one, other, options);
            (findings, catalogs(&from, objects), &to)
        }
    };
    let sources = match declares {
        (Some(reading), None) | (None, Some(reading)) => reading.declared.sources.clone(),
        _ => BTreeMap::new(),
    };
    Ok(Report {
        root: PathBuf::new(),
        database: Some(of.description.clone()),
        server_version: of.server_version(),
        compared,
        findings,
        suppressed: Vec::new(),
        notices: from.notices.iter().chain(&to.notices).cloned().collect(),
        sources,
        // Who made the other side what it is goes before who made it as it is expected.
        lineages: [to.lineage, from.lineage].into_iter().flatten().collect(),
    })
}

fn one_of(reading: &Reading) -> Compared {
    Compared::Declared {
        counts: Counts::of(&reading.declared),
        migrated: Migrated::Before,
    }
}

fn declarations(reading: &Reading, other: &Opened, options: &DiffOptions) -> Vec<Finding> {
    let live = other.live();
    let scope = declared::scope(reading, &live, &options.schemas);
    let mut findings = compare(reading, &live, &scope);
    findings.retain(|finding| is_within(&finding.subject, &options.schemas));
    findings
}

fn catalogs(from: &Opened, objects: usize) -> Compared {
    Compared::Catalogs {
        expected: from.expected(),
        objects,
        declared: None,
    }
}

/// The findings, and how many objects were expected.
fn held(from: Mixed, to: Mixed, options: &DiffOptions) -> (Vec<Finding>, usize) {
    let filtered = |side: Mixed| side.filtered(|object| is_in(object, &options.schemas));
    let (from, to) = (filtered(from), filtered(to));
    let findings = compare_mixed(&from, &to, &Scope::default());
    (findings, from.objects.len())
}

/// One of the sides has each of the schemas: of a misspelt one there would be nothing to say.
fn exist(sides: [&Opened; 2], schemas: &[String]) -> Result<(), Error> {
    if schemas.is_empty() {
        return Ok(());
    }
    let [one, other] = sides.map(|side| side.mixed(false, None));
    let objects = [one?.objects, other?.objects].concat();
    let is_missing = |schema: &&String| {
        let schema = std::slice::from_ref(*schema);
        !objects.iter().any(|object| is_in(object, schema))
    };
    match schemas.iter().find(is_missing) {
        Some(schema) => Err(SideError::NoSchema(visible(schema)).into()),
        None => Ok(()),
    }
}

/// Whether an object is in one of the schemas, or one of them; all are where there are none.
fn is_in(object: &Object, schemas: &[String]) -> bool {
    let schema = match object.class == &class::SCHEMA {
        true => Some(&object.name),
        false => object.schema.as_ref(),
    };
    schemas.is_empty() || schema.is_some_and(|schema| schemas.contains(schema))
}

/// Whether a finding about declarations is about one of the schemas.
fn is_within(subject: &Subject, schemas: &[String]) -> bool {
    let name = match subject {
        Subject::Relation(name) | Subject::Column(name, _) | Subject::Type(name) => name,
        Subject::Join { child, .. } => child,
        Subject::Object(_)
        | Subject::InMigration { .. }
        | Subject::Migration(_)
        | Subject::Rule(_)
        | Subject::Suppression { .. } => return true,
    };
    schemas.is_empty() || schemas.contains(&name.schema)
}
