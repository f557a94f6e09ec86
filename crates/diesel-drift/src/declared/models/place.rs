//! Which `table!` a model's path means.

use std::path::{Path as FilePath, PathBuf};

use crate::declared::file::{Facts, Scope};
use crate::declared::joined::{From, Joined};
use crate::declared::model::Table;
use crate::declared::module_path::tail;
use crate::declared::names::MAX_STEPS;
use crate::declared::type_ref::Path;

/// What is known of the tables.
pub(super) struct Tables<'a> {
    pub(super) joined: Joined<'a>,
    pub(super) declared: &'a [Table],
    /// The directory of each table's package.
    pub(super) packages: Vec<Option<PathBuf>>,
    /// Names by which crates of the project call each other.
    pub(super) crates: &'a [String],
}

/// A path with what its first name is imported as, and the place of its table.
pub(super) type Found = (Path, Option<usize>);

impl Tables<'_> {
    /// Follows a path from a scope of a file.
    pub(super) fn find(
        &self,
        facts: &Facts,
        scope: usize,
        package: Option<&FilePath>,
        path: &[String],
    ) -> Found {
        let seen = Seen {
            tables: self,
            facts,
            package,
        };
        seen.find(&facts.scopes[scope], path, MAX_STEPS)
    }
}

/// What a path is seen from.
struct Seen<'a> {
    tables: &'a Tables<'a>,
    facts: &'a Facts,
    package: Option<&'a FilePath>,
}

impl Seen<'_> {
    fn find(&self, scope: &Scope, path: &[String], steps: usize) -> Found {
        if let Some(whole) = scope.imports.whole(path) {
            let place = self.place(scope, &whole, false);
            return (whole, place);
        }
        if path.len() > 1 || steps == 0 {
            return (path.to_vec(), self.place(scope, path, false));
        }
        let own: Path = std::iter::once("self".to_owned())
            .chain(path.iter().cloned())
            .collect();
        if let Some(place) = self.place(scope, &own, true) {
            return (path.to_vec(), Some(place));
        }
        let mut found: Vec<Found> = Vec::new();
        for glob in &scope.imports.globs {
            if glob.first().is_some_and(|first| first == "diesel") {
                continue;
            }
            let whole: Path = glob.iter().chain(path).cloned().collect();
            match self.place(scope, &whole, true) {
                Some(place) => found.push((whole, Some(place))),
                // What the module around imports, its children see through `super::*`.
                None => found.extend(self.around(scope, glob).and_then(|around| {
                    Some(self.find(around, path, steps - 1)).filter(|(_, place)| place.is_some())
                })),
            }
        }
        found.sort_by_key(|(_, place)| *place);
        found.dedup_by_key(|(_, place)| *place);
        match found.len() {
            1 => found.swap_remove(0),
            0 => (path.to_vec(), self.place(scope, path, false)),
            _ => (path.to_vec(), None),
        }
    }

    /// The module of the same file that a glob of `super` and `self` names.
    fn around(&self, scope: &Scope, glob: &[String]) -> Option<&Scope> {
        if !tail(glob).is_empty() || glob.first().is_some_and(|first| first == "crate") {
            return None;
        }
        let ups = glob.iter().filter(|name| *name == "super").count();
        let path = scope.path.get(..scope.modules.checked_sub(ups)?)?;
        (self.facts.scopes.iter()).find(|other| ups > 0 && other.path == path)
    }

    /// The table of a path without imports: one of the file's own package first. Strictly, the path's modules have to be the table's.
    fn place(&self, scope: &Scope, path: &[String], strictly: bool) -> Option<usize> {
        let tables = self.tables;
        let from = From {
            file: &self.facts.path,
            // A function's paths begin at the module around it.
            module: scope.path.get(..scope.modules).unwrap_or_default(),
        };
        let first = path.first()?;
        let keyword = matches!(first.as_str(), "crate" | "self" | "super");
        let known = keyword || path.len() == 1 || tables.crates.contains(first);
        let of_package =
            |place: usize| tables.packages.get(place).map(Option::as_deref) == Some(self.package);
        let is_module = |place: usize| {
            known
                || (tables.declared.get(place)).is_some_and(|table| {
                    table.module.contains(first)
                        || table
                            .span
                            .file
                            .with_extension("")
                            .iter()
                            .any(|name| name == first.as_str())
                })
        };
        let within = |wanted: &dyn Fn(usize) -> bool| {
            (tables.joined).seen(&from, path, strictly, |place| {
                is_module(place) && wanted(place)
            })
        };
        match within(&of_package) {
            Ok(Some(place)) => Some(place),
            Ok(None) => within(&|_| true).ok().flatten(),
            // Several in the package: not one elsewhere, either.
            Err(()) => None,
        }
    }
}
