//! What `#[diesel(…)]`, and the attributes of Diesel 1, say about a struct or a field.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Meta, Token};

use crate::declared::cfg;
use crate::declared::type_ref::{Path, segments};

/// One entry of `#[diesel(…)]`. Unlike a `syn::Meta`, a value may be a type: `deserialize_as = Option<i32>`.
pub(super) struct Entry {
    pub(super) name: String,
    /// What stands behind `=`.
    pub(super) value: TokenStream,
}

/// The entries of all attributes; `metas` are those that [`cfg::effective`] leaves.
pub(super) fn entries(metas: &[Meta]) -> Vec<Entry> {
    let of_diesel_1 = |pair: &syn::MetaNameValue| {
        ["table_name", "column_name"]
            .into_iter()
            .find(|name| pair.path.is_ident(name))
            .map(|name| Entry {
                name: name.to_owned(),
                value: literal(&pair.value),
            })
    };
    (metas.iter())
        .flat_map(|meta| match meta {
            Meta::List(list) if list.path.is_ident("diesel") => list
                .parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated)
                .map(|entries| entries.into_iter().collect())
                .unwrap_or_default(),
            Meta::NameValue(pair) => of_diesel_1(pair).into_iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn literal(value: &syn::Expr) -> TokenStream {
    cfg::string(value).map_or_else(TokenStream::new, |text| {
        TokenTree::Literal(proc_macro2::Literal::string(&text)).into()
    })
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(syn::Ident::parse_any)?.to_string();
        let mut value = TokenStream::new();
        if input.peek(syn::token::Paren) {
            let _: TokenTree = input.parse()?;
        } else if input.peek(Token![=]) {
            let _: Token![=] = input.parse()?;
            // Up to the comma that ends the entry: those of a type's arguments are between `<` and `>`.
            let mut depth = 0_usize;
            while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
                let token: TokenTree = input.parse()?;
                if let TokenTree::Punct(punct) = &token {
                    match punct.as_char() {
                        '<' => depth += 1,
                        '>' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                value.extend([token]);
            }
        }
        Ok(Self { name, value })
    }
}

impl Entry {
    /// A value that is a path, or the same as a text.
    pub(super) fn path(&self) -> Option<Path> {
        let path = match syn::parse2::<syn::LitStr>(self.value.clone()) {
            Ok(text) => text.parse_with(syn::Path::parse_mod_style).ok()?,
            Err(_) => syn::Path::parse_mod_style.parse2(self.value.clone()).ok()?,
        };
        Some(segments(&path))
    }

    /// A value that is a name, or a text.
    pub(super) fn name(&self) -> Option<String> {
        match syn::parse2::<syn::LitStr>(self.value.clone()) {
            Ok(text) => Some(text.value()),
            Err(_) => self.path()?.pop(),
        }
    }
}
