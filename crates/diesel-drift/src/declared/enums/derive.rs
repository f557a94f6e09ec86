//! `#[derive(DbEnum)]` of `diesel-derive-enum`, versions 1 to 3.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use syn::Meta;
use syn::ext::IdentExt;

use super::{Origin, RawEnum};
use crate::declared::cfg;
use crate::declared::model::Label;
use crate::declared::sql_types::{Names, RawStruct};
use crate::declared::text::Text;
use crate::declared::type_ref::{Imports, TypeRef, segments};

/// Reads an enum that derives `DbEnum`, and the SQL type that the derive makes where none exists.
pub(in crate::declared) fn derived(
    text: &Text,
    imports: &Imports,
    item: &syn::ItemEnum,
) -> Option<(RawEnum, Option<RawStruct>)> {
    let metas = cfg::effective(&item.attrs);
    let derives = metas.iter().any(|meta| derives_db_enum(meta, imports));
    // `diesel-enum` has a `DbEnum` too, for numbers and text.
    let other = metas.iter().any(|meta| meta.path().is_ident("diesel_enum"));
    if !derives || other {
        return None;
    }
    let rust_name = item.ident.unraw().to_string();
    let value = |old: &[&str], new: &str| attribute(&metas, old, new);
    let style = value(&["DbValueStyle"], "value_style");
    let labels = labels(text, item, style.as_deref())?;
    let existing = value(
        &["ExistingTypePath", "DieselExistingType", "DieselTypePath"],
        "existing_type_path",
    );
    let (sql_type, made) = match existing {
        Some(path) => {
            let path: syn::Path = syn::parse_str(&path).ok()?;
            (TypeRef::of_path(&path), None)
        }
        None => {
            let mapping =
                value(&["DieselType"], "diesel_type").unwrap_or(format!("{rust_name}Mapping"));
            let name = value(&["PgType"], "pg_type").unwrap_or(rust_name.to_snake_case());
            let made = RawStruct {
                rust_name: mapping.clone(),
                names: Names::Name { schema: None, name },
                span: text.span(item.ident.span()),
            };
            let path = vec!["self".to_owned(), mapping];
            let made_here = TypeRef {
                path,
                arguments: Vec::new(),
            };
            (made_here, Some(made))
        }
    };
    let found = RawEnum {
        rust_name,
        sql_type,
        origin: Origin::Derived,
        writes: labels.clone(),
        reads: Some(labels),
        span: text.span(item.ident.span()),
    };
    Some((found, made))
}

fn derives_db_enum(meta: &Meta, imports: &Imports) -> bool {
    let Meta::List(list) = meta else { return false };
    list.path.is_ident("derive")
        && cfg::arguments(list).iter().any(|part| {
            let path = segments(part.path());
            let path = match path.first() {
                Some(first) if path.len() == 1 => imports.get(first).unwrap_or(&path),
                _ => &path,
            };
            path.last().is_some_and(|last| last == "DbEnum")
                && (path.len() == 1 || path[0] == "diesel_derive_enum")
        })
}

/// The value of `#[Old = "…"]` or `#[db_enum(new = "…")]`.
fn attribute(metas: &[Meta], old: &[&str], new: &str) -> Option<String> {
    let named = |meta: &Meta, names: &[&str]| match meta {
        Meta::NameValue(pair) if names.iter().any(|name| pair.path.is_ident(name)) => {
            cfg::string(&pair.value)
        }
        _ => None,
    };
    metas.iter().find_map(|meta| match meta {
        Meta::List(list) if list.path.is_ident("db_enum") => cfg::arguments(list)
            .iter()
            .find_map(|part| named(part, &[new])),
        _ => named(meta, old),
    })
}

/// The labels by variant; `None` for a style that the derive does not know.
fn labels(text: &Text, item: &syn::ItemEnum, style: Option<&str>) -> Option<Vec<Label>> {
    let variants = item
        .variants
        .iter()
        .filter(|variant| cfg::enabled(&variant.attrs) != cfg::Truth::No);
    variants
        .map(|variant| {
            let metas = cfg::effective(&variant.attrs);
            // The derive does not take `r#` off either.
            let label = match attribute(&metas, &["db_rename"], "rename") {
                Some(label) => label,
                None => styled(&variant.ident.to_string(), style.unwrap_or("snake_case"))?,
            };
            Some(Label {
                label,
                span: text.span(variant.ident.span()),
            })
        })
        .collect()
}

fn styled(variant: &str, style: &str) -> Option<String> {
    Some(match style {
        "camelCase" => variant.to_lower_camel_case(),
        "kebab-case" => variant.to_kebab_case(),
        "PascalCase" => variant.to_upper_camel_case(),
        "UPPERCASE" => variant.to_uppercase(),
        "SCREAMING_SNAKE_CASE" => variant.to_shouty_snake_case(),
        "snake_case" => variant.to_snake_case(),
        "verbatim" | "verbatimcase" => variant.to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Option<(RawEnum, Option<RawStruct>)> {
        let text = Text::new("f.rs".into(), source.to_owned());
        let file = text.parse().unwrap();
        let mut imports = Imports::default();
        let mut found = None;
        for item in &file.items {
            match item {
                syn::Item::Use(item) => imports.add(&item.tree),
                syn::Item::Enum(item) => found = derived(&text, &imports, item),
                _ => {}
            }
        }
        found
    }

    fn labels_of(source: &str) -> Vec<String> {
        let (found, _) = read(source).unwrap();
        assert_eq!(found.reads.as_ref(), Some(&found.writes));
        found.writes.into_iter().map(|label| label.label).collect()
    }

    #[rstest::rstest]
    #[case("camelCase", ["inProgress", "http2Error"])]
    #[case("kebab-case", ["in-progress", "http2-error"])]
    #[case("PascalCase", ["InProgress", "Http2Error"])]
    #[case("SCREAMING_SNAKE_CASE", ["IN_PROGRESS", "HTTP2_ERROR"])]
    #[case("UPPERCASE", ["INPROGRESS", "HTTP2ERROR"])]
    #[case("snake_case", ["in_progress", "http2_error"])]
    #[case("verbatim", ["InProgress", "HTTP2Error"])]
    fn every_style_is_the_derives(#[case] style: &str, #[case] labels: [&str; 2]) {
        let body = "pub enum E { InProgress, HTTP2Error }";
        let old =
            format!("#[derive(diesel_derive_enum::DbEnum)] #[DbValueStyle = \"{style}\"] {body}");
        let new = format!("#[derive(Debug, DbEnum)] #[db_enum(value_style = \"{style}\")] {body}");
        assert_eq!(labels_of(&old), labels);
        assert_eq!(labels_of(&new), labels);
    }

    #[test]
    fn renames_count_and_snake_case_is_the_default() {
        let old = "#[derive(DbEnum)] enum E { #[db_rename = \"A!\"] First, SecondOne }";
        let new = "#[derive(DbEnum)] enum E { #[db_enum(rename = \"A!\")] First, SecondOne }";
        assert_eq!(labels_of(old), ["A!", "second_one"]);
        assert_eq!(labels_of(new), ["A!", "second_one"]);
    }

    #[test]
    fn an_existing_type_is_a_path_and_otherwise_one_is_made() {
        let (found, made) = read(
            "#[cfg_attr(feature = \"full\", derive(DbEnum))]
             #[cfg_attr(feature = \"full\", ExistingTypePath = \"crate::schema::sql_types::Mood\")]
             enum E { A }",
        )
        .unwrap();
        assert_eq!(
            found.sql_type.path,
            ["crate", "schema", "sql_types", "Mood"]
        );
        assert!(made.is_none());

        let (found, made) = read("#[derive(DbEnum)] enum UserMood { A }").unwrap();
        let made = made.unwrap();
        assert_eq!(found.sql_type.name(), "UserMoodMapping");
        assert_eq!(made.rust_name, "UserMoodMapping");
        assert_eq!(
            made.names,
            Names::Name {
                schema: None,
                name: "user_mood".into()
            }
        );

        let (_, made) =
            read("#[derive(DbEnum)] #[DieselType = \"M\"] #[PgType = \"my mood\"] enum E { A }")
                .unwrap();
        let made = made.unwrap();
        assert_eq!(made.rust_name, "M");
        assert_eq!(
            made.names,
            Names::Name {
                schema: None,
                name: "my mood".into()
            }
        );
    }

    #[test]
    fn a_derive_of_the_same_name_from_another_crate_is_not_read() {
        assert!(read("use diesel_enum::DbEnum; #[derive(DbEnum)] enum E { A }").is_none());
        assert!(read("#[derive(diesel_enum::DbEnum)] enum E { A }").is_none());
        assert!(read("#[derive(DbEnum)] #[diesel_enum(error_fn = E::e)] enum E { A }").is_none());
        assert!(read("use diesel_derive_enum::DbEnum; #[derive(DbEnum)] enum E { A }").is_some());
        assert!(read("#[derive(DbEnum)] #[DbValueStyle = \"nonsense\"] enum E { A }").is_none());
    }
}
