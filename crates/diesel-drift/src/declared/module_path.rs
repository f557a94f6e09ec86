//! Where modules are, as far as the paths of files tell.

use std::path::Path;

/// All names from the file's path downwards: `app` in `src/schema/mod.rs` is `src::schema::app`.
pub(super) fn whole(file: &Path, inside: &[String]) -> Vec<String> {
    let stem = file.with_extension("");
    let mut names: Vec<String> = stem
        .iter()
        .filter_map(|name| name.to_str())
        .map(str::to_owned)
        .collect();
    if names
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main"))
    {
        names.pop();
    }
    names.extend(inside.iter().cloned());
    names
}

/// The module that `path` names when it is seen from the module `here`; `None` where it does not begin there.
pub(super) fn relative(mut here: Vec<String>, path: &[String]) -> Option<Vec<String>> {
    let mut path = path.iter().peekable();
    if path.peek().is_some_and(|first| *first == "crate") {
        return None;
    }
    path.next_if(|first| *first == "self");
    while path.next_if(|first| *first == "super").is_some() {
        here.pop()?;
    }
    here.extend(path.cloned());
    Some(here)
}

/// A path without what it begins with: `schema::app` of `crate::schema::app`.
pub(super) fn tail(path: &[String]) -> &[String] {
    let keyword = |name: &String| matches!(name.as_str(), "crate" | "self" | "super");
    let start = path.iter().take_while(|name| keyword(name)).count();
    path.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split("::")
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    #[rstest::rstest]
    #[case("src/schema/mod.rs", "app", "src::schema::app")]
    #[case("src/schema.rs", "", "src::schema")]
    #[case("src/lib.rs", "schema", "src::schema")]
    #[case("src/mod/lib/a.rs", "", "src::mod::lib::a")]
    fn a_module_is_where_its_file_is(
        #[case] file: &str,
        #[case] inside: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(whole(Path::new(file), &path(inside)), path(expected));
    }

    #[rstest::rstest]
    #[case("a::b", Some("src::m::a::b"))]
    #[case("self::a", Some("src::m::a"))]
    #[case("super::a", Some("src::a"))]
    #[case("super::super::a", Some("a"))]
    #[case("self::super::a", Some("src::a"))]
    #[case("super::super::super::a", None)]
    #[case("crate::a", None)]
    fn a_path_is_seen_from_its_module(#[case] seen: &str, #[case] expected: Option<&str>) {
        assert_eq!(relative(path("src::m"), &path(seen)), expected.map(path));
    }

    #[test]
    fn keywords_are_no_modules() {
        assert_eq!(tail(&path("super::super::a::b")), path("a::b"));
        assert_eq!(tail(&path("crate")), path(""));
    }
}
