//! Operators, their classes and families.

use super::fact::RoleName;
use super::{QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An operator (`pg_operator`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Operator {
    /// `oprnamespace` and `oprname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `oprleft` and `oprright`: `(integer, text)`, `(NONE, text)` where it stands before its only operand.
    #[serde(skip_serializing_if = "is_default")]
    pub signature: String,
    /// `oprresult`.
    #[serde(skip_serializing_if = "is_default")]
    pub returns: Option<String>,
    /// `oprcode`.
    #[serde(skip_serializing_if = "is_default")]
    pub function: Option<String>,
    /// `oprcom`.
    #[serde(skip_serializing_if = "is_default")]
    pub commutator: Option<String>,
    /// `oprnegate`.
    #[serde(skip_serializing_if = "is_default")]
    pub negator: Option<String>,
    /// `oprrest`: estimates how many rows a condition keeps.
    #[serde(skip_serializing_if = "is_default")]
    pub restrict: Option<String>,
    /// `oprjoin`: estimates how many rows a join keeps.
    #[serde(skip_serializing_if = "is_default")]
    pub join: Option<String>,
    /// `oprcanmerge`.
    #[serde(skip_serializing_if = "is_default")]
    pub merges: bool,
    /// `oprcanhash`.
    #[serde(skip_serializing_if = "is_default")]
    pub hashes: bool,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An operator family (`pg_opfamily`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OperatorFamily {
    /// `opfnamespace` and `opfname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `opfmethod`: ` USING btree`.
    #[serde(skip_serializing_if = "is_default")]
    pub signature: String,
    /// What belongs to the family and to none of its classes, as `ALTER OPERATOR FAMILY … ADD` has it, by number. (Since 14
    /// PostgreSQL counts the optional members of a class here.) `OPERATOR 1 <(integer,bigint)`, `FUNCTION 1 (integer, bigint) btint48cmp(integer,bigint)`.
    #[serde(skip_serializing_if = "is_default")]
    pub members: Vec<String>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An operator class (`pg_opclass`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OperatorClass {
    /// `opcnamespace` and `opcname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `opcmethod`: ` USING btree`.
    #[serde(skip_serializing_if = "is_default")]
    pub signature: String,
    /// `opcfamily`, where it is not named as the class is.
    #[serde(skip_serializing_if = "is_default")]
    pub family: Option<QualifiedName>,
    /// `opcdefault`: used for the type where none is named.
    #[serde(skip_serializing_if = "is_default")]
    pub default: bool,
    /// `opcintype`.
    #[serde(skip_serializing_if = "is_default")]
    pub input_type: String,
    /// `opckeytype`: what an index stores, where it is not the input type.
    #[serde(skip_serializing_if = "is_default")]
    pub storage: Option<String>,
    /// `pg_amop` and `pg_amproc` of the class, as `CREATE OPERATOR CLASS` has them, by number: `OPERATOR 1 <(integer,integer)`,
    /// `FUNCTION 1 (integer, integer) btint4cmp(integer,integer)`.
    #[serde(skip_serializing_if = "is_default")]
    pub members: Vec<String>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}
