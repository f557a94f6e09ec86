//! Indexes (`pg_index`).

use super::fact::ColumnName;
use super::{QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Index {
    /// `relname` of the index; its schema is the table's.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `pg_am.amname`, unless it is `btree`.
    #[serde(skip_serializing_if = "is_default")]
    pub method: Option<String>,
    /// Key columns in order.
    #[serde(skip_serializing_if = "is_default")]
    pub columns: Vec<IndexColumn>,
    /// `INCLUDE` columns in order.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Vec<ColumnName>")]
    pub include: Vec<String>,
    /// `indisunique`.
    #[serde(skip_serializing_if = "is_default")]
    pub unique: bool,
    /// `indnullsnotdistinct`, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// `pg_get_expr(indpred)`.
    #[serde(skip_serializing_if = "is_default")]
    pub predicate: Option<String>,
    /// `reltablespace`, unless it is the database's.
    #[serde(skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// `reloptions`: `fillfactor=70`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub options: Vec<String>,
    /// `indisvalid` or `indisready` is false: no query may use it, or no row is added to it.
    #[serde(skip_serializing_if = "is_default")]
    pub invalid: bool,
    /// The index of the partitioned table that it is attached to (`pg_inherits`).
    #[serde(skip_serializing_if = "is_default")]
    pub part_of: Option<QualifiedName>,
    /// `pg_depend` of kind `x`: extensions with which it is dropped, sorted.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub depends_on_extensions: Vec<String>,
    /// The constraint that it serves, by name (`pg_constraint.conindid`).
    #[serde(skip_serializing_if = "is_default")]
    pub constraint: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// One key column of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IndexColumn {
    /// What is indexed.
    #[serde(skip_serializing_if = "is_default")]
    pub term: IndexTerm,
    /// `indclass`, where it is not the default for the type and method.
    #[serde(skip_serializing_if = "is_default")]
    pub operator_class: Option<QualifiedName>,
    /// `indcollation`, where it differs from the column's; of an expression, where it differs from its type's.
    #[serde(skip_serializing_if = "is_default")]
    pub collation: Option<QualifiedName>,
    /// `indoption` bit 1.
    #[serde(skip_serializing_if = "is_default")]
    pub descending: bool,
    /// `indoption` bit 2, where it is not the default: nulls come first in descending order, last in ascending order.
    #[serde(skip_serializing_if = "is_default")]
    pub nulls: Option<Nulls>,
    /// `attoptions`: parameters of the operator class: `siglen=32`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub options: Vec<String>,
    /// `attstattarget` of an expression, where one was chosen.
    #[serde(skip_serializing_if = "is_default")]
    pub statistics: Option<i32>,
}

/// `pg_index.indoption` bit 2.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Set.
    First,
    /// Not set.
    Last,
}

/// What an index column holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexTerm {
    /// A column, by name.
    Column(#[schemars(with = "ColumnName")] String),
    /// `pg_get_indexdef(indexrelid, n, false)`.
    Expression(String),
}

/// No column: only the ground that a [`IndexColumn`] is read onto.
impl Default for IndexTerm {
    fn default() -> Self {
        Self::Column(String::new())
    }
}
