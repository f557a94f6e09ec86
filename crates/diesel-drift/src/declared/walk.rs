//! The Rust sources under a directory.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// Directories of a package that are no part of its library or programs.
const ASIDE: [&str; 3] = ["tests", "benches", "examples"];

/// What a project's directory holds.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// `.rs` files, sorted.
    pub(super) files: Vec<PathBuf>,
    /// Directories with a `Cargo.toml` that describes a package.
    pub(super) packages: BTreeSet<PathBuf>,
    /// Names by which the packages' libraries are called in Rust.
    pub(super) crates: Vec<String>,
}

impl Sources {
    /// The directory of the package that a file belongs to.
    pub(super) fn package_of(&self, file: &Path) -> Option<PathBuf> {
        file.ancestors()
            .skip(1)
            .find(|dir| self.packages.contains(*dir))
            .map(Path::to_owned)
    }
}

/// Walks `root`. Left out: what `.gitignore` names, hidden directories, Cargo's `target`, `node_modules`, a
/// package's `tests`, `benches` and `examples`, and other projects inside this one: directories with a `diesel.toml` of
/// their own. A directory with one of `schemas` is never left out by its name or its `diesel.toml`.
pub(super) fn walk(root: &Path, schemas: &[PathBuf]) -> Sources {
    let mut sources = with_tests(root, schemas);
    let aside: Vec<PathBuf> = sources
        .packages
        .iter()
        .flat_map(|package| ASIDE.map(|name| package.join(name)))
        .filter(|dir| !schemas.iter().any(|schema| schema.starts_with(dir)))
        .collect();
    sources
        .files
        .retain(|file| !aside.iter().any(|dir| file.starts_with(dir)));
    sources
}

/// The same, with the packages' `tests`, `benches` and `examples`.
pub(super) fn with_tests(root: &Path, schemas: &[PathBuf]) -> Sources {
    let mut sources = Sources::default();
    let (top, kept) = (root.to_owned(), schemas.to_vec());
    let walker = WalkBuilder::new(root)
        // An ignore file above the project says nothing about it: a copy in a build directory is still a project.
        .parents(false)
        .git_global(false)
        .require_git(false)
        .filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            !is_dir || entry.path() == top || enters(entry.path(), &kept)
        })
        .build();
    // What cannot be read holds no declaration that anybody could act on.
    for entry in walker.filter_map(Result::ok) {
        let path = entry.path();
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        if path.extension() == Some(OsStr::new("rs")) {
            sources.files.push(path.to_owned());
        } else if path.file_name() == Some(OsStr::new("Cargo.toml"))
            && let Some(name) = crate_name(path)
        {
            sources.crates.push(name);
            sources.packages.extend(path.parent().map(Path::to_owned));
        }
    }
    sources.files.sort();
    sources
}

fn enters(dir: &Path, schemas: &[PathBuf]) -> bool {
    let beside = |name: &str| {
        dir.parent()
            .is_some_and(|parent| parent.join(name).is_file())
    };
    match dir.file_name().and_then(OsStr::to_str) {
        Some("node_modules") => return false,
        Some("target") if beside("Cargo.toml") => return false,
        _ => {}
    }
    !dir.join("diesel.toml").is_file() || schemas.iter().any(|schema| schema.starts_with(dir))
}

/// The name of a package's library, by Cargo's rule.
fn crate_name(manifest: &Path) -> Option<String> {
    let text = std::fs::read_to_string(manifest).ok()?;
    let manifest: toml::Table = text.parse().ok()?;
    let name = |section: &str| {
        manifest
            .get(section)
            .and_then(|section| section.get("name")?.as_str())
    };
    let package = name("package")?;
    Some(name("lib").unwrap_or(package).replace('-', "_"))
}
