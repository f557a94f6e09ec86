//! Rust enums that are stored as text.

use syn::ext::IdentExt;

use super::attributes::{Entry, entries};
use crate::declared::cfg;
use crate::declared::model::Span;
use crate::declared::text::Text;

/// A Rust enum with `#[diesel(sql_type = Text)]`: any text may stand in its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEnum {
    /// The enum.
    pub rust_name: String,
    /// The enum's name.
    pub span: Span,
}

/// Diesel's names of the type; a number says on purpose that there are no labels.
const TEXT: [&str; 3] = ["Text", "Varchar", "VarChar"];

/// Reads an enum; none where it is stored as something else, or not at all.
pub(in crate::declared) fn of(text: &Text, item: &syn::ItemEnum) -> Option<TextEnum> {
    let attributes = entries(&cfg::effective(&item.attrs));
    let mut types = (attributes.iter())
        .filter(|entry| entry.name == "sql_type")
        .filter_map(Entry::path);
    let is_text = |path: Vec<String>| {
        path.last()
            .is_some_and(|name| TEXT.contains(&name.as_str()))
    };
    types.any(is_text).then(|| TextEnum {
        rust_name: item.ident.unraw().to_string(),
        span: text.span(item.ident.span()),
    })
}
