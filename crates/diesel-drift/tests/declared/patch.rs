//! `print_schema.patch_file`: what the patch makes different is told apart from what the database should hold.

use std::fs;

use diesel_drift::declared::{Declared, Reading, SchemaSource, read};
use rstest::rstest;

use crate::support::{builtin, custom, names, project};

/// What Diesel CLI printed.
const PRINTED: &str = "\
// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = \"ltree\"))]
    pub struct Ltree;
}

diesel::table! {
    use diesel::sql_types::*;

    api_tokens (id) {
        id -> Int4,
        user_id -> Int4,
        crate_scopes -> Nullable<Array<Nullable<Text>>>,
        created_at -> Timestamptz,
        endpoint_scopes -> Nullable<Array<Nullable<Text>>>,
        name -> Varchar,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Ltree;

    categories (id) {
        id -> Int4,
        category -> Varchar,
        path -> Ltree,
        slug -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    users (id) {
        id -> Int4,
        name -> Varchar,
    }
}

diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(categories -> users (id));

diesel::allow_tables_to_appear_in_same_query!(api_tokens, categories, users,);
";

/// What is committed: another element type, a column less, a view more, another join, another import.
fn committed() -> String {
    PRINTED
        .replace("crate_scopes -> Nullable<Array<Nullable<Text>>>", "crate_scopes -> Nullable<Array<Text>>")
        .replace("        path -> Ltree,\n", "")
        .replace(
            "diesel::joinable!(api_tokens",
            "diesel::table! {\n    recent_downloads (id) {\n        id -> Int4,\n    }\n}\n\ndiesel::joinable!(api_tokens",
        )
        .replace("categories -> users (id)", "categories -> api_tokens (id)")
        .replace("use super::sql_types::Ltree", "use diesel_ltree::sql_types::Ltree")
}

fn diff(printed: &str, committed: &str) -> String {
    diffy::create_patch(printed, committed).to_string()
}

fn reading(committed: &str, patch: &str) -> Reading {
    let dir = project(&[("db/src/schema.rs", committed), ("db/schema.patch", patch)]);
    let source = SchemaSource {
        path: dir.path().join("db/src/schema.rs"),
        patch: Some(dir.path().join("db/schema.patch")),
    };
    read(dir.path(), &[source]).unwrap()
}

fn summary(declared: &Declared) -> (Vec<String>, Vec<String>) {
    let columns = declared.tables.iter().flat_map(|table| {
        let name = &table.name;
        let columns = table.columns.iter();
        columns.map(move |column| format!("{name}.{} {:?}", column.name, column.data_type))
    });
    let joins = declared.joinables.iter().map(ToString::to_string);
    (columns.collect(), joins.collect())
}

/// The reading of what Diesel CLI printed.
fn printed() -> Declared {
    let dir = project(&[("db/src/schema.rs", PRINTED)]);
    let path = dir.path().join("db/src/schema.rs");
    read(dir.path(), &[SchemaSource { path, patch: None }])
        .unwrap()
        .declared
}

#[track_caller]
fn gives_back_what_was_printed(reading: &Reading) {
    assert_eq!(reading.notices, [""; 0]);
    let generated = reading.generated.as_ref().unwrap();
    assert_eq!(summary(generated), summary(&printed()));
    assert_ne!(summary(&reading.declared), summary(generated));
}

#[test]
fn both_sides_of_a_patch_are_read() {
    let found = reading(&committed(), &diff(PRINTED, &committed()));
    gives_back_what_was_printed(&found);
    assert_eq!(
        names(&found.declared),
        ["api_tokens", "categories", "users", "recent_downloads"]
    );
    let generated = found.generated.unwrap();
    assert_eq!(names(&generated), ["api_tokens", "categories", "users"]);
    assert_eq!(generated.tables[1].columns[2].data_type, custom("ltree"));
    // Without a patch there is nothing to tell apart.
    assert_eq!(generated, printed());
}

#[test]
fn places_in_the_generated_text_are_in_its_own_source() {
    let found = reading(&committed(), &diff(PRINTED, &committed()));
    let generated = found.generated.unwrap();
    assert_eq!(
        generated.sources.values().next().map(String::as_str),
        Some(PRINTED)
    );
    assert_eq!(found.declared.sources.values().next(), Some(&committed()));
}

#[rstest]
#[case::two_spaces(committed().replace("    ", "  "))]
#[case::tabs(committed().replace("    ", "\t"))]
#[case::windows(committed().replace('\n', "\r\n"))]
#[case::no_end(committed().trim_end().to_owned())]
#[case::blank_lines(committed().replace("{\n    use", "{\n\n    use").replace("}\n\n", "}\n\n\n"))]
#[case::moved(format!("// a\n// header\n// of\n// lines\n\ndiesel::table! {{\n    aaa (id) {{\n        id -> Int4,\n    }}\n}}\n{}", committed()))]
fn whatever_rustfmt_and_git_made_of_the_text(#[case] text: String) {
    let found = reading(&text, &diff(PRINTED, &committed()));
    assert_eq!(found.notices, [""; 0]);
    let mut generated = summary(found.generated.as_ref().unwrap());
    generated.0.retain(|column| !column.starts_with("aaa"));
    assert_eq!(generated, summary(&printed()));
}

#[rstest]
#[case::windows(|patch: &str| patch.replace('\n', "\r\n"))]
#[case::git(|patch: &str| format!("diff --git a/db/src/schema.rs b/db/src/schema.rs\nindex 1..2 100644\n{}", named(patch, "a/db/src/schema.rs", "b/db/src/schema.rs")))]
#[case::no_prefix(|patch: &str| named(patch, "src/schema.rs\t2025-10-28 14:44:18.292422235 +0100", "src/schema.rs"))]
#[case::no_names(|patch: &str| patch.lines().skip(2).map(|line| format!("{line}\n")).collect())]
#[case::original(|patch: &str| named(patch, "src/schema.rs.orig", "src/schema.rs"))]
#[case::message(|patch: &str| format!("From: someone\nSubject: patch\n\n---\n 1 file changed\n\n{patch}-- \n2.47.0\n"))]
#[case::several_files(|patch: &str| format!("{}{}{}",
    named(&diff("a\n", "b\n"), "a/README.md", "b/README.md"),
    named(patch, "a/db/src/schema.rs", "b/db/src/schema.rs"),
    named(&diff("        id -> Int4,\n", "        id -> Text,\n"), "a/other/src/schema.rs", "b/other/src/schema.rs")))]
fn whatever_form_the_patch_has(#[case] form: fn(&str) -> String) {
    let patch = form(&diff(PRINTED, &committed()));
    gives_back_what_was_printed(&reading(&committed(), &patch));
}

fn named(patch: &str, original: &str, modified: &str) -> String {
    patch
        .replacen("--- original", &format!("--- {original}"), 1)
        .replacen("+++ modified", &format!("+++ {modified}"), 1)
}

#[test]
fn context_that_has_changed_does_not_matter() {
    let text = committed()
        .replace(
            "user_id -> Int4,\n",
            "user_id -> Int8,\n        extra -> Bool,\n",
        )
        .replace(
            "slug -> Varchar,\n        created_at",
            "slug -> Varchar,\n        more -> Bool,\n        created_at",
        );
    let found = reading(&text, &diff(PRINTED, &committed()));
    assert_eq!(found.notices, [""; 0]);
    let generated = found.generated.unwrap();
    let table = &generated.tables[0];
    assert_eq!(table.columns[1].data_type, builtin("int8"));
    assert_eq!(
        table.columns[3].type_text,
        "Nullable<Array<Nullable<Text>>>"
    );
    let path: Vec<_> = generated.tables[1]
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        path,
        ["id", "category", "path", "slug", "more", "created_at"]
    );
}

#[test]
fn one_change_that_is_gone_does_not_hinder_the_others_of_its_hunk() {
    let printed = "diesel::table! {\n    t (id) {\n        id -> Int4,\n        a -> Array<Nullable<Text>>,\n        b -> Int4,\n        c -> Array<Nullable<Text>>,\n    }\n}\n";
    let committed = printed.replace("Nullable<Text>", "Text");
    let now = committed.replace("        c -> Array<Text>,\n", "        d -> Bool,\n");
    let found = reading(&now, &diff(printed, &committed));
    assert_eq!(found.notices.len(), 1);
    assert!(
        found.notices[0].contains("some lines of hunk `@@ -1,8 +1,8 @@`"),
        "{}",
        found.notices[0]
    );
    let generated = found.generated.unwrap();
    assert_eq!(
        generated.tables[0].columns[1].type_text,
        "Array<Nullable<Text>>"
    );
    assert_eq!(generated.tables[0].columns[3].name, "d");
}

#[test]
fn a_hunk_that_does_not_match_is_a_notice_and_changes_nothing() {
    let patch = "--- a/schema.rs\n+++ b/schema.rs\n@@ -3,3 +3,3 @@\n   gone (id) {\n-    id -> Int4,\n+    id -> Text,\n   }\n";
    let found = reading(PRINTED, patch);
    assert_eq!(found.notices.len(), 1);
    assert!(
        found.notices[0].starts_with(
            "db/schema.patch: the lines of hunk `@@ -3,3 +3,3 @@` not found in db/src/schema.rs"
        ),
        "{}",
        found.notices[0]
    );
    assert_eq!(found.generated.as_ref(), Some(&found.declared));
}

#[test]
fn a_place_that_is_not_certain_is_none() {
    // Of the context only what many tables have is left.
    let patch = "--- a/schema.rs\n+++ b/schema.rs\n@@ -90,6 +90,5 @@\n     gone (id) {\n         id -> Int4,\n-        nick -> Text,\n         name -> Varchar,\n     }\n }\n";
    let text = format!(
        "{PRINTED}diesel::table! {{\n    others (id) {{\n        id -> Int4,\n        name -> Varchar,\n    }}\n}}\n"
    );
    let found = reading(&text, patch);
    assert_eq!(found.notices.len(), 1, "{:?}", found.notices);
    assert_eq!(found.generated.as_ref(), Some(&found.declared));
}

#[test]
fn a_patch_that_is_none_is_a_notice() {
    let broken = "--- a/schema.rs\n+++ b/schema.rs\n@@ -1,9 +1,9 @@\n-only this\n";
    let found = reading(PRINTED, broken);
    assert_eq!(found.notices.len(), 1, "{:?}", found.notices);
    assert_eq!(found.generated.as_ref(), Some(&found.declared));
}

#[test]
fn what_does_not_read_after_the_patch_is_a_notice() {
    let committed = PRINTED.replace(
        "    }\n}\n\ndiesel::joinable",
        "    }\n}\n// here\ndiesel::joinable",
    );
    let printed = committed.replace("// here", "struct {");
    let found = reading(&committed, &diff(&printed, &committed));
    assert_eq!(found.notices.len(), 1);
    assert!(
        found.notices[0].contains("it is ignored"),
        "{}",
        found.notices[0]
    );
    assert_eq!(found.generated.as_ref(), Some(&found.declared));
}

#[test]
fn files_without_a_patch_are_generated_as_they_are() {
    let dir = project(&[
        ("one.rs", &committed()),
        ("one.patch", &diff(PRINTED, &committed())),
        ("two.rs", "diesel::table! { other { id -> Int4 } }"),
    ]);
    let source = |path: &str, patch: Option<&str>| SchemaSource {
        path: dir.path().join(path),
        patch: patch.map(|patch| dir.path().join(patch)),
    };
    let sources = [source("one.rs", Some("one.patch")), source("two.rs", None)];
    let found = read(dir.path(), &sources).unwrap();
    assert_eq!(
        names(&found.generated.unwrap()),
        ["api_tokens", "categories", "users", "other"]
    );
    fs::remove_file(dir.path().join("one.patch")).unwrap();
    assert!(read(dir.path(), &sources).is_err());
    assert_eq!(read(dir.path(), &sources[1..]).unwrap().generated, None);
}
