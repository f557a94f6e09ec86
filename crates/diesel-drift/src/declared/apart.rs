//! The `diesel::table!`s of a schema file, each read by itself.
//!
//! `proc_macro2` keeps every token of what it lexes, which is forty times the text: of ten thousand tables, hundreds of
//! megabytes. Here the file is parsed with blanks in the place of what is inside its `diesel::table!`s, so that every place stays what it is,
//! and then each of them is lexed, read and forgotten.
//!
//! That this is the same as reading the file as a whole does not depend on how the macros are found. What is taken for one has to
//! be a macro by itself ([`of_macro`]), and the word that it begins with has to be a token of the file that is left, with no path
//! before it ([`all_begin`]). A lexer goes from left to right: where it begins a token at that word, it reads the same macro to its end.
//! What is not so, and whatever is an error, is left to a reading of the whole file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;

use super::file::{self, Facts, InParts};
use super::table::{self, RawTable};
use super::text::{MAX_WEIGHT, Text, weight};

/// How a macro begins that is looked at: as Diesel CLI writes it, on a line of its own.
const BEGIN: &str = "diesel::table! {";

/// Where macros are, by the offset at which they begin.
pub(super) type Places = BTreeMap<usize, Range<usize>>;

/// A `diesel::table!` that is read by itself.
pub(super) struct Apart {
    pub(super) scope: usize,
    /// Whether what is around it is in some builds only, or in a function.
    pub(super) conditional: bool,
    pub(super) place: Range<usize>,
}

/// Reads a file that declares, its `diesel::table!`s by themselves. `None` where it has to be read as a whole.
pub(super) fn read(text: &Text) -> Option<Facts> {
    let InParts {
        mut facts,
        apart,
        unread,
    } = {
        let (file, places) = parse(text)?;
        file::facts(text, true, &file, places).ok()?
    };
    // A table in between, which would have a place among the others.
    if !facts.tables.is_empty() {
        return None;
    }
    let mut seen = BTreeSet::new();
    for Apart {
        scope,
        conditional,
        place,
    } in apart
    {
        let Some(table) = read_macro(text, place)? else {
            continue;
        };
        let module = facts.scopes[scope].path.clone();
        let is_new = seen.insert((module, table.rust_name.clone()));
        if !is_new && !conditional && !table.conditional {
            return None;
        }
        facts.tables.push((scope, table));
    }
    let is_macro = unread.into_values().all(|place| is_macro(text, place));
    is_macro.then_some(facts)
}

/// A file without what is inside its `diesel::table!`s, and where these are. `None` where it has none, or where that may not be
/// the file without them.
fn parse(text: &Text) -> Option<(syn::File, Places)> {
    let places = places(&text.text);
    if places.is_empty() {
        return None;
    }
    let inside: Vec<Range<usize>> = (places.values())
        .map(|place| place.start + BEGIN.len()..place.end - 1)
        .collect();
    let tokens = text.with_blanks(&inside).tokens().ok()?;
    // What recursion takes in the whole file is at most the sum of the two.
    if weight(&tokens) > MAX_WEIGHT / 2 || !all_begin(text, &tokens, &places) {
        return None;
    }
    Some((syn::parse2(tokens).ok()?, places))
}

/// Where macros seem to be: from a line with nothing but the beginning, to the next line with a `}` that is as far in.
fn places(text: &str) -> Places {
    let (mut places, mut last) = (Places::new(), 0);
    for (start, _) in text.match_indices(BEGIN) {
        let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
        let indent = text[line..start].trim_start_matches('\u{feff}');
        if start < last || !indent.trim_start_matches([' ', '\t']).is_empty() {
            continue;
        }
        let end = format!("\n{indent}}}");
        // Another would look through all of the rest as well.
        let Some(at) = text[start..].find(&end) else {
            break;
        };
        last = start + at + end.len();
        places.insert(start, start..last);
    }
    places
}

/// Whether each of the macros begins with a token that no path is before.
fn all_begin(text: &Text, tokens: &TokenStream, places: &Places) -> bool {
    let mut begun = BTreeSet::new();
    let mut pending = vec![tokens.clone()];
    while let Some(tokens) = pending.pop() {
        let mut of_path = false;
        for token in tokens {
            match &token {
                TokenTree::Group(group) => pending.push(group.stream()),
                TokenTree::Ident(ident) if !of_path && ident == "diesel" => {
                    begun.insert(text.span(ident.span()).start);
                }
                _ => {}
            }
            of_path = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        }
    }
    places.keys().all(|start| begun.contains(start))
}

/// What `read` makes of the macro in a part; `None` where it is not one macro and nothing else. No other tokens of this thread
/// may be left.
fn of_macro<T>(part: &Text, read: impl FnOnce(syn::Macro) -> Option<T>) -> Option<T> {
    let tokens = part.tokens().ok()?;
    let is_light = weight(&tokens) <= MAX_WEIGHT / 2;
    let mac = is_light.then(|| syn::parse2(tokens).ok()).flatten();
    let read = mac.and_then(read);
    // The text and the lines of each macro would be kept.
    proc_macro2::extra::invalidate_current_thread_spans();
    read
}

/// Whether a macro that nobody asks for would be one in the whole file.
fn is_macro(text: &Text, place: Range<usize>) -> bool {
    of_macro(&text.part(place), |_| Some(())).is_some()
}

/// Reads the macro at a place; `None` where it is not one, or has an error.
fn read_macro(text: &Text, place: Range<usize>) -> Option<Option<RawTable>> {
    let part = text.part(place);
    of_macro(&part, |mac| {
        table::table(&part, mac.tokens, mac.path.span(), false).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::super::parallel;
    use super::*;

    const A: &str = "diesel::table! {\n    a (id) {\n        id -> Int4,\n    }\n}\n";
    const B: &str = "diesel::table! {\n    b (id) {\n        id -> Int4,\n        #[sql_name = \"t}\\\"y\"]\n        t -> Čas<Text>, // it's }\n    }\n}\n";

    fn apart(source: &str) -> Option<Vec<usize>> {
        let text = Text::new("f.rs".into(), source);
        read(&text)?;
        parse(&text).map(|(_, places)| places.into_keys().collect())
    }

    /// What is said of a file is what a reading of the whole says, to the byte.
    fn is_the_same(source: &str) {
        let text = Text::new("src/schema.rs".into(), source);
        let [one, other] = [file::read, file::whole].map(|read| format!("{:?}", read(&text, true)));
        assert_eq!(one, other, "{source}");
    }

    #[test]
    fn macros_are_read_apart_and_places_stay() {
        for head in [
            "",
            "\u{feff}",
            "#!/bin/x\n",
            "\u{feff}#!/bin/x\r\n",
            "// č🦀\n",
        ] {
            let source =
                format!("{head}{A}/* ž */ struct S;\n{B}diesel::joinable!(b -> a (id));\n");
            let starts: Vec<usize> = source.match_indices(BEGIN).map(|(at, _)| at).collect();
            assert_eq!(apart(&source), Some(starts));
            is_the_same(&source);
            is_the_same(&source.replace('\n', "\r\n"));
        }
        let inside = format!("mod m {{\n    pub mod n {{\n{A}{B}    }}\n}}\nfn f() {{\n{A}{B}}}\n");
        assert_eq!(apart(&inside).map(|starts| starts.len()), Some(4));
        is_the_same(&inside);
        is_the_same(
            &inside
                .replace("\ndiesel", "\n\tdiesel")
                .replace("\n}", "\n\t}"),
        );
        // Whatever is between them, the last of a line is read with what follows it.
        is_the_same(&format!(
            "cfg_if! {{ if #[cfg(feature = \"x\")] {{\n{A}{B}}} else {{\n{B}}} }}\n"
        ));
        is_the_same(&format!(
            "my_macro! {{\n{A}{B}}}\nmacro_rules! m {{ () => {{\n{A}{B}}} }}\n"
        ));
        is_the_same(&format!(
            "#[cfg(test)]\n{A}#[cfg(feature = \"x\")]\n{A}{A}{B}"
        ));
        is_the_same(&format!("#[cfg(test)]\nmod t {{\n{A}{A}}}\n{A}{B}"));
    }

    /// What looks like a macro and is none.
    #[rstest::rstest]
    #[case::a_text("const S: &str = \"\n{A}\";\n{A}{B}")]
    #[case::a_raw_text("const S: &str = r#\"\n{B}\"#;\n{A}{B}")]
    #[case::half_in_a_text(
        "const S: &str = \"\ndiesel::table! {\n    a (id) { \"; fn f() { let _ = \"}\n}\n\"; }\n{A}{B}"
    )]
    #[case::a_comment("/*\n{A}*/\n{A}{B}")]
    #[case::half_in_a_comment(
        "/*\ndiesel::table! {\n    a (id) { id -> Int4 */ fn f() { /* , }\n}\n*/ }\n{A}{B}"
    )]
    #[case::after_a_path("other::\n{A}{A}{B}")]
    #[case::from_the_root("::\n{A}{A}{B}")]
    #[case::to_a_brace_too_early(
        "diesel::table! {\n    a (id) {\n        id -> Int4,\n}\n}\n{A}{B}"
    )]
    #[case::to_a_brace_in_a_comment(
        "diesel::table! {\n    a (id) { id -> Int4, } /*\n}\n*/ }\n{A}{B}"
    )]
    fn what_is_no_macro_is_read_with_the_whole(#[case] source: &str) {
        let source = source.replace("{A}", A).replace("{B}", B);
        is_the_same(&source);
    }

    #[rstest::rstest]
    #[case::not_a_table("diesel::table! {\n    a (id)\n}\n{A}{B}")]
    #[case::no_key("diesel::table! {\n    a (x) {\n        id -> Int4,\n    }\n}\n{A}{B}")]
    #[case::twice("{A}{B}{A}")]
    #[case::after_it("{A}{B}struct;\n")]
    #[case::before_it("\"\n{A}{B}")]
    #[case::open("{A}{B}diesel::table! {\n    a (id) {\n")]
    #[case::a_column_twice(
        "{A}{B}diesel::table! {\n    c (id) {\n        id -> Int4,\n        id -> Int4,\n    }\n}\n"
    )]
    fn an_error_is_that_of_the_whole(#[case] source: &str) {
        let source = source.replace("{A}", A).replace("{B}", B);
        let text = Text::new("src/schema.rs".into(), source.as_str());
        assert!(file::whole(&text, true).is_err());
        is_the_same(&source);
    }

    #[test]
    fn what_is_nested_deeply_is_left_to_the_whole() {
        let nested = |depth: usize| {
            let inside = "Array<".repeat(depth) + "Int4" + &">".repeat(depth);
            format!("{}{B}", A.replace("Int4", &inside))
        };
        let check = || {
            assert!(apart(&nested(100)).is_some());
            assert!(apart(&nested(600)).is_none());
            [100, 600, 1_500].map(|depth| is_the_same(&nested(depth)))
        };
        parallel::on_large_stack(check).unwrap();
    }
}
