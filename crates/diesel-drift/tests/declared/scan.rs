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

fn scanned(files: &[(&str, &str)]) -> Vec<String> {
    let found = try_read(files, &["."]).unwrap().declared;
    names(&found).into_iter().map(str::to_owned).collect()
}

fn table(name: &str) -> String {
    format!("diesel::table! {{ {name} {{ id -> Integer }} }}")
}

#[test]
fn what_only_another_backend_reaches_is_not_scanned() {
    let found = scanned(&[
        (
            "src/lib.rs",
            "#[cfg(feature = \"postgres\")] mod pg;
             #[cfg(feature = \"sqlite\")] mod sqlite;
             #[cfg(feature = \"mysql\")] #[path = \"my/odd.rs\"] mod mysql;
             #[cfg(not(feature = \"postgres\"))] mod inline { mod deep; }
             #[cfg_attr(feature = \"postgres\", path = \"chosen_pg.rs\")]
             #[cfg_attr(feature = \"sqlite\", path = \"chosen_sqlite.rs\")]
             mod chosen;
             mod gated;
             cfg_if::cfg_if! { if #[cfg(feature = \"sqlite\")] { mod branch; } else { mod branch_pg; } }",
        ),
        ("src/pg.rs", "mod schema;"),
        ("src/pg/schema.rs", &table("pg")),
        ("src/sqlite/mod.rs", "mod schema; include!(\"more.rs\");"),
        ("src/sqlite/schema.rs", &table("sqlite")),
        ("src/sqlite/more.rs", &table("sqlite_more")),
        ("src/my/odd.rs", "mod schema;"),
        ("src/my/schema.rs", &table("mysql")),
        ("src/inline/deep.rs", &table("deep")),
        ("src/chosen_pg.rs", &table("chosen_pg")),
        ("src/chosen_sqlite.rs", &table("chosen_sqlite")),
        ("src/gated.rs", "#![cfg(feature = \"sqlite\")] mod inner;"),
        ("src/gated/inner.rs", &table("gated")),
        ("src/branch.rs", &table("branch")),
        ("src/branch_pg.rs", &table("branch_pg")),
    ]);
    assert_eq!(found, ["branch_pg", "chosen_pg", "pg"]);
}

#[test]
fn what_is_reachable_otherwise_too_stays() {
    let found = scanned(&[
        (
            "src/lib.rs",
            "#[cfg(feature = \"sqlite\")] mod sqlite; #[cfg(test)] mod schema; #[cfg(not(test))] mod schema;",
        ),
        ("src/schema.rs", &table("both")),
        (
            "src/sqlite.rs",
            "mod own; #[path = \"../shared/mod.rs\"] mod shared;",
        ),
        ("src/sqlite/own.rs", &table("own")),
        ("src/shared/mod.rs", "mod users;"),
        ("src/shared/users.rs", &table("users")),
        ("src/main.rs", "mod shared;"),
    ]);
    assert_eq!(found, ["both", "users"]);
}

#[test]
fn a_source_that_is_given_is_read_whatever_declares_it() {
    let files = [
        (
            "src/lib.rs",
            "#[cfg(test)] mod schema; #[cfg(feature = \"sqlite\")] mod all;",
        ),
        ("src/schema.rs", "mod users;"),
        ("src/schema/users.rs", USERS),
        ("src/all/mod.rs", "mod posts; #[cfg(test)] mod tests;"),
        ("src/all/posts.rs", &table("posts")),
        ("src/all/tests.rs", &table("tests")),
    ];
    let found = try_read(&files, &["src/schema.rs", "src/all"]).unwrap();
    assert_eq!(names(&found.declared), ["users", "posts"]);
}

#[test]
fn a_join_of_another_backend_is_not_the_schemas() {
    let found = declared(&[
        (
            "src/schema.rs",
            "diesel::table! { a { id -> Int4 } } diesel::table! { b { id -> Int4, a_id -> Int4 } }",
        ),
        (
            "src/lib.rs",
            "mod schema; #[cfg(feature = \"sqlite\")] mod sqlite;",
        ),
        ("src/sqlite.rs", "mod joins;"),
        (
            "src/sqlite/joins.rs",
            "use crate::schema::{a, b}; diesel::joinable!(b -> a (a_id));",
        ),
    ]);
    assert_eq!(found.joinables, []);
}

#[test]
fn tests_benches_and_examples_of_a_package_are_left_out() {
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/a\"]"),
        ("crates/a/Cargo.toml", "[package]\nname = \"a\""),
        ("crates/a/src/schema.rs", USERS),
        ("crates/a/src/tests/mod.rs", &table("inside")),
        ("crates/a/tests/all.rs", &table("test")),
        ("crates/a/benches/b.rs", &table("bench")),
        ("crates/a/examples/e/src/schema.rs", &table("example")),
        // Below a workspace without a package they are directories like others.
        ("examples/src/schema.rs", &table("member")),
    ];
    assert_eq!(scanned(&files), ["users", "inside", "member"]);
    for (given, expected) in [
        ("crates/a/tests", "test"),
        ("crates/a/examples/e", "example"),
    ] {
        let found = try_read(&files, &[given]).unwrap().declared;
        assert_eq!(names(&found), [expected]);
    }
}

#[test]
fn a_file_that_is_not_text_matters_only_where_tables_are() {
    let dir = crate::support::project(&[("src/schema.rs", USERS)]);
    let odd = dir.path().join("src/odd.rs");
    std::fs::write(&odd, b"// caf\xe9 cfg(test)").unwrap();
    let read = || {
        let path = dir.path().join("src");
        let source = diesel_drift::declared::SchemaSource { path, patch: None };
        diesel_drift::declared::read(dir.path(), &[source])
    };
    assert_eq!(names(&read().unwrap().declared), ["users"]);
    std::fs::write(&odd, b"// caf\xe9\ntable! { a { id -> Integer } }").unwrap();
    let message = read().unwrap_err().to_string();
    assert!(
        message.starts_with("src/odd.rs: cannot be read: "),
        "{message}"
    );
}

#[test]
fn crate_roots_have_their_modules_beside_them() {
    let found = declared(&[
        (
            "src/bin/server.rs",
            "mod schema; #[path = \"other/a.rs\"] mod a;",
        ),
        ("src/bin/schema.rs", USERS),
        ("src/bin/other/a.rs", "mod b;"),
        ("src/bin/other/b.rs", &table("b")),
    ]);
    assert_eq!(names(&found), ["users", "b"]);
}

#[test]
fn an_include_of_the_package_is_read_and_one_of_the_build_is_a_notice() {
    let reading = try_read(
        &[
            ("db/Cargo.toml", "[package]\nname = \"db\""),
            (
                "db/src/schema.rs",
                "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/gen\", \"/users.rs\"));\n\
                 include!(concat!(env!(\"OUT_DIR\"), \"/schema.rs\"));\n\
                 #[cfg(feature = \"sqlite\")] include!(\"lite.rs\");\n\
                 include!(\"gone.rs\");",
            ),
            ("db/gen/users.rs", USERS),
        ],
        &["db/src/schema.rs"],
    )
    .unwrap();
    assert_eq!(names(&reading.declared), ["users"]);
    assert_eq!(
        reading.notices,
        [
            "db/src/schema.rs:2: what this `include!` takes in is not there (does the build make it?); tables in it are not looked at",
            "db/src/schema.rs:4: what this `include!` takes in is not there (does the build make it?); tables in it are not looked at",
        ]
    );
}

#[test]
fn a_root_without_a_table_is_called_by_a_name() {
    let reading = try_read(&[("src/lib.rs", "// joinable!")], &["."]).unwrap();
    assert_eq!(reading.notices, [".: no `table!` is in it"]);
}
