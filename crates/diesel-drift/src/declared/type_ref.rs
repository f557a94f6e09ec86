//! Paths and types of the source as plain data: `syn`'s own hold on to their thread.

use syn::ext::IdentExt;

/// A path: `["crate", "schema", "sql_types", "Mood"]`.
pub(super) type Path = Vec<String>;

/// A type of the form `path<arguments>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypeRef {
    /// The path, without arguments. Empty for what is no path, such as a tuple.
    pub(super) path: Path,
    /// Arguments of the last segment.
    pub(super) arguments: Vec<TypeRef>,
}

impl TypeRef {
    /// Reads a type.
    pub(super) fn of(ty: &syn::Type) -> Self {
        match ty {
            syn::Type::Path(path) => Self::of_path(&path.path),
            syn::Type::Paren(inner) => Self::of(&inner.elem),
            syn::Type::Group(inner) => Self::of(&inner.elem),
            syn::Type::Reference(inner) => Self::of(&inner.elem),
            _ => Self::default(),
        }
    }

    /// Reads a path.
    pub(super) fn of_path(path: &syn::Path) -> Self {
        let arguments = path.segments.last().map(|last| &last.arguments);
        let arguments = match arguments {
            Some(syn::PathArguments::AngleBracketed(list)) => list
                .args
                .iter()
                .filter_map(|argument| match argument {
                    syn::GenericArgument::Type(ty) => Some(Self::of(ty)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        Self {
            path: segments(path),
            arguments,
        }
    }

    /// The last segment; empty for what is no path.
    pub(super) fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// A path's identifiers, raw ones without `r#`.
pub(super) fn segments(path: &syn::Path) -> Path {
    // Most have one, and a vector that grows has room for four.
    let mut names = Vec::with_capacity(path.segments.len());
    let segments = path.segments.iter();
    names.extend(segments.map(|segment| segment.ident.unraw().to_string()));
    names
}

/// The names that a module, or a `table!`, imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Imports {
    /// Local name and what it stands for.
    pub(super) names: Vec<(String, Path)>,
    /// `path::*`.
    pub(super) globs: Vec<Path>,
}

impl Imports {
    /// Adds a `use`.
    pub(super) fn add(&mut self, tree: &syn::UseTree) {
        self.walk(tree, &mut Vec::new());
    }

    fn walk(&mut self, tree: &syn::UseTree, prefix: &mut Path) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.unraw().to_string());
                self.walk(&path.tree, prefix);
                prefix.pop();
            }
            syn::UseTree::Name(name) => {
                let name = name.ident.unraw().to_string();
                self.name(name.clone(), name, prefix);
            }
            syn::UseTree::Rename(rename) => self.name(
                rename.rename.unraw().to_string(),
                rename.ident.unraw().to_string(),
                prefix,
            ),
            syn::UseTree::Glob(_) => self.globs.push(prefix.clone()),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.walk(tree, prefix);
                }
            }
        }
    }

    /// `use a::b::{self}` imports `b`.
    fn name(&mut self, local: String, name: String, prefix: &[String]) {
        let mut path = prefix.to_vec();
        if name != "self" {
            path.push(name);
        }
        let local = if local == "self" {
            path.last().cloned().unwrap_or_default()
        } else {
            local
        };
        self.names.push((local, path));
    }

    /// A path whose first name is imported, with what that stands for.
    pub(super) fn whole(&self, path: &[String]) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        let target = self.get(first).filter(|target| target.len() > 1)?;
        Some(target.iter().chain(rest).cloned().collect())
    }

    /// Whether names come in that are not spelled out, other than Diesel's.
    pub(super) fn is_open(&self) -> bool {
        let diesel = |glob: &Path| glob.first().is_some_and(|first| first == "diesel");
        !self.globs.iter().all(diesel)
    }

    /// What a name stands for, where it is imported by name.
    pub(super) fn get(&self, name: &str) -> Option<&Path> {
        self.names
            .iter()
            .find(|(local, _)| local == name)
            .map(|(_, path)| path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_flattened() {
        let item: syn::ItemUse =
            syn::parse_str("use ::diesel::{self, sql_types::{self, *, Text as T}, r#type::X};")
                .unwrap();
        let mut imports = Imports::default();
        imports.add(&item.tree);
        let path = |text: &str| Some(text.split("::").map(str::to_owned).collect::<Path>());
        assert_eq!(imports.get("diesel").cloned(), path("diesel"));
        assert_eq!(imports.get("sql_types").cloned(), path("diesel::sql_types"));
        assert_eq!(imports.get("T").cloned(), path("diesel::sql_types::Text"));
        assert_eq!(imports.get("X").cloned(), path("diesel::type::X"));
        assert_eq!(imports.get("Text"), None);
        assert_eq!(imports.globs, [path("diesel::sql_types").unwrap()]);
    }
}
