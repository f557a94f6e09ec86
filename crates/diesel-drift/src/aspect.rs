//! What the kinds of `schema.rs` look at, in terms that declarations and catalogs share.

use crate::finding::Kind;

/// What of a table, column or type a kind looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// Whether it is there.
    Existence,
    Type,
    Nullability,
    Key,
    Join,
    Labels,
    Order,
}

/// What a kind looks at; none where it is nothing of a catalog's.
pub(crate) fn aspect(kind: &Kind) -> Option<Aspect> {
    Some(match kind.id {
        "table-missing"
        | "table-undeclared"
        | "column-missing"
        | "column-undeclared"
        | "custom-type-missing" => Aspect::Existence,
        "type-mismatch" | "length-mismatch" | "element-nullability-mismatch" | "not-comparable" => {
            Aspect::Type
        }
        "nullability-mismatch" => Aspect::Nullability,
        "primary-key-mismatch" => Aspect::Key,
        "foreign-key-missing" | "foreign-key-undeclared" => Aspect::Join,
        "enum-labels-mismatch" => Aspect::Labels,
        "column-order" => Aspect::Order,
        _ => return None,
    })
}
