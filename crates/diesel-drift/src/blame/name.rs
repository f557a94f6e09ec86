//! The object that a text means, among all that a chain ever made.

use crate::catalog::ObjectPath;
use crate::catalog::class::{COLUMN, Class};
use crate::text::show_name;
use std::collections::BTreeMap;

/// An object, and the last state in which it is there under that path.
pub(super) type Paths = BTreeMap<ObjectPath, usize>;

/// What a text means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One object.
    One(ObjectPath),
    /// Several.
    Several(Vec<ObjectPath>),
    /// None; these are called nearly so.
    Nothing(Vec<ObjectPath>),
}

/// How alike two names are, from 0 to 1, so that one may be meant by the other.
const ALIKE: f64 = 0.75;

/// How many names are proposed.
const PROPOSED: usize = 5;

/// Finds what `text` means: a path as findings show it; a function without its arguments; anything without its schema, `public` before others;
/// what hangs on a table, but for columns, by its own name. Capital letters count only where names differ in nothing else. What is there at
/// the end (in state `end`) goes before what is gone.
pub(super) fn find(
    text: &str,
    class: Option<&'static Class>,
    paths: &Paths,
    end: usize,
) -> Meaning {
    let text = canonical(text);
    let of_class = |path: &&ObjectPath| class.is_none_or(|class| path.class == class);
    for equal in [exactly, but_for_case] {
        for is_there in [true, false] {
            for form in FORMS {
                let found: Vec<&ObjectPath> = (paths.iter())
                    .filter(|(_, last)| (**last == end) == is_there)
                    .map(|(path, _)| path)
                    .filter(of_class)
                    .filter(|path| form(path).iter().any(|form| equal(form, &text)))
                    .collect();
                match &found[..] {
                    [] => {}
                    [one] => return Meaning::One((*one).clone()),
                    _ => return Meaning::Several(found.into_iter().cloned().collect()),
                }
            }
        }
    }
    Meaning::Nothing(similar(&text, paths.keys().filter(of_class)))
}

fn exactly(one: &str, other: &str) -> bool {
    one == other
}

fn but_for_case(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The ways to write a path, those that say most first.
const FORMS: [fn(&ObjectPath) -> Vec<String>; 4] = [
    |path| spellings(path, true),
    |path| match path.schema.as_deref() {
        Some("public") => spellings(path, false),
        _ => Vec::new(),
    },
    |path| spellings(path, false),
    |path| match (&path.child, path.class == &COLUMN) {
        (Some(child), false) => {
            let child = show_name(child);
            let schema = path
                .schema
                .iter()
                .map(|schema| format!("{}.{child}", show_name(schema)));
            schema.chain([child.clone()]).collect()
        }
        _ => Vec::new(),
    },
];

/// A path's text with or without its schema, and both without a signature.
fn spellings(path: &ObjectPath, with_schema: bool) -> Vec<String> {
    let mut path = path.clone();
    if !with_schema {
        path.schema = None;
    }
    let with_signature = path.to_string();
    path.signature.clear();
    vec![with_signature, path.to_string()]
}

/// A text with no more quotes than [`show_name`] sets.
fn canonical(text: &str) -> String {
    let text = text.trim();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find('"') {
        let quoted = &rest[begin + 1..];
        let end = ends(quoted).find(|end| !quoted[end + 1..].starts_with('"'));
        let Some(end) = end else { break };
        shown.push_str(&rest[..begin]);
        let name = &quoted[..end];
        match show_name(name) == name {
            true => shown.push_str(name),
            false => shown.push_str(&rest[begin..begin + end + 2]),
        }
        rest = &quoted[end + 1..];
    }
    shown + rest
}

/// Where a quoted name may end: at each quote that is not the second of two.
fn ends(quoted: &str) -> impl Iterator<Item = usize> {
    let mut doubled = false;
    quoted.match_indices('"').filter_map(move |(place, _)| {
        let is_second = std::mem::take(&mut doubled);
        let next = quoted[place + 1..].starts_with('"');
        doubled = next && !is_second;
        (!is_second && !next).then_some(place)
    })
}

/// The paths that are called most nearly so.
fn similar<'a>(text: &str, paths: impl Iterator<Item = &'a ObjectPath>) -> Vec<ObjectPath> {
    let text = text.to_lowercase();
    let mut scored: Vec<(f64, &ObjectPath)> = paths
        .map(|path| {
            let forms = FORMS.iter().flat_map(|form| form(path));
            let score = forms
                .map(|form| strsim::normalized_damerau_levenshtein(&form.to_lowercase(), &text))
                .fold(0.0, f64::max);
            (score, path)
        })
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    (scored.into_iter().take(PROPOSED))
        .map(|(_, path)| path.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class::{FUNCTION, INDEX, TABLE};

    fn path(schema: &str, name: &str, child: Option<&str>, class: &'static Class) -> ObjectPath {
        ObjectPath {
            schema: Some(schema.into()),
            name: name.into(),
            signature: match class == &FUNCTION {
                true => "(integer)".into(),
                false => String::new(),
            },
            child: child.map(str::to_owned),
            class,
        }
    }

    fn found(text: &str) -> String {
        found_of(text, None)
    }

    fn found_of(text: &str, class: Option<&'static Class>) -> String {
        let paths: Paths = [
            (path("public", "posts", None, &TABLE), 9),
            (path("public", "posts", Some("title"), &COLUMN), 9),
            (path("public", "posts", Some("posts_idx"), &INDEX), 9),
            (path("blog", "posts", None, &TABLE), 9),
            (path("blog", "drafts", None, &TABLE), 9),
            (path("public", "drafts", None, &TABLE), 3),
            (path("public", "old", None, &TABLE), 3),
            (path("public", "f", None, &FUNCTION), 9),
            (path("public", "both", None, &FUNCTION), 9),
            (path("public", "both", None, &TABLE), 9),
            (path("public", "Two Words", Some("a\"b"), &COLUMN), 9),
            (path("public", "Mixed", None, &TABLE), 9),
        ]
        .into();
        let shown = |paths: Vec<ObjectPath>| {
            let shown: Vec<_> = paths.iter().map(ToString::to_string).collect();
            shown.join(" ")
        };
        match find(text, class, &paths, 9) {
            Meaning::One(path) => path.to_string(),
            Meaning::Several(paths) => format!("several: {}", shown(paths)),
            Meaning::Nothing(similar) => format!("nothing: {}", shown(similar)),
        }
    }

    #[test]
    fn a_name_is_found_as_findings_show_it_and_shorter() {
        for (text, path) in [
            ("public.posts", "public.posts"),
            ("posts", "public.posts"),
            (" blog.posts ", "blog.posts"),
            ("\"public\".\"posts\".\"title\"", "public.posts.title"),
            ("posts.title", "public.posts.title"),
            ("posts_idx", "public.posts.posts_idx"),
            ("public.posts_idx", "public.posts.posts_idx"),
            ("f", "public.f(integer)"),
            ("public.f(integer)", "public.f(integer)"),
            (
                "\"Two Words\".\"a\"\"b\"",
                "public.\"Two Words\".\"a\"\"b\"",
            ),
            ("POSTS.TITLE", "public.posts.title"),
            ("mixed", "public.Mixed"),
            ("old", "public.old"),
        ] {
            assert_eq!(found(text), path, "{text}");
        }
    }

    #[test]
    fn what_is_there_goes_before_what_is_gone_and_public_before_others() {
        assert_eq!(found("drafts"), "blog.drafts");
        assert_eq!(found("public.drafts"), "public.drafts");
    }

    #[test]
    fn what_can_mean_several_is_told_apart_by_its_class() {
        assert_eq!(found("both"), "several: public.both public.both(integer)");
        assert_eq!(found_of("both", Some(&TABLE)), "public.both");
        assert_eq!(found("both(integer)"), "public.both(integer)");
    }

    #[test]
    fn what_is_misspelt_gets_a_proposal() {
        assert_eq!(found("post.title"), "nothing: public.posts.title");
        assert_eq!(found("title"), "nothing: ");
        assert_eq!(found("\"unclosed"), "nothing: ");
    }
}
