//! The files that declare tables.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::file::{self, Child, Facts};
use super::model::{DeclaredError, SchemaSource};
use super::text::Text;
use super::walk;

/// A file that declares tables.
pub(super) struct SchemaFile {
    /// The file on disk.
    pub(super) file: PathBuf,
    /// Its text.
    pub(super) text: String,
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
    /// Identities of files that were read, and of those that only tests have.
    pub(super) known: BTreeSet<PathBuf>,
    /// What could not be used.
    pub(super) notices: Vec<String>,
}

/// Reads the schema files and what belongs to them.
pub(super) fn load(root: &Path, schemas: &[SchemaSource]) -> Result<SchemaFiles, DeclaredError> {
    let mut found = SchemaFiles::default();
    for source in schemas {
        let before = found.files.len();
        if source.path.is_dir() {
            directory(root, source, &mut found)?;
        } else {
            one(root, &source.path, source.patch.as_ref(), &mut found)?;
        }
        let declares = |file: &SchemaFile| !file.facts.tables.is_empty();
        if found.files.len() > before && !found.files[before..].iter().any(declares) {
            found.notices.push(format!(
                "{}: no `table!` is in it",
                display(root, &source.path).display()
            ));
        }
    }
    Ok(found)
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
    for child in &children {
        let Some(file) = locate(path, child) else {
            continue;
        };
        if is_test(child) {
            found.known.insert(identity(&file));
        } else {
            one(root, &file, patch, found)?;
        }
    }
    Ok(())
}

/// Reads the files of a directory that hold a `table!` or `joinable!`.
fn directory(
    root: &Path,
    source: &SchemaSource,
    found: &mut SchemaFiles,
) -> Result<(), DeclaredError> {
    let files = walk::walk(&source.path, std::slice::from_ref(&source.path)).files;
    let mut wanted = Vec::new();
    for path in files {
        let text = Text::open(&path, display(root, &path))?;
        // A module that only tests have may declare tables that only tests make.
        if text.text.contains("cfg(test)")
            && let Ok(facts) = file::read(&text, false)
        {
            let tests = facts.children.iter().filter(|child| is_test(child));
            found
                .known
                .extend(tests.filter_map(|child| Some(identity(&locate(&path, child)?))));
        }
        if ["table!", "joinable!", "diesel::view!"]
            .iter()
            .any(|mark| text.text.contains(mark))
        {
            wanted.push(path);
        }
    }
    for path in wanted {
        one(root, &path, source.patch.as_ref(), found)?;
    }
    Ok(())
}

fn is_test(child: &Child) -> bool {
    matches!(child, Child::Module { test: true, .. })
}

/// The file of a child, by rustc's rules; `None` where there is none (it may be generated, or not compiled).
fn locate(parent: &Path, child: &Child) -> Option<PathBuf> {
    let dir = parent.parent()?;
    let (module, path) = match child {
        Child::Include(file) => return Some(dir.join(file)).filter(|file| file.is_file()),
        Child::Module { module, path, .. } => (module, path),
    };
    let (name, around) = module.split_last()?;
    let stem = parent.file_stem()?.to_str()?;
    let is_root = matches!(stem, "mod" | "lib" | "main");
    let own = if is_root {
        dir.to_owned()
    } else {
        dir.join(stem)
    };
    let candidates = match path {
        Some(path) if around.is_empty() => vec![dir.join(path)],
        Some(path) => vec![own.join(around.join("/")).join(path)],
        None => {
            let base = around.iter().fold(own, |base, name| base.join(name));
            vec![
                base.join(format!("{name}.rs")),
                base.join(name).join("mod.rs"),
            ]
        }
    };
    candidates.into_iter().find(|file| file.is_file())
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
