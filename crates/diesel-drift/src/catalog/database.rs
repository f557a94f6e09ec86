//! The database itself.

use super::fact::RoleName;
use super::{CollationProvider, Privileges, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The database itself (`pg_database`).
///
/// A setting whose name is that of a secret has the value `<secret>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// What belongs to where the database lives, compared only between two databases that were named.
    #[serde(skip_serializing_if = "is_default")]
    pub environment: Environment,
    /// The role that owns most of its objects; compared as `environment` is.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "RoleName")]
    pub usual_owner: String,
    /// `pg_db_role_setting` of role 0: `ALTER DATABASE … SET`.
    #[serde(skip_serializing_if = "is_default")]
    pub settings: BTreeMap<String, String>,
    /// `pg_db_role_setting` of a role: `ALTER ROLE … IN DATABASE … SET`, by role.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(extend("propertyNames" = RoleName::schema()))]
    pub role_settings: BTreeMap<String, BTreeMap<String, String>>,
    /// `pg_shdescription`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// `pg_seclabels`, of the database and of what it holds.
    #[serde(skip_serializing_if = "is_default")]
    pub security_labels: Vec<SecurityLabel>,
    /// PostgreSQL's own objects whose privileges are not those that they were made with.
    #[serde(skip_serializing_if = "is_default")]
    pub system_objects: Vec<AlteredObject>,
}

/// What belongs to where a database lives (`pg_database`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Environment {
    /// `datdba`, by name.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "RoleName")]
    pub owner: String,
    /// `encoding`: `UTF8`.
    #[serde(skip_serializing_if = "is_default")]
    pub encoding: String,
    /// `datlocprovider`, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub provider: CollationProvider,
    /// `datcollate`.
    #[serde(skip_serializing_if = "is_default")]
    pub collate: String,
    /// `datctype`.
    #[serde(skip_serializing_if = "is_default")]
    pub ctype: String,
    /// `datlocale`, before PostgreSQL 17 `daticulocale`: of ICU and of the builtin provider.
    #[serde(skip_serializing_if = "is_default")]
    pub locale: Option<String>,
    /// `daticurules`, since PostgreSQL 16.
    #[serde(skip_serializing_if = "is_default")]
    pub icu_rules: Option<String>,
    /// `datcollversion`: the version of the library that sorted what is stored, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub collation_version: Option<String>,
    /// `pg_database_collation_actual_version`, where it is not `collation_version`: indexes have to be rebuilt.
    #[serde(skip_serializing_if = "is_default")]
    pub actual_collation_version: Option<String>,
    /// Collations that the schema has or uses and whose library has changed since (`collversion`, `pg_collation_actual_version`):
    /// `153.14, now 153.120`, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub outdated_collations: BTreeMap<String, String>,
    /// `dattablespace`, where it is not `pg_default`.
    #[serde(skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// `datconnlimit`: `None` for no limit.
    #[serde(skip_serializing_if = "is_default")]
    pub connection_limit: Option<i32>,
    /// Not `datallowconn`.
    #[serde(skip_serializing_if = "is_default")]
    pub connections_not_allowed: bool,
    /// `datistemplate`: anybody who may create databases may copy it.
    #[serde(skip_serializing_if = "is_default")]
    pub is_template: bool,
    /// What deviates from the built-in privileges.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
}

/// A security label (`pg_seclabel`, `pg_shseclabel`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityLabel {
    /// `objtype` and `objname` of `pg_seclabels`: `table app.users`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `provider`.
    #[serde(skip_serializing_if = "is_default")]
    pub provider: String,
    /// `label`.
    #[serde(skip_serializing_if = "is_default")]
    pub label: String,
}

/// An object that PostgreSQL or an extension made and whose privileges somebody changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlteredObject {
    /// `pg_identify_object`, type and identity: `function public.citext_eq(public.citext,public.citext)`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// What deviates from the privileges that it was made with (`pg_init_privs`).
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
}
