//! Rust enums that stand for PostgreSQL enums, and the labels that they write and read.
//!
//! Only what is certain is kept: a label that is not the program's would be a false alarm.

mod arms;
mod body;
mod derive;
mod functions;
mod strum;

use super::model::{Label, Span};
use super::text::Text;
use super::type_ref::TypeRef;

pub(super) use derive::derived;
pub(super) use functions::Functions;

/// An enum, or one `impl` of it, and the SQL type as the source has it.
#[derive(Clone, Debug)]
pub(super) struct RawEnum {
    pub(super) rust_name: String,
    pub(super) sql_type: TypeRef,
    pub(super) origin: Origin,
    pub(super) writes: Vec<Label>,
    pub(super) reads: Option<Vec<Label>>,
    pub(super) span: Span,
}

/// Where labels come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// `derive(DbEnum)`: complete as it is.
    Derived,
    /// `impl ToSql`.
    ToSql,
    /// `impl FromSql`.
    FromSql,
}

impl Origin {
    /// The trait's method.
    fn method(self) -> &'static str {
        match self {
            Self::ToSql => "to_sql",
            Self::Derived | Self::FromSql => "from_sql",
        }
    }
}

/// Reads the head of `impl ToSql<Sql, Pg> for Rust` and `impl FromSql<Sql, Pg> for Rust`.
pub(super) fn implemented(text: &Text, item: &syn::ItemImpl) -> Option<RawEnum> {
    let (_, path, _) = item.trait_.as_ref()?;
    let of = TypeRef::of_path(path);
    let origin = match of.name() {
        "ToSql" => Origin::ToSql,
        "FromSql" => Origin::FromSql,
        _ => return None,
    };
    let backend = of.arguments.get(1).map_or("", TypeRef::name);
    if matches!(backend, "Sqlite" | "Mysql") {
        return None;
    }
    let syn::Type::Path(owner) = &*item.self_ty else {
        return None;
    };
    let sql_type = of.arguments.into_iter().next()?;
    if matches!(sql_type.name(), "" | "Nullable" | "Array") {
        return None;
    }
    let name = owner.path.segments.last()?;
    Some(RawEnum {
        rust_name: TypeRef::of_path(&owner.path).name().to_owned(),
        sql_type,
        origin,
        writes: Vec::new(),
        reads: None,
        span: text.span(name.ident.span()),
    })
}

/// Fills the labels of an `impl` in.
pub(super) fn complete(text: &Text, functions: &Functions<'_>, found: &mut RawEnum) {
    if found.origin == Origin::Derived {
        return;
    }
    let owner = functions.owner(&found.rust_name);
    if let Some(definition) = owner.definition {
        found.span = text.span(definition.ident.span());
    }
    let Some(body) = functions.implementation(&found.rust_name, found.origin, &found.sql_type)
    else {
        return;
    };
    match found.origin {
        Origin::ToSql => found.writes = functions.writes(text, &owner, body),
        Origin::Derived | Origin::FromSql => found.reads = functions.reads(text, &owner, body),
    }
}

/// Joins the `impl`s of one enum for one SQL type, and drops what says nothing.
pub(super) fn merge(found: Vec<(usize, RawEnum)>) -> Vec<(usize, RawEnum)> {
    let mut merged: Vec<(usize, RawEnum)> = Vec::new();
    for (scope, next) in found {
        let same = |other: &RawEnum| {
            other.rust_name == next.rust_name
                && other.sql_type == next.sql_type
                && other.origin != next.origin
                && other.origin != Origin::Derived
        };
        match merged.iter_mut().find(|(_, other)| same(other)) {
            Some((_, other)) => {
                other.writes.extend(next.writes);
                other.reads = other.reads.take().or(next.reads);
            }
            None => merged.push((scope, next)),
        }
    }
    merged.retain(|(_, found)| !found.writes.is_empty() || found.reads.is_some());
    merged
}
