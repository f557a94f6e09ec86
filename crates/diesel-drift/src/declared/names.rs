//! What a path leads to.
//!
//! Names are looked up as rustc would, as far as the sources at hand allow. What they do not tell is unknown: neither
//! equal to anything nor different.

use std::path::PathBuf;

use super::file::Facts;
use super::module_path::{relative, tail, whole};
use super::sql_types::Names;
use super::type_ref::{Imports, Path};
use super::types::{self, Builtin};

/// How many aliases and imports a name may go through.
pub(super) const MAX_STEPS: usize = 8;

/// A file's facts and where the file stands.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) facts: Facts,
    /// Whether it is one of the schema files.
    pub(super) is_schema: bool,
    /// The directory of its package's `Cargo.toml`.
    pub(super) package: Option<PathBuf>,
}

/// All files of a project.
pub(super) struct Project<'a> {
    pub(super) files: &'a [File],
    /// Names by which crates of the project call each other.
    pub(super) crates: &'a [String],
}

/// A place from which names are seen.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    /// Index of the file.
    pub(super) file: usize,
    /// Index of the scope in the file.
    pub(super) scope: usize,
    /// The imports of a `table!`, which sees nothing else.
    pub(super) table: Option<&'a Imports>,
}

impl From<'_> {
    /// The scope around, of which a `table!` sees nothing.
    fn outside(self) -> Self {
        Self {
            table: None,
            ..self
        }
    }

    /// What a path in an import is for the scope around: a `table!` is a module of its own.
    fn around(self, mut path: Path) -> Path {
        let leaves = self.table.is_some() && path.first().is_some_and(|first| first == "super");
        if leaves && let Some(first) = path.first_mut() {
            *first = "self".to_owned();
        }
        path
    }
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Builtin(Builtin),
    Struct(usize, usize),
    Alias(usize, usize),
    Unknown,
}

impl<'a> Project<'a> {
    /// Follows a path.
    pub(super) fn locate(&self, path: &[String], from: From<'_>, steps: usize) -> Item {
        let Some((first, rest)) = path.split_first() else {
            return Item::Unknown;
        };
        if steps == 0 {
            return Item::Unknown;
        }
        if rest.is_empty() {
            return self.locate_name(first, from, steps);
        }
        if matches!(first.as_str(), "crate" | "self" | "super") {
            return self.locate_local(path, from, steps);
        }
        // An import may be called like a crate, and then hides it.
        let imports = self.imports(from);
        if let Some(target) = imports.get(first)
            && target.as_slice() != std::slice::from_ref(first)
        {
            let target: Path = target.iter().chain(rest).cloned().collect();
            return self.locate(&from.around(target), from.outside(), steps - 1);
        }
        if first == "diesel" {
            return builtin(path);
        }
        let is_module = || {
            let package = &self.files[from.file].package;
            self.files
                .iter()
                .filter(|file| &file.package == package)
                .any(|file| file.is_module(first))
        };
        if self.crates.contains(first) || is_module() {
            return self.locate_local(path, from, steps);
        }
        // `use diesel::*` brings Diesel's own modules along.
        let of_diesel = matches!(first.as_str(), "sql_types" | "pg");
        if of_diesel && imports.globs.iter().any(|glob| is_diesel(glob)) {
            return builtin(path);
        }
        Item::Unknown
    }

    fn imports<'f>(&'f self, from: From<'f>) -> &'f Imports {
        from.table
            .unwrap_or(&self.files[from.file].facts.scopes[from.scope].imports)
    }

    /// A name without a path: imported by name, the module's own, or through a glob.
    fn locate_name(&self, name: &str, from: From<'_>, steps: usize) -> Item {
        let path = [name.to_owned()];
        let imports = self.imports(from);
        if let Some(target) = imports.get(name) {
            if target.len() == 1 {
                return Item::Unknown;
            }
            return self.locate(&from.around(target.clone()), from.outside(), steps - 1);
        }
        if from.table.is_none() {
            let module = &self.files[from.file].facts.scopes[from.scope].path;
            let own = |file: usize, scope: usize| {
                file == from.file && self.files[file].facts.scopes[scope].path == *module
            };
            let own = self
                .agreed(self.select(name, own))
                .unwrap_or_else(|| self.in_file(from.file, name));
            if own != Item::Unknown {
                return own;
            }
        }
        let globs = &imports.globs;
        if globs.iter().any(|glob| is_diesel(glob)) && builtin(&path) != Item::Unknown {
            return builtin(&path);
        }
        for glob in globs.iter().filter(|glob| !is_diesel(glob)) {
            let local = glob.first().is_some_and(|first| {
                matches!(first.as_str(), "crate" | "self" | "super") || self.crates.contains(first)
            });
            if local {
                let path = glob.iter().cloned().chain(path.clone()).collect();
                let found = self.locate_local(&from.around(path), from.outside(), steps - 1);
                if found != Item::Unknown {
                    return found;
                }
            }
        }
        // The only glob that is left may hand Diesel's names on.
        if globs.is_empty() {
            Item::Unknown
        } else {
            builtin(&path)
        }
    }

    /// A path into the project: `crate::schema::sql_types::Mood`.
    ///
    /// The module that the path names as seen from here is tried first, then those that end as the path does, then those
    /// whose last name is the path's, nearer files first; several that differ are none.
    fn locate_local(&self, path: &[String], from: From<'_>, steps: usize) -> Item {
        let Some((name, parents)) = path.split_last() else {
            return Item::Unknown;
        };
        let hint = tail(parents).last();
        let there = relative(self.files[from.file].module(from.scope), parents);
        let package = &self.files[from.file].package;
        let in_module = |file: usize, scope: usize| {
            hint.is_none_or(|hint| {
                let facts = &self.files[file].facts;
                match facts.scopes[scope].path.last() {
                    Some(last) => last == hint,
                    None => self.files[file].is_named(hint),
                }
            })
        };
        let in_package = |file: usize| self.files[file].package == *package;
        let is_there = |file: usize, scope: usize| {
            in_package(file) && there.as_ref() == Some(&self.files[file].scope(scope))
        };
        // A name that the file's modules import: `super::Mood`, or `pub use`.
        let same_file = self.select(name, |file, scope| {
            file == from.file && in_module(file, scope)
        });
        let reexports = |wanted: &dyn Fn(usize, usize) -> bool| {
            let mut targets: Vec<(usize, usize, &Path)> = Vec::new();
            for (index, file) in self.files.iter().enumerate() {
                for (scope, around) in file.facts.scopes.iter().enumerate() {
                    let target = around.imports.get(name).filter(|target| {
                        wanted(index, scope) && target.as_slice() != path && target.len() > 1
                    });
                    // Functions see, and so repeat, what their module imports.
                    let is_new =
                        |target: &&Path| !targets.iter().any(|(_, _, seen)| seen == target);
                    targets.extend(target.filter(is_new).map(|target| (index, scope, target)));
                }
            }
            let locate = |(file, scope, target): (usize, usize, &Path)| {
                let from = From {
                    file,
                    scope,
                    table: None,
                };
                self.locate(target, from, steps - 1)
            };
            targets.into_iter().map(locate).collect()
        };
        let steps_left = steps > 1;
        let tiers: [&dyn Fn() -> Vec<Item>; 10] = [
            &|| self.select(name, is_there),
            &|| {
                self.select(name, |file, scope| {
                    in_package(file) && self.files[file].is_at(scope, parents)
                })
            },
            &|| same_file.clone(),
            &|| self.select(name, |file, _| file == from.file),
            &|| {
                if !steps_left {
                    return Vec::new();
                }
                reexports(&|file, scope| {
                    if hint.is_none() {
                        file == from.file
                    } else {
                        in_module(file, scope) && in_package(file)
                    }
                })
            },
            &|| {
                self.select(name, |file, scope| {
                    in_package(file) && self.files[file].is_included_at(scope, parents)
                })
            },
            &|| {
                self.select(name, |file, scope| {
                    in_package(file) && in_module(file, scope)
                })
            },
            &|| self.select(name, |file, _| in_package(file)),
            &|| self.select(name, |file, _| self.files[file].is_schema),
            &|| self.select(name, |_, _| true),
        ];
        for tier in tiers {
            if let Some(found) = self.agreed(tier()) {
                return found;
            }
        }
        builtin(path)
    }

    /// Structs and aliases of a name.
    fn select(&self, name: &str, wanted: impl Fn(usize, usize) -> bool) -> Vec<Item> {
        let mut found = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            let structs = file.facts.structs.iter().enumerate();
            found.extend(
                structs
                    .filter(|(_, (scope, item))| item.rust_name == name && wanted(index, *scope))
                    .map(|(at, _)| Item::Struct(index, at)),
            );
            let aliases = file.facts.aliases.iter().enumerate();
            found.extend(
                aliases
                    .filter(|(_, (scope, item))| item.name == name && wanted(index, *scope))
                    .map(|(at, _)| Item::Alias(index, at)),
            );
        }
        found
    }

    fn in_file(&self, file: usize, name: &str) -> Item {
        self.agreed(self.select(name, |index, _| index == file))
            .unwrap_or(Item::Unknown)
    }

    /// The one thing that all candidates are; [`Item::Unknown`] where they differ, `None` where there is none.
    fn agreed(&self, candidates: Vec<Item>) -> Option<Item> {
        let mut candidates = candidates.into_iter();
        let first = candidates.next()?;
        let same = |other: &Item| match (&first, other) {
            (Item::Struct(file, at), Item::Struct(other_file, other_at)) => {
                self.names(*file, *at) == self.names(*other_file, *other_at)
            }
            (one, other) => one == other,
        };
        Some(if candidates.all(|other| same(&other)) {
            first
        } else {
            Item::Unknown
        })
    }

    fn names(&self, file: usize, at: usize) -> &'a Names {
        &self.files[file].facts.structs[at].1.names
    }
}

impl File {
    /// The names of a scope from the file's path downwards.
    fn scope(&self, scope: usize) -> Path {
        whole(&self.facts.path, &self.facts.scopes[scope].path)
    }

    /// The module that a scope is in: a function's paths begin at the module around it.
    fn module(&self, scope: usize) -> Path {
        let scope = &self.facts.scopes[scope];
        whole(
            &self.facts.path,
            scope.path.get(..scope.modules).unwrap_or_default(),
        )
    }

    /// Whether a scope of the file is the module that `path` names with two names or more.
    fn is_at(&self, scope: usize, path: &[String]) -> bool {
        let path = tail(path);
        path.len() > 1 && self.scope(scope).ends_with(path)
    }

    /// The same for a file that is taken in with `include!`, and so does not stand where its path says.
    fn is_included_at(&self, scope: usize, path: &[String]) -> bool {
        let inside = &self.facts.scopes[scope].path;
        inside.len() > 1 && tail(path).ends_with(inside)
    }

    /// Whether the file is the module `name`: `name.rs` or `name/mod.rs`.
    fn is_named(&self, name: &str) -> bool {
        let path = &self.facts.path;
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        match stem {
            Some("mod") => path.parent().and_then(|dir| dir.file_name()?.to_str()) == Some(name),
            stem => stem == Some(name),
        }
    }

    /// Whether the file is, or has, a module of that name.
    fn is_module(&self, name: &str) -> bool {
        let mut scopes = self.facts.scopes.iter();
        self.is_named(name)
            || scopes.any(|scope| scope.path.last().is_some_and(|last| last == name))
    }
}

/// Whether a path is one of the modules through which Diesel hands its SQL types out.
fn is_diesel(path: &[String]) -> bool {
    path.first().is_some_and(|first| first == "diesel")
}

fn builtin(path: &[String]) -> Item {
    path.last()
        .and_then(|name| types::builtin(name))
        .map_or(Item::Unknown, Item::Builtin)
}
