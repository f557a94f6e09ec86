//! What a database is: plain data, read from PostgreSQL's system catalogs.
//!
//! One struct an object. Equality, order and serialisation are derived, so a field that exists is compared,
//! snapshotted and written out; nothing is compared by hand. Names are raw (never quoted), there are no OIDs and no
//! back-pointers. Every list is sorted by key, except where PostgreSQL gives order a meaning (columns, enum labels,
//! key columns), where it keeps PostgreSQL's.

pub mod class;
mod constraint;
mod index;
mod name;
mod object;
mod relation;
mod sequence;
mod types;

use serde::{Deserialize, Serialize};

pub use class::Class;
pub use constraint::{Check, Exclusion, ForeignKey, Key, MatchType, ReferentialAction};
pub use index::{Index, IndexColumn, IndexTerm};
pub use name::{QualifiedName, quote_identifier};
pub use object::{Object, ObjectPath, portable};
pub use relation::{Column, Generation, Identity, Partition, Persistence, Relation, RelationKind};
pub use sequence::{Sequence, SequenceOwner};
pub use types::{
    Attribute, CompositeType, DataType, Domain, DomainCheck, EnumType, Extension, RangeType, Schema,
};

/// Everything that a database's schemas hold, apart from PostgreSQL's own and what extensions own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// `pg_namespace`, without `pg_*` and `information_schema`.
    pub schemas: Vec<Schema>,
    /// `pg_extension`.
    pub extensions: Vec<Extension>,
    /// `pg_class`: tables, views, materialized views and foreign tables.
    pub relations: Vec<Relation>,
    /// `pg_sequence`.
    pub sequences: Vec<Sequence>,
    /// `pg_type` of kind `e`.
    pub enums: Vec<EnumType>,
    /// `pg_type` of kind `d`.
    pub domains: Vec<Domain>,
    /// `pg_type` of kind `c` that are no relation's row type.
    pub composites: Vec<CompositeType>,
    /// `pg_type` of kind `r`.
    pub ranges: Vec<RangeType>,
    /// What the project names but does not own.
    #[serde(default, skip_serializing_if = "Outside::is_empty")]
    pub outside: Outside,
}

/// What a project names but does not own: PostgreSQL's own relations and types, and the members of extensions.
///
/// Read only where the project asks for it by name (see [`Wanted`](crate::introspect::Wanted)), so that `table!` over `pg_class` or over a view of
/// an extension can be held against the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// Relations of system schemas and of extensions.
    pub relations: Vec<Relation>,
    /// Enums of extensions.
    pub enums: Vec<EnumType>,
    /// Domains of system schemas and extensions, among them those that columns here use.
    pub domains: Vec<Domain>,
    /// Any other type.
    pub types: Vec<QualifiedName>,
}

impl Outside {
    /// Whether the project names nothing from outside.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
