//! Relations and their columns, and what others need to know to refer to them.

use super::lookup::Lookup;
use super::query::{Query, query};
use super::{IntrospectError, Wanted, letter};
use crate::catalog::{
    Column, Generation, Identity, Partition, Persistence, QualifiedName, Relation, RelationKind,
};
use diesel::sql_types::{Array, Bool, CChar, Integer, Nullable, Oid, SmallInt, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

/// Every relation that was read, by number.
pub(super) struct Relations {
    entries: Vec<Entry>,
    places: HashMap<u32, usize>,
}

/// A relation that was read.
pub(super) struct Entry {
    /// Whether it is the project's: of no system schema and of no extension.
    own: bool,
    pub(super) relation: Relation,
    /// In step with the relation's columns.
    numbers: Vec<ColumnNumbers>,
    /// From `relations.sql`, for [`Partition`], until `inherits.sql` tells the parent.
    partition_bound: Option<String>,
}

/// The numbers by which the catalog refers to a column and by which the column refers to others.
#[derive(Clone, Copy)]
pub(super) struct ColumnNumbers {
    /// `attnum`.
    number: i16,
    /// `atttypid`.
    pub(super) data_type: u32,
    /// `attcollation`.
    pub(super) collation: u32,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct RelationRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    own: bool,
    #[diesel(sql_type = CChar)]
    kind: RelationKind,
    #[diesel(sql_type = CChar)]
    persistence: Persistence,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    options: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    of_type_schema: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    of_type_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    partition_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    partition_bound: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    definition: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ColumnRow {
    #[diesel(sql_type = Oid)]
    relation: u32,
    #[diesel(sql_type = SmallInt)]
    number: i16,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Oid, column_name = "type")]
    data_type: u32,
    #[diesel(sql_type = Integer)]
    modifier: i32,
    #[diesel(sql_type = Oid)]
    collation: u32,
    #[diesel(sql_type = Bool)]
    not_null: bool,
    #[diesel(sql_type = Bool)]
    not_null_not_valid: bool,
    #[diesel(sql_type = CChar)]
    identity: u8,
    #[diesel(sql_type = CChar)]
    generated: u8,
    #[diesel(sql_type = Nullable<Text>)]
    expression: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct InheritsRow {
    #[diesel(sql_type = Oid)]
    child: u32,
    #[diesel(sql_type = Oid)]
    parent: u32,
}

/// The rows that [`Relations`] are made of.
pub(super) struct RelationRows {
    relations: Vec<RelationRow>,
    columns: Vec<ColumnRow>,
    inherits: Vec<InheritsRow>,
}

impl RelationRows {
    /// Reads the relations, their columns and who inherits from whom.
    pub(super) fn read(
        connection: &mut PgConnection,
        wanted: &Wanted,
    ) -> Result<Self, IntrospectError> {
        const RELATIONS: Query = query!("relations.sql");
        const COLUMNS: Query = query!("columns.sql");
        const INHERITS: Query = query!("inherits.sql");
        Ok(Self {
            relations: RELATIONS.rows_for(connection, &wanted.relations)?,
            columns: COLUMNS.rows_for(connection, &wanted.relations)?,
            inherits: INHERITS.rows(connection)?,
        })
    }

    /// The columns' types and modifiers.
    pub(super) fn types(&self) -> impl Iterator<Item = (u32, i32)> {
        self.columns.iter().map(|row| (row.data_type, row.modifier))
    }
}

impl Relations {
    /// Puts the rows together.
    pub(super) fn new(rows: RelationRows, lookup: &Lookup) -> Result<Self, IntrospectError> {
        let mut relations = Self {
            entries: Vec::with_capacity(rows.relations.len()),
            places: HashMap::with_capacity(rows.relations.len()),
        };
        for row in rows.relations {
            relations.places.insert(row.oid, relations.entries.len());
            relations.entries.push(Entry::new(row));
        }
        for row in rows.columns {
            if let Some(entry) = relations.entry_mut(row.relation) {
                entry.numbers.push(ColumnNumbers {
                    number: row.number,
                    data_type: row.data_type,
                    collation: row.collation,
                });
                entry.relation.columns.push(column(row, lookup)?);
            }
        }
        for row in rows.inherits {
            let Ok(parent) = relations.name(row.parent).cloned() else {
                continue;
            };
            if let Some(entry) = relations.entry_mut(row.child) {
                match entry.partition_bound.take() {
                    Some(bound) => entry.relation.partition_of = Some(Partition { parent, bound }),
                    None => entry.relation.inherits.push(parent),
                }
            }
        }
        Ok(relations)
    }

    /// The relation of that number, if it was read.
    pub(super) fn entry(&self, oid: u32) -> Option<&Entry> {
        self.entries.get(*self.places.get(&oid)?)
    }

    /// The relation of that number, if it was read.
    pub(super) fn entry_mut(&mut self, oid: u32) -> Option<&mut Entry> {
        self.entries.get_mut(*self.places.get(&oid)?)
    }

    /// The name of the relation of that number, which has to have been read.
    pub(super) fn name(&self, oid: u32) -> Result<&QualifiedName, IntrospectError> {
        Ok(&self.known(oid)?.relation.name)
    }

    /// The names of columns by number.
    pub(super) fn column_names(
        &self,
        oid: u32,
        numbers: &[i16],
    ) -> Result<Vec<String>, IntrospectError> {
        let entry = self.known(oid)?;
        numbers
            .iter()
            .map(|&number| Ok(entry.column(number)?.0.name.clone()))
            .collect()
    }

    /// The project's relations and the others, each sorted by name.
    pub(super) fn into_own_and_outside(self) -> (Vec<Relation>, Vec<Relation>) {
        let (own, outside): (Vec<_>, Vec<_>) =
            self.entries.into_iter().partition(|entry| entry.own);
        (sorted(own), sorted(outside))
    }

    fn known(&self, oid: u32) -> Result<&Entry, IntrospectError> {
        self.entry(oid)
            .ok_or_else(|| IntrospectError::inconsistent(format!("relation {oid} is missing")))
    }
}

impl Entry {
    fn new(row: RelationRow) -> Self {
        let relation = Relation {
            name: QualifiedName::new(row.schema, row.name),
            kind: row.kind,
            persistence: row.persistence,
            options: sorted_options(row.options),
            of_type: QualifiedName::from_parts(row.of_type_schema, row.of_type_name),
            columns: Vec::new(),
            primary_key: None,
            unique: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            partition_key: row.partition_key,
            partition_of: None,
            inherits: Vec::new(),
            definition: row.definition,
            comment: row.comment,
        };
        Self {
            own: row.own,
            relation,
            numbers: Vec::new(),
            partition_bound: row.partition_bound,
        }
    }

    /// What an expression over this relation calls the column of that number; the relation itself for 0, the whole row.
    pub(super) fn name_in_expressions(&self, number: i16) -> Option<&str> {
        match number {
            0 => Some(&self.relation.name.name),
            _ => self
                .column(number)
                .ok()
                .map(|(column, _)| column.name.as_str()),
        }
    }

    /// The column of that number.
    pub(super) fn column(&self, number: i16) -> Result<(&Column, ColumnNumbers), IntrospectError> {
        self.numbers
            .binary_search_by_key(&number, |column| column.number)
            .ok()
            .and_then(|place| Some((self.relation.columns.get(place)?, *self.numbers.get(place)?)))
            .ok_or_else(|| {
                IntrospectError::inconsistent(format!(
                    "column number {number} of {} is missing",
                    self.relation.name
                ))
            })
    }
}

/// Storage parameters in a fixed order: PostgreSQL keeps the order in which they were set.
pub(super) fn sorted_options(options: Option<Vec<String>>) -> Vec<String> {
    let mut options = options.unwrap_or_default();
    options.sort();
    options
}

fn sorted(entries: Vec<Entry>) -> Vec<Relation> {
    let mut relations: Vec<_> = entries.into_iter().map(|entry| entry.relation).collect();
    for relation in &mut relations {
        relation.unique.sort_by(|a, b| a.name.cmp(&b.name));
        relation.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        relation.checks.sort_by(|a, b| a.name.cmp(&b.name));
        relation.exclusions.sort_by(|a, b| a.name.cmp(&b.name));
        relation.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    relations.sort_by(|a, b| a.name.cmp(&b.name));
    relations
}

fn column(row: ColumnRow, lookup: &Lookup) -> Result<Column, IntrospectError> {
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
        not_null: row.not_null && !row.not_null_not_valid,
        not_null_not_valid: row.not_null_not_valid,
        default,
        identity,
        generated,
        collation: lookup.own_collation(row.collation, row.data_type)?,
        comment: row.comment,
    })
}
