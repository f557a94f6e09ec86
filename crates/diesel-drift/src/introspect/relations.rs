//! Relations and their columns, and what others need to know to refer to them.

use super::columns::{COLUMNS, ColumnRow, column};
use super::common::{Common, PG_CLASS};
use super::lookup::Lookup;
use super::not_nulls::NotNulls;
use super::options::sorted_options;
use super::query::{Query, query};
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
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = CChar)]
    persistence: Persistence,
    #[diesel(sql_type = Nullable<Text>)]
    access_method: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    tablespace: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    options: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    toast_options: Option<Vec<String>>,
    #[diesel(sql_type = Bool)]
    row_security: bool,
    #[diesel(sql_type = Bool)]
    force_row_security: bool,
    #[diesel(sql_type = CChar)]
    replica_identity: u8,
    #[diesel(sql_type = Bool)]
    unpopulated: bool,
    #[diesel(sql_type = Nullable<Text>)]
    server: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    server_options: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    depends_on_extensions: Option<Vec<String>>,
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
    columns: Vec<ColumnRow>,
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
        for row in rows.columns {
            if let Some(entry) = relations.entry_mut(row.relation) {
                entry.numbers.push(ColumnNumbers {
                    number: row.number,
                    data_type: row.data_type,
                    collation: row.collation,
                });
                let (not_null, not_valid) = not_nulls.of_column(row.relation, row.number);
                let privileges = match entry.own {
                    true => common.privileges(PG_CLASS, row.relation, row.number.into()),
                    false => Privileges::default(),
                };
                let mut column = column(row, lookup, privileges)?;
                column.not_null &= !not_valid;
                column.not_null_not_valid = not_valid;
                column.not_null_constraint = not_null;
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
