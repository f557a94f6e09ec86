//! The files that declare tables.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::children::Place;
use super::file::{self, Facts};
use super::model::{DeclaredError, SchemaSource};
use super::text::Text;
use super::walk;

/// What marks a file of a directory that declares something.
const MARKS: [&str; 3] = ["table!", "joinable!", "diesel::view!"];

/// A file that declares tables.
pub(super) struct SchemaFile {
    /// The file on disk.
    pub(super) file: PathBuf,
    /// Its text.
    pub(super) text: Arc<str>,
    /// What it says.
    pub(super) facts: Facts,
    /// The patch that Diesel CLI applied to it.
    pub(super) patch: Option<PathBuf>,
}

/// All files that declare tables.
#[derive(Default)]
pub(super) struct SchemaFiles {
    /// In the order of the sources, and of their names in a directory.
    pub(super) files: Vec<SchemaFile>,
    /// Identities of files that were read.
    pub(super) known: BTreeSet<PathBuf>,
    /// What could not be used.
    pub(super) notices: Vec<String>,
}

/// Reads the schema files and what belongs to them. `excluded` has the identities of files that directories are read without.
pub(super) fn load(
    root: &Path,
    schemas: &[SchemaSource],
    excluded: &BTreeSet<PathBuf>,
) -> Result<SchemaFiles, DeclaredError> {
    let mut found = SchemaFiles::default();
    for source in schemas {
        let before = found.files.len();
        if source.path.is_dir() {
            directory(root, source, excluded, &mut found)?;
        } else {
            one(root, &source.path, source.patch.as_ref(), &mut found)?;
            let notices = found.files[before..].iter().flat_map(missing);
            found.notices.extend(notices.collect::<Vec<_>>());
        }
        let declares = |file: &SchemaFile| !file.facts.tables.is_empty();
        if found.files.len() > before && !found.files[before..].iter().any(declares) {
            let path = display(root, &source.path);
            let is_root = path.as_os_str().is_empty();
            let path = if is_root { Path::new(".") } else { &path };
            let notice = format!("{}: no `table!` is in it", path.display());
            found.notices.push(notice);
        }
    }
    Ok(found)
}

/// What is said of an `include!` that leads to no file.
fn missing(schema: &SchemaFile) -> impl Iterator<Item = String> {
    let children = schema.facts.children.iter();
    children.filter_map(|child| match child.place {
        Place::Include { line, .. } if !child.excluded && child.locate(&schema.file).is_none() => {
            Some(format!(
                "{}:{line}: what this `include!` takes in is not there (does the build make it?); tables in it are not looked at",
                schema.facts.path.display()
            ))
        }
        _ => None,
    })
}

/// Reads a file and the files that it brings along, unless it was read before.
fn one(
    root: &Path,
    path: &Path,
    patch: Option<&PathBuf>,
    found: &mut SchemaFiles,
) -> Result<(), DeclaredError> {
    if !found.known.insert(identity(path)) {
        return Ok(());
    }
    let text = Text::open(path, display(root, path))?;
    let facts = file::read(&text, true)?;
    let children = facts.children.clone();
    found.files.push(SchemaFile {
        file: path.to_owned(),
        text: text.text,
        facts,
        patch: patch.cloned(),
    });
    for child in children.iter().filter(|child| !child.excluded) {
        if let Some(file) = child.locate(path) {
            one(root, &file, patch, found)?;
        }
    }
    Ok(())
}

/// Reads the files of a directory that hold a `table!` or `joinable!`.
fn directory(
    root: &Path,
    source: &SchemaSource,
    excluded: &BTreeSet<PathBuf>,
    found: &mut SchemaFiles,
) -> Result<(), DeclaredError> {
    for path in scanned(source) {
        let content = std::fs::read(&path).map_err(|source| DeclaredError::Io {
            path: display(root, &path),
            source,
        })?;
        // Not every file is UTF-8, and one that declares nothing need not be.
        let content = String::from_utf8_lossy(&content);
        let declares = MARKS.iter().any(|mark| content.contains(mark));
        if declares && !excluded.contains(&identity(&path)) {
            one(root, &path, source.patch.as_ref(), found)?;
        }
    }
    Ok(())
}

/// The files among which those with tables are looked for.
pub(super) fn scanned(source: &SchemaSource) -> Vec<PathBuf> {
    walk::walk(&source.path, std::slice::from_ref(&source.path)).files
}

/// What makes two paths the same file.
pub(super) fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// A path as spans have it: relative to `root` where it is inside.
pub(super) fn display(root: &Path, path: &Path) -> PathBuf {
    if let Ok(inside) = path.strip_prefix(root) {
        return inside.to_owned();
    }
    match identity(path).strip_prefix(identity(root)) {
        Ok(inside) => inside.to_owned(),
        Err(_) => path.to_owned(),
    }
}
