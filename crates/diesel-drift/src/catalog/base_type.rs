//! Base types (`pg_type` of kind `b`): what functions written in C, or PostgreSQL's own, make of bytes.

use super::{Privileges, QualifiedName, Storage, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A base type. Functions are named as `regprocedure` has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BaseType {
    /// Schema and name.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `typowner`, unless it is the usual owner.
    #[serde(skip_serializing_if = "is_default")]
    pub owner: Option<String>,
    /// `typacl`.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `typisdefined` is false: only the name is there (`CREATE TYPE name`).
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
    pub modifier_in: Option<String>,
    /// `typmodout`.
    #[serde(skip_serializing_if = "is_default")]
    pub modifier_out: Option<String>,
    /// `typanalyze`.
    #[serde(skip_serializing_if = "is_default")]
    pub analyze: Option<String>,
    /// `typsubscript`, since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub subscript: Option<String>,
    /// `typlen` in bytes, unless it varies.
    #[serde(skip_serializing_if = "is_default")]
    pub internal_length: Option<i32>,
    /// `typbyval`.
    #[serde(skip_serializing_if = "is_default")]
    pub passed_by_value: bool,
    /// `typalign`.
    #[serde(skip_serializing_if = "is_default")]
    pub alignment: Alignment,
    /// `typstorage`, unless it is `plain`.
    #[serde(skip_serializing_if = "is_default")]
    pub storage: Option<Storage>,
    /// `typcategory`, unless it is `U`.
    #[serde(skip_serializing_if = "is_default")]
    pub category: Option<String>,
    /// `typispreferred`.
    #[serde(skip_serializing_if = "is_default")]
    pub preferred: bool,
    /// `typdefault`.
    #[serde(skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// `format_type(typelem)`: what its subscripts give.
    #[serde(skip_serializing_if = "is_default")]
    pub element: Option<String>,
    /// `typdelim`, unless it is a comma.
    #[serde(skip_serializing_if = "is_default")]
    pub delimiter: Option<String>,
    /// `typcollation` is not 0.
    #[serde(skip_serializing_if = "is_default")]
    pub collatable: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_type.typalign`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// `i`.
    #[default]
    #[serde(alias = "i")]
    Int4,
    /// `c`.
    #[serde(alias = "c")]
    Char,
    /// `s`.
    #[serde(alias = "s")]
    Int2,
    /// `d`.
    #[serde(alias = "d")]
    Double,
}
