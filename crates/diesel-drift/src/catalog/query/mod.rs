//! Typed questions to a catalog: what a rule asks, here and in a project's own tests.
//!
//! ```
//! use diesel_drift::catalog::{Catalog, ReferentialAction};
//!
//! fn deleting_a_crate_deletes_what_belongs_to_it(catalog: &Catalog) -> Result<(), String> {
//!     let crate_ids = catalog.tables().columns().named("crate_id");
//!     crate_ids.except(["default_versions.crate_id"]).must(
//!         "have a foreign key with ON DELETE CASCADE",
//!         |column| column.foreign_keys().any(|key| key.on_delete == ReferentialAction::Cascade),
//!     )
//! }
//! # let nothing = deleting_a_crate_deletes_what_belongs_to_it(&Catalog::default());
//! # assert!(nothing.unwrap_err().contains("there is nothing"));
//! ```
//!
//! The catalog of what a project's migrations make is had in a test as this:
//!
//! ```no_run
//! use diesel_drift::introspect::Live;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let database = diesel_drift::testing::database()?;
//! let live = Live::of_database(&database.url().into(), &mut |_| {})?;
//! live.catalog.tables().foreign_keys().must("be validated", |key| !key.not_valid)?;
//! # Ok(())
//! # }
//! ```

mod named;
mod single;
mod table;

use std::fmt;

pub use named::Named;
pub use single::Single;
pub use table::{Member, Table};

/// What a question chose, in the catalog's order.
#[derive(Clone, Debug)]
pub struct Selection<T> {
    items: Vec<T>,
    /// What was asked for, for sentences: "columns named `crate_id`".
    asked: String,
    /// Exceptions that except nothing.
    unmet: Vec<String>,
}

impl<T> Selection<T> {
    fn new(asked: &str, items: impl Iterator<Item = T>) -> Self {
        Self {
            items: items.collect(),
            asked: asked.to_owned(),
            unmet: Vec::new(),
        }
    }

    /// Those for which `keep` says so; `words` goes on with the description: "that are nullable".
    #[must_use]
    pub fn that(mut self, words: &str, keep: impl Fn(&T) -> bool) -> Self {
        self.items.retain(|item| keep(item));
        self.asked = format!("{} {words}", self.asked);
        self
    }

    /// How many were chosen.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What was chosen.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T: Named> Selection<T> {
    /// Those of that name, raw.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.that(&format!("named `{name}`"), |item| item.name() == name)
    }

    /// Those in that schema.
    #[must_use]
    pub fn in_schema(self, schema: &str) -> Self {
        self.that(&format!("in schema `{schema}`"), |item| {
            item.schema() == schema
        })
    }

    /// Without those; each is named as findings name it, with or without the schema: `posts.title`, `public.posts.title`.
    #[must_use]
    pub fn except<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        for name in names {
            let name = name.as_ref();
            let before = self.items.len();
            self.items.retain(|item| !is_called(item, name));
            if self.items.len() == before {
                self.unmet.push(name.to_owned());
            }
        }
        self
    }

    /// Holds every one of them to something: "columns named `crate_id` must have a foreign key".
    ///
    /// # Errors
    /// The sentence that lists those that do not hold. Also where nothing was chosen, or an exception excepts nothing: a rule that says
    /// nothing about anything is misspelt, or what it was written for is gone.
    pub fn must(&self, what: &str, holds: impl Fn(&T) -> bool) -> Result<(), String> {
        if let [name, ..] = self.unmet.as_slice() {
            return Err(format!(
                "{} must {what}, and there is nothing called `{name}` to be excepted",
                self.asked
            ));
        }
        if self.items.is_empty() {
            return Err(format!(
                "{} must {what}, and there is nothing of the kind",
                self.asked
            ));
        }
        let broken: Vec<String> = (self.items.iter())
            .filter(|item| !holds(item))
            .map(|item| format!("\n  {}", item.path()))
            .collect();
        match broken.len() {
            0 => Ok(()),
            count => Err(format!(
                "{} must {what}; {} of {} do not:{}",
                self.asked,
                count,
                self.items.len(),
                broken.concat()
            )),
        }
    }
}

/// Whether a name, with or without what is around it, is that of an item.
pub(crate) fn is_called(item: &impl Named, name: &str) -> bool {
    let path = item.path();
    path == name || (path.strip_suffix(name)).is_some_and(|rest| rest.ends_with('.'))
}

impl<T> IntoIterator for Selection<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<T: Named> fmt::Display for Selection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.items.iter().map(Named::path).collect();
        f.write_str(&paths.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Column, ForeignKey, QualifiedName, ReferentialAction, Relation};

    fn key(on_delete: ReferentialAction) -> ForeignKey {
        ForeignKey {
            name: "posts_crate_id_fkey".into(),
            columns: vec!["crate_id".into()],
            target: QualifiedName::new("public", "crates"),
            on_delete,
            ..ForeignKey::default()
        }
    }

    fn table(name: &str, on_delete: ReferentialAction) -> Relation {
        let column = |name: &str| Column {
            name: name.into(),
            ..Column::default()
        };
        Relation {
            name: QualifiedName::new("public", name),
            columns: vec![column("id"), column("crate_id")],
            foreign_keys: vec![key(on_delete)],
            ..Relation::default()
        }
    }

    fn catalog() -> Catalog {
        let mut partition = table("c_1", ReferentialAction::NoAction);
        partition.partition_of = Some(crate::catalog::Partition::default());
        Catalog {
            relations: vec![
                table("a", ReferentialAction::Cascade),
                table("b", ReferentialAction::Restrict),
                partition,
            ],
            ..Catalog::default()
        }
    }

    fn cascades(column: &Member<'_, Column>) -> bool {
        (column.foreign_keys()).any(|key| key.on_delete == ReferentialAction::Cascade)
    }

    #[test]
    fn what_breaks_a_rule_is_listed() {
        let catalog = catalog();
        let columns = || catalog.tables().columns().named("crate_id");
        assert_eq!(
            columns().must("cascade", cascades).unwrap_err(),
            "columns named `crate_id` must cascade; 1 of 2 do not:\n  public.b.crate_id"
        );
        assert_eq!(
            columns().except(["b.crate_id"]).must("cascade", cascades),
            Ok(())
        );
    }

    #[test]
    fn a_rule_about_nothing_is_broken() {
        let catalog = catalog();
        let none = catalog.tables().in_schema("app").columns();
        assert!(
            none.must("be", |_| true)
                .unwrap_err()
                .contains("nothing of the kind")
        );
        let unmet = catalog.tables().except(["x.a"]);
        assert!(unmet.must("be", |_| true).unwrap_err().contains("`x.a`"));
    }
}
