//! `table!` and `joinable!`, one test for each bullet of the design's list of real projects.

use crate::support::{builtin, names, schema, table, try_read};

#[test]
fn every_path_to_the_macro() {
    let found = schema(
        "table! { a { id -> Integer } }
         diesel::table! { b { id -> Integer } }
         ::diesel::table! { c { id -> Integer } }
         diesel::prelude::table! { d { id -> Integer } }
         table!(e { id -> Integer });
         table![f { id -> Integer }];",
    );
    assert_eq!(names(&found), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn macros_in_modules_functions_and_impl_blocks() {
    let found = schema(
        "pub mod outer { pub mod inner { diesel::table! { a { id -> Integer } } } }
         fn function() { diesel::table! { b { id -> Integer } } }
         struct S;
         impl S { fn method() { if true { diesel::table! { c { id -> Integer } } } } }
         const _: () = { diesel::table! { d { id -> Integer } } };",
    );
    assert_eq!(names(&found), ["a", "b", "c", "d"]);
    let modules: Vec<_> = found
        .tables
        .iter()
        .map(|table| table.module.join("::"))
        .collect();
    assert_eq!(modules, ["outer::inner", "function", "method", ""]);
}

#[test]
fn macros_inside_other_macros_but_not_in_templates() {
    let found = schema(
        "macro_rules! make { ($name:ident) => { diesel::table! { $name { id -> Integer } } } }
         cfg_if::cfg_if! {
             if #[cfg(feature = \"sqlite\")] { diesel::table! { a { id -> Integer } } }
             else if #[cfg(feature = \"postgres\")] { diesel::table! { b { id -> Integer } } }
             else { diesel::table! { c { id -> Integer } } }
         }
         only_postgres! { diesel::table! { d { id -> Integer } } }
         fn f() { quote! { diesel::table! { e { id -> Integer } } } }
         generate! { diesel::table! { #name { id -> Integer } } }",
    );
    assert_eq!(names(&found), ["b", "d"]);
}

#[test]
fn the_macro_of_another_crate_is_not_diesels() {
    let found = schema(
        "use prettytable::{row, table};
         fn f() { table!([\"a\", \"b\"], [1, 2]); prettytable::table!([1]); }
         mod m { fn g() { table!([1]); } }
         diesel::table! { a { id -> Integer } }",
    );
    assert_eq!(names(&found), ["a"]);
}

#[test]
fn tests_and_other_backends_declare_nothing() {
    let found = schema(
        "#[cfg(test)] mod tests { diesel::table! { a { id -> Integer } } }
         #[cfg(test)] diesel::table! { b { id -> Integer } }
         #[cfg(feature = \"sqlite\")] pub mod sqlite { diesel::table! { c { id -> Integer } } }
         #[cfg(mysql)] diesel::table! { d { id -> Integer } }
         #[cfg(not(feature = \"postgres\"))] diesel::table! { e { id -> Integer } }
         #[cfg(postgresql)] diesel::table! { f { id -> Integer } }
         #[cfg(feature = \"full\")] diesel::table! { g { id -> Integer } }
         fn h() { #[cfg(test)] diesel::table! { h { id -> Integer } } }
         diesel::table! { #[cfg(mysql)] i { id -> Integer } }
         diesel::table! { j { id -> Integer, #[cfg(sqlite)] k -> Integer, l -> Bool } }",
    );
    assert_eq!(names(&found), ["f", "g", "j"]);
    assert_eq!(found.tables[2].columns.len(), 2);
}

#[test]
fn one_table_for_either_build_is_no_duplicate() {
    let found = schema(
        "#[cfg(feature = \"old\")] diesel::table! { a { id -> Integer } }
         #[cfg(not(feature = \"old\"))] diesel::table! { a { id -> BigInt } }",
    );
    assert_eq!(names(&found), ["a", "a"]);
}

#[test]
fn a_schema_before_the_table() {
    let found = table("diesel::table! { cwom.repos (id) { id -> Uuid } }");
    assert_eq!(found.schema.as_deref(), Some("cwom"));
    assert_eq!(found.name, "repos");
    let raw = table("diesel::table! { r#type.r#match (id) { id -> Uuid } }");
    assert_eq!(raw.schema.as_deref(), Some("type"));
    assert_eq!(
        (raw.name.as_str(), raw.rust_name.as_str()),
        ("match", "match")
    );
    assert_eq!(table("diesel::table! { a { id -> Uuid } }").schema, None);
}

#[test]
fn the_implicit_primary_key_is_id() {
    let found = table("table! { users { name -> Text, id -> Integer } }");
    assert_eq!(found.primary_key, ["id"]);
    assert_eq!(found.primary_key_span, found.span);
    let renamed = table("table! { users { #[sql_name = \"ID\"] id -> Integer } }");
    assert_eq!(renamed.primary_key, ["ID"]);
}

#[test]
fn composite_keys_in_their_order() {
    let text = "table! { t (b, a,) { a -> Integer, b -> Integer } }";
    let found = table(text);
    assert_eq!(found.primary_key, ["b", "a"]);
    let span = found.primary_key_span;
    assert_eq!(&text[span.start..span.end], "b, a");
}

#[test]
fn a_key_names_the_rust_identifier_not_the_sql_name() {
    let found =
        table("table! { t (type_, r#in) { #[sql_name = \"type\"] type_ -> Text, r#in -> Text } }");
    assert_eq!(found.primary_key, ["type", "in"]);
    assert_eq!(found.columns[0].rust_name, "type_");
    assert_eq!(found.columns[1].rust_name, "in");
}

#[test]
fn sql_names_of_columns_and_of_tables() {
    let found = table(
        "table! {
            #[sql_name = \"Odd name\"]
            odd_name (id) { #[sql_name = \"the \\\"id\\\"\"] id -> Integer, #[sql_name = \"r#x\"] y -> Text }
         }",
    );
    assert_eq!(found.name, "Odd name");
    assert_eq!(found.rust_name, "odd_name");
    assert_eq!(found.columns[0].name, "the \"id\"");
    assert_eq!(found.columns[1].name, "x");
}

#[test]
fn max_length() {
    let found = table(
        "table! { t { id -> Integer, #[max_length = 255] a -> Varchar, #[max_length = 2_0u32] b -> Nullable<Bpchar>, c -> Varchar } }",
    );
    let lengths: Vec<_> = found
        .columns
        .iter()
        .map(|column| column.max_length)
        .collect();
    assert_eq!(lengths, [None, Some(255), Some(20), None]);
}

#[test]
fn use_lines_doc_comments_and_line_comments() {
    let found = table(
        "table! {
            // before
            use diesel::sql_types::*;
            use crate::types::{A, B as C};

            /// What users are.
            #[doc = \"more\"]
            #[allow(missing_docs)]
            users (id) { // after
                /// The `id` column.
                id -> Integer,
                /* a -> Text, */
                /// Doc
                #[max_length = 3]
                /// again
                #[sql_name = \"n\"]
                name -> Nullable<Varchar>,
            }
         }",
    );
    assert_eq!(found.name, "users");
    let names: Vec<_> = found
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["id", "n"]);
    assert_eq!(found.columns[1].max_length, Some(3));
    assert!(found.columns[1].nullable);
}

#[test]
fn views_and_tables_of_pg_catalog() {
    let found = schema(
        "table! { user_counts (user_id) { user_id -> BigInt, count -> Nullable<BigInt> } }
         table! { pg_catalog.pg_class (oid) { oid -> Oid, relname -> Text, relkind -> CChar } }",
    );
    assert_eq!(found.tables[1].schema.as_deref(), Some("pg_catalog"));
    assert_eq!(found.tables[1].columns[0].data_type, builtin("oid"));
    assert_eq!(found.tables[1].columns[2].data_type, builtin("char"));
}

#[test]
fn one_table_in_several_files_and_modules_is_kept_as_often() {
    let one = "diesel::table! { users { id -> Integer } }";
    let two = "mod a { diesel::table! { users { id -> Integer } } } mod b { diesel::table! { users { id -> BigInt } } }";
    let found = try_read(
        &[("src/one.rs", one), ("src/two.rs", two)],
        &["src/one.rs", "src/two.rs"],
    )
    .unwrap()
    .declared;
    assert_eq!(names(&found), ["users"; 3]);
    let files: Vec<_> = found.tables.iter().map(|table| &table.span.file).collect();
    assert_eq!(files[0].to_str(), Some("src/one.rs"));
    assert_eq!(files[2].to_str(), Some("src/two.rs"));
}

#[test]
fn a_type_over_several_lines_is_shown_in_one() {
    let found = table(
        "table! { t { id -> Int4,\n a -> Nullable<\n /* x */ Text // y\n >,\r\n b -> my::Pair<\n\tText,\n Int4,\n>, c -> Nullable < Text > } }",
    );
    let types: Vec<_> = found
        .columns
        .iter()
        .map(|column| column.type_text.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "Int4",
            "Nullable<Text>",
            "my::Pair<Text, Int4>",
            "Nullable < Text >"
        ]
    );
}

#[test]
fn what_does_not_concern_tables_is_passed_over() {
    let found = schema(
        "#![allow(clippy::all)]
         // @generated automatically by Diesel CLI.
         use diesel::{table, joinable};
         diesel::allow_tables_to_appear_in_same_query!(a, b,);
         allow_columns_to_appear_in_same_group_by_clause!(a::x, a::y);
         table! { a { id -> Integer } }",
    );
    assert_eq!(names(&found), ["a"]);
}

#[test]
fn spans_are_those_of_the_text_on_disk() {
    let body = "/* č🦀 */ diesel::table! {\r\n\t/// Ünïcode\r\n\tusers (id) {\r\n\t\tid -> Integer, /* ß */ name -> diesel::sql_types::Nullable < Text >,\r\n\t}\r\n}\r\n";
    for head in ["", "\u{feff}", "#!/usr/bin/env rust\r\n", "// ℝ\r\n"] {
        let text = format!("{head}{body}");
        let found = schema(&text);
        let table = &found.tables[0];
        let column = &table.columns[1];
        let slice =
            |span: &diesel_drift::declared::Span| &found.sources[&span.file][span.start..span.end];
        assert_eq!(slice(&table.span), "users");
        assert_eq!(slice(&column.span), "name");
        assert_eq!(
            slice(&column.type_span),
            "diesel::sql_types::Nullable < Text >"
        );
        assert_eq!(column.type_text, "diesel::sql_types::Nullable < Text >");
        assert_eq!(found.sources[&table.span.file], text);
        let lines = head
            .lines()
            .count()
            .saturating_sub(usize::from(head == "\u{feff}"));
        assert_eq!((table.span.line, table.span.column), (3 + lines, 2));
        assert_eq!((column.span.line, column.span.column), (4 + lines, 26));
    }
}

#[test]
fn a_view_of_diesels_next_version_has_no_key() {
    let found = schema(
        "diesel::view! { use diesel::sql_types::*; app.user_counts { name -> Text, id -> Int4 } }
         view! { <div class=\"a\">{move || name}</div> }
         mod m { view! { nothing { id -> Int4 } } }",
    );
    assert_eq!(names(&found), ["user_counts"]);
    assert_eq!(found.tables[0].primary_key, [""; 0]);
    assert_eq!(found.tables[0].schema.as_deref(), Some("app"));
}

#[test]
fn a_sql_name_with_the_schema_as_diesel_cli_writes_it() {
    let found = schema(
        "table! { #[sql_name = \"my-app.odd table\"] my_app.odd_table (id) { id -> Int4 } }
         table! { #[sql_name = \"app.self\"] app.self_ (id) { id -> Int4 } }
         table! { #[sql_name = \"v1.2\"] v1_2 (id) { id -> Int4 } }
         table! { #[sql_name = \"v1.2\"] app.v1_3 (id) { id -> Int4 } }",
    );
    let found: Vec<_> = found
        .tables
        .iter()
        .map(|table| (table.schema.as_deref(), table.name.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Some("my-app"), "odd table"),
            (Some("app"), "self"),
            (None, "v1.2"),
            (Some("app"), "v1.2")
        ]
    );
}
