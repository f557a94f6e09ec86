//! Nothing is found where nothing is wrong.

use super::support::{drift, found};

#[track_caller]
fn assert_silent(schema: &str, sql: &str) {
    assert_eq!(drift(schema, sql), Vec::<String>::new());
}

#[test]
fn types_that_diesel_takes_for_one() {
    assert_silent(
        "diesel::table! {
            t (id) {
                id -> BigSerial, a -> Integer, b -> Varchar, c -> Bpchar, d -> Bytea, e -> Double, f -> Float8,
                g -> Timestamptz, h -> Decimal, i -> Range<Integer>, j -> Int4range, k -> Multirange<Date>,
                l -> Array<Nullable<Text>>, m -> Char, n -> MacAddr, o -> Money, p -> Text, q -> Citext,
            }
        }",
        "CREATE EXTENSION citext;
         CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL, b text NOT NULL, c varchar(3) NOT NULL, d bytea NOT NULL,
             e float8 NOT NULL, f double precision NOT NULL, g timestamptz NOT NULL, h numeric(9,2) NOT NULL, i int4range NOT NULL,
             j int4range NOT NULL, k datemultirange NOT NULL, l varchar[] NOT NULL, m \"char\" NOT NULL, n macaddr NOT NULL,
             o money NOT NULL, p char(4) NOT NULL, q citext NOT NULL);",
    );
}

#[test]
fn domains_declared_as_themselves_or_as_what_they_are_over() {
    let sql = "CREATE DOMAIN email AS text NOT NULL CHECK (VALUE ~ '@');
               CREATE DOMAIN work_email AS email;
               CREATE TABLE t (id int PRIMARY KEY, a email, b email[] NOT NULL, c work_email, d work_email);";
    assert_silent(
        "diesel::table! { t (id) { id -> Int4, a -> Text, b -> Array<Nullable<Text>>, c -> Text, d -> Nullable<Text>, } }",
        sql,
    );
    assert_silent(
        "pub mod sql_types {
             #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"email\"))] pub struct Email;
         }
         diesel::table! {
             use diesel::sql_types::*;
             use super::sql_types::Email;
             t (id) { id -> Int4, a -> Email, b -> Array<Nullable<Email>>, c -> Email, d -> Nullable<Email>, }
         }",
        sql,
    );
}

#[test]
fn views_and_foreign_tables_have_neither_keys_nor_all_columns() {
    assert_silent(
        "diesel::table! { v (id) { id -> Int4, n -> Int8, } }
         diesel::table! { m (id) { id -> Int4, } }
         diesel::table! { f (id) { id -> Nullable<Int4>, } }
         diesel::table! { t (id) { id -> Int4, } }
         diesel::joinable!(v -> t (id));
         diesel::joinable!(f -> t (id));",
        "CREATE TABLE t (id int PRIMARY KEY);
         CREATE VIEW v AS SELECT id, count(*) AS n, 1 AS more FROM t GROUP BY 1;
         CREATE MATERIALIZED VIEW m AS SELECT id, 2 AS more FROM t;
         CREATE EXTENSION file_fdw;
         CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE f (id int) SERVER s OPTIONS (filename '/dev/null');",
    );
}

#[test]
fn relations_of_postgresql_and_of_extensions_in_part() {
    assert_silent(
        "diesel::table! { pg_catalog.pg_class (oid) { oid -> Oid, relname -> Text, relkind -> CChar, } }
         diesel::table! { pg_namespace (oid) { oid -> Oid, nspname -> Text, } }
         diesel::table! { information_schema.tables (table_name) { table_name -> Text, table_type -> Text, } }
         diesel::table! { pg_stat_statements (queryid) { queryid -> Nullable<BigInt>, query -> Nullable<Text>, } }",
        "CREATE EXTENSION pg_stat_statements;",
    );
}

#[test]
fn system_columns_are_there() {
    assert_silent(
        "diesel::table! { t (id) { id -> Int4, xmin -> Oid, ctid -> Text, } }",
        "CREATE TABLE t (id int PRIMARY KEY);",
    );
}

#[test]
fn what_nobody_declares() {
    assert_silent(
        "diesel::table! { t (id) { id -> Int4, } }
         diesel::table! { p (id, at) { id -> Int4, at -> Date, } }",
        "CREATE TABLE t (id int PRIMARY KEY);
         CREATE TABLE p (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE p_2026 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
         CREATE TABLE __diesel_schema_migrations (version varchar PRIMARY KEY);
         CREATE TABLE without_key (a int);
         CREATE VIEW v AS SELECT 1;
         CREATE SCHEMA other;
         CREATE TABLE other.x (id int PRIMARY KEY);",
    );
}

#[test]
fn a_unique_index_is_a_key_in_all_but_name() {
    assert_silent(
        "diesel::table! { t (a, b) { a -> Int4, b -> Int4, } }",
        "CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE (b, a));",
    );
}

#[test]
fn one_of_two_keys_self_references_and_composite_keys() {
    let schema = "diesel::table! { users (id) { id -> Int4, boss -> Nullable<Int4>, } }
         diesel::table! { posts (id) { id -> Int4, author -> Int4, editor -> Int4, } }
         diesel::table! { members (a, b) { a -> Int4, b -> Int4, } }
         diesel::table! { notes (id) { id -> Int4, a -> Int4, b -> Int4, } }
         diesel::joinable!(posts -> users (author));";
    let files = [
        ("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n"),
        ("src/schema.rs", schema),
    ];
    let sql = "CREATE TABLE users (id int PRIMARY KEY, boss int REFERENCES users);
         CREATE TABLE posts (id int PRIMARY KEY, author int NOT NULL REFERENCES users, editor int NOT NULL REFERENCES users);
         CREATE TABLE members (a int, b int, PRIMARY KEY (a, b));
         CREATE TABLE notes (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, FOREIGN KEY (a, b) REFERENCES members);";
    assert_eq!(found(&files, sql), Vec::<String>::new());
}

#[test]
fn several_declarations_of_one_table() {
    assert_silent(
        "diesel::table! { users (id) { id -> Int4, name -> Text, big -> Nullable<Text>, } }
         pub mod lite { diesel::table! { users (id) { id -> Int4, name -> Text, } } }",
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, big text);",
    );
}

#[test]
fn a_search_path_that_the_database_sets() {
    assert_silent(
        "diesel::table! { t (id) { id -> Int4, } }",
        "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY);
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app', current_database()); END $$;",
    );
}

#[test]
fn types_of_other_crates() {
    assert_silent(
        "diesel::table! {
             use diesel::sql_types::*;
             use diesel_full_text_search::TsVector;
             t (id) { id -> Int4, search -> TsVector, lang -> Language, n -> Name, }
         }",
        "CREATE TABLE t (id int PRIMARY KEY, search tsvector NOT NULL, lang text NOT NULL, n text NOT NULL);
         CREATE SCHEMA x; CREATE TABLE x.language (id int PRIMARY KEY);",
    );
}

#[test]
fn the_same_enum_name_in_two_schemas() {
    let module = |schema: &str, attribute: &str| {
        format!(
            "pub mod {schema} {{
                 pub mod sql_types {{ #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type({attribute}))] pub struct Status; }}
                 diesel::table! {{ use diesel::sql_types::*; use super::sql_types::Status; {schema}.t (id) {{ id -> Int4, s -> Status, }} }}
             }}"
        )
    };
    let schema = [
        &module("app", "name = \"status\", schema = \"app\""),
        &module("public", "name = \"status\""),
        "#[derive(diesel_derive_enum::DbEnum)] #[ExistingTypePath = \"crate::schema::public::sql_types::Status\"]
         pub enum Status { Open, Closed }",
    ]
    .concat();
    let config = "[print_schema.a]\nfile = \"src/schema.rs\"\nschema = \"app\"\n[print_schema.b]\nfile = \"src/schema.rs\"\n[print_schema.c]\nschema = \"other\"\n";
    let sql = "CREATE SCHEMA app; CREATE TYPE app.status AS ENUM ('draft', 'done'); CREATE TYPE status AS ENUM ('open', 'closed');
         CREATE TABLE app.t (id int PRIMARY KEY, s app.status NOT NULL); CREATE TABLE t (id int PRIMARY KEY, s status NOT NULL);
         CREATE SCHEMA other; CREATE TABLE other.x (id int PRIMARY KEY);";
    assert_eq!(
        found(&[("diesel.toml", config), ("src/schema.rs", &schema)], sql),
        Vec::<String>::new()
    );
}

#[test]
fn scattered_declarations_say_nothing_of_what_they_leave_out() {
    let files = [(
        "src/store.rs",
        "mod s { diesel::table! { t (id) { id -> Int4, } } }",
    )];
    let sql = "CREATE TABLE t (id int PRIMARY KEY, more int NOT NULL); CREATE TABLE u (id int PRIMARY KEY);";
    assert_eq!(found(&files, sql), ["note column-undeclared public.t.more"]);
}

#[test]
fn keys_between_two_tables_in_both_directions() {
    let schema = "diesel::table! { users (id) { id -> Int4, avatar -> Nullable<Int4>, } }
        diesel::table! { media (id) { id -> Int4, owner -> Int4, } }";
    let files = [
        ("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n"),
        ("src/schema.rs", schema),
    ];
    let sql = "CREATE TABLE users (id int PRIMARY KEY, avatar int);
        CREATE TABLE media (id int PRIMARY KEY, owner int NOT NULL REFERENCES users);
        ALTER TABLE users ADD FOREIGN KEY (avatar) REFERENCES media;";
    assert_eq!(found(&files, sql), Vec::<String>::new());
}
