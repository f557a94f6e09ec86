//! Declared × live put side by side, and catalog × catalog. Pure: no database, clock or log; a function of its arguments.

mod deparse;
mod ignore;
mod joins;
mod names;
mod objects;
mod print;
mod rename;
mod scope;
mod types;

use crate::catalog::{Column, Domains, EnumType, QualifiedName, Relation, RelationKind};
use crate::declared::{self, Declared, Joined, RustEnum, SqlType, Table};
use crate::introspect::Live;
use names::{LiveType, Relations};
use std::collections::{BTreeMap, HashMap};

pub use deparse::comparable;
pub use ignore::Ignore;
pub use joins::{Join, UndeclaredJoin};
pub use objects::{Because, Change, Difference, State, diff};
pub use scope::{Covered, Filter, Owns, Scope};
pub use types::Verdict;

/// The two sides, put side by side: what every kind's check looks at.
pub struct Comparison<'a> {
    /// Every `table!`, with its relation where there is one, in the order in which they are declared.
    pub tables: Vec<TablePair<'a>>,
    /// Relations that the project should declare and does not.
    pub undeclared: Vec<&'a Relation>,
    /// What the project's configuration covers.
    pub scope: &'a Scope,
    declared: &'a Declared,
    joined: Joined<'a>,
    live: &'a Live,
    relations: Relations<'a>,
    by_name: BTreeMap<QualifiedName, Vec<usize>>,
    types: HashMap<&'a str, Vec<LiveType<'a>>>,
    domains: Domains<'a>,
}

/// A `table!` and its relation.
pub struct TablePair<'a> {
    /// What the code says.
    pub declared: &'a Table,
    /// What the database has.
    pub relation: Option<&'a Relation>,
    /// The relation's name; where it is missing, the name that it should have.
    pub name: QualifiedName,
    /// Whether the relation is PostgreSQL's own or an extension's.
    pub outside: bool,
    /// Columns by name.
    pub columns: Vec<Pair<&'a declared::Column, &'a Column>>,
}

/// What one key has on the two sides of a merge join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair<L, R> {
    /// Left side only.
    Left(L),
    /// Right side only.
    Right(R),
    /// Both sides.
    Both(L, R),
}

/// Pairs two lists of things with unique keys, in the order of the keys.
fn merge_join<K: Ord, L, R>(
    left: impl IntoIterator<Item = (K, L)>,
    right: impl IntoIterator<Item = (K, R)>,
) -> Vec<Pair<L, R>> {
    let mut joined: BTreeMap<K, (Option<L>, Option<R>)> = BTreeMap::new();
    for (key, value) in left {
        joined.entry(key).or_default().0 = Some(value);
    }
    for (key, value) in right {
        joined.entry(key).or_default().1 = Some(value);
    }
    joined
        .into_values()
        .filter_map(|sides| match sides {
            (Some(left), Some(right)) => Some(Pair::Both(left, right)),
            (Some(left), None) => Some(Pair::Left(left)),
            (None, Some(right)) => Some(Pair::Right(right)),
            (None, None) => None,
        })
        .collect()
}

/// Whether PostgreSQL derives the relation from a query and so knows nothing of its nullability.
pub fn is_view(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::View | RelationKind::MaterializedView)
}

/// Whether a relation of that kind can have primary and foreign keys.
pub fn has_keys(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::Table | RelationKind::PartitionedTable)
}

impl<'a> Comparison<'a> {
    /// Puts the two sides side by side.
    pub fn new(declared: &'a Declared, live: &'a Live, scope: &'a Scope) -> Self {
        let relations = Relations::new(declared, live);
        let tables: Vec<_> = declared
            .tables
            .iter()
            .map(|table| pair_table(table, &relations, live, scope))
            .collect();
        let mut by_name: BTreeMap<QualifiedName, Vec<usize>> = BTreeMap::new();
        for (index, pair) in tables.iter().enumerate() {
            by_name.entry(pair.name.clone()).or_default().push(index);
        }
        let undeclared = live
            .catalog
            .relations
            .iter()
            .filter(|relation| has_keys(relation.kind))
            .filter(|relation| {
                !by_name.contains_key(&relation.name) && scope.expects(&relation.name)
            })
            .collect();
        Self {
            tables,
            undeclared,
            scope,
            declared,
            joined: Joined::of(declared),
            live,
            relations,
            by_name,
            types: names::types(live),
            domains: Domains::of(
                live.catalog
                    .domains
                    .iter()
                    .chain(&live.catalog.outside.domains),
            ),
        }
    }

    /// Every pair of columns of the tables that exist.
    pub fn columns(
        &self,
    ) -> impl Iterator<
        Item = (
            &TablePair<'a>,
            &'a Relation,
            Pair<&'a declared::Column, &'a Column>,
        ),
    > {
        self.tables.iter().flat_map(|pair| {
            pair.relation.into_iter().flat_map(move |relation| {
                pair.columns
                    .iter()
                    .map(move |columns| (pair, relation, *columns))
            })
        })
    }

    /// Whether no other `table!` for the same relation declares more columns; of equals, the first.
    pub fn is_fullest(&self, pair: &TablePair<'_>) -> bool {
        let count = |pair: &TablePair<'_>| pair.declared.columns.len();
        let fullest = self.pairs_of(&pair.name).reduce(|fullest, pair| {
            if count(pair) > count(fullest) {
                pair
            } else {
                fullest
            }
        });
        fullest.is_none_or(|fullest| std::ptr::eq(fullest.declared, pair.declared))
    }

    /// The `table!`s for a relation.
    fn pairs_of(&self, name: &QualifiedName) -> impl Iterator<Item = &TablePair<'a>> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|index| &self.tables[*index])
    }

    /// The schemas that have a relation of that name.
    pub fn schemas_with(&self, name: &str) -> Vec<&'a str> {
        let own = self
            .relations
            .named(name)
            .iter()
            .filter(|(_, outside)| !outside);
        own.map(|(relation, _)| relation.name.schema.as_str())
            .collect()
    }

    /// The SQL types that the project declares.
    pub fn sql_types(&self) -> impl Iterator<Item = &'a SqlType> {
        self.declared.sql_types.iter()
    }

    /// Rust enums with the PostgreSQL enums that they stand for, where those exist.
    pub fn enums(&self) -> impl Iterator<Item = (&'a RustEnum, &'a EnumType)> {
        let catalog = &self.live.catalog;
        self.declared.enums.iter().filter_map(|rust| {
            let name = self.find_type(rust.schema.as_deref(), &rust.type_name)?;
            let live = catalog
                .enums
                .iter()
                .chain(&catalog.outside.enums)
                .find(|live| live.name == *name)?;
            Some((rust, live))
        })
    }
}

fn pair_table<'a>(
    declared: &'a Table,
    relations: &Relations<'a>,
    live: &Live,
    scope: &Scope,
) -> TablePair<'a> {
    let found = relations.find(declared, live, scope);
    let (relation, outside) = match found {
        Some((relation, outside)) => (Some(relation), outside),
        None => (None, false),
    };
    let name = match relation {
        Some(relation) => relation.name.clone(),
        None => QualifiedName::new(
            declared
                .schema
                .as_deref()
                .or(live.search_path.first().map(String::as_str))
                .unwrap_or("public"),
            &declared.name,
        ),
    };
    let columns = match relation {
        Some(relation) => merge_join(
            declared
                .columns
                .iter()
                .filter(|column| !is_system_column(&column.name))
                .map(|column| (column.name.as_str(), column)),
            relation
                .columns
                .iter()
                .map(|column| (column.name.as_str(), column)),
        ),
        None => Vec::new(),
    };
    TablePair {
        declared,
        relation,
        name,
        outside,
        columns,
    }
}

/// Columns that every table has and `pg_attribute` does not count.
fn is_system_column(name: &str) -> bool {
    ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_join_keeps_what_either_side_has_alone() {
        let joined = merge_join([("a", 1), ("c", 3)], [("b", 'b'), ("c", 'c')]);
        assert_eq!(
            joined,
            [Pair::Left(1), Pair::Right('b'), Pair::Both(3, 'c')]
        );
    }
}
