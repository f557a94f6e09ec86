//! Sequences (`pg_sequence`).

use super::fact::{ColumnName, RoleName};
use super::{Persistence, Privileges, QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sequence. Its position is data, not schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sequence {
    /// Schema and name.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `relowner`, unless it is the usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `relacl`.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `relpersistence`: that of its table, or its own since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    /// `format_type(seqtypid)`, unless it is `bigint`.
    #[serde(skip_serializing_if = "is_default")]
    pub data_type: Option<String>,
    /// `seqstart`, unless it is the end that it starts from: `min` where it ascends, `max` where it descends.
    #[serde(skip_serializing_if = "is_default")]
    pub start: Option<i64>,
    /// `seqincrement`, unless it is 1.
    #[serde(skip_serializing_if = "is_default")]
    pub increment: Option<i64>,
    /// `seqmin`, unless it is 1 where it ascends, the least of its type where it descends.
    #[serde(skip_serializing_if = "is_default")]
    pub min: Option<i64>,
    /// `seqmax`, unless it is the greatest of its type where it ascends, -1 where it descends.
    #[serde(skip_serializing_if = "is_default")]
    pub max: Option<i64>,
    /// `seqcache`, unless it is 1.
    #[serde(skip_serializing_if = "is_default")]
    pub cache: Option<i64>,
    /// `seqcycle`.
    #[serde(skip_serializing_if = "is_default")]
    pub cycle: bool,
    /// The column that owns it (`pg_depend`), by `OWNED BY` or as its identity.
    #[serde(skip_serializing_if = "is_default")]
    pub owned_by: Option<SequenceOwner>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// The column that owns a sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SequenceOwner {
    /// The table.
    #[serde(skip_serializing_if = "is_default")]
    pub relation: QualifiedName,
    /// The column.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "ColumnName")]
    pub column: String,
}
