//! Labels that `strum`'s derives write and read.

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase, ToTrainCase,
    ToUpperCamelCase,
};
use syn::Meta;
use syn::ext::IdentExt;

use super::arms::Found;
use crate::declared::cfg;
use crate::declared::model::Label;
use crate::declared::text::Text;
use crate::declared::type_ref::segments;

/// A derive of `strum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Derive {
    /// `Display`: one label a variant.
    Display,
    /// `AsRefStr`: the same.
    AsRefStr,
    /// `IntoStaticStr`: the same.
    IntoStaticStr,
    /// `EnumString`: `FromStr` and `TryFrom<&str>`, any number of labels a variant.
    EnumString,
}

impl Derive {
    fn name(self) -> &'static str {
        match self {
            Self::Display => "Display",
            Self::AsRefStr => "AsRefStr",
            Self::IntoStaticStr => "IntoStaticStr",
            Self::EnumString => "EnumString",
        }
    }
}

/// The labels of a derive, where the enum has it and all of its attributes are understood.
pub(super) fn labels(text: &Text, item: &syn::ItemEnum, derive: Derive) -> Found {
    let metas = cfg::effective(&item.attrs);
    if !metas.iter().any(|meta| derives(meta, derive)) {
        return Found::Nothing;
    }
    // `derive_more` has a `Display` too, which knows no `#[strum]`.
    let strum = metas.iter().any(|meta| meta.path().is_ident("strum"));
    let is_unqualified_display =
        derive == Derive::Display && !metas.iter().any(|meta| derives_from_strum(meta, derive));
    if is_unqualified_display && !strum {
        return Found::Uncertain;
    }
    read(text, item, derive, &metas).map_or(Found::Uncertain, Found::Labels)
}

fn derives(meta: &Meta, derive: Derive) -> bool {
    paths(meta).any(|path| path.last().is_some_and(|last| last == derive.name()))
}

fn derives_from_strum(meta: &Meta, derive: Derive) -> bool {
    paths(meta).any(|path| match path.as_slice() {
        [of, name] => matches!(of.as_str(), "strum" | "strum_macros") && name == derive.name(),
        _ => false,
    })
}

fn paths(meta: &Meta) -> impl Iterator<Item = Vec<String>> {
    let parts = match meta {
        Meta::List(list) if list.path.is_ident("derive") => cfg::arguments(list),
        _ => Vec::new(),
    };
    parts.into_iter().map(|part| segments(part.path()))
}

fn read(text: &Text, item: &syn::ItemEnum, derive: Derive, metas: &[Meta]) -> Option<Vec<Label>> {
    let mut style = None;
    for (key, value) in strum(metas)? {
        match (key.as_str(), value) {
            ("serialize_all", Some(value)) => style = Some(value),
            ("use_phf" | "crate" | "parse_err_ty" | "parse_err_fn", _) => {}
            // `ascii_case_insensitive`, `prefix`, `suffix` and what comes next.
            _ => return None,
        }
    }
    let mut labels = Vec::new();
    for variant in &item.variants {
        let (mut shown, mut serialized) = (None, Vec::new());
        for (key, value) in strum(&cfg::effective(&variant.attrs))? {
            match (key.as_str(), value) {
                ("to_string", Some(value)) => shown = Some(value),
                ("serialize", Some(value)) => serialized.push(value),
                ("message" | "detailed_message" | "props", _) => {}
                // `default`, `disabled`, `transparent` and what comes next.
                _ => return None,
            }
        }
        let styled = || styled(&variant.ident.unraw().to_string(), style.as_deref());
        let texts = match derive {
            Derive::EnumString if shown.is_none() && serialized.is_empty() => vec![styled()?],
            Derive::EnumString => serialized.into_iter().chain(shown).collect(),
            // The longest of several, by strum's rule; of equal ones the last.
            _ => match shown.or(serialized.into_iter().max_by_key(String::len)) {
                Some(text) => vec![text],
                None => vec![styled()?],
            },
        };
        let span = text.span(variant.ident.span());
        labels.extend(texts.into_iter().map(|label| Label {
            label,
            span: span.clone(),
        }));
    }
    Some(labels)
}

/// The parts of `#[strum(key = "value", flag)]`; `None` for what is neither.
fn strum(metas: &[Meta]) -> Option<Vec<(String, Option<String>)>> {
    let lists = metas.iter().filter_map(|meta| match meta {
        Meta::List(list) if list.path.is_ident("strum") => Some(list),
        _ => None,
    });
    let mut parts = Vec::new();
    for list in lists {
        for part in cfg::arguments(list) {
            let key = segments(part.path()).pop()?;
            let value = match &part {
                Meta::NameValue(pair) => cfg::string(&pair.value),
                _ => None,
            };
            parts.push((key, value));
        }
    }
    Some(parts)
}

fn styled(variant: &str, style: Option<&str>) -> Option<String> {
    Some(match style {
        None => variant.to_owned(),
        Some("camelCase") => variant.to_lower_camel_case(),
        Some("PascalCase") => variant.to_upper_camel_case(),
        Some("kebab-case" | "kebab_case") => variant.to_kebab_case(),
        Some("snake_case" | "snek_case") => variant.to_snake_case(),
        Some("SCREAMING_SNAKE_CASE" | "shouty_snake_case" | "shouty_snek_case") => {
            variant.to_shouty_snake_case()
        }
        Some("SCREAMING-KEBAB-CASE") => variant.to_shouty_kebab_case(),
        Some("lowercase") => variant.to_lowercase(),
        Some("UPPERCASE") => variant.to_uppercase(),
        Some("Train-Case") => variant.to_train_case(),
        Some(_) => return None,
    })
}
