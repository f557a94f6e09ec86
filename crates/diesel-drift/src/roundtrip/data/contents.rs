//! What tables hold, as texts, and what of it is gone afterwards.

use super::rows::holds_rows;
use crate::catalog::{Catalog, QualifiedName, Relation, RelationKind, quote_identifier};
use diesel::sql_types::{Array, Integer, Nullable, Text};
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};

/// The columns of tables that are read.
pub(super) struct Reading {
    tables: Vec<Readable>,
}

struct Readable {
    name: QualifiedName,
    only: bool,
    /// Columns of the primary key, by their places in `columns`; none where there is none that lasts.
    key: Vec<usize>,
    columns: Vec<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Row {
    #[diesel(sql_type = Integer)]
    table_number: i32,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    row_values: Vec<Option<String>>,
}

/// The rows of each table, in the order of [`Reading`].
pub(super) struct Contents(Vec<Vec<Values>>);

type Values = Vec<Option<String>>;

impl Contents {
    /// How many tables hold rows.
    pub(super) fn filled(&self) -> usize {
        self.0.iter().filter(|rows| !rows.is_empty()).count()
    }
}

/// What was lost of a table's rows, or of the values in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    /// The table.
    pub table: QualifiedName,
    /// The column; none for whole rows.
    pub column: Option<String>,
    /// How many rows or values.
    pub lost: usize,
    /// Of how many.
    pub of: usize,
    /// What lost them.
    pub by: Loser,
}

/// What loses rows or values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loser {
    /// The up drops the table or column, and the down brings it back empty.
    Dropped,
    /// The up changes them, and the down does not know what they were.
    Up,
    /// They are there after the up, and the down loses them.
    Down,
    /// Times that are other ones, as a trigger sets them on every update.
    Touched,
}

impl Reading {
    /// What all of the catalogs have.
    pub(super) fn of(catalogs: &[&Catalog]) -> Self {
        let Some((first, others)) = catalogs.split_first() else {
            return Self { tables: Vec::new() };
        };
        let others: Vec<HashMap<&QualifiedName, &Relation>> =
            (others.iter()).map(|catalog| by_name(catalog)).collect();
        let tables = first.relations.iter().filter(|of| holds_rows(of));
        let tables = tables.filter_map(|table| {
            let same: Option<Vec<_>> = others.iter().map(|of| of.get(&table.name)).collect();
            let same = same?;
            let columns: Vec<String> = (table.columns.iter())
                .map(|column| column.name.clone())
                .filter(|name| same.iter().all(|of| of.column(name).is_some()))
                .collect();
            let place = |name: &String| columns.iter().position(|column| column == name);
            let key = table.primary_key.as_ref();
            let key: Option<Vec<_>> = key.and_then(|key| key.columns.iter().map(place).collect());
            Some(Readable {
                name: table.name.clone(),
                only: table.kind == RelationKind::Table,
                key: key.unwrap_or_default(),
                columns,
            })
        });
        Self {
            tables: tables.filter(|table| !table.columns.is_empty()).collect(),
        }
    }

    /// Reads it, all in one statement.
    pub(super) fn read(&self, connection: &mut PgConnection) -> QueryResult<Contents> {
        let mut contents: Vec<Vec<Values>> = self.tables.iter().map(|_| Vec::new()).collect();
        if self.tables.is_empty() {
            return Ok(Contents(contents));
        }
        let branches: Vec<String> = (self.tables.iter().enumerate())
            .map(|(number, table)| {
                let columns: Vec<_> = (table.columns.iter())
                    .map(|name| format!("t.{}::text", quote_identifier(name)))
                    .collect();
                let only = if table.only { "ONLY " } else { "" };
                format!(
                    "SELECT {number} AS table_number, ARRAY[{}]::text[] AS row_values FROM {only}{} t",
                    columns.join(", "),
                    table.name.to_sql()
                )
            })
            .collect();
        let rows: Vec<Row> = diesel::sql_query(branches.join(" UNION ALL ")).load(connection)?;
        for row in rows {
            let table = usize::try_from(row.table_number).ok();
            if let Some(rows) = table.and_then(|table| contents.get_mut(table)) {
                rows.push(row.row_values);
            }
        }
        Ok(Contents(contents))
    }

    /// What was there `before` and is not there `after`: rows by their primary key where it lasts, else each column's values.
    pub(super) fn lost(&self, before: &Contents, after: &Contents) -> Vec<Lost> {
        let pairs = self.tables.iter().zip(before.0.iter().zip(&after.0));
        pairs
            .flat_map(|(table, (before, after))| match table.key.is_empty() {
                true => by_column(table, before, after),
                false => by_key(table, before, after),
            })
            .collect()
    }
}

/// What is gone: a table's rows, or a column's values, and how many of how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) table: QualifiedName,
    pub(super) column: Option<String>,
    pub(super) lost: usize,
    pub(super) of: usize,
    /// Whether there is another value instead of each that is gone.
    pub(super) replaced: bool,
}

fn by_name(catalog: &Catalog) -> HashMap<&QualifiedName, &Relation> {
    let relations = catalog.relations.iter();
    relations
        .map(|relation| (&relation.name, relation))
        .collect()
}

fn by_key(table: &Readable, before: &[Values], after: &[Values]) -> Vec<Lost> {
    let key = |row: &Values| -> Vec<Option<String>> {
        table
            .key
            .iter()
            .map(|&place| row.get(place).cloned().flatten())
            .collect()
    };
    let there: HashMap<_, &Values> = after.iter().map(|row| (key(row), row)).collect();
    let kept: Vec<(&Values, &Values)> = before
        .iter()
        .filter_map(|row| Some((row, *there.get(&key(row))?)))
        .collect();
    let rows = before.len() - kept.len();
    let of_columns = table.columns.iter().enumerate().map(|(place, name)| {
        let changed = (kept.iter()).filter(|(old, new)| old.get(place) != new.get(place));
        let there = |(_, new): &(&Values, &Values)| new.get(place).is_some_and(Option::is_some);
        let replaced = changed.clone().all(there);
        (Some(name.clone()), changed.count(), kept.len(), replaced)
    });
    gone(
        table,
        std::iter::once((None, rows, before.len(), false)).chain(of_columns),
    )
}

fn by_column(table: &Readable, before: &[Values], after: &[Values]) -> Vec<Lost> {
    let rows = before.len().saturating_sub(after.len());
    let of_columns = table.columns.iter().enumerate().map(|(place, name)| {
        let mut there: BTreeMap<Option<&String>, usize> = BTreeMap::new();
        for row in after {
            *there
                .entry(row.get(place).and_then(Option::as_ref))
                .or_default() += 1;
        }
        let mut gone: usize = 0;
        for row in before {
            match there.get_mut(&row.get(place).and_then(Option::as_ref)) {
                Some(count) if *count > 0 => *count -= 1,
                _ => gone += 1,
            }
        }
        // Rows that are gone altogether are told once.
        let replaced = after
            .iter()
            .all(|row| row.get(place).is_some_and(Option::is_some));
        (
            Some(name.clone()),
            gone.saturating_sub(rows),
            before.len() - rows,
            replaced,
        )
    });
    gone(
        table,
        std::iter::once((None, rows, before.len(), false)).chain(of_columns),
    )
}

fn gone(
    table: &Readable,
    counts: impl Iterator<Item = (Option<String>, usize, usize, bool)>,
) -> Vec<Lost> {
    counts
        .filter(|(_, lost, ..)| *lost > 0)
        .map(|(column, lost, of, replaced)| Lost {
            table: table.name.clone(),
            column,
            lost,
            of,
            replaced,
        })
        .collect()
}
