//! Relations and their columns, and what others need to know to refer to them.

use super::columns::{Columns, column};
use super::common::{Common, PG_CLASS};
use super::lookup::Lookup;
use super::not_nulls::NotNulls;
use super::options::sorted_options;
use super::query::{Query, query};
use super::row::row;
use super::{IntrospectError, Wanted, letter};
use crate::catalog::{
    Column, Partition, Persistence, Privileges, QualifiedName, Relation, RelationKind,
    ReplicaIdentity,
};
use diesel::sql_types::{Array, Bool, CChar, Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

const RELATIONS: Query = query!("relations.sql", after "secrets.sql");

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

row! {
    struct RelationRow {
        oid: Oid => u32,
        schema: Text => String,
        name: Text => String,
        own: Bool => bool,
        kind: CChar => RelationKind,
        owner: Text => String,
        persistence: CChar => Persistence,
        access_method: Nullable<Text> => Option<String>,
        tablespace: Nullable<Text> => Option<String>,
        options: Nullable<Array<Text>> => Option<Vec<String>>,
        toast_options: Nullable<Array<Text>> => Option<Vec<String>>,
        row_security: Bool => bool,
        force_row_security: Bool => bool,
        replica_identity: CChar => u8,
        unpopulated: Bool => bool,
        server: Nullable<Text> => Option<String>,
        server_options: Nullable<Text> => Option<String>,
        of_type_schema: Nullable<Text> => Option<String>,
        of_type_name: Nullable<Text> => Option<String>,
        partition_key: Nullable<Text> => Option<String>,
        partition_bound: Nullable<Text> => Option<String>,
        definition: Nullable<Text> => Option<String>,
        depends_on_extensions: Nullable<Array<Text>> => Option<Vec<String>>,
        comment: Nullable<Text> => Option<String>,
    }
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct InheritsRow {
    #[diesel(sql_type = Oid)]
    child: u32,
    #[diesel(sql_type = Oid)]
    parent: u32,
    #[diesel(sql_type = Bool)]
    detach_pending: bool,
}

/// The rows that [`Relations`] are made of.
pub(super) struct RelationRows {
    relations: Vec<RelationRow>,
    columns: Columns,
    inherits: Vec<InheritsRow>,
}

impl RelationRows {
    /// Reads the relations, their columns and who inherits from whom.
    pub(super) fn read(
        connection: &mut PgConnection,
        wanted: &Wanted,
    ) -> Result<Self, IntrospectError> {
        const INHERITS: Query = query!("inherits.sql");
        Ok(Self {
            relations: RELATIONS.rows_for(connection, &wanted.relations)?,
            columns: Columns::read(connection, wanted)?,
            inherits: INHERITS.rows(connection)?,
        })
    }

    /// The columns' types and modifiers.
    pub(super) fn types(&self) -> impl Iterator<Item = (u32, i32)> {
        (self.columns.rows.iter()).map(|row| (row.data_type, row.modifier))
    }
}

impl Relations {
    /// Puts the rows together.
    pub(super) fn new(
        rows: RelationRows,
        lookup: &Lookup,
        not_nulls: &NotNulls,
        common: &Common,
    ) -> Result<Self, IntrospectError> {
        let mut relations = Self {
            entries: Vec::with_capacity(rows.relations.len()),
            places: HashMap::with_capacity(rows.relations.len()),
        };
        for row in rows.relations {
            relations.places.insert(row.oid, relations.entries.len());
            relations.entries.push(Entry::new(row, common)?);
        }
        let mut columns = rows.columns;
        for of_one in columns.rows.chunk_by(|a, b| a.relation == b.relation) {
            let relation = of_one.first().map(|row| row.relation);
            if let Some(entry) = relation.and_then(|oid| relations.entry_mut(oid)) {
                // A vector that grows has room for up to twice as many, and a column is large.
                entry.relation.columns.reserve_exact(of_one.len());
                entry.numbers.reserve_exact(of_one.len());
            }
        }
        for row in std::mem::take(&mut columns.rows) {
            if let Some(entry) = relations.entry_mut(row.relation) {
                entry.numbers.push(ColumnNumbers {
                    number: row.number,
                    data_type: row.data_type,
                    collation: row.collation,
                });
                let (relation, number) = (row.relation, row.number);
                let (not_null, not_valid) = not_nulls.of_column(relation, number);
                let (expression, comment) = (columns.expression(&row), columns.comment(&row));
                let mut column = column(row, expression, lookup)?;
                if entry.own {
                    column.privileges = common.privileges(PG_CLASS, relation, number.into());
                }
                // Of a partition's columns, each is its parent's.
                column.inherited &= entry.partition_bound.is_none();
                column.not_null &= !not_valid;
                column.not_null_not_valid = not_valid;
                column.not_null_constraint = not_null;
                column.comment = comment;
                entry.relation.columns.push(column);
            }
        }
        for row in rows.inherits {
            let Ok(parent) = relations.name(row.parent).cloned() else {
                continue;
            };
            if let Some(entry) = relations.entry_mut(row.child) {
                match entry.partition_bound.take() {
                    Some(bound) => {
                        entry.relation.partition_of = Some(Partition {
                            parent,
                            bound,
                            detach_pending: row.detach_pending,
                        });
                    }
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
    fn new(row: RelationRow, common: &Common) -> Result<Self, IntrospectError> {
        // Who owns what is not the project's, and who may use it, is not the project's either.
        let (owner, privileges) = match row.own {
            true => (
                common.owner(row.owner),
                common.privileges(PG_CLASS, row.oid, 0),
            ),
            false => (None, Privileges::default()),
        };
        let relation = Relation {
            name: QualifiedName::new(row.schema, row.name),
            kind: row.kind,
            owner,
            privileges,
            persistence: row.persistence,
            access_method: row.access_method,
            tablespace: row.tablespace,
            options: sorted_options(row.options),
            toast_options: sorted_options(row.toast_options),
            row_security: row.row_security,
            force_row_security: row.force_row_security,
            replica_identity: replica_identity(row.kind, row.replica_identity)?,
            unpopulated: row.unpopulated,
            server: row.server,
            server_options: RELATIONS.json_or_none(row.server_options)?,
            depends_on_extensions: row.depends_on_extensions.unwrap_or_default(),
            of_type: QualifiedName::from_parts(row.of_type_schema, row.of_type_name),
            partition_key: row.partition_key,
            definition: row.definition,
            comment: row.comment,
            ..Relation::default()
        };
        Ok(Self {
            own: row.own,
            relation,
            numbers: Vec::new(),
            partition_bound: row.partition_bound,
        })
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

/// What `relreplident` says; which index it means, the index says.
fn replica_identity(
    kind: RelationKind,
    letter: u8,
) -> Result<Option<ReplicaIdentity>, IntrospectError> {
    match (kind, letter) {
        // A view has no rows of its own to tell apart.
        (RelationKind::View | RelationKind::ForeignTable, _) | (_, b'd') => Ok(None),
        (_, b'n' | b'i') => Ok(Some(ReplicaIdentity::Nothing)),
        (_, b'f') => Ok(Some(ReplicaIdentity::Full)),
        (_, other) => {
            let sentence = letter::unknown("pg_class.relreplident", other);
            Err(IntrospectError::inconsistent(sentence))
        }
    }
}

fn sorted(entries: Vec<Entry>) -> Vec<Relation> {
    let mut relations: Vec<_> = entries.into_iter().map(|entry| entry.relation).collect();
    for relation in &mut relations {
        // Most have one or two, and room for four.
        relation.unique.shrink_to_fit();
        relation.foreign_keys.shrink_to_fit();
        relation.checks.shrink_to_fit();
        relation.exclusions.shrink_to_fit();
        relation.indexes.shrink_to_fit();
        relation.unique.sort_by(|a, b| a.name.cmp(&b.name));
        relation.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        relation.checks.sort_by(|a, b| a.name.cmp(&b.name));
        relation.exclusions.sort_by(|a, b| a.name.cmp(&b.name));
        relation.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        relation.triggers.sort_by(|a, b| a.name.cmp(&b.name));
        relation.rules.sort_by(|a, b| a.name.cmp(&b.name));
        relation.policies.sort_by(|a, b| a.name.cmp(&b.name));
    }
    relations.sort_by(|a, b| a.name.cmp(&b.name));
    relations
}
