//! Columns of relations.

use super::expressions::{Expressions, Trees};
use super::lookup::Lookup;
use super::options::sorted_options;
use super::query::{Query, query};
use super::row::row;
use super::{IntrospectError, Wanted, letter};
use crate::catalog::{Column, Generation, Identity, Storage};
use diesel::PgConnection;
use diesel::sql_types::{Array, Bool, CChar, Integer, Nullable, Oid, SmallInt, Text};
use std::collections::HashMap;

const COLUMNS: Query = query!("columns.sql", after "secrets.sql");

/// The columns of every relation that is read, and what is read beside them: a join of the server's costs more.
pub(super) struct Columns {
    /// By relation and number.
    pub(super) rows: Vec<ColumnRow>,
    /// The number of its default's or expression's row.
    defaults: HashMap<Place, u32>,
    expressions: Expressions,
    comments: HashMap<Place, String>,
}

/// A relation's number and a column's.
type Place = (u32, i16);

row! {
    /// A row of `columns.sql`.
    pub(super) struct ColumnRow {
        pub(super) relation: Oid => u32,
        pub(super) number: SmallInt => i16,
        name: Text => String,
        pub(super) data_type "type": Oid => u32,
        pub(super) modifier: Integer => i32,
        pub(super) collation: Oid => u32,
        not_null: Bool => bool,
        identity: CChar => u8,
        generated: CChar => u8,
        /// Whether it is inherited, or the column of a partition, and not the table's own as well.
        of_parents: Bool => bool,
        storage: CChar => Storage,
        compression: Nullable<CChar> => Option<u8>,
        statistics: Nullable<Integer> => Option<i32>,
        options: Nullable<Array<Text>> => Option<Vec<String>>,
        server_options: Nullable<Text> => Option<String>,
    }
}

row! {
    struct DefaultRow {
        oid: Oid => u32,
        relation: Oid => u32,
        number: SmallInt => i16,
        tree: Text => String,
    }
}

row! {
    struct CommentRow {
        relation: Oid => u32,
        number: SmallInt => i16,
        comment: Text => String,
    }
}

impl ColumnRow {
    fn place(&self) -> Place {
        (self.relation, self.number)
    }
}

impl Columns {
    /// Reads them.
    pub(super) fn read(
        connection: &mut PgConnection,
        wanted: &Wanted,
    ) -> Result<Self, IntrospectError> {
        const DEFAULTS: Query = query!("defaults.sql");
        const DEFAULT_EXPRESSIONS: Query = query!("default_expressions.sql");
        const COLUMN_COMMENTS: Query = query!("column_comments.sql");

        let mut rows: Vec<ColumnRow> = COLUMNS.rows_for(connection, &wanted.relations)?;
        rows.sort_unstable_by_key(ColumnRow::place);
        let name = |place: Place| {
            let found = rows.binary_search_by_key(&place, ColumnRow::place);
            Some(rows.get(found.ok()?)?.name.as_str())
        };
        let (mut defaults, mut trees) = (HashMap::new(), Trees::default());
        for row in DEFAULTS.rows::<DefaultRow>(connection)? {
            defaults.insert((row.relation, row.number), row.oid);
            trees.add(row.oid, row.relation, &row.tree, |number| {
                name((row.relation, number))
            });
        }
        let comments = COLUMN_COMMENTS.rows::<CommentRow>(connection)?;
        Ok(Self {
            expressions: trees.deparsed(connection, DEFAULT_EXPRESSIONS)?,
            comments: (comments.into_iter())
                .map(|row| ((row.relation, row.number), row.comment))
                .collect(),
            rows,
            defaults,
        })
    }

    /// The column's default, or the expression that generates it.
    pub(super) fn expression(&self, row: &ColumnRow) -> Option<String> {
        let default = self.defaults.get(&row.place())?;
        self.expressions.of(*default).map(str::to_owned)
    }

    /// What is said of the column.
    pub(super) fn comment(&self, row: &ColumnRow) -> Option<String> {
        self.comments.get(&row.place()).cloned()
    }
}

/// The column that a row is about, apart from privileges, comment and what `not_nulls.sql` tells. `expression` is its default, or what
/// generates it.
pub(super) fn column(
    row: ColumnRow,
    expression: Option<String>,
    lookup: &Lookup,
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
    let (default, generated) = match (row.generated, expression) {
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
        default,
        identity,
        generated,
        collation: lookup.own_collation(row.collation, row.data_type)?,
        inherited: row.of_parents,
        storage: lookup.own_storage(row.storage, row.data_type),
        compression: row.compression.map(compression).transpose()?,
        statistics: row.statistics,
        options: sorted_options(row.options),
        server_options: COLUMNS.json_or_none(row.server_options)?,
        ..Column::default()
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
