//! Sequences (`pg_sequence`).

use super::{Persistence, QualifiedName};
use serde::{Deserialize, Serialize};

/// A sequence. Its position is data, not schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Schema and name.
    pub name: QualifiedName,
    /// `relpersistence`: that of its table, or its own since PostgreSQL 15.
    pub persistence: Persistence,
    /// `format_type(seqtypid)`: `bigint`.
    pub data_type: String,
    /// `seqstart`.
    pub start: i64,
    /// `seqincrement`.
    pub increment: i64,
    /// `seqmin`.
    pub min: i64,
    /// `seqmax`.
    pub max: i64,
    /// `seqcache`.
    pub cache: i64,
    /// `seqcycle`.
    pub cycle: bool,
    /// The column that owns it (`pg_depend`), by `OWNED BY` or as its identity.
    pub owned_by: Option<SequenceOwner>,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// The column that owns a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOwner {
    /// The table.
    pub relation: QualifiedName,
    /// The column.
    pub column: String,
}
