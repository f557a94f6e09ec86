//! Relations.

use super::fact::RoleName;
use super::{
    Check, Class, Column, Exclusion, ForeignKey, Index, Key, Policy, Privileges, QualifiedName,
    Rule, Trigger, class, is_default,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// `relowner`, unless it is the usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `relacl`.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `relpersistence`.
    #[serde(skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    /// `relam`, unless it is `heap`.
    #[serde(skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    /// `reltablespace`, unless it is the database's.
    #[serde(skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// `reloptions`: `fillfactor=70`, `security_invoker=true`, `check_option=local`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub options: Vec<String>,
    /// `reloptions` of the TOAST table: `autovacuum_enabled=off`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub toast_options: Vec<String>,
    /// `relrowsecurity`: policies apply, and where there is none nothing is seen.
    #[serde(skip_serializing_if = "is_default")]
    pub row_security: bool,
    /// `relforcerowsecurity`: policies apply to the owner too.
    #[serde(skip_serializing_if = "is_default")]
    pub force_row_security: bool,
    /// `relreplident`, unless it is the primary key.
    #[serde(skip_serializing_if = "is_default")]
    pub replica_identity: Option<ReplicaIdentity>,
    /// `indisclustered`: the index that `CLUSTER` goes by.
    #[serde(skip_serializing_if = "is_default")]
    pub clustered_on: Option<String>,
    /// `relispopulated` is false: a materialized view that cannot be read until it is refreshed.
    #[serde(skip_serializing_if = "is_default")]
    pub unpopulated: bool,
    /// `ftserver` of a foreign table.
    #[serde(skip_serializing_if = "is_default")]
    pub server: Option<String>,
    /// `ftoptions` of a foreign table: `table_name`; `<secret>` for what is secret.
    #[serde(skip_serializing_if = "is_default")]
    pub server_options: BTreeMap<String, String>,
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
    /// `pg_depend` of kind `x`: extensions with which it is dropped, sorted.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub depends_on_extensions: Vec<String>,
    /// Triggers, by name. Those that a partition has from its parent are the parent's.
    #[serde(skip_serializing_if = "is_default")]
    pub triggers: Vec<Trigger>,
    /// Rules, by name, apart from the one that makes a view a view.
    #[serde(skip_serializing_if = "is_default")]
    pub rules: Vec<Rule>,
    /// Row-level security policies, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub policies: Vec<Policy>,
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

    /// Its class.
    pub fn class(&self) -> &'static Class {
        match self.kind {
            RelationKind::Table | RelationKind::PartitionedTable => &class::TABLE,
            RelationKind::View => &class::VIEW,
            RelationKind::MaterializedView => &class::MATERIALIZED_VIEW,
            RelationKind::ForeignTable => &class::FOREIGN_TABLE,
        }
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
    /// `inhdetachpending`, since PostgreSQL 14: `DETACH … CONCURRENTLY` was begun and not finished.
    #[serde(skip_serializing_if = "is_default")]
    pub detach_pending: bool,
}

/// `pg_class.relreplident`: what tells a subscriber which row was updated or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaIdentity {
    /// `n`; or `i`, where the index has been dropped since.
    Nothing,
    /// `f`.
    Full,
    /// `i`, and the index that is `indisreplident`.
    Index(String),
}
