//! What a database is: plain data, read from PostgreSQL's system catalogs.
//!
//! One struct an object. Equality, order and serialisation are derived, so a field that exists is compared,
//! snapshotted and written out; nothing is compared by hand. Names are raw (never quoted), there are no OIDs and no
//! back-pointers. Every list is sorted by key, except where PostgreSQL gives order a meaning (columns, enum labels,
//! key columns), where it keeps PostgreSQL's.
//!
//! Every struct and every field has a default, and that default is PostgreSQL's: a fact that equals it is left out of what
//! is written, and read back from its absence.

pub mod class;
mod constraint;
mod fact;
mod index;
mod name;
mod object;
mod relation;
mod sequence;
mod types;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use class::Class;
pub use constraint::{Check, Exclusion, ForeignKey, Key, MatchType, ReferentialAction};
pub(crate) use fact::default_of;
pub use fact::{Fact, facts};
pub use index::{Index, IndexColumn, IndexTerm, Nulls};
pub use name::{QualifiedName, quote_identifier};
pub use object::{Object, ObjectPath, portable};
pub use relation::{Column, Generation, Identity, Partition, Persistence, Relation, RelationKind};
pub use sequence::{Sequence, SequenceOwner};
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
