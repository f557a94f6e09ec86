//! Extended statistics (`pg_statistic_ext`).

use super::fact::{ColumnName, RoleName};
use super::{QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the planner is told to gather about columns of a table together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Statistics {
    /// `stxnamespace` and `stxname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `stxowner`, unless it is the usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `stxrelid`.
    #[serde(skip_serializing_if = "is_default")]
    pub relation: QualifiedName,
    /// `stxkeys`, by name, by `attnum`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<ColumnName>")]
    pub on_columns: Vec<String>,
    /// `pg_get_expr(stxexprs)`, since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub expressions: Option<String>,
    /// `stxkind`, unless it is every kind.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<StatisticsKind>")]
    pub kinds: Vec<StatisticsKind>,
    /// `stxstattarget`, where one was chosen.
    #[serde(skip_serializing_if = "is_default")]
    pub target: Option<i32>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_statistic_ext.stxkind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsKind {
    /// `d`.
    #[serde(alias = "d")]
    Ndistinct,
    /// `f`.
    #[serde(alias = "f")]
    Dependencies,
    /// `m`.
    #[serde(alias = "m")]
    Mcv,
}
