//! Macros around declarations.

use proc_macro2::{TokenStream, TokenTree};

use super::cfg::{self, Truth};
use super::models::Derive;

/// Macros whose content is a template, not code of this file.
const TEMPLATES: &[&str] = &[
    "quote",
    "quote_spanned",
    "parse_quote",
    "parse_quote_spanned",
    "stringify",
    "macro_rules",
];

/// Whether a macro's content is a template.
pub(super) fn is_template(name: &str) -> bool {
    TEMPLATES.contains(&name)
}

/// Whether a path names a macro of Diesel that declares something.
pub(super) fn is_of_diesel(path: &[String]) -> bool {
    of_diesel(path).is_some()
}

/// `table`, `joinable`, or `view` (of Diesel's next version) where a path names Diesel's macro.
pub(super) fn of_diesel(path: &[String]) -> Option<&'static str> {
    let (name, prefix) = path.split_last()?;
    let prefix: Vec<&str> = prefix.iter().map(String::as_str).collect();
    if !matches!(
        prefix[..],
        [] | ["diesel"] | ["diesel", "prelude" | "macros"]
    ) {
        return None;
    }
    ["table", "joinable", "view"]
        .into_iter()
        .find(|known| known == name)
}

/// Whether tokens hold something that this module looks for.
pub(super) fn declares(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => declares(&group.stream()),
        TokenTree::Ident(ident) => [
            "table",
            "view",
            "joinable",
            "postgres_type",
            "DbEnum",
            "ToSql",
            "FromSql",
        ]
        .into_iter()
        .chain(Derive::ALL.map(Derive::name))
        .any(|known| ident == known),
        _ => false,
    })
}

/// What a macro makes items of, if it does: the branches of a `cfg_if!`, else its content.
pub(super) fn items(name: &str, mac: &syn::Macro) -> Vec<(Truth, TokenStream)> {
    if name == "cfg_if" {
        branches(mac.tokens.clone())
    } else {
        vec![(Truth::Maybe, mac.tokens.clone())]
    }
}

/// The branches of a `cfg_if!`: `if #[cfg(…)] { … } else if #[cfg(…)] { … } else { … }`.
fn branches(tokens: TokenStream) -> Vec<(Truth, TokenStream)> {
    let mut branches = Vec::new();
    let mut before = Truth::Yes;
    let mut own = Truth::Yes;
    for token in tokens {
        let TokenTree::Group(group) = token else {
            continue;
        };
        match group.delimiter() {
            proc_macro2::Delimiter::Bracket => {
                let predicate = syn::parse2::<syn::MetaList>(group.stream())
                    .ok()
                    .and_then(|list| list.parse_args::<syn::Meta>().ok());
                own = predicate.map_or(Truth::Maybe, |predicate| cfg::evaluate(&predicate));
            }
            _ => {
                branches.push((before.and(own), group.stream()));
                before = before.and(own.not());
                own = Truth::Yes;
            }
        }
    }
    branches
}

/// An item's attributes.
pub(super) fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
