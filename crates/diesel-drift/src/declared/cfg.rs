//! `#[cfg]` and `#[cfg_attr]`, as far as a build for PostgreSQL settles them.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// What is built: both for PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// The library and the programs.
    Plain,
    /// Their tests.
    Tests,
}

/// What a predicate is in a build for PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds.
    Yes,
    /// It does not: `test`, or another backend.
    No,
    /// It depends on the build.
    Maybe,
}

impl Truth {
    /// The opposite.
    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
        }
    }

    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Maybe,
        }
    }
}

/// Whether all `#[cfg]` of an item hold. What is only [`Truth::Maybe`] is read: it is declared in some build.
pub(super) fn enabled(attributes: &[Attribute]) -> Truth {
    enabled_in(Build::Plain, attributes)
}

/// The same in either build.
pub(super) fn enabled_in(build: Build, attributes: &[Attribute]) -> Truth {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .map(|attribute| match attribute.parse_args::<syn::LitBool>() {
            // `#[cfg(false)]`, since Rust 1.88.
            Ok(literal) if !literal.value => Truth::No,
            Ok(_) => Truth::Yes,
            Err(_) => attribute
                .parse_args::<Meta>()
                .map_or(Truth::Yes, |predicate| evaluate_in(build, &predicate)),
        })
        .fold(Truth::Yes, Truth::and)
}

/// Attributes as they are after `cfg_attr`, those of a predicate that does not hold left out.
pub(super) fn effective(attributes: &[Attribute]) -> Vec<Meta> {
    attributes
        .iter()
        .flat_map(|attribute| expand(attribute.meta.clone()))
        .collect()
}

/// Attributes of a `cfg_attr` whose predicate does not hold.
pub(super) fn left_out(attributes: &[Attribute]) -> Vec<Meta> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg_attr"))
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .flat_map(|list| {
            let mut parts = arguments(list).into_iter();
            let predicate = parts.next();
            let fails = predicate.is_some_and(|predicate| evaluate(&predicate) == Truth::No);
            parts.filter(move |_| fails)
        })
        .collect()
}

fn expand(meta: Meta) -> Vec<Meta> {
    let Meta::List(list) = &meta else {
        return vec![meta];
    };
    if !list.path.is_ident("cfg_attr") {
        return vec![meta];
    }
    let mut parts = arguments(list).into_iter();
    match parts.next() {
        Some(predicate) if evaluate(&predicate) != Truth::No => parts.flat_map(expand).collect(),
        _ => Vec::new(),
    }
}

/// What a predicate is in a build for PostgreSQL.
pub(super) fn evaluate(predicate: &Meta) -> Truth {
    evaluate_in(Build::Plain, predicate)
}

fn evaluate_in(build: Build, predicate: &Meta) -> Truth {
    match predicate {
        Meta::Path(path) if path.is_ident("test") && build == Build::Tests => Truth::Yes,
        Meta::Path(path) if path.is_ident("test") || path.is_ident("doctest") => Truth::No,
        Meta::Path(path) => path
            .get_ident()
            .map_or(Truth::Maybe, |ident| backend(&ident.to_string())),
        Meta::NameValue(pair) if pair.path.is_ident("feature") => {
            string(&pair.value).map_or(Truth::Maybe, |feature| backend(&feature))
        }
        Meta::NameValue(_) => Truth::Maybe,
        Meta::List(list) => {
            let mut parts = (arguments(list).into_iter()).map(|part| evaluate_in(build, &part));
            if list.path.is_ident("not") {
                parts.next().map_or(Truth::Maybe, Truth::not)
            } else if list.path.is_ident("all") {
                parts.fold(Truth::Yes, Truth::and)
            } else if list.path.is_ident("any") {
                parts.map(Truth::not).fold(Truth::Yes, Truth::and).not()
            } else {
                Truth::Maybe
            }
        }
    }
}

/// A flag or feature that names a backend.
fn backend(flag: &str) -> Truth {
    let flag = flag.to_ascii_lowercase();
    let words = || flag.split(|c: char| !c.is_ascii_alphanumeric());
    let names = |backends: &[&str]| words().any(|word| backends.contains(&word));
    if names(&["postgres", "postgresql", "pg"]) {
        // `postgres-types` or `pg_vector` may well be off.
        if words().count() == 1 {
            Truth::Yes
        } else {
            Truth::Maybe
        }
    } else if names(&["sqlite", "sqlite3", "mysql", "mariadb"]) {
        Truth::No
    } else {
        Truth::Maybe
    }
}

/// A list's parts; none when they are not metas.
pub(super) fn arguments(list: &syn::MetaList) -> Vec<Meta> {
    Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(list.tokens.clone())
        .map(|parts| parts.into_iter().collect())
        .unwrap_or_default()
}

/// A string literal.
pub(super) fn string(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(string),
            ..
        }) => Some(string.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("test", Truth::No)]
    #[case("feature = \"sqlite\"", Truth::No)]
    #[case("mysql", Truth::No)]
    #[case("postgresql", Truth::Yes)]
    #[case("feature = \"full\"", Truth::Maybe)]
    #[case("not(test)", Truth::Yes)]
    #[case("not(feature = \"postgres\")", Truth::No)]
    #[case("not(feature = \"sqlite\")", Truth::Yes)]
    #[case("any(feature = \"sqlite\", feature = \"mysql\")", Truth::No)]
    #[case("any(test, feature = \"full\")", Truth::Maybe)]
    #[case("all(feature = \"full\", test)", Truth::No)]
    #[case("feature = \"postgres-types\"", Truth::Maybe)]
    #[case("target_os = \"linux\"", Truth::Maybe)]
    #[case("any()", Truth::No)]
    fn a_build_for_postgresql_settles_backends_and_tests(#[case] text: &str, #[case] truth: Truth) {
        assert_eq!(evaluate(&syn::parse_str(text).unwrap()), truth);
    }

    #[test]
    fn a_build_of_tests_has_what_is_for_tests_only() {
        let enabled = |text: &str| {
            let item: syn::ItemFn = syn::parse_str(&format!("{text} fn f() {{}}")).unwrap();
            [Build::Plain, Build::Tests].map(|build| enabled_in(build, &item.attrs))
        };
        assert_eq!(enabled("#[cfg(test)]"), [Truth::No, Truth::Yes]);
        assert_eq!(enabled("#[cfg(not(test))]"), [Truth::Yes, Truth::No]);
        assert_eq!(enabled("#[cfg(any())]"), [Truth::No, Truth::No]);
        assert_eq!(enabled("#[cfg(false)]"), [Truth::No, Truth::No]);
        assert_eq!(enabled("#[cfg(true)]"), [Truth::Yes, Truth::Yes]);
        assert_eq!(
            enabled("#[cfg(all(test, feature = \"full\"))]"),
            [Truth::No, Truth::Maybe]
        );
    }
}
