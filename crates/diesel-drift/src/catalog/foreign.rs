//! What foreign tables are reached through: wrappers, servers, user mappings.
//!
//! Options whose name or value is that of a secret (passwords, keys, tokens) are replaced by `<secret>` before they leave the
//! database, so that a change of one secret for another is not seen.

use super::fact::RoleName;
use super::{Privileges, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A foreign data wrapper (`pg_foreign_data_wrapper`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignDataWrapper {
    /// `fdwname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `fdwhandler`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub handler: Option<String>,
    /// `fdwvalidator`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub validator: Option<String>,
    /// `fdwoptions`.
    #[serde(skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
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

/// A foreign server (`pg_foreign_server`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// `srvname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `srvfdw`, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub foreign_data_wrapper: String,
    /// `srvtype`.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: Option<String>,
    /// `srvversion`.
    #[serde(skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// `srvoptions`.
    #[serde(skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
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

/// A user mapping (`pg_user_mappings`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserMapping {
    /// The server's `srvname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `umuser`: ` FOR app_ro`, ` FOR PUBLIC`.
    #[serde(skip_serializing_if = "is_default")]
    pub signature: String,
    /// `umoptions`.
    #[serde(skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// Whether the role that read the database may not see the options (the rule of the view `pg_user_mappings`): then
    /// they are not known, and `options` is empty for that reason.
    #[serde(skip_serializing_if = "is_default")]
    pub options_not_visible: bool,
}
