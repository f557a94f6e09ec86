//! Base types (`pg_type` of kind `b`), and types that are only announced.

use super::fact::RoleName;
use super::{Privileges, QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A base type, with functions of its own for input and output, or a shell: a type that is only announced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BaseType {
    /// Schema and name.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `typowner`, unless it is the usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `typacl`.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// Not `typisdefined`: nothing else is known of it.
    #[serde(skip_serializing_if = "is_default")]
    pub shell: bool,
    /// `typinput`.
    #[serde(skip_serializing_if = "is_default")]
    pub input: Option<String>,
    /// `typoutput`.
    #[serde(skip_serializing_if = "is_default")]
    pub output: Option<String>,
    /// `typreceive`.
    #[serde(skip_serializing_if = "is_default")]
    pub receive: Option<String>,
    /// `typsend`.
    #[serde(skip_serializing_if = "is_default")]
    pub send: Option<String>,
    /// `typmodin`.
    #[serde(skip_serializing_if = "is_default")]
    pub modifier_input: Option<String>,
    /// `typmodout`.
    #[serde(skip_serializing_if = "is_default")]
    pub modifier_output: Option<String>,
    /// `typanalyze`.
    #[serde(skip_serializing_if = "is_default")]
    pub analyze: Option<String>,
    /// `typsubscript`, since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub subscript: Option<String>,
    /// `typlen` in bytes, unless it is variable.
    #[serde(skip_serializing_if = "is_default")]
    pub length: Option<i32>,
    /// `typbyval`.
    #[serde(skip_serializing_if = "is_default")]
    pub passed_by_value: bool,
    /// `typalign`, unless it is that of `int4`.
    #[serde(skip_serializing_if = "is_default")]
    pub alignment: Option<String>,
    /// `typstorage`, unless it is `plain`.
    #[serde(skip_serializing_if = "is_default")]
    pub storage: Option<String>,
    /// `typcategory`, unless it is `U`.
    #[serde(skip_serializing_if = "is_default")]
    pub category: Option<String>,
    /// `typispreferred`.
    #[serde(skip_serializing_if = "is_default")]
    pub preferred: bool,
    /// `typdelim`, unless it is a comma.
    #[serde(skip_serializing_if = "is_default")]
    pub delimiter: Option<String>,
    /// `typdefault`.
    #[serde(skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// `typelem`.
    #[serde(skip_serializing_if = "is_default")]
    pub element: Option<String>,
    /// `typcollation` is there.
    #[serde(skip_serializing_if = "is_default")]
    pub collatable: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}
