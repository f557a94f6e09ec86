//! What turns one type, order or encoding into another: casts, transforms, collations, conversions.

use super::fact::RoleName;
use super::{QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cast (`pg_cast`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cast {
    /// `castsource` and `casttarget`: `(integer AS app.mood)`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `castmethod`.
    #[serde(skip_serializing_if = "is_default")]
    pub method: CastMethod,
    /// `castfunc`.
    #[serde(skip_serializing_if = "is_default")]
    pub function: Option<String>,
    /// `castcontext`.
    #[serde(skip_serializing_if = "is_default")]
    pub context: CastContext,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_cast.castmethod`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CastMethod {
    /// `f`.
    #[default]
    #[serde(alias = "f")]
    Function,
    /// `i`: by way of the types' text.
    #[serde(alias = "i")]
    Inout,
    /// `b`: both have the same bytes.
    #[serde(alias = "b")]
    Binary,
}

/// `pg_cast.castcontext`: where it is applied without being asked for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CastContext {
    /// `e`: nowhere.
    #[default]
    #[serde(alias = "e")]
    Explicit,
    /// `a`: where a value is stored.
    #[serde(alias = "a")]
    Assignment,
    /// `i`: everywhere.
    #[serde(alias = "i")]
    Implicit,
}

/// A transform (`pg_transform`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Transform {
    /// `trftype` and `trflang`: `FOR app.mood LANGUAGE plpython3u`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `trffromsql`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub from_sql: Option<String>,
    /// `trftosql`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub to_sql: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A collation (`pg_collation`).
///
/// The version of the library that sorts is the environment's and not the schema's: see
/// [`Environment::outdated_collations`](super::Environment::outdated_collations).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Collation {
    /// `collnamespace` and `collname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `collprovider`.
    #[serde(skip_serializing_if = "is_default")]
    pub provider: CollationProvider,
    /// `colllocale`, before PostgreSQL 17 `colliculocale`, before 15 `collcollate`: of ICU and of the builtin provider.
    #[serde(skip_serializing_if = "is_default")]
    pub locale: Option<String>,
    /// `collcollate`: the order, of the C library.
    #[serde(skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// `collctype`: the classes of characters, of the C library.
    #[serde(skip_serializing_if = "is_default")]
    pub ctype: Option<String>,
    /// `collicurules`, since PostgreSQL 16.
    #[serde(skip_serializing_if = "is_default")]
    pub icu_rules: Option<String>,
    /// Not `collisdeterministic`: strings of different bytes can be equal.
    #[serde(skip_serializing_if = "is_default")]
    pub nondeterministic: bool,
    /// `collencoding`, where it is not any encoding and not the database's.
    #[serde(skip_serializing_if = "is_default")]
    pub encoding: Option<String>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_collation.collprovider` and `pg_database.datlocprovider`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CollationProvider {
    /// `c`: the C library.
    #[default]
    #[serde(alias = "c")]
    Libc,
    /// `i`.
    #[serde(alias = "i")]
    Icu,
    /// `b`: PostgreSQL itself, since version 17.
    #[serde(alias = "b")]
    Builtin,
}

/// A conversion between encodings (`pg_conversion`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Conversion {
    /// `connamespace` and `conname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `conforencoding`: `UTF8`.
    #[serde(skip_serializing_if = "is_default")]
    pub source: String,
    /// `contoencoding`: `LATIN1`.
    #[serde(skip_serializing_if = "is_default")]
    pub target: String,
    /// `conproc`; all such functions take the same arguments.
    #[serde(skip_serializing_if = "is_default")]
    pub function: QualifiedName,
    /// `condefault`: used for the pair where none is named.
    #[serde(skip_serializing_if = "is_default")]
    pub default: bool,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}
