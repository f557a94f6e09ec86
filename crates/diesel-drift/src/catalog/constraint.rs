//! Constraints of relations (`pg_constraint`).

use super::QualifiedName;
use serde::{Deserialize, Serialize};

/// A primary key or a unique constraint. How its index is built is told by the index of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// `conname`.
    pub name: String,
    /// `conkey`, by name and in the key's order.
    pub columns: Vec<String>,
    /// `conperiod`: the last column's periods may not overlap (`WITHOUT OVERLAPS`), since PostgreSQL 18.
    pub without_overlaps: bool,
    /// `condeferrable`.
    pub deferrable: bool,
    /// `condeferred`.
    pub initially_deferred: bool,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// `conname`.
    pub name: String,
    /// `conkey`, by name and in the key's order.
    pub columns: Vec<String>,
    /// `confrelid`.
    pub target: QualifiedName,
    /// `confkey`, pairwise with `columns`.
    pub target_columns: Vec<String>,
    /// `conperiod`: the last column is a period that the target's rows have to cover (`PERIOD`), since PostgreSQL 18.
    pub period: bool,
    /// `confmatchtype`.
    pub match_type: MatchType,
    /// `confupdtype`.
    pub on_update: ReferentialAction,
    /// `confdeltype`.
    pub on_delete: ReferentialAction,
    /// `confdelsetcols`, by name: the columns that `SET NULL` or `SET DEFAULT` is limited to, since PostgreSQL 15.
    pub on_delete_columns: Vec<String>,
    /// `condeferrable`.
    pub deferrable: bool,
    /// `condeferred`.
    pub initially_deferred: bool,
    /// `convalidated`.
    pub validated: bool,
    /// `conenforced`, since PostgreSQL 18.
    pub enforced: bool,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// `pg_constraint.confmatchtype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchType {
    /// `s`.
    Simple,
    /// `f`.
    Full,
    /// `p`.
    Partial,
}

/// `pg_constraint.confupdtype` and `confdeltype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// `a`.
    NoAction,
    /// `r`.
    Restrict,
    /// `c`.
    Cascade,
    /// `n`.
    SetNull,
    /// `d`.
    SetDefault,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// `conname`.
    pub name: String,
    /// `pg_get_expr(conbin)`.
    pub expression: String,
    /// `connoinherit`.
    pub no_inherit: bool,
    /// `convalidated`.
    pub validated: bool,
    /// `conenforced`, since PostgreSQL 18.
    pub enforced: bool,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// `conname`.
    pub name: String,
    /// `pg_get_constraintdef`: method, terms with their operators, predicate.
    pub definition: String,
    /// `condeferrable`.
    pub deferrable: bool,
    /// `condeferred`.
    pub initially_deferred: bool,
    /// `pg_description`.
    pub comment: Option<String>,
}
