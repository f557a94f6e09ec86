//! Procedural languages, access methods and event triggers.

use super::fact::RoleName;
use super::{Enabled, Privileges, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A procedural language (`pg_language`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Language {
    /// `lanname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `lanpltrusted`: anybody with the privilege may write functions in it.
    #[serde(skip_serializing_if = "is_default")]
    pub trusted: bool,
    /// `lanplcallfoid`: the function that runs it.
    #[serde(skip_serializing_if = "is_default")]
    pub handler: Option<String>,
    /// `laninline`: the function that runs `DO`.
    #[serde(skip_serializing_if = "is_default")]
    pub inline: Option<String>,
    /// `lanvalidator`: the function that checks a body.
    #[serde(skip_serializing_if = "is_default")]
    pub validator: Option<String>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// What deviates from the built-in privileges.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An access method (`pg_am`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccessMethod {
    /// `amname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `amtype`.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: AccessMethodKind,
    /// `amhandler`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub handler: String,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_am.amtype`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AccessMethodKind {
    /// `i`.
    #[default]
    #[serde(alias = "i")]
    Index,
    /// `t`.
    #[serde(alias = "t")]
    Table,
}

/// An event trigger (`pg_event_trigger`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventTrigger {
    /// `evtname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `evtevent`: `ddl_command_end`.
    #[serde(skip_serializing_if = "is_default")]
    pub event: String,
    /// `evttags`: the commands that it is limited to, sorted.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub tags: Vec<String>,
    /// `evtfoid`.
    #[serde(skip_serializing_if = "is_default")]
    pub function: String,
    /// `evtenabled`.
    #[serde(skip_serializing_if = "is_default")]
    pub enabled: Enabled,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}
