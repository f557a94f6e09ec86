//! What tests do with tables, as far as their sources say it.
//!
//! A test writes and reads what it names: tables in `insert_into(posts::table)` and in queries, row types, and SQL in texts. What the functions do that it
//! calls counts as its own: those that it calls by name, and methods of values whose type the source says. A name that can mean several tables or
//! functions means none, and what is never run (behind a `return`, under `if false`, in a file that no `mod` leads to) does nothing.

mod body;
mod calls;
mod collect;
mod dead;
mod known;
mod sql;
mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::cfg::Build;
use super::model::{Declared, DeclaredError, Span};
use super::models::Model;
use super::text::Text;
use super::walk::Sources;
use super::{excluded, parallel, schema_files, unreached, walk};
use calls::Functions;
use known::Known;

/// A test, and the tables that it touches: places in [`Declared::tables`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// The function.
    pub name: String,
    /// Where it is.
    pub span: Span,
    /// What it inserts, updates or deletes.
    pub writes: BTreeSet<usize>,
    /// What it reads.
    pub reads: BTreeSet<usize>,
}

impl Exercise {
    /// Whether it writes or reads a table.
    #[must_use]
    pub fn touches(&self, table: usize) -> bool {
        self.writes.contains(&table) || self.reads.contains(&table)
    }
}

/// The tests in the `.rs` files under some directories. What they call is looked for in all sources under `root`.
///
/// # Errors
/// When no thread can be had to read with.
pub fn exercises(
    root: &Path,
    directories: &[PathBuf],
    declared: &Declared,
    models: &[Model],
) -> Result<Vec<Exercise>, DeclaredError> {
    if directories.is_empty() {
        return Ok(Vec::new());
    }
    let mut sources = walk::walk(root, &[]);
    let mut tests = BTreeSet::new();
    for directory in directories {
        let directory = root.join(directory);
        let found = walk::with_tests(&directory, std::slice::from_ref(&directory));
        tests.extend(
            found
                .files
                .iter()
                .map(|file| schema_files::display(root, file)),
        );
        add(&mut sources, found);
    }
    let graph = excluded::graph(&sources.files, Build::Tests)?;
    let left_out = unreached::unreached(&sources.files, &graph, &sources)?;
    let known = Known::new(declared, models, &sources.crates);
    let read = |path: &PathBuf| {
        if left_out.contains(&schema_files::identity(path)) {
            return None;
        }
        let content = std::fs::read_to_string(path).ok()?;
        let text = Text::new(schema_files::display(root, path), content);
        // What does not parse does not compile, and so is no test.
        let file = text.parse().ok()?;
        Some(collect::functions(&known, &text, &file))
    };
    let (mut functions, mut traits) = (Vec::new(), BTreeSet::new());
    for found in parallel::map(&sources.files, read)?.into_iter().flatten() {
        functions.extend(found.functions);
        traits.extend(found.traits);
    }
    Ok(Functions::new(&functions, &traits, &sources.crates).tests(&tests))
}

/// More of the same sources: a file has one path, whichever directory leads to it.
fn add(sources: &mut Sources, more: Sources) {
    let known: BTreeSet<PathBuf> = (sources.files.iter())
        .map(|file| schema_files::identity(file))
        .collect();
    let is_new = |file: &PathBuf| !known.contains(&schema_files::identity(file));
    sources.files.extend(more.files.into_iter().filter(is_new));
    sources.packages.extend(more.packages);
    sources.crates.extend(more.crates);
}
