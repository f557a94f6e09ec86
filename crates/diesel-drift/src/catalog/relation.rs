//! Relations and their columns.

use super::{Check, DataType, Exclusion, ForeignKey, Index, Key, QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A table, view, materialized view or foreign table (`pg_class`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Relation {
    /// `relnamespace` and `relname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `relkind`.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: RelationKind,
    /// `relpersistence`.
    #[serde(skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    /// `reloptions`: `fillfactor=70`, `security_invoker=true`, `check_option=local`.
    #[serde(skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    /// `reloftype`: the composite type of a typed table.
    #[serde(skip_serializing_if = "is_default")]
    pub of_type: Option<QualifiedName>,
    /// Columns by `attnum`.
    #[serde(skip_serializing_if = "is_default")]
    pub columns: Vec<Column>,
    /// The primary key.
    #[serde(skip_serializing_if = "is_default")]
    pub primary_key: Option<Key>,
    /// Unique constraints, by name. (Unique indexes without a constraint are in `indexes` only.)
    #[serde(skip_serializing_if = "is_default")]
    pub unique: Vec<Key>,
    /// Foreign keys, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Check constraints, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// Exclusion constraints, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub exclusions: Vec<Exclusion>,
    /// Indexes, by name, those of constraints among them.
    #[serde(skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// `pg_get_partkeydef`: strategy and key of a partitioned table, `RANGE (at)`.
    #[serde(skip_serializing_if = "is_default")]
    pub partition_key: Option<String>,
    /// The partitioned table that it is a partition of, and its bound.
    #[serde(skip_serializing_if = "is_default")]
    pub partition_of: Option<Partition>,
    /// Parents by `inhseqno` (`pg_inherits`), without the partitioned table of a partition.
    #[serde(skip_serializing_if = "is_default")]
    pub inherits: Vec<QualifiedName>,
    /// `pg_get_viewdef` of a view or materialized view.
    #[serde(skip_serializing_if = "is_default")]
    pub definition: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl Relation {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// `pg_class.relkind`, for the relations that hold rows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// `r`.
    #[default]
    Table,
    /// `p`.
    PartitionedTable,
    /// `v`.
    View,
    /// `m`.
    MaterializedView,
    /// `f`.
    ForeignTable,
}

/// `pg_class.relpersistence`. A temporary relation is a session's own and in no catalog.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// `p`.
    #[default]
    Permanent,
    /// `u`.
    Unlogged,
}

/// The partitioned table and the bound of a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Partition {
    /// The partitioned table.
    #[serde(skip_serializing_if = "is_default")]
    pub parent: QualifiedName,
    /// `pg_get_expr(relpartbound)`: `FOR VALUES FROM (…) TO (…)`.
    #[serde(skip_serializing_if = "is_default")]
    pub bound: String,
}

/// A column (`pg_attribute`). Its place in [`Relation::columns`] is its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// `attname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// The type.
    #[serde(skip_serializing_if = "is_default")]
    pub data_type: DataType,
    /// `attnotnull`, unless it is `not_null_not_valid`. A domain's own `NOT NULL` is the domain's.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// `NOT NULL … NOT VALID`, since PostgreSQL 18: new rows are held to it, old ones may be null.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null_not_valid: bool,
    /// `pg_get_expr(adbin)`, unless the column is generated.
    #[serde(skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// `attidentity`.
    #[serde(skip_serializing_if = "is_default")]
    pub identity: Option<Identity>,
    /// The expression of a generated column.
    #[serde(skip_serializing_if = "is_default")]
    pub generated: Option<Generation>,
    /// `attcollation`, where it differs from the type's.
    #[serde(skip_serializing_if = "is_default")]
    pub collation: Option<QualifiedName>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_attribute.attidentity`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// `a`: `GENERATED ALWAYS AS IDENTITY`.
    Always,
    /// `d`: `GENERATED BY DEFAULT AS IDENTITY`.
    ByDefault,
}

/// `pg_attribute.attgenerated` and the expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// `s`.
    Stored(String),
    /// `v`, since PostgreSQL 18.
    Virtual(String),
}
