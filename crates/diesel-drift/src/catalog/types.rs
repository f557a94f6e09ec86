//! Schemas, extensions and types.

use super::QualifiedName;
use serde::{Deserialize, Serialize};

/// A schema (`pg_namespace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// `nspname`.
    pub name: String,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// An installed extension (`pg_extension`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// `extname`.
    pub name: String,
    /// `extnamespace`, by name.
    pub schema: String,
    /// `extversion`.
    pub version: String,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// The type of a column, an attribute or a domain (`pg_attribute.atttypid` and `atttypmod`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataType {
    /// `format_type(atttypid, atttypmod)` under an empty `search_path`: `character varying(100)`, `app.mood[]`.
    pub sql: String,
    /// Schema of the type; of the element type, for an array.
    pub schema: String,
    /// `pg_type.typname` of the type (`int4`, `varchar`, `mood`); of the element type, for an array.
    pub name: String,
    /// Whether it is an array. PostgreSQL does not enforce a number of dimensions.
    pub array: bool,
    /// The declared length in characters of `varchar(n)`, `char(n)`; in bits of `bit(n)`, `varbit(n)`.
    pub length: Option<u32>,
}

impl DataType {
    /// The name of the type, or of the element type for an array.
    pub fn qualified_name(&self) -> QualifiedName {
        QualifiedName::new(&self.schema, &self.name)
    }
}

/// An enum type (`pg_type`, `pg_enum`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// Schema and name.
    pub name: QualifiedName,
    /// `enumlabel`s by `enumsortorder`.
    pub labels: Vec<String>,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// A domain (`pg_type` of kind `d`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Schema and name.
    pub name: QualifiedName,
    /// `typbasetype` and `typtypmod`. May itself be a domain.
    pub base: DataType,
    /// `typnotnull`.
    pub not_null: bool,
    /// `pg_get_expr(typdefaultbin, 0)`.
    pub default: Option<String>,
    /// `typcollation`, where it differs from the base type's.
    pub collation: Option<QualifiedName>,
    /// Check constraints, by name.
    pub checks: Vec<DomainCheck>,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// A check constraint of a domain (`pg_constraint.contypid`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// `conname`.
    pub name: String,
    /// `pg_get_expr(conbin, 0)`.
    pub expression: String,
    /// `convalidated`.
    pub validated: bool,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// A composite type (`pg_type` of kind `c`, whose `pg_class` row is of kind `c`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeType {
    /// Schema and name.
    pub name: QualifiedName,
    /// Attributes by `attnum`.
    pub attributes: Vec<Attribute>,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// An attribute of a composite type (`pg_attribute`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// `attname`.
    pub name: String,
    /// The type.
    pub data_type: DataType,
    /// `attcollation`, where it differs from the type's.
    pub collation: Option<QualifiedName>,
    /// `pg_description`.
    pub comment: Option<String>,
}

/// A range type (`pg_range`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeType {
    /// Schema and name.
    pub name: QualifiedName,
    /// `rngsubtype`.
    pub subtype: DataType,
    /// `rngsubopc`.
    pub operator_class: QualifiedName,
    /// `rngcollation`, where it differs from the subtype's.
    pub collation: Option<QualifiedName>,
    /// `rngcanonical`: a function.
    pub canonical: Option<QualifiedName>,
    /// `rngsubdiff`: a function.
    pub subtype_diff: Option<QualifiedName>,
    /// `rngmultitypid`, since PostgreSQL 14.
    pub multirange: Option<QualifiedName>,
    /// `pg_description`.
    pub comment: Option<String>,
}
