//! From a type as the source has it to a [`Type`].
//!
//! Names are looked up as rustc would, as far as the sources at hand allow. What they do not tell is
//! [`Type::Unknown`]: neither equal to anything nor different.

use std::path::PathBuf;

use super::file::Facts;
use super::model::Type;
use super::sql_types::{Names, RawStruct};
use super::type_ref::{Imports, Path, TypeRef};
use super::types::{self, Builtin};

/// How many aliases and imports a name may go through.
const MAX_STEPS: usize = 8;

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

/// A resolved type and the `Nullable` around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) nullable: bool,
    pub(super) ty: Type,
    /// The struct that names it: indices of its file and in [`Facts::structs`].
    pub(super) structure: Option<(usize, usize)>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Builtin(Builtin),
    Struct(usize, usize),
    Alias(usize, usize),
    Unknown,
}

impl<'a> Project<'a> {
    /// Resolves a type.
    pub(super) fn resolve(&self, ty: &TypeRef, from: From<'_>) -> Resolved {
        self.resolve_type(ty, from, MAX_STEPS)
    }

    fn resolve_type(&self, ty: &TypeRef, from: From<'_>, steps: usize) -> Resolved {
        let known = |name: &str| Type::Known {
            schema: Some("pg_catalog".to_owned()),
            name: name.to_owned(),
        };
        let unknown = || Type::Unknown {
            name: ty.name().to_owned(),
        };
        let plain = |ty: Type| Resolved {
            nullable: false,
            ty,
            structure: None,
        };
        if steps == 0 {
            return plain(unknown());
        }
        let argument = || {
            ty.arguments
                .first()
                .map(|argument| self.resolve_type(argument, from, steps - 1))
        };
        let over = |range: fn(&str) -> Option<&'static str>| match argument().map(|of| of.ty) {
            Some(Type::Known {
                schema: Some(schema),
                name,
            }) if schema == "pg_catalog" => range(&name).map_or_else(unknown, known),
            _ => unknown(),
        };
        match self.locate(&ty.path, from, steps) {
            Item::Builtin(Builtin::Plain(name)) => plain(known(name)),
            Item::Builtin(Builtin::Extension(name)) => plain(Type::Known {
                schema: None,
                name: name.to_owned(),
            }),
            Item::Builtin(Builtin::Nullable) => match argument() {
                Some(inner) => Resolved {
                    nullable: true,
                    ..inner
                },
                None => plain(unknown()),
            },
            Item::Builtin(Builtin::Array) => match argument() {
                Some(inner) => Resolved {
                    nullable: false,
                    ty: Type::Array {
                        element: Box::new(inner.ty),
                        nullable: inner.nullable,
                    },
                    structure: inner.structure,
                },
                None => plain(unknown()),
            },
            Item::Builtin(Builtin::Range) => plain(over(types::range_over)),
            Item::Builtin(Builtin::Multirange) => plain(over(types::multirange_over)),
            Item::Builtin(Builtin::Opaque) | Item::Unknown => plain(unknown()),
            Item::Struct(file, index) => {
                let (_, found) = &self.files[file].facts.structs[index];
                Resolved {
                    nullable: false,
                    ty: named(found).unwrap_or_else(unknown),
                    structure: Some((file, index)),
                }
            }
            Item::Alias(file, index) => {
                let (scope, alias) = &self.files[file].facts.aliases[index];
                let from = From {
                    file,
                    scope: *scope,
                    table: None,
                };
                self.resolve_type(&alias.target, from, steps - 1)
            }
        }
    }

    /// Follows a path.
    fn locate(&self, path: &[String], from: From<'_>, steps: usize) -> Item {
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
            let from = From {
                table: None,
                ..from
            };
            return self.locate(&target, from, steps - 1);
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
            // A path in a `use` begins at the module around the macro, or at a crate.
            let from = From {
                table: None,
                ..from
            };
            return self.locate(target, from, steps - 1);
        }
        if from.table.is_none() {
            let own = self.in_file(from.file, name);
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
                let path: Path = glob.iter().cloned().chain(path.clone()).collect();
                let found = self.locate_local(&path, from, steps - 1);
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
    /// Modules are matched by all of the path's names, else by the last one, nearer files first; several that differ are none.
    fn locate_local(&self, path: &[String], from: From<'_>, steps: usize) -> Item {
        let Some((name, parents)) = path.split_last() else {
            return Item::Unknown;
        };
        let hint = parents
            .last()
            .filter(|hint| !matches!(hint.as_str(), "crate" | "self" | "super"));
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
        let in_path = |file: usize, scope: usize| self.files[file].is_at(scope, parents);
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
        let tiers: [&dyn Fn() -> Vec<Item>; 8] = [
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
                        in_module(file, scope) && self.files[file].package == *package
                    }
                })
            },
            &|| {
                self.select(name, |file, scope| {
                    self.files[file].package == *package && in_path(file, scope)
                })
            },
            &|| {
                self.select(name, |file, scope| {
                    self.files[file].package == *package && in_module(file, scope)
                })
            },
            &|| self.select(name, |file, _| self.files[file].package == *package),
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
    /// Whether a scope of the file is the module that `path` names with two names or more.
    fn is_at(&self, scope: usize, path: &[String]) -> bool {
        let keyword = |name: &&String| matches!(name.as_str(), "crate" | "self" | "super");
        let path: Vec<&str> = path
            .iter()
            .skip_while(keyword)
            .map(String::as_str)
            .collect();
        let inside: Vec<&str> = self.facts.scopes[scope]
            .path
            .iter()
            .map(String::as_str)
            .collect();
        let stem = self.facts.path.with_extension("");
        let outside = stem
            .iter()
            .filter_map(|name| name.to_str())
            .filter(|name| *name != "mod");
        let whole: Vec<&str> = outside.chain(inside.iter().copied()).collect();
        // A file that is taken in with `include!` does not stand where its path says.
        path.len() > 1 && (whole.ends_with(&path) || inside.len() > 1 && path.ends_with(&inside))
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

/// A struct's type.
fn named(found: &RawStruct) -> Option<Type> {
    let (schema, name) = match &found.names {
        Names::Name { schema, name } => (schema.clone(), name.clone()),
        Names::Oid(oid) => (
            Some("pg_catalog".to_owned()),
            types::by_oid(*oid)?.to_owned(),
        ),
    };
    Some(Type::Known { schema, name })
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
