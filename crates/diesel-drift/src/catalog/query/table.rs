//! Tables, and what hangs on them.

use super::Selection;
use crate::catalog::{
    BOOKKEEPING, Catalog, Check, Column, ForeignKey, Index, IndexTerm, Key, Policy, Relation,
    RelationKind, Trigger,
};
use crate::subject::Subject;
use std::ops::Deref;

/// A table of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) relation: &'a Relation,
}

/// What hangs on a table: a column, a constraint, an index, a trigger, a policy.
#[derive(Debug)]
pub struct Member<'a, T> {
    /// The table.
    pub table: Table<'a>,
    pub(super) item: &'a T,
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

    /// Materialized views, whose indexes are as a table's.
    pub(crate) fn materialized_views(&self) -> Selection<Table<'_>> {
        let views = (self.relations.iter()).filter(|it| it.kind == RelationKind::MaterializedView);
        Selection::new(
            "materialized views",
            views.map(|relation| self.table_of(relation)),
        )
    }

    fn table_of<'a>(&'a self, relation: &'a Relation) -> Table<'a> {
        Table {
            catalog: self,
            relation,
        }
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
