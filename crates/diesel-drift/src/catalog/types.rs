//! Schemas, extensions and types.

use super::fact::RoleName;
use super::{AlteredObject, NotNull, Privileges, QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A schema (`pg_namespace`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Schema {
    /// `nspname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `nspowner`, unless it is the usual owner, or initdb's of `public`.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `nspacl`.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An installed extension (`pg_extension`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Extension {
    /// `extname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `extnamespace`, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub schema: String,
    /// `extversion`.
    #[serde(skip_serializing_if = "is_default")]
    pub version: String,
    /// SHA-256 over the definitions of its functions (`pg_proc`), in hexadecimal: another for the same version where one was
    /// altered. It does not depend on the schema. `None` where it has no functions.
    #[serde(skip_serializing_if = "is_default")]
    pub functions_digest: Option<String>,
    /// Its members whose privileges are not those that it gave them, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub altered: Vec<AlteredObject>,
    /// `extowner`, unless it is the usual owner or the role that initdb made.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`, where it is not the comment of the extension's control file; empty where that was taken away.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// The type of a column, an attribute or a domain (`pg_attribute.atttypid` and `atttypmod`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DataType {
    /// `format_type(atttypid, atttypmod)` under an empty `search_path`: `character varying(100)`, `app.mood[]`.
    #[serde(skip_serializing_if = "is_default")]
    pub sql: String,
    /// Schema of the type; of the element type, for an array.
    #[serde(skip_serializing_if = "is_default")]
    pub schema: String,
    /// `pg_type.typname` of the type (`int4`, `varchar`, `mood`); of the element type, for an array.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// Whether it is an array. PostgreSQL does not enforce a number of dimensions.
    #[serde(skip_serializing_if = "is_default")]
    pub array: bool,
    /// The declared length in characters of `varchar(n)`, `char(n)`; in bits of `bit(n)`, `varbit(n)`.
    #[serde(skip_serializing_if = "is_default")]
    pub length: Option<u32>,
}

impl DataType {
    /// The name of the type, or of the element type for an array.
    pub fn qualified_name(&self) -> QualifiedName {
        QualifiedName::new(&self.schema, &self.name)
    }
}

/// An enum type (`pg_type`, `pg_enum`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnumType {
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
    /// `enumlabel`s by `enumsortorder`.
    #[serde(skip_serializing_if = "is_default")]
    pub labels: Vec<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A domain (`pg_type` of kind `d`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Domain {
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
    /// `typbasetype` and `typtypmod`. May itself be a domain.
    #[serde(skip_serializing_if = "is_default")]
    pub base: DataType,
    /// `typnotnull`.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// The constraint behind `not_null`, since PostgreSQL 17.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null_constraint: NotNull,
    /// `pg_get_expr(typdefaultbin, 0)`.
    #[serde(skip_serializing_if = "is_default")]
    pub default: Option<String>,
    /// `typcollation`, where it differs from the base type's.
    #[serde(skip_serializing_if = "is_default")]
    pub collation: Option<QualifiedName>,
    /// Check constraints, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub checks: Vec<DomainCheck>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A check constraint of a domain (`pg_constraint.contypid`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DomainCheck {
    /// `conname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `pg_get_expr(conbin, 0)`.
    #[serde(skip_serializing_if = "is_default")]
    pub expression: String,
    /// `convalidated` is false: values that were there before were never held to it.
    #[serde(skip_serializing_if = "is_default")]
    pub not_valid: bool,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A composite type (`pg_type` of kind `c`, whose `pg_class` row is of kind `c`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompositeType {
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
    /// Attributes by `attnum`.
    #[serde(skip_serializing_if = "is_default")]
    pub attributes: Vec<Attribute>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An attribute of a composite type (`pg_attribute`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Attribute {
    /// `attname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// The type.
    #[serde(skip_serializing_if = "is_default")]
    pub data_type: DataType,
    /// `attcollation`, where it differs from the type's.
    #[serde(skip_serializing_if = "is_default")]
    pub collation: Option<QualifiedName>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A range type (`pg_range`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RangeType {
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
    /// `rngsubtype`.
    #[serde(skip_serializing_if = "is_default")]
    pub subtype: DataType,
    /// `rngsubopc`, where it is not the default for the subtype.
    #[serde(skip_serializing_if = "is_default")]
    pub operator_class: Option<QualifiedName>,
    /// `rngcollation`, where it differs from the subtype's.
    #[serde(skip_serializing_if = "is_default")]
    pub collation: Option<QualifiedName>,
    /// `rngcanonical`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub canonical: Option<QualifiedName>,
    /// `rngsubdiff`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub subtype_diff: Option<QualifiedName>,
    /// `rngmultitypid`, where it is not the name that PostgreSQL gives (`…multirange`); since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub multirange: Option<QualifiedName>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl RangeType {
    /// The name of its multirange, since PostgreSQL 14.
    pub fn multirange_name(&self) -> QualifiedName {
        let chosen = self.multirange.clone();
        chosen.unwrap_or_else(|| Self::usual_multirange(&self.name))
    }

    /// What PostgreSQL calls the multirange of a range: `range` becomes `multirange`, or `_multirange` is put behind it.
    pub(crate) fn usual_multirange(range: &QualifiedName) -> QualifiedName {
        const LONGEST: usize = 63;
        let shortened =
            |text: &str, longest: usize| text[..text.floor_char_boundary(longest)].to_owned();
        let name = match range.name.split_once("range") {
            Some((before, after)) => shortened(&format!("{before}multirange{after}"), LONGEST),
            None => shortened(&range.name, LONGEST - "_multirange".len()) + "_multirange",
        };
        QualifiedName::new(&range.schema, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multirange_is_named_after_its_range() {
        let long = "a".repeat(63);
        let shortened = "a".repeat(52) + "_multirange";
        for (range, multirange) in [
            ("text_range", "text_multirange"),
            ("ranges_range", "multiranges_range"),
            ("span", "span_multirange"),
            (&long, &shortened),
        ] {
            let usual = RangeType::usual_multirange(&QualifiedName::new("s", range));
            assert_eq!(usual, QualifiedName::new("s", multirange));
        }
    }
}
