//! Row-level security policies (`pg_policy`).

use super::fact::RoleName;
use super::is_default;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// `polname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `polpermissive` is false: rows have to pass it besides a permissive one.
    #[serde(skip_serializing_if = "is_default")]
    pub restrictive: bool,
    /// `polcmd`.
    #[serde(skip_serializing_if = "is_default")]
    pub command: PolicyCommand,
    /// `polroles` as SQL names, sorted; empty for `PUBLIC`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<RoleName>")]
    pub roles: Vec<String>,
    /// `pg_get_expr(polqual)`.
    #[serde(skip_serializing_if = "is_default")]
    pub using: Option<String>,
    /// `pg_get_expr(polwithcheck)`.
    #[serde(skip_serializing_if = "is_default")]
    pub check: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_policy.polcmd`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCommand {
    /// `*`.
    #[default]
    #[serde(alias = "*")]
    All,
    /// `r`.
    #[serde(alias = "r")]
    Select,
    /// `a`.
    #[serde(alias = "a")]
    Insert,
    /// `w`.
    #[serde(alias = "w")]
    Update,
    /// `d`.
    #[serde(alias = "d")]
    Delete,
}
