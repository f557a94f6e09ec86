//! What is wrong is found, also where something of the same name, a patch or another declaration could hide it.

use super::support::{drift, found};

const CONFIG: (&str, &str) = ("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n");

#[test]
fn a_type_of_the_same_name_in_another_schema() {
    let schema = "pub mod sql_types { #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"status\"))] pub struct Status; }
        diesel::table! { use diesel::sql_types::*; use super::sql_types::Status; t (id) { id -> Int4, s -> Status, } }";
    let sql =
        "CREATE SCHEMA app; CREATE TYPE app.status AS ENUM ('a'); CREATE TYPE status AS ENUM ('a');
        CREATE TABLE t (id int PRIMARY KEY, s app.status NOT NULL);";
    assert_eq!(drift(schema, sql), ["error type-mismatch public.t.s"]);
    // A schema that holds an extension is not on the search path for that.
    let sql = "CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE TYPE ext.status AS ENUM ('a');
        CREATE TABLE t (id int PRIMARY KEY, s ext.status NOT NULL);";
    assert_eq!(
        drift(schema, sql),
        ["error custom-type-missing public.status"]
    );
}

#[test]
fn a_table_of_the_same_name_in_a_covered_schema() {
    let schema = "diesel::table! { users (id) { id -> Int4, } }
        pub mod app { diesel::table! { app.users (id) { id -> Int4, } } }";
    let config = "[print_schema.a]\nfile = \"src/schema.rs\"\nschema = \"app\"\n[print_schema.b]\nfile = \"src/schema.rs\"\n";
    let sql = "CREATE SCHEMA app; CREATE TABLE app.users (id int PRIMARY KEY);";
    let found = found(&[("diesel.toml", config), ("src/schema.rs", schema)], sql);
    assert_eq!(found, ["error table-missing public.users"]);
}

const PATCHED: &str = "diesel::table! {
    users (id) {
        id -> Int4,
        name -> Citext,
    }
}
";
const PATCH: &str = "--- a/src/schema.rs
+++ b/src/schema.rs
@@ -1,6 +1,6 @@
 diesel::table! {
     users (id) {
         id -> Int4,
-        name -> Text,
+        name -> Citext,
     }
 }
";

fn patched(sql: &str) -> Vec<String> {
    let config = "[print_schema]\nfile = \"src/schema.rs\"\npatch_file = \"schema.patch\"\n";
    found(
        &[
            ("diesel.toml", config),
            ("src/schema.rs", PATCHED),
            ("schema.patch", PATCH),
        ],
        sql,
    )
}

#[test]
fn what_a_patch_makes_different_is_meant_and_the_rest_is_drift() {
    assert_eq!(
        patched("CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);"),
        Vec::<String>::new()
    );
    assert_eq!(
        patched("CREATE TABLE users (id int PRIMARY KEY, name int NOT NULL);"),
        ["error type-mismatch public.users.name"]
    );
    assert_eq!(
        patched("CREATE TABLE users (id int PRIMARY KEY);"),
        ["error column-missing public.users.name"]
    );
    assert_eq!(
        patched("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);"),
        ["error type-mismatch public.users.id"]
    );
}

#[test]
fn no_patch_can_mean_a_label_that_does_not_exist() {
    let schema = "diesel::table! {
    users (id) {
        id -> Int4,
        mood -> crate::types::MoodMapping,
    }
}
";
    let patch = "--- a/src/schema.rs
+++ b/src/schema.rs
@@ -1,6 +1,6 @@
 diesel::table! {
     users (id) {
         id -> Int4,
-        mood -> Mood,
+        mood -> crate::types::MoodMapping,
     }
 }
";
    let types = "#[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"mood\"))] pub struct MoodMapping;
        #[derive(diesel_derive_enum::DbEnum)] #[ExistingTypePath = \"crate::types::MoodMapping\"] pub enum Mood { Sad, Angry }";
    let config = "[print_schema]\nfile = \"src/schema.rs\"\npatch_file = \"schema.patch\"\n";
    let files = [
        ("diesel.toml", config),
        ("src/schema.rs", schema),
        ("schema.patch", patch),
        ("src/types.rs", types),
    ];
    let sql = "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE users (id int PRIMARY KEY, mood mood NOT NULL);";
    assert_eq!(
        found(&files, sql),
        ["error enum-labels-mismatch public.mood"]
    );
}

#[test]
fn a_view_that_a_patch_declares_is_checked_in_full() {
    let schema = "diesel::table! {
    users (id) {
        id -> Int4,
    }
}

diesel::table! {
    totals (id) {
        id -> Int4,
        n -> Int8,
    }
}
";
    let patch = "--- a/src/schema.rs
+++ b/src/schema.rs
@@ -3,3 +3,10 @@
         id -> Int4,
     }
 }
+
+diesel::table! {
+    totals (id) {
+        id -> Int4,
+        n -> Int8,
+    }
+}
";
    let config = "[print_schema]\nfile = \"src/schema.rs\"\npatch_file = \"schema.patch\"\n";
    let files = [
        ("diesel.toml", config),
        ("src/schema.rs", schema),
        ("schema.patch", patch),
    ];
    let users = "CREATE TABLE users (id int PRIMARY KEY);";
    let view =
        format!("{users} CREATE VIEW totals AS SELECT id, count(*) AS n FROM users GROUP BY 1;");
    assert_eq!(found(&files, &view), Vec::<String>::new());
    let view = format!("{users} CREATE VIEW totals AS SELECT id FROM users;");
    assert_eq!(
        found(&files, &view),
        ["error column-missing public.totals.n"]
    );
    assert_eq!(found(&files, users), ["error table-missing public.totals"]);
}

#[test]
fn the_fullest_of_several_declarations_has_to_be_complete() {
    let schema = "diesel::table! { users (id) { id -> Int4, name -> Text, } }
        pub mod lite { diesel::table! { users (id) { id -> Int4, } } }";
    let sql = "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, more text);";
    assert_eq!(
        drift(schema, sql),
        ["warning column-undeclared public.users.more"]
    );
}

#[test]
fn a_column_of_another_crate_s_type_that_was_retyped() {
    let schema = "diesel::table! { use diesel::sql_types::*; use diesel_full_text_search::Tsvector; t (id) { id -> Int4, s -> Tsvector, } }";
    let sql = "CREATE TABLE t (id int PRIMARY KEY, s text NOT NULL);";
    assert_eq!(drift(schema, sql), ["error type-mismatch public.t.s"]);
}

#[test]
fn a_key_to_another_column_than_the_one_that_is_joined_on() {
    let schema = "diesel::table! { users (id) { id -> Int4, code -> Int4, } }
        diesel::table! { posts (id) { id -> Int4, author -> Int4, } }
        diesel::joinable!(posts -> users (author));";
    let sql = "CREATE TABLE users (id int PRIMARY KEY, code int NOT NULL UNIQUE);
        CREATE TABLE posts (id int PRIMARY KEY, author int NOT NULL REFERENCES users (code));";
    assert_eq!(
        drift(schema, sql),
        ["warning foreign-key-missing public.posts.author -> public.users"]
    );
}

#[test]
fn names_that_nobody_would_choose() {
    let sql = "CREATE TABLE \"a.b\" (\"it's\" int PRIMARY KEY, \"line\nfeed\" text NOT NULL);";
    let schema = "diesel::table! { #[sql_name = \"a.b\"] a_b (it_s) { #[sql_name = \"it's\"] it_s -> Int4, } }";
    assert_eq!(
        found(&[CONFIG, ("src/schema.rs", schema)], sql),
        ["error column-undeclared public.\"a.b\".\"line\\u{a}feed\""]
    );
}
