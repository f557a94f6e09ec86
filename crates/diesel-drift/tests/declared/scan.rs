//! Which files are read.

use crate::support::{declared, names, try_read};

const USERS: &str = "diesel::table! { users { id -> Integer } }";

#[test]
fn a_directory_is_scanned_for_tables() {
    let found = try_read(
        &[
            (
                "src/b/posts.rs",
                "diesel::table! { posts { id -> Integer } }",
            ),
            ("src/a.rs", USERS),
            ("src/c.rs", "table!{ comments { id -> Integer } }"),
            ("src/not_rust.rs", "this is not Rust"),
            ("src/notes.txt", "table! { no { id -> Integer } }"),
        ],
        &["src"],
    )
    .unwrap()
    .declared;
    assert_eq!(names(&found), ["users", "posts", "comments"]);
}

#[test]
fn modules_that_only_tests_have_are_not_scanned() {
    let found = try_read(
        &[
            (
                "src/lib.rs",
                "mod jobs; #[cfg(test)] mod fixtures; #[cfg(test)] mod tests { mod deep; }",
            ),
            (
                "src/jobs/mod.rs",
                &format!("{USERS} #[cfg(test)] mod tests;"),
            ),
            (
                "src/jobs/tests.rs",
                "diesel::table! { a { id -> Integer } }",
            ),
            ("src/fixtures.rs", "diesel::table! { b { id -> Integer } }"),
        ],
        &["src"],
    )
    .unwrap()
    .declared;
    assert_eq!(names(&found), ["users"]);
}

#[test]
fn a_file_brings_its_modules_and_includes_along() {
    let found = declared(&[
        (
            "src/schema.rs",
            "pub mod cwom; pub mod tower; #[path = \"odd.rs\"] pub mod other; #[cfg(test)] mod tests; mod generated; include!(\"more.in\"); pub mod inside { pub mod deep; }",
        ),
        (
            "src/schema/cwom.rs",
            "diesel::table! { cwom.runs (id) { id -> Integer } }",
        ),
        (
            "src/schema/tower/mod.rs",
            "diesel::table! { tower.jobs (id) { id -> Integer } }",
        ),
        ("src/odd.rs", "diesel::table! { odd { id -> Integer } }"),
        ("src/more.in", "diesel::table! { more { id -> Integer } }"),
        (
            "src/schema/inside/deep.rs",
            "diesel::table! { deep { id -> Integer } }",
        ),
        (
            "src/schema/tests.rs",
            "diesel::table! { tests { id -> Integer } }",
        ),
    ]);
    let mut names = names(&found);
    names.sort_unstable();
    assert_eq!(names, ["deep", "jobs", "more", "odd", "runs"]);
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let found = try_read(
        &[
            ("src/schema.rs", "pub mod cwom;"),
            ("src/schema/cwom.rs", USERS),
        ],
        &[
            "src/schema.rs",
            "src/schema/cwom.rs",
            "src/../src/schema.rs",
            "src",
        ],
    )
    .unwrap()
    .declared;
    assert_eq!(names(&found), ["users"]);
}

const MOOD: &str = "pub mod sql_types { #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"mood\"))] pub struct Mood; }
    diesel::table! { use diesel::sql_types::*; use super::sql_types::Mood; users { id -> Integer, mood -> Mood } }";
const DERIVED: &str = "#[derive(diesel_derive_enum::DbEnum)] #[ExistingTypePath = \"crate::schema::sql_types::Mood\"] pub enum Mood { Sad }";

#[test]
fn what_is_no_source_of_the_project_is_not_read() {
    let other = format!("{DERIVED} // elsewhere");
    let found = declared(&[
        ("src/schema.rs", MOOD),
        ("src/models.rs", DERIVED),
        ("Cargo.toml", "[package]\nname = \"app\""),
        (".gitignore", "/ignored\n"),
        ("ignored/a.rs", &other),
        (".hidden/a.rs", &other),
        ("target/debug/build/a.rs", &other),
        ("node_modules/a/a.rs", &other),
        ("examples/other/diesel.toml", ""),
        ("examples/other/src/schema.rs", MOOD),
        ("examples/other/src/a.rs", &other),
    ]);
    let files: Vec<_> = found
        .enums
        .iter()
        .map(|found| found.span.file.to_str().unwrap())
        .collect();
    assert_eq!(files, ["src/models.rs"]);
}

#[test]
fn an_ignore_file_above_the_project_says_nothing_about_it() {
    let dir = crate::support::project(&[
        (".gitignore", "*\n"),
        ("work/src/schema.rs", MOOD),
        ("work/src/models.rs", DERIVED),
    ]);
    let root = dir.path().join("work");
    let path = root.join("src/schema.rs");
    let source = diesel_drift::declared::SchemaSource { path, patch: None };
    let found = diesel_drift::declared::read(&root, &[source])
        .unwrap()
        .declared;
    assert_eq!(found.enums.len(), 1);
}

#[test]
fn a_type_of_another_package_is_another_type() {
    let found = declared(&[
        ("db/src/schema.rs", MOOD),
        ("db/Cargo.toml", "[package]\nname = \"app-db\""),
        ("other/Cargo.toml", "[package]\nname = \"other\""),
        ("other/src/schema.rs", MOOD),
        ("other/src/models.rs", &DERIVED.replace("Sad", "Elsewhere")),
        ("app/Cargo.toml", "[package]\nname = \"app\""),
        (
            "app/src/models.rs",
            &DERIVED
                .replace("crate::schema", "app_db::schema")
                .replace("Sad", "Glad"),
        ),
    ]);
    let files: Vec<_> = found
        .enums
        .iter()
        .map(|found| found.span.file.to_str().unwrap())
        .collect();
    assert_eq!(files, ["app/src/models.rs"]);
}

#[test]
fn a_source_that_is_not_rust_is_a_notice() {
    let reading = try_read(
        &[
            ("src/schema.rs", MOOD),
            ("src/models.rs", DERIVED),
            ("src/broken.rs", "fn postgres_type( {"),
        ],
        &["src/schema.rs"],
    )
    .unwrap();
    assert_eq!(reading.declared.enums.len(), 1);
    assert_eq!(reading.notices.len(), 1);
    assert!(
        reading.notices[0].starts_with("src/broken.rs:1:"),
        "{}",
        reading.notices[0]
    );
}
