//! Structs that name a PostgreSQL type.

use syn::Meta;
use syn::ext::IdentExt;

use super::cfg;
use super::model::Span;
use super::text::Text;

/// A struct with `postgres_type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawStruct {
    pub(super) rust_name: String,
    pub(super) names: Names,
    pub(super) span: Span,
}

/// How the struct names its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// `postgres_type(name = …, schema = …)`.
    Name {
        schema: Option<String>,
        name: String,
    },
    /// `postgres_type(oid = …)`.
    Oid(u32),
}

/// Reads `#[diesel(postgres_type(…))]` and Diesel 1's `#[postgres(…)]`.
pub(super) fn of(
    text: &Text,
    attributes: &[syn::Attribute],
    rust_name: &syn::Ident,
) -> Option<RawStruct> {
    let names = cfg::effective(attributes)
        .iter()
        .filter_map(|meta| match meta {
            Meta::List(list) => Some(list),
            _ => None,
        })
        .find_map(|list| {
            if list.path.is_ident("postgres") {
                names(&cfg::arguments(list))
            } else if list.path.is_ident("diesel") {
                cfg::arguments(list).iter().find_map(|part| match part {
                    Meta::List(inner) if inner.path.is_ident("postgres_type") => {
                        names(&cfg::arguments(inner))
                    }
                    _ => None,
                })
            } else {
                None
            }
        })?;
    Some(RawStruct {
        rust_name: rust_name.unraw().to_string(),
        names,
        span: text.span(rust_name.span()),
    })
}

fn names(parts: &[Meta]) -> Option<Names> {
    let value = |keys: [&str; 2]| {
        parts.iter().find_map(|part| match part {
            Meta::NameValue(pair) if keys.iter().any(|key| pair.path.is_ident(key)) => {
                Some(&pair.value)
            }
            _ => None,
        })
    };
    if let Some(name) = value(["name", "type_name"]).and_then(cfg::string) {
        let schema = value(["schema", "type_schema"]).and_then(cfg::string);
        return Some(Names::Name { schema, name });
    }
    match value(["oid", "oid"])? {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(oid),
            ..
        }) => oid.base10_parse().ok().map(Names::Oid),
        value => cfg::string(value)?.parse().ok().map(Names::Oid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("#[diesel(postgres_type(name = \"mood\"))]", None, "mood")]
    #[case(
        "#[diesel(postgres_type(name = \"Mood!\", schema = \"my app\"))]",
        Some("my app"),
        "Mood!"
    )]
    #[case("#[postgres(type_name = \"mood\")]", None, "mood")]
    #[case(
        "#[diesel(sqlite_type(name = \"Text\"), postgres_type(name = \"mood\"))]",
        None,
        "mood"
    )]
    #[case(
        "#[cfg_attr(feature = \"full\", derive(SqlType), diesel(postgres_type(name = \"mood\")))]",
        None,
        "mood"
    )]
    #[case(
        "#[cfg_attr(feature = \"postgres\", diesel(postgres_type(name = \"mood\")))]",
        None,
        "mood"
    )]
    fn every_form_of_the_attribute_is_read(
        #[case] attribute: &str,
        #[case] schema: Option<&str>,
        #[case] name: &str,
    ) {
        assert_eq!(
            read(attribute),
            Some(Names::Name {
                schema: schema.map(str::to_owned),
                name: name.to_owned()
            })
        );
    }

    #[test]
    fn an_oid_is_read_and_other_backends_are_not() {
        let oid = read("#[diesel(postgres_type(oid = 3614, array_oid = 3643))]");
        assert_eq!(oid, Some(Names::Oid(3614)));
        assert_eq!(
            read("#[postgres(oid = \"3614\", array_oid = \"3643\")]"),
            Some(Names::Oid(3614))
        );
        assert_eq!(read("#[diesel(sqlite_type(name = \"Text\"))]"), None);
        assert_eq!(
            read("#[cfg_attr(test, diesel(postgres_type(name = \"mood\")))]"),
            None
        );
    }

    fn read(attribute: &str) -> Option<Names> {
        let item: syn::ItemStruct = syn::parse_str(&format!("{attribute} struct Mood;")).unwrap();
        let text = Text::new("f.rs".into(), String::new());
        of(&text, &item.attrs, &item.ident).map(|found| found.names)
    }
}
