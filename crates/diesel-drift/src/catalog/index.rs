//! Indexes (`pg_index`).

use super::QualifiedName;
use serde::{Deserialize, Serialize};

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// `relname` of the index; its schema is the table's.
    pub name: String,
    /// `pg_am.amname`.
    pub method: String,
    /// Key columns in order.
    pub columns: Vec<IndexColumn>,
    /// `INCLUDE` columns in order.
    pub include: Vec<String>,
    /// `indisunique`.
    pub unique: bool,
    /// `indnullsnotdistinct`, since PostgreSQL 15.
    pub nulls_not_distinct: bool,
    /// `pg_get_expr(indpred)`.
    pub predicate: Option<String>,
    /// `reloptions`: `fillfactor=70`.
    pub options: Vec<String>,
    /// `indisvalid` and `indisready`.
    pub valid: bool,
    /// The constraint that it serves, by name (`pg_constraint.conindid`).
    pub constraint: Option<String>,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// One key column of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexColumn {
    /// What is indexed.
    pub term: IndexTerm,
    /// `indclass`, where it is not the default for the type and method.
    pub operator_class: Option<QualifiedName>,
    /// `indcollation`, where it differs from the column's; of an expression, where it differs from its type's.
    pub collation: Option<QualifiedName>,
    /// `indoption` bit 1.
    pub descending: bool,
    /// `indoption` bit 2. Nulls come first by default in descending order, last in ascending order.
    pub nulls_first: bool,
}

/// What an index column holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexTerm {
    /// A column, by name.
    Column(String),
    /// `pg_get_indexdef(indexrelid, n, false)`.
    Expression(String),
}
