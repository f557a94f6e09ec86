//! Publications and subscriptions.

use super::fact::{ColumnName, RoleName, SqlName};
use super::is_default;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A publication (`pg_publication`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Publication {
    /// `pubname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `puballtables`.
    #[serde(skip_serializing_if = "is_default")]
    pub all_tables: bool,
    /// `pg_publication_namespace`: the schemas whose tables it publishes, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub schemas: Vec<String>,
    /// `pg_publication_rel`, by the table's name as SQL text.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(extend("propertyNames" = SqlName::schema()))]
    pub tables: BTreeMap<String, PublishedTable>,
    /// `pubinsert`, `pubupdate`, `pubdelete`, `pubtruncate`: what is published, where it is not all four.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<BTreeSet<String>>")]
    pub publish: Option<Vec<String>>,
    /// `pubviaroot`.
    #[serde(skip_serializing_if = "is_default")]
    pub via_partition_root: bool,
    /// `pubgencols`, since PostgreSQL 18.
    #[serde(skip_serializing_if = "is_default")]
    pub generated_columns: GeneratedColumns,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A table of a publication (`pg_publication_rel`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PublishedTable {
    /// `prattrs`, by name: `None` for all, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<BTreeSet<ColumnName>>")]
    pub columns: Option<Vec<String>>,
    /// `pg_get_expr(prqual)`: the rows, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub filter: Option<String>,
}

/// `pg_publication.pubgencols`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedColumns {
    /// `n`.
    #[default]
    #[serde(alias = "n")]
    None,
    /// `s`.
    #[serde(alias = "s")]
    Stored,
}

/// A subscription of this database (`pg_subscription`). How it connects is a secret and never read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Subscription {
    /// `subname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `subpublications`, sorted.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub publications: Vec<String>,
    /// `subslotname`.
    #[serde(skip_serializing_if = "is_default")]
    pub slot_name: SlotName,
    /// Not `subenabled`.
    #[serde(skip_serializing_if = "is_default")]
    pub disabled: bool,
    /// `subbinary`, since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub binary: bool,
    /// `substream`, since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub streaming: Streaming,
    /// `subtwophasestate`, since PostgreSQL 15: asked for, whether or not it is in force yet.
    #[serde(skip_serializing_if = "is_default")]
    pub two_phase: bool,
    /// `subdisableonerr`, since PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub disable_on_error: bool,
    /// `subsynccommit`, where it is not `off`. PostgreSQL 13 shows it to superusers only, so it is read since 14.
    #[serde(skip_serializing_if = "is_default")]
    pub synchronous_commit: Option<String>,
    /// Not `subpasswordrequired`, since PostgreSQL 16.
    #[serde(skip_serializing_if = "is_default")]
    pub password_not_required: bool,
    /// `subrunasowner`, since PostgreSQL 16.
    #[serde(skip_serializing_if = "is_default")]
    pub run_as_owner: bool,
    /// `suborigin`, where it is not `any`, since PostgreSQL 16.
    #[serde(skip_serializing_if = "is_default")]
    pub origin: Option<String>,
    /// `subfailover`, since PostgreSQL 17.
    #[serde(skip_serializing_if = "is_default")]
    pub failover: bool,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`. PostgreSQL 13 shows whose it is to superusers only, so it is read since 14.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_subscription.subslotname`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotName {
    /// The subscription's own name.
    #[default]
    Own,
    /// None: nothing is replicated.
    None,
    /// Another name.
    Named(String),
}

/// `pg_subscription.substream`: when a transaction that is still running is sent. PostgreSQL 18 makes it parallel unless told otherwise.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Streaming {
    /// `f`: when it has ended.
    #[default]
    #[serde(alias = "f")]
    Off,
    /// `t`: to a file, before it has ended.
    #[serde(alias = "t")]
    On,
    /// `p`: applied before it has ended, since PostgreSQL 16.
    #[serde(alias = "p")]
    Parallel,
}
