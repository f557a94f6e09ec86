//! Constraints of relations (`pg_constraint`).

use super::fact::ColumnName;
use super::{Enabled, QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A primary key or a unique constraint. How its index is built is told by the index of the same name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Key {
    /// `conname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `conkey`, by name and in the key's order.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Vec<ColumnName>")]
    pub columns: Vec<String>,
    /// `conperiod`: the last column's periods may not overlap (`WITHOUT OVERLAPS`), since PostgreSQL 18.
    #[serde(skip_serializing_if = "is_default")]
    pub without_overlaps: bool,
    /// `condeferrable`.
    #[serde(skip_serializing_if = "is_default")]
    pub deferrable: bool,
    /// `condeferred`.
    #[serde(skip_serializing_if = "is_default")]
    pub initially_deferred: bool,
    /// `tgenabled` of the internal trigger that holds a deferrable constraint to its word (`unique_key_recheck`).
    #[serde(skip_serializing_if = "is_default")]
    pub recheck: Enabled,
    /// `conislocal` is false: it is a parent's, and goes when the parent's goes.
    #[serde(skip_serializing_if = "is_default")]
    pub inherited: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignKey {
    /// `conname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `conkey`, by name and in the key's order.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Vec<ColumnName>")]
    pub columns: Vec<String>,
    /// `confrelid`.
    #[serde(skip_serializing_if = "is_default")]
    pub target: QualifiedName,
    /// `confkey`, pairwise with `columns`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Vec<ColumnName>")]
    pub target_columns: Vec<String>,
    /// `conperiod`: the last column is a period that the target's rows have to cover (`PERIOD`), since PostgreSQL 18.
    #[serde(skip_serializing_if = "is_default")]
    pub period: bool,
    /// `confmatchtype`.
    #[serde(skip_serializing_if = "is_default")]
    pub match_type: MatchType,
    /// `confupdtype`.
    #[serde(skip_serializing_if = "is_default")]
    pub on_update: ReferentialAction,
    /// `confdeltype`.
    #[serde(skip_serializing_if = "is_default")]
    pub on_delete: ReferentialAction,
    /// `confdelsetcols`, by name: the columns that `SET NULL` or `SET DEFAULT` is limited to, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<ColumnName>")]
    pub on_delete_columns: Vec<String>,
    /// `condeferrable`.
    #[serde(skip_serializing_if = "is_default")]
    pub deferrable: bool,
    /// `condeferred`.
    #[serde(skip_serializing_if = "is_default")]
    pub initially_deferred: bool,
    /// `convalidated` is false: rows that were there before were never held to it.
    #[serde(skip_serializing_if = "is_default")]
    pub not_valid: bool,
    /// `conenforced` is false, since PostgreSQL 18.
    #[serde(skip_serializing_if = "is_default")]
    pub not_enforced: bool,
    /// `tgenabled` of the internal triggers that hold rows to it, where it is not that of a new key.
    #[serde(skip_serializing_if = "is_default")]
    pub internal_triggers: ForeignKeyTriggers,
    /// `conislocal` is false: it is a parent's, and goes when the parent's goes.
    #[serde(skip_serializing_if = "is_default")]
    pub inherited: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// When the internal triggers of a foreign key fire (`pg_trigger.tgenabled`): `ALTER TABLE … DISABLE TRIGGER ALL` turns off
/// those of that table, and the key holds no longer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignKeyTriggers {
    /// `RI_FKey_check_ins`, on the table.
    #[serde(skip_serializing_if = "is_default")]
    pub on_insert: Enabled,
    /// `RI_FKey_check_upd`, on the table.
    #[serde(skip_serializing_if = "is_default")]
    pub on_update: Enabled,
    /// `RI_FKey_…_upd`, on the target.
    #[serde(skip_serializing_if = "is_default")]
    pub on_target_update: Enabled,
    /// `RI_FKey_…_del`, on the target.
    #[serde(skip_serializing_if = "is_default")]
    pub on_target_delete: Enabled,
}

/// `pg_constraint.confmatchtype`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MatchType {
    /// `s`.
    #[default]
    Simple,
    /// `f`.
    Full,
    /// `p`.
    Partial,
}

/// `pg_constraint.confupdtype` and `confdeltype`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// `a`.
    #[default]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Check {
    /// `conname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `pg_get_expr(conbin)`.
    #[serde(skip_serializing_if = "is_default")]
    pub expression: String,
    /// `connoinherit`.
    #[serde(skip_serializing_if = "is_default")]
    pub no_inherit: bool,
    /// `convalidated` is false: rows that were there before were never held to it.
    #[serde(skip_serializing_if = "is_default")]
    pub not_valid: bool,
    /// `conenforced` is false, since PostgreSQL 18.
    #[serde(skip_serializing_if = "is_default")]
    pub not_enforced: bool,
    /// `conislocal` is false: it is a parent's, and goes when the parent's goes.
    #[serde(skip_serializing_if = "is_default")]
    pub inherited: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An exclusion constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Exclusion {
    /// `conname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `pg_get_constraintdef`: method, terms with their operators, predicate; without what the fields below say.
    #[serde(skip_serializing_if = "is_default")]
    pub definition: String,
    /// `condeferrable`.
    #[serde(skip_serializing_if = "is_default")]
    pub deferrable: bool,
    /// `condeferred`.
    #[serde(skip_serializing_if = "is_default")]
    pub initially_deferred: bool,
    /// `tgenabled` of the internal trigger that holds a deferrable constraint to its word (`unique_key_recheck`).
    #[serde(skip_serializing_if = "is_default")]
    pub recheck: Enabled,
    /// `conislocal` is false: it is a parent's, and goes when the parent's goes.
    #[serde(skip_serializing_if = "is_default")]
    pub inherited: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}
