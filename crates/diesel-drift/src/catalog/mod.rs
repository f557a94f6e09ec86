//! What a database is: plain data, read from PostgreSQL's system catalogs.
//!
//! One struct an object. Equality, order and serialisation are derived, so a field that exists is compared,
//! snapshotted and written out; nothing is compared by hand. Names are raw (never quoted), there are no OIDs and no
//! back-pointers. Every list is sorted by key, except where PostgreSQL gives order a meaning (columns, enum labels,
//! key columns), where it keeps PostgreSQL's. The JSON Schema of a list whose order means nothing is that of a set (`schemars(with = "BTreeSet<…>")`),
//! which is how [`Shape::Set`] comes about; and that of a column's or a role's name says so, for [`Shape::Column`] and [`Shape::Role`].
//!
//! Every struct and every field has a default, and that default is PostgreSQL's: a fact that equals it is left out of what
//! is written, and read back from its absence.

mod base_type;
pub mod class;
mod column;
mod constraint;
mod conversion;
mod database;
mod default_privileges;
mod deparsed;
mod domains;
mod fact;
mod foreign;
mod index;
mod language;
mod name;
mod object;
mod operator;
mod policy;
mod privileges;
pub mod query;
mod relation;
mod replication;
mod routine;
mod sequence;
mod statistics;
mod text_search;
mod trigger;
mod type_name;
mod types;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use base_type::BaseType;
pub use class::Class;
pub use column::{Column, Generation, Identity, NotNull, Storage};
pub use constraint::{
    Check, Exclusion, ForeignKey, ForeignKeyTriggers, Key, MatchType, ReferentialAction,
};
pub use conversion::{
    Cast, CastContext, CastMethod, Collation, CollationProvider, Conversion, Transform,
};
pub use database::{AlteredObject, Database, Environment, SecurityLabel};
pub use default_privileges::DefaultPrivileges;
pub(crate) use domains::Domains;
pub use fact::{Fact, Part, Shape, facts};
pub(crate) use fact::{
    NOTHING, THE_DEFAULT, THE_USUAL_OWNER, child_classes, default_of, fields_of_names,
    parent_classes,
};
pub use foreign::{ForeignDataWrapper, Server, UserMapping};
pub use index::{Index, IndexColumn, IndexTerm, Nulls};
pub use language::{AccessMethod, AccessMethodKind, EventTrigger, Language};
pub use name::{QualifiedName, quote_identifier};
pub(crate) use name::{means_name, must_be_quoted};
pub(crate) use object::{BOOKKEEPING, ENVIRONMENT, object_of_entry};
pub use object::{Object, ObjectPath, portable};
pub use operator::{Operator, OperatorClass, OperatorFamily};
pub use policy::{Policy, PolicyCommand};
pub use privileges::Privileges;
pub use relation::{Partition, Persistence, Relation, RelationKind, ReplicaIdentity};
pub use replication::{
    GeneratedColumns, Publication, PublishedTable, SlotName, Streaming, Subscription,
};
pub use routine::{Aggregate, AggregateKind, FinalModify, ParallelSafety, Routine, Volatility};
pub use sequence::{Sequence, SequenceOwner};
pub use statistics::{Statistics, StatisticsKind};
pub use text_search::{
    TextSearchConfiguration, TextSearchDictionary, TextSearchParser, TextSearchTemplate,
};
pub use trigger::{Enabled, Rule, Trigger, TriggerEvent, TriggerTiming};
pub(crate) use type_name::{SPELT, TypeName, own_names as own_types};
pub use types::{
    Attribute, CompositeType, DataType, Domain, DomainCheck, EnumType, Extension, RangeType, Schema,
};

/// Whether a fact is PostgreSQL's default, which is left out of what is written.
pub(crate) fn is_default<T: Default + PartialEq>(fact: &T) -> bool {
    *fact == T::default()
}

/// Everything that a database's schemas hold, apart from PostgreSQL's own and what extensions own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Catalog {
    /// `pg_namespace`, without `pg_*` and `information_schema`.
    #[serde(skip_serializing_if = "is_default")]
    pub schemas: Vec<Schema>,
    /// `pg_extension`.
    #[serde(skip_serializing_if = "is_default")]
    pub extensions: Vec<Extension>,
    /// `pg_class`: tables, views, materialized views and foreign tables.
    #[serde(skip_serializing_if = "is_default")]
    pub relations: Vec<Relation>,
    /// `pg_sequence`.
    #[serde(skip_serializing_if = "is_default")]
    pub sequences: Vec<Sequence>,
    /// `pg_statistic_ext`.
    #[serde(skip_serializing_if = "is_default")]
    pub statistics: Vec<Statistics>,
    /// `pg_type` of kind `e`.
    #[serde(skip_serializing_if = "is_default")]
    pub enums: Vec<EnumType>,
    /// `pg_type` of kind `d`.
    #[serde(skip_serializing_if = "is_default")]
    pub domains: Vec<Domain>,
    /// `pg_type` of kind `c` that are no relation's row type.
    #[serde(skip_serializing_if = "is_default")]
    pub composites: Vec<CompositeType>,
    /// `pg_type` of kind `r`.
    #[serde(skip_serializing_if = "is_default")]
    pub ranges: Vec<RangeType>,
    /// `pg_type` of kind `b`, and shells.
    #[serde(skip_serializing_if = "is_default")]
    pub base_types: Vec<BaseType>,
    /// `pg_proc` of kinds `f` and `w`.
    #[serde(skip_serializing_if = "is_default")]
    pub functions: Vec<Routine>,
    /// `pg_proc` of kind `p`.
    #[serde(skip_serializing_if = "is_default")]
    pub procedures: Vec<Routine>,
    /// `pg_aggregate`.
    #[serde(skip_serializing_if = "is_default")]
    pub aggregates: Vec<Aggregate>,
    /// `pg_operator`.
    #[serde(skip_serializing_if = "is_default")]
    pub operators: Vec<Operator>,
    /// `pg_opfamily`.
    #[serde(skip_serializing_if = "is_default")]
    pub operator_families: Vec<OperatorFamily>,
    /// `pg_opclass`.
    #[serde(skip_serializing_if = "is_default")]
    pub operator_classes: Vec<OperatorClass>,
    /// `pg_cast`.
    #[serde(skip_serializing_if = "is_default")]
    pub casts: Vec<Cast>,
    /// `pg_transform`.
    #[serde(skip_serializing_if = "is_default")]
    pub transforms: Vec<Transform>,
    /// `pg_collation`.
    #[serde(skip_serializing_if = "is_default")]
    pub collations: Vec<Collation>,
    /// `pg_conversion`.
    #[serde(skip_serializing_if = "is_default")]
    pub conversions: Vec<Conversion>,
    /// `pg_ts_parser`.
    #[serde(skip_serializing_if = "is_default")]
    pub text_search_parsers: Vec<TextSearchParser>,
    /// `pg_ts_template`.
    #[serde(skip_serializing_if = "is_default")]
    pub text_search_templates: Vec<TextSearchTemplate>,
    /// `pg_ts_dict`.
    #[serde(skip_serializing_if = "is_default")]
    pub text_search_dictionaries: Vec<TextSearchDictionary>,
    /// `pg_ts_config`.
    #[serde(skip_serializing_if = "is_default")]
    pub text_search_configurations: Vec<TextSearchConfiguration>,
    /// `pg_language`, apart from `internal`, `c` and `sql`.
    #[serde(skip_serializing_if = "is_default")]
    pub languages: Vec<Language>,
    /// `pg_am`, apart from initdb's.
    #[serde(skip_serializing_if = "is_default")]
    pub access_methods: Vec<AccessMethod>,
    /// `pg_event_trigger`.
    #[serde(skip_serializing_if = "is_default")]
    pub event_triggers: Vec<EventTrigger>,
    /// `pg_publication`.
    #[serde(skip_serializing_if = "is_default")]
    pub publications: Vec<Publication>,
    /// `pg_subscription`, those of this database.
    #[serde(skip_serializing_if = "is_default")]
    pub subscriptions: Vec<Subscription>,
    /// `pg_foreign_data_wrapper`.
    #[serde(skip_serializing_if = "is_default")]
    pub foreign_data_wrappers: Vec<ForeignDataWrapper>,
    /// `pg_foreign_server`.
    #[serde(skip_serializing_if = "is_default")]
    pub servers: Vec<Server>,
    /// `pg_user_mappings`.
    #[serde(skip_serializing_if = "is_default")]
    pub user_mappings: Vec<UserMapping>,
    /// `pg_default_acl`.
    #[serde(skip_serializing_if = "is_default")]
    pub default_privileges: Vec<DefaultPrivileges>,
    /// `pg_database`: what concerns the database as a whole.
    #[serde(skip_serializing_if = "is_default")]
    pub database: Database,
    /// What the project names but does not own.
    #[serde(skip_serializing_if = "is_default")]
    pub outside: Outside,
}

/// What a project names but does not own: PostgreSQL's own relations and types, and the members of extensions.
///
/// Read only where the project asks for it by name (see [`Wanted`](crate::introspect::Wanted)), so that `table!` over `pg_class` or over a view of
/// an extension can be held against the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Outside {
    /// Relations of system schemas and of extensions.
    #[serde(skip_serializing_if = "is_default")]
    pub relations: Vec<Relation>,
    /// Enums of extensions.
    #[serde(skip_serializing_if = "is_default")]
    pub enums: Vec<EnumType>,
    /// Domains of system schemas and extensions, among them those that columns here use.
    #[serde(skip_serializing_if = "is_default")]
    pub domains: Vec<Domain>,
    /// Any other type.
    #[serde(skip_serializing_if = "is_default")]
    pub types: Vec<QualifiedName>,
}
