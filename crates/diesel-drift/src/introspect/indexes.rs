//! Indexes.

use super::IntrospectError;
use super::lookup::Lookup;
use super::options::sorted_options;
use super::query::{Query, query};
use super::relations::{Entry, Relations};
use super::row::row;
use super::types::base;
use crate::catalog::{Index, IndexColumn, IndexTerm, Nulls, QualifiedName, ReplicaIdentity};
use diesel::sql_types::{Array, Bool, Integer, Nullable, Oid, SmallInt, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

row! {
    struct IndexRow {
        relation: Oid => u32,
        oid: Oid => u32,
        name: Text => String,
        method: Text => String,
        options: Nullable<Array<Text>> => Option<Vec<String>>,
        tablespace: Nullable<Text> => Option<String>,
        parent_schema: Nullable<Text> => Option<String>,
        parent_name: Nullable<Text> => Option<String>,
        columns: Array<SmallInt> => Vec<i16>,
        key_columns: SmallInt => i16,
        operator_classes: Array<Oid> => Vec<u32>,
        collations: Array<Oid> => Vec<u32>,
        flags: Array<SmallInt> => Vec<i16>,
        expressions: Nullable<Array<Text>> => Option<Vec<String>>,
        expression_types: Nullable<Array<Oid>> => Option<Vec<u32>>,
        expression_collations: Nullable<Array<Oid>> => Option<Vec<u32>>,
        is_unique: Bool => bool,
        nulls_not_distinct: Bool => bool,
        predicate: Nullable<Text> => Option<String>,
        valid: Bool => bool,
        clustered: Bool => bool,
        replica_identity: Bool => bool,
        depends_on_extensions: Nullable<Array<Text>> => Option<Vec<String>>,
        comment: Nullable<Text> => Option<String>,
    }
}

/// What a key column has of its own.
#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct IndexColumnRow {
    #[diesel(sql_type = Oid)]
    index: u32,
    #[diesel(sql_type = SmallInt)]
    number: i16,
    #[diesel(sql_type = Nullable<Integer>)]
    statistics: Option<i32>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    options: Option<Vec<String>>,
}

/// Adds the indexes to their relations.
///
/// `served` tells which constraint an index serves, `domain_bases` what a domain is made of.
pub(super) fn read(
    connection: &mut PgConnection,
    relations: &mut Relations,
    lookup: &Lookup,
    served: &HashMap<u32, String>,
    domain_bases: &HashMap<u32, u32>,
) -> Result<(), IntrospectError> {
    const INDEXES: Query = query!("indexes.sql");
    const INDEX_COLUMNS: Query = query!("index_columns.sql");

    let mut column_rows: HashMap<u32, Vec<IndexColumnRow>> = HashMap::new();
    for row in INDEX_COLUMNS.rows::<IndexColumnRow>(connection)? {
        column_rows.entry(row.index).or_default().push(row);
    }
    for row in INDEXES.rows::<IndexRow>(connection)? {
        if let Some(entry) = relations.entry_mut(row.relation) {
            let constraint = served.get(&row.oid).cloned();
            let (clustered, replica_identity) = (row.clustered, row.replica_identity);
            let column_rows = column_rows.remove(&row.oid).unwrap_or_default();
            let mut index = index(row, entry, lookup, constraint, domain_bases)?;
            for row in column_rows {
                let place = usize::try_from(row.number - 1).unwrap_or_default();
                if let Some(column) = index.columns.get_mut(place) {
                    column.statistics = row.statistics;
                    column.options = sorted_options(row.options);
                }
            }
            if clustered {
                entry.relation.clustered_on = Some(index.name.clone());
            }
            let by_index = entry.relation.replica_identity == Some(ReplicaIdentity::Nothing);
            if replica_identity && by_index {
                entry.relation.replica_identity = Some(ReplicaIdentity::Index(index.name.clone()));
            }
            entry.relation.indexes.push(index);
        }
    }
    Ok(())
}

fn index(
    row: IndexRow,
    entry: &Entry,
    lookup: &Lookup,
    constraint: Option<String>,
    domain_bases: &HashMap<u32, u32>,
) -> Result<Index, IntrospectError> {
    let mut expressions = row
        .expressions
        .unwrap_or_default()
        .into_iter()
        .zip(row.expression_types.unwrap_or_default())
        .zip(row.expression_collations.unwrap_or_default());
    let keys = usize::try_from(row.key_columns).unwrap_or_default();
    let described = row
        .operator_classes
        .iter()
        .zip(&row.collations)
        .zip(&row.flags);

    let mut columns = Vec::with_capacity(keys);
    for (&number, ((&operator_class, &collation), &flags)) in
        row.columns.iter().take(keys).zip(described)
    {
        let (term, data_type, collation) = if number == 0 {
            let ((expression, data_type), usual_collation) =
                expressions.next().ok_or_else(|| {
                    IntrospectError::inconsistent(format!(
                        "an expression of index {} is missing",
                        row.name
                    ))
                })?;
            (
                IndexTerm::Expression(expression),
                data_type,
                lookup.differing_collation(collation, usual_collation)?,
            )
        } else {
            let (column, numbers) = entry.column(number)?;
            (
                IndexTerm::Column(column.name.clone()),
                numbers.data_type,
                lookup.differing_collation(collation, numbers.collation)?,
            )
        };
        columns.push(IndexColumn {
            term,
            operator_class: lookup
                .chosen_operator_class(operator_class, base(data_type, domain_bases))?,
            collation,
            descending: flags & 1 != 0,
            nulls: nulls(flags & 1 != 0, flags & 2 != 0),
            options: Vec::new(),
            statistics: None,
        });
    }
    let include = row
        .columns
        .iter()
        .skip(keys)
        .map(|&number| Ok(entry.column(number)?.0.name.clone()))
        .collect::<Result<_, IntrospectError>>()?;
    Ok(Index {
        name: row.name,
        method: Some(row.method).filter(|method| method != "btree"),
        columns,
        include,
        unique: row.is_unique,
        nulls_not_distinct: row.nulls_not_distinct,
        predicate: row.predicate,
        options: sorted_options(row.options),
        tablespace: row.tablespace,
        part_of: QualifiedName::from_parts(row.parent_schema, row.parent_name),
        invalid: !row.valid,
        depends_on_extensions: row.depends_on_extensions.unwrap_or_default(),
        constraint,
        comment: row.comment,
    })
}

/// Where nulls stand, unless that is where they stand by default.
fn nulls(descending: bool, first: bool) -> Option<Nulls> {
    match (descending, first) {
        (false, true) => Some(Nulls::First),
        (true, false) => Some(Nulls::Last),
        (false, false) | (true, true) => None,
    }
}
