//! Rows for every table, made from the catalog: what to insert, and in which order.

use super::value::{MANNERS, Manner, of_column};
use crate::catalog::{
    BOOKKEEPING, Catalog, Column, ForeignKey, QualifiedName, Relation, RelationKind,
    quote_identifier,
};
use regex::Regex;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Some rows for a table.
pub(super) struct Insert {
    /// The table.
    pub(super) table: QualifiedName,
    /// Statements of which one is enough, the best first.
    pub(super) attempts: Vec<String>,
}

/// Rows for every table that holds its own, those that others refer to first.
pub(super) fn inserts(catalog: &Catalog) -> Vec<Insert> {
    let mut filled = BTreeSet::new();
    let mut inserts = Vec::new();
    for table in ordered(catalog) {
        let mut attempts = Vec::new();
        for manner in MANNERS {
            let statement = insert(catalog, table, manner, &filled);
            if !attempts.contains(&statement) {
                attempts.push(statement);
            }
        }
        filled.insert(&table.name);
        inserts.push(Insert {
            table: table.name.clone(),
            attempts,
        });
    }
    inserts
}

/// A value that a column may have, as SQL over the number `g.n` of a row; none where its type is not known well enough.
pub(crate) fn another_value(
    catalog: &Catalog,
    table: &Relation,
    column: &Column,
) -> Option<String> {
    of_column(catalog, column, &quoted(table, column), MANNERS[0])
}

/// Whether rows are put into a relation itself: those of a partition are the partitioned table's.
pub(super) fn holds_rows(relation: &Relation) -> bool {
    let kind = relation.kind;
    [RelationKind::Table, RelationKind::PartitionedTable].contains(&kind)
        && relation.partition_of.is_none()
        && relation.name.name != BOOKKEEPING
}

/// Tables after those that they refer to. In a circle, one whose references may be null goes first.
fn ordered(catalog: &Catalog) -> Vec<&Relation> {
    let mut left: Vec<&Relation> = catalog
        .relations
        .iter()
        .filter(|of| holds_rows(of))
        .collect();
    let mut placed: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: &Relation, key: &ForeignKey, placed: &BTreeSet<&QualifiedName>| {
            key.target != table.name && !placed.contains(&key.target)
        };
        let ready =
            |table: &&Relation| !(table.foreign_keys.iter()).any(|key| waits(table, key, &placed));
        let nearly = |table: &&Relation| {
            !(table.foreign_keys.iter())
                .any(|key| waits(table, key, &placed) && !may_be_null(table, key))
        };
        let next = (left.iter().position(ready))
            .or_else(|| left.iter().position(nearly))
            .unwrap_or(0);
        let table = left.remove(next);
        placed.insert(&table.name);
        ordered.push(table);
    }
    ordered
}

fn may_be_null(table: &Relation, key: &ForeignKey) -> bool {
    key.columns
        .iter()
        .any(|name| table.column(name).is_some_and(|column| !column.not_null))
}

fn insert(
    catalog: &Catalog,
    table: &Relation,
    manner: Manner,
    filled: &BTreeSet<&QualifiedName>,
) -> String {
    let references = references(table, filled);
    let given = |column: &&Column| {
        let filled_by_itself = column.generated.is_some()
            || column.identity.is_some()
            || (column.default.as_deref()).is_some_and(|default| default.starts_with("nextval("));
        !filled_by_itself && (!manner.least || column.not_null && column.default.is_none())
    };
    let (names, values): (Vec<_>, Vec<_>) = (table.columns.iter())
        .filter(given)
        .filter_map(|column| {
            let value = match references.get(column.name.as_str()) {
                Some(reference) => reference.clone()?,
                None => of_column(catalog, column, &quoted(table, column), manner)?,
            };
            Some((quote_identifier(&column.name), value))
        })
        .unzip();
    let into = table.name.to_sql();
    let rows = manner.rows;
    match names.is_empty() {
        true => format!("INSERT INTO {into} DEFAULT VALUES"),
        false => format!(
            "INSERT INTO {into} ({}) SELECT {} FROM pg_catalog.generate_series(1, {rows}) AS g (n)",
            names.join(", "),
            values.join(", ")
        ),
    }
}

/// What columns hold that refer to another table: a value that is there, none to leave it out.
fn references<'a>(
    table: &'a Relation,
    filled: &BTreeSet<&QualifiedName>,
) -> HashMap<&'a str, Option<String>> {
    let mut keys: Vec<&ForeignKey> = table.foreign_keys.iter().collect();
    // The longest says most: the others' columns follow from it.
    keys.sort_by_key(|key| std::cmp::Reverse(key.columns.len()));
    let mut references = HashMap::new();
    for key in keys {
        let order: Vec<_> = (key.target_columns.iter())
            .map(|name| format!("p.{}", quote_identifier(name)))
            .collect();
        let order = order.join(", ");
        let target = key.target.to_sql();
        if !filled.contains(&key.target) {
            // One null is enough, and what may not be null is then free.
            let nullable = |name: &&String| table.column(name).is_some_and(|of| !of.not_null);
            for column in key.columns.iter().filter(nullable) {
                references.entry(column.as_str()).or_insert(None);
            }
            continue;
        }
        for (column, of_target) in key.columns.iter().zip(&key.target_columns) {
            let of_target = quote_identifier(of_target);
            let one = format!(
                "SELECT p.{of_target} FROM {target} p WHERE ROW({order}) IS NOT NULL ORDER BY {order} LIMIT 1"
            );
            let value = format!("COALESCE(({one} OFFSET g.n - 1), ({one}))");
            references.entry(column.as_str()).or_insert(Some(value));
        }
    }
    references
}

/// A text in an expression.
static LITERAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("'((?:[^']|'')*)'").ok());

/// The texts in the check constraints that name a column.
fn quoted(table: &Relation, column: &Column) -> Vec<String> {
    let Some(literal) = LITERAL.as_ref() else {
        return Vec::new();
    };
    let name = quote_identifier(&column.name);
    table
        .checks
        .iter()
        .filter(|check| names(&check.expression, &name))
        .flat_map(|check| literal.captures_iter(&check.expression))
        .filter_map(|found| Some(found.get(1)?.as_str().replace("''", "'")))
        .filter(|text| !text.is_empty())
        .collect()
}

fn names(expression: &str, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
    expression.match_indices(name).any(|(at, _)| {
        let (before, after) = (&expression[..at], &expression[at + name.len()..]);
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, keys: &[(&str, &str, bool)]) -> Relation {
        let column = |(name, _, not_null): &(&str, &str, bool)| Column {
            name: (*name).to_owned(),
            not_null: *not_null,
            ..Column::default()
        };
        let key = |(column, target, _): &(&str, &str, bool)| ForeignKey {
            columns: vec![(*column).to_owned()],
            target: QualifiedName::new("public", *target),
            target_columns: vec!["id".to_owned()],
            ..ForeignKey::default()
        };
        Relation {
            name: QualifiedName::new("public", name),
            columns: keys.iter().map(column).collect(),
            foreign_keys: keys.iter().map(key).collect(),
            ..Relation::default()
        }
    }

    fn order(relations: Vec<Relation>) -> Vec<String> {
        let catalog = Catalog {
            relations,
            ..Catalog::default()
        };
        let names = ordered(&catalog).into_iter().map(|of| of.name.name.clone());
        names.collect()
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let chain = vec![
            table("a", &[("b_id", "b", true)]),
            table("b", &[("c_id", "c", true), ("b_id", "b", false)]),
            table("c", &[]),
        ];
        assert_eq!(order(chain), ["c", "b", "a"]);
    }

    #[test]
    fn a_circle_begins_where_null_is_allowed() {
        let circle = vec![
            table("a", &[("b_id", "b", true)]),
            table("b", &[("a_id", "a", false)]),
        ];
        assert_eq!(order(circle), ["b", "a"]);
        let closed = vec![
            table("a", &[("b_id", "b", true)]),
            table("b", &[("a_id", "a", true)]),
        ];
        assert_eq!(order(closed).len(), 2);
    }

    #[test]
    fn a_column_is_named_by_itself_only() {
        assert!(names("((kind)::text = 'a'::text)", "kind"));
        assert!(!names("(mankind > 0)", "kind"));
        assert!(!names("(kind_of > 0)", "kind"));
    }
}
