//! What a project's configuration makes the harness look at.

use super::ignore::{self, Ignore};
use crate::catalog::{Catalog, Object, ObjectPath, QualifiedName};
use regex::Regex;
use serde::Deserialize;
use std::borrow::Cow;

/// The schemas that `diesel.toml` covers: only these are searched for tables that `schema.rs` should declare.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// One for each `[print_schema]` or `[print_schema.<key>]`; none where there is no `schema.rs` that could be complete,
    /// because `table!`s are scattered over the sources and each declares what the code beside it needs.
    pub covered: Vec<Covered>,
    /// `[[ignore]]` of `drift.toml`.
    pub ignores: Vec<Ignore>,
    /// `[scope] owns` of `drift.toml`.
    pub owns: Owns,
}

/// How much of a database a project owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owns {
    /// All of it: what nobody declares or migrates is drift.
    #[default]
    All,
    /// A part: what the database has beside that is not looked at. What hangs on a table of the project's own is.
    Part,
}

/// What one `[print_schema]` covers.
#[derive(Clone, Debug)]
pub struct Covered {
    /// `schema`; Diesel's default is `public`.
    pub schema: String,
    /// `filter`.
    pub filter: Filter,
    /// `column_sorting = "name"`.
    pub columns_by_name: bool,
}

/// `filter`: patterns that match anywhere in a table's name, as Diesel CLI matches them.
#[derive(Clone, Debug, Default)]
pub enum Filter {
    /// Every table.
    #[default]
    All,
    /// `only_tables`.
    Only(Vec<Regex>),
    /// `except_tables`.
    Except(Vec<Regex>),
}

impl Filter {
    /// Whether Diesel CLI would print a table of that name.
    pub fn admits(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(patterns) => patterns.iter().any(|pattern| pattern.is_match(name)),
            Self::Except(patterns) => !patterns.iter().any(|pattern| pattern.is_match(name)),
        }
    }
}

impl Scope {
    /// The covered schemas.
    pub fn schemas(&self) -> impl Iterator<Item = &str> {
        self.covered.iter().map(|covered| covered.schema.as_str())
    }

    /// Whether the declarations are meant to be complete.
    pub fn is_complete(&self) -> bool {
        !self.covered.is_empty()
    }

    /// Whether `schema.rs` should declare a table of that name. Names that begin with `__` are Diesel's own bookkeeping,
    /// and Diesel CLI never prints them.
    pub fn expects(&self, name: &QualifiedName) -> bool {
        !name.name.starts_with("__")
            && self.owns == Owns::All
            && self
                .covered
                .iter()
                .any(|covered| covered.schema == name.schema && covered.filter.admits(&name.name))
    }

    /// Whether an `[[ignore]]` means the object.
    pub fn ignores(&self, path: &ObjectPath) -> bool {
        self.ignores.iter().any(|ignore| ignore.matches(path))
    }

    /// The objects that are the project's as far as `[[ignore]]` says.
    pub fn kept<'a>(&self, objects: &'a [Object]) -> Cow<'a, [Object]> {
        ignore::kept(objects, &self.ignores)
    }

    /// What a catalog's schemas hold that is the project's as far as `[[ignore]]` says, without Diesel's bookkeeping: relations and what
    /// hangs on them, sequences, types and routines.
    #[must_use]
    pub fn kept_catalog(&self, catalog: &Catalog) -> Catalog {
        ignore::kept_catalog(catalog.clone(), &self.ignores)
    }

    /// Whether Diesel CLI prints the columns of that schema's tables by name.
    pub fn sorts_columns_by_name(&self, schema: &str) -> bool {
        self.covered
            .iter()
            .any(|covered| covered.schema == schema && covered.columns_by_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(filter: Filter) -> Scope {
        Scope {
            covered: vec![Covered {
                schema: "public".into(),
                filter,
                columns_by_name: false,
            }],
            ..Scope::default()
        }
    }

    #[test]
    fn patterns_match_anywhere_in_the_name() {
        let patterns = vec![Regex::new("post").unwrap()];
        let only = scope(Filter::Only(patterns.clone()));
        let except = scope(Filter::Except(patterns));
        assert!(only.expects(&QualifiedName::new("public", "old_posts")));
        assert!(!only.expects(&QualifiedName::new("public", "users")));
        assert!(!except.expects(&QualifiedName::new("public", "old_posts")));
        assert!(except.expects(&QualifiedName::new("public", "users")));
    }

    #[test]
    fn neither_other_schemas_nor_diesel_s_bookkeeping_are_expected() {
        let scope = scope(Filter::All);
        assert!(!scope.expects(&QualifiedName::new("audit", "posts")));
        assert!(!scope.expects(&QualifiedName::new("public", "__diesel_schema_migrations")));
    }
}
