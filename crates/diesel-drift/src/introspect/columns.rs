//! Columns of relations.

use super::lookup::Lookup;
use super::options::sorted_options;
use super::query::{Query, query};
use super::{IntrospectError, letter};
use crate::catalog::{Column, Generation, Identity, NotNull, Privileges, Storage};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, CChar, Integer, Nullable, Oid, SmallInt, Text};

pub(super) const COLUMNS: Query = query!("columns.sql", after "secrets.sql");

/// A row of `columns.sql`.
#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub(super) struct ColumnRow {
    #[diesel(sql_type = Oid)]
    pub(super) relation: u32,
    #[diesel(sql_type = SmallInt)]
    pub(super) number: i16,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Oid, column_name = "type")]
    pub(super) data_type: u32,
    #[diesel(sql_type = Integer)]
    pub(super) modifier: i32,
    #[diesel(sql_type = Oid)]
    pub(super) collation: u32,
    #[diesel(sql_type = Bool)]
    not_null: bool,
    #[diesel(sql_type = CChar)]
    identity: u8,
    #[diesel(sql_type = CChar)]
    generated: u8,
    #[diesel(sql_type = Bool)]
    inherited: bool,
    #[diesel(sql_type = CChar)]
    storage: Storage,
    #[diesel(sql_type = Nullable<CChar>)]
    compression: Option<u8>,
    #[diesel(sql_type = Nullable<Integer>)]
    statistics: Option<i32>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    options: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    server_options: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    expression: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

/// The column that a row is about, apart from what `not_nulls.sql` tells.
pub(super) fn column(
    row: ColumnRow,
    lookup: &Lookup,
    privileges: Privileges,
) -> Result<Column, IntrospectError> {
    let identity = match row.identity {
        0 => None,
        b'a' => Some(Identity::Always),
        b'd' => Some(Identity::ByDefault),
        other => {
            let sentence = letter::unknown("pg_attribute.attidentity", other);
            return Err(IntrospectError::inconsistent(sentence));
        }
    };
    let (default, generated) = match (row.generated, row.expression) {
        (0, default) => (default, None),
        (b's', Some(expression)) => (None, Some(Generation::Stored(expression))),
        (b'v', Some(expression)) => (None, Some(Generation::Virtual(expression))),
        (b's' | b'v', None) => {
            let sentence = format!("the expression of generated column {} is missing", row.name);
            return Err(IntrospectError::inconsistent(sentence));
        }
        (other, _) => {
            let sentence = letter::unknown("pg_attribute.attgenerated", other);
            return Err(IntrospectError::inconsistent(sentence));
        }
    };
    Ok(Column {
        name: row.name,
        data_type: lookup.data_type(row.data_type, row.modifier)?,
        not_null: row.not_null,
        not_null_not_valid: false,
        not_null_constraint: NotNull::default(),
        default,
        identity,
        generated,
        collation: lookup.own_collation(row.collation, row.data_type)?,
        inherited: row.inherited,
        storage: lookup.own_storage(row.storage, row.data_type),
        compression: row.compression.map(compression).transpose()?,
        statistics: row.statistics,
        options: sorted_options(row.options),
        server_options: COLUMNS.json_or_none(row.server_options)?,
        privileges,
        comment: row.comment,
    })
}

/// The method by the name that SQL has for it.
fn compression(letter: u8) -> Result<String, IntrospectError> {
    match letter {
        b'p' => Ok("pglz".to_owned()),
        b'l' => Ok("lz4".to_owned()),
        other => {
            let sentence = letter::unknown("pg_attribute.attcompression", other);
            Err(IntrospectError::inconsistent(sentence))
        }
    }
}
