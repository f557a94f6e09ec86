//! Sequences.

use super::IntrospectError;
use super::common::{Common, PG_CLASS};
use super::query::{Query, query};
use super::relations::Relations;
use crate::catalog::{Persistence, QualifiedName, Sequence, SequenceOwner};
use diesel::sql_types::{BigInt, Bool, CChar, Integer, Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct SequenceRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = CChar)]
    persistence: Persistence,
    #[diesel(sql_type = Nullable<Text>)]
    data_type: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    start: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    increment: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    min: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    max: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    cache: Option<i64>,
    #[diesel(sql_type = Bool)]
    cycle: bool,
    #[diesel(sql_type = Nullable<Oid>)]
    owner: Option<u32>,
    #[diesel(sql_type = Nullable<Integer>)]
    owner_column: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

/// Reads the project's sequences, sorted by name.
pub(super) fn read(
    connection: &mut PgConnection,
    relations: &Relations,
    common: &Common,
) -> Result<Vec<Sequence>, IntrospectError> {
    const SEQUENCES: Query = query!("sequences.sql");
    let mut sequences = SEQUENCES
        .rows::<SequenceRow>(connection)?
        .into_iter()
        .map(|row| {
            Ok(Sequence {
                owned_by: owner(row.owner, row.owner_column, relations)?,
                name: QualifiedName::new(row.schema, row.name),
                owner: common.owner(row.role),
                privileges: common.privileges(PG_CLASS, row.oid, 0),
                persistence: row.persistence,
                data_type: row.data_type,
                start: row.start,
                increment: row.increment,
                min: row.min,
                max: row.max,
                cache: row.cache,
                cycle: row.cycle,
                comment: row.comment,
            })
        })
        .collect::<Result<Vec<_>, IntrospectError>>()?;
    sequences.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sequences)
}

fn owner(
    relation: Option<u32>,
    column: Option<i32>,
    relations: &Relations,
) -> Result<Option<SequenceOwner>, IntrospectError> {
    let (Some(relation), Some(column)) = (
        relation,
        column.and_then(|column| i16::try_from(column).ok()),
    ) else {
        return Ok(None);
    };
    Ok(Some(SequenceOwner {
        relation: relations.name(relation)?.clone(),
        column: relations.column_names(relation, &[column])?.concat(),
    }))
}
