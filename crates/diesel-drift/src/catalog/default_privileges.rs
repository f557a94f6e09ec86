//! Privileges that objects get when they are made.

use super::{Privileges, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Default privileges (`pg_default_acl`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DefaultPrivileges {
    /// `defaclrole`, `defaclnamespace`, `defaclobjtype`: `FOR ROLE app IN SCHEMA audit ON TABLES`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// What deviates from the built-in privileges; of one that is limited to a schema, what is granted on top.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
}
