//! Privileges (`relacl`, `attacl`, `nspacl`, …).

use super::fact::RoleName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an object's access control list says beyond or short of what PostgreSQL grants by itself; empty where that is all.
///
/// The key is who: `PUBLIC`, `OWNER` (whoever owns the object) or a role, quoted as SQL where it must be, so that no role can
/// be taken for one of the two. The values, sorted, are what: `SELECT`, `SELECT WITH GRANT OPTION`, `SELECT GRANTED BY
/// role` where the grantor is not the owner, `REVOKED EXECUTE` for what is granted by default and was taken back. `ALL`
/// stands for every privilege of the kind of object, whichever they are in a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("propertyNames" = RoleName::schema()))]
pub struct Privileges(
    #[schemars(with = "BTreeMap<String, BTreeSet<String>>")] pub BTreeMap<String, Vec<String>>,
);
