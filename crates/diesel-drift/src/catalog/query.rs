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

use super::{
    BOOKKEEPING, Catalog, Check, Column, EnumType, ForeignKey, Index, IndexTerm, Key, ObjectPath,
    Policy, QualifiedName, Relation, RelationKind, Routine, Trigger, class,
};
use crate::subject::Subject;
use std::fmt;
use std::ops::Deref;

/// Something that has a name in a catalog.
pub trait Named {
    /// Its own name, raw.
    fn name(&self) -> &str;
    /// The schema that it is in, or that its table is in.
    fn schema(&self) -> &str;
    /// Where it is.
    fn object(&self) -> ObjectPath;
    /// Where it is, as findings print it: `public.posts.title`.
    fn path(&self) -> String {
        self.object().to_string()
    }
}

/// A table of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    catalog: &'a Catalog,
    relation: &'a Relation,
}

/// What hangs on a table: a column, a constraint, an index, a trigger, a policy.
#[derive(Debug)]
pub struct Member<'a, T> {
    /// The table.
    pub table: Table<'a>,
    item: &'a T,
}

/// A type or routine: what is in a schema and hangs on nothing.
#[derive(Debug)]
pub struct Single<'a, T> {
    name: &'a QualifiedName,
    signature: &'a str,
    item: &'a T,
}

/// What a question chose, in the catalog's order.
#[derive(Clone, Debug)]
pub struct Selection<T> {
    items: Vec<T>,
    /// What was asked for, for sentences: "columns named `crate_id`".
    asked: String,
    /// Exceptions that except nothing.
    unmet: Vec<String>,
}

impl Catalog {
    /// Tables and partitioned tables. Partitions are left out, because they are what their parent is, and so is Diesel's record of applied migrations.
    pub fn tables(&self) -> Selection<Table<'_>> {
        let is_own = |relation: &&Relation| {
            matches!(
                relation.kind,
                RelationKind::Table | RelationKind::PartitionedTable
            ) && relation.partition_of.is_none()
                && relation.name.name != BOOKKEEPING
        };
        let tables = self.relations.iter().filter(is_own);
        Selection::new("tables", tables.map(|relation| self.table_of(relation)))
    }

    /// Partitions, for what can be wrong with one alone.
    pub(crate) fn partitions(&self) -> Selection<Table<'_>> {
        let partitions = (self.relations.iter()).filter(|it| it.partition_of.is_some());
        Selection::new(
            "partitions",
            partitions.map(|relation| self.table_of(relation)),
        )
    }

    fn table_of<'a>(&'a self, relation: &'a Relation) -> Table<'a> {
        Table {
            catalog: self,
            relation,
        }
    }

    /// Enums.
    pub fn enum_types(&self) -> Selection<Single<'_, EnumType>> {
        let types = (self.enums.iter()).map(|item| Single::new(&item.name, "", item));
        Selection::new("enums", types)
    }

    /// Functions, those of triggers among them.
    pub fn routines(&self) -> Selection<Single<'_, Routine>> {
        let functions =
            (self.functions.iter()).map(|item| Single::new(&item.name, &item.signature, item));
        Selection::new("functions", functions)
    }
}

impl<'a, T> Single<'a, T> {
    fn new(name: &'a QualifiedName, signature: &'a str, item: &'a T) -> Self {
        Self {
            name,
            signature,
            item,
        }
    }
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

impl<'a> Selection<Table<'a>> {
    fn members<T: 'a>(
        self,
        words: &str,
        of: fn(&'a Relation) -> &'a [T],
    ) -> Selection<Member<'a, T>> {
        let asked = match self.asked.strip_prefix("tables") {
            Some("") => words.to_owned(),
            _ => format!("{words} of {}", self.asked),
        };
        let members = self.items.into_iter().flat_map(|table| {
            of(table.relation)
                .iter()
                .map(move |item| Member { table, item })
        });
        Selection {
            unmet: self.unmet,
            ..Selection::new(&asked, members)
        }
    }

    /// Their columns.
    #[must_use]
    pub fn columns(self) -> Selection<Member<'a, Column>> {
        self.members("columns", |relation| &relation.columns)
    }

    /// Their foreign keys.
    #[must_use]
    pub fn foreign_keys(self) -> Selection<Member<'a, ForeignKey>> {
        self.members("foreign keys", |relation| &relation.foreign_keys)
    }

    /// Their unique constraints.
    #[must_use]
    pub fn unique_constraints(self) -> Selection<Member<'a, Key>> {
        self.members("unique constraints", |relation| &relation.unique)
    }

    /// Their check constraints.
    #[must_use]
    pub fn checks(self) -> Selection<Member<'a, Check>> {
        self.members("check constraints", |relation| &relation.checks)
    }

    /// Their indexes, those of constraints among them.
    #[must_use]
    pub fn indexes(self) -> Selection<Member<'a, Index>> {
        self.members("indexes", |relation| &relation.indexes)
    }

    /// Their triggers.
    #[must_use]
    pub fn triggers(self) -> Selection<Member<'a, Trigger>> {
        self.members("triggers", |relation| &relation.triggers)
    }

    /// Their policies.
    #[must_use]
    pub fn policies(self) -> Selection<Member<'a, Policy>> {
        self.members("policies", |relation| &relation.policies)
    }
}

impl<'a> Table<'a> {
    /// The catalog that it is in.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The relation.
    pub fn relation(&self) -> &'a Relation {
        self.relation
    }
}

impl<'a> Member<'a, Column> {
    /// What findings about it are about.
    pub(crate) fn subject(&self) -> Subject {
        Subject::Column(self.table.relation.name.clone(), self.item.name.clone())
    }

    /// The foreign keys that it is part of.
    pub fn foreign_keys(&self) -> impl Iterator<Item = &'a ForeignKey> + use<'a> {
        let name = &self.item.name;
        (self.table.relation.foreign_keys.iter()).filter(move |key| key.columns.contains(name))
    }

    /// Whether it is part of the primary key.
    pub fn is_in_primary_key(&self) -> bool {
        let key = self.table.relation.primary_key.as_ref();
        key.is_some_and(|key| key.columns.contains(&self.item.name))
    }

    /// The indexes that begin with it.
    pub fn indexes(&self) -> impl Iterator<Item = &'a Index> + use<'a> {
        let name = &self.item.name;
        let begins = move |index: &&Index| {
            let first = index.columns.first().map(|column| &column.term);
            matches!(first, Some(IndexTerm::Column(column)) if column == name)
        };
        self.table.relation.indexes.iter().filter(begins)
    }
}

impl<'a> Member<'a, ForeignKey> {
    /// The table that it points to; none where it is not in the catalog.
    pub fn target(&self) -> Option<Table<'a>> {
        let relations = &self.table.catalog.relations;
        let target = relations
            .iter()
            .find(|relation| relation.name == self.item.target)?;
        Some(self.table.catalog.table_of(target))
    }
}

impl<'a, T> Member<'a, T> {
    /// The thing itself, for as long as the catalog is there.
    pub fn item(&self) -> &'a T {
        self.item
    }
}

impl<T> Clone for Member<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Member<'_, T> {}

impl Deref for Table<'_> {
    type Target = Relation;

    fn deref(&self) -> &Relation {
        self.relation
    }
}

impl<T> Deref for Member<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.item
    }
}

impl<T> Deref for Single<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.item
    }
}

impl Named for Table<'_> {
    fn name(&self) -> &str {
        &self.relation.name.name
    }

    fn schema(&self) -> &str {
        &self.relation.name.schema
    }

    fn object(&self) -> ObjectPath {
        ObjectPath {
            schema: Some(self.schema().to_owned()),
            name: self.name().to_owned(),
            signature: String::new(),
            child: None,
            class: self.relation.class(),
        }
    }
}

macro_rules! named {
    (members: $($member:ty => $class:ident)*; singles: $($single:ty => $of:ident)*) => {
        $(impl Named for Member<'_, $member> {
            fn name(&self) -> &str {
                &self.item.name
            }

            fn schema(&self) -> &str {
                self.table.relation.name.schema.as_str()
            }

            fn object(&self) -> ObjectPath {
                ObjectPath {
                    child: Some(self.item.name.clone()),
                    class: &class::$class,
                    ..self.table.object()
                }
            }
        })*
        $(impl Named for Single<'_, $single> {
            fn name(&self) -> &str {
                &self.name.name
            }

            fn schema(&self) -> &str {
                &self.name.schema
            }

            fn object(&self) -> ObjectPath {
                ObjectPath {
                    schema: Some(self.name.schema.clone()),
                    name: self.name.name.clone(),
                    signature: self.signature.to_owned(),
                    child: None,
                    class: &class::$of,
                }
            }
        })*
    };
}

named! {
    members:
        Column => COLUMN
        ForeignKey => FOREIGN_KEY
        Key => UNIQUE_CONSTRAINT
        Check => CHECK_CONSTRAINT
        Index => INDEX
        Trigger => TRIGGER
        Policy => POLICY;
    singles:
        EnumType => ENUM
        Routine => FUNCTION
}

impl<T: Named> fmt::Display for Selection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.items.iter().map(Named::path).collect();
        f.write_str(&paths.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReferentialAction;
    use super::*;

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
        partition.partition_of = Some(super::super::Partition::default());
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
