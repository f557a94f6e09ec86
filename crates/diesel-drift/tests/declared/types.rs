//! Types of columns.

use diesel_drift::declared::{Declared, Type};

use crate::support::{builtin, custom, declared, names, schema, table, unknown};

/// The types of the first table's columns after `id`.
fn types(found: &Declared) -> Vec<Type> {
    let columns = found.tables[0].columns.iter().skip(1);
    columns.map(|column| column.data_type.clone()).collect()
}

fn array(element: Type, nullable: bool) -> Type {
    Type::Array {
        element: Box::new(element),
        nullable,
    }
}

#[test]
fn diesels_aliases_are_one_type() {
    for (names, canonical) in [
        (
            &["Text", "VarChar", "Varchar", "Bpchar", "Char"][..],
            "text",
        ),
        (&["Integer", "Int4", "Serial"], "int4"),
        (&["BigInt", "Bigint", "Int8", "BigSerial"], "int8"),
        (&["SmallInt", "Smallint", "Int2", "SmallSerial"], "int2"),
        (&["Binary", "Bytea"], "bytea"),
        (&["Double", "Float8"], "float8"),
        (&["Float", "Float4"], "float4"),
        (&["Numeric", "Decimal"], "numeric"),
        (&["Range<Integer>", "Range<Int4>", "Int4range"], "int4range"),
        (&["Range<Timestamptz>", "Tstzrange"], "tstzrange"),
        (&["Multirange<Date>", "Datemultirange"], "datemultirange"),
        (&["MacAddr", "Macaddr"], "macaddr"),
    ] {
        for name in names {
            let found = table(&format!("table! {{ t {{ id -> {name} }} }}"));
            assert_eq!(found.columns[0].data_type, builtin(canonical), "{name}");
        }
    }
}

#[test]
fn nullable_and_arrays_in_every_combination() {
    let found = table(
        "table! { t { id -> Integer, a -> Nullable<Text>, b -> Nullable<Nullable<Text>>, c -> Array<Text>,
            d -> Array<Nullable<Text>>, e -> Nullable<Array<Nullable<Int4>>>, f -> Array<Array<Bool>> } }",
    );
    let columns: Vec<_> = found.columns[1..]
        .iter()
        .map(|column| (column.nullable, column.data_type.clone()))
        .collect();
    assert_eq!(
        columns,
        [
            (true, builtin("text")),
            (true, builtin("text")),
            (false, array(builtin("text"), false)),
            (false, array(builtin("text"), true)),
            (true, array(builtin("int4"), true)),
            (false, array(array(builtin("bool"), false), false)),
        ]
    );
}

#[test]
fn what_cannot_be_told_is_unknown() {
    let found = schema(
        "table! { use diesel::sql_types::*; use diesel_full_text_search::Tsvector; use postgis_diesel::sql_types::Geometry as G;
            t { id -> Integer, a -> Tsvector, b -> Nullable<G>, c -> Array<Tsvector>, d -> Record<(Text, Integer)>, e -> Range<Text>,
                f -> NoSuchType, g -> other::Text, h -> Bit, i -> TEXT } }",
    );
    assert_eq!(
        types(&found),
        [
            unknown("Tsvector"),
            unknown("G"),
            array(unknown("Tsvector"), false),
            unknown("Record"),
            unknown("Range"),
            unknown("NoSuchType"),
            unknown("Text"),
            unknown("Bit"),
            unknown("TEXT"),
        ]
    );
    assert!(found.tables[0].columns[2].nullable);
}

#[test]
fn citext_is_wherever_its_extension_is() {
    assert_eq!(
        table("table! { t { id -> Citext } }").columns[0].data_type,
        custom("citext")
    );
}

#[test]
fn types_by_path_and_by_renamed_import() {
    let found = schema(
        "use diesel::sql_types;
         table! {
            use diesel::sql_types::{Integer, Text as T, Nullable as N, self as st};
            use super::sql_types as outer;
            t { id -> Integer, a -> diesel::sql_types::Uuid, b -> ::diesel::pg::sql_types::Inet, c -> T, d -> N<T>, e -> st::Date,
                f -> outer::Bool }
         }",
    );
    let expected = ["uuid", "inet", "text", "text", "date", "bool"].map(builtin);
    assert_eq!(types(&found), expected);
    assert!(found.tables[0].columns[4].nullable);
}

const SQL_TYPES: &str = "pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = \"mood\", schema = \"my app\"))]
    pub struct Mood;
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(oid = 3614, array_oid = 3643))]
    pub struct Tsvector;
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(oid = 4242, array_oid = 4243))]
    pub struct Odd;
}";

fn mood() -> Type {
    Type::Known {
        schema: Some("my app".into()),
        name: "mood".into(),
    }
}

#[test]
fn custom_types_as_diesel_cli_prints_them() {
    let found = schema(&format!(
        "{SQL_TYPES}
         diesel::table! {{
            use diesel::sql_types::*;
            use super::sql_types::Mood;
            use super::sql_types::{{Tsvector, Odd}};
            t (id) {{ id -> Int4, a -> Nullable<Mood>, b -> Array<Nullable<Mood>>, c -> Tsvector, d -> Odd }}
         }}"
    ));
    assert_eq!(
        types(&found),
        [
            mood(),
            array(mood(), true),
            builtin("tsvector"),
            unknown("Odd")
        ]
    );
    let found: Vec<_> = found
        .sql_types
        .iter()
        .map(|found| {
            (
                found.rust_name.as_str(),
                found.schema.as_deref(),
                found.name.as_str(),
            )
        })
        .collect();
    assert_eq!(found, [("Mood", Some("my app"), "mood")]);
}

#[test]
fn custom_types_by_every_path() {
    for uses in [
        "use crate::schema::sql_types::Mood;",
        "use super::sql_types::*;",
        "use crate::schema::sql_types::{self, *};",
        "use super::sql_types::Mood as Mood;",
        "use my_app::schema::sql_types::Mood;",
        "use super::*;",
    ] {
        let found = declared(&[
            (
                "src/schema.rs",
                &format!(
                    "{SQL_TYPES} diesel::table! {{ use diesel::sql_types::*; {uses} t {{ id -> Int4, a -> Mood }} }}"
                ),
            ),
            ("Cargo.toml", "[package]\nname = \"my-app\""),
        ]);
        assert_eq!(types(&found), [mood()], "{uses}");
    }
    for ty in [
        "super::sql_types::Mood",
        "crate::schema::sql_types::Mood",
        "s::Mood",
    ] {
        let found = schema(&format!(
            "{SQL_TYPES} diesel::table! {{ use diesel::sql_types::*; use super::sql_types as s; t {{ id -> Int4, a -> {ty} }} }}"
        ));
        assert_eq!(types(&found), [mood()], "{ty}");
    }
}

#[test]
fn a_type_of_the_project_hides_diesels_only_where_it_is_imported() {
    let own = "pub mod own { #[derive(SqlType)] #[diesel(postgres_type(name = \"my_text\"))] pub struct Text; }";
    let found = schema(&format!("{own} table! {{ t {{ id -> Int4, a -> Text }} }}"));
    assert_eq!(types(&found), [builtin("text")]);
    let found = schema(&format!(
        "{own} table! {{ use diesel::sql_types::*; use super::own::Text; t {{ id -> Int4, a -> Text }} }}"
    ));
    assert_eq!(types(&found), [custom("my_text")]);
}

#[test]
fn types_and_aliases_in_other_files() {
    let found = declared(&[
        (
            "src/schema.rs",
            "table! { use diesel::sql_types::*; use crate::types::{Mood, Name, MaybeName, Lexemes};
                t { id -> Int4, a -> Mood, b -> Name, c -> MaybeName, d -> Lexemes } }",
        ),
        (
            "src/types/mod.rs",
            "use diesel::sql_types::{Nullable, SqlType, Text};
             pub use full_text::Lexemes;
             #[derive(SqlType)] #[postgres(type_name = \"mood\")] pub struct Mood;
             pub type Name = Text;
             pub type MaybeName = Nullable<Name>;",
        ),
    ]);
    assert_eq!(
        types(&found),
        [
            custom("mood"),
            builtin("text"),
            builtin("text"),
            unknown("Lexemes")
        ]
    );
    assert!(found.tables[0].columns[3].nullable);
    assert_eq!(found.sql_types.len(), 1);
    assert_eq!(
        found.sql_types[0].span.file.to_str(),
        Some("src/types/mod.rs")
    );
    assert!(found.sources.contains_key(&found.sql_types[0].span.file));
}

#[test]
fn a_prelude_that_hands_types_on() {
    let found = declared(&[
        (
            "src/schema.rs",
            "table! { use crate::prelude::*; t { id -> Int4, a -> Mood, b -> Text } }",
        ),
        (
            "src/prelude.rs",
            "pub use crate::types::Mood; pub use diesel::sql_types::*;",
        ),
        (
            "src/types.rs",
            "#[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"mood\"))] pub struct Mood;",
        ),
    ]);
    assert_eq!(types(&found), [custom("mood"), builtin("text")]);
}

#[test]
fn types_of_one_name_that_differ_are_told_apart_or_unknown() {
    let named = |name: &str| {
        format!(
            "#[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"{name}\"))] pub struct Mood;"
        )
    };
    let files = |uses: &str| {
        declared(&[
            (
                "src/schema.rs",
                &format!(
                    "table! {{ use diesel::sql_types::*; {uses} t {{ id -> Int4, a -> Mood }} }}"
                ),
            ),
            ("src/one.rs", &named("one")),
            ("src/two.rs", &named("two")),
        ])
    };
    assert_eq!(types(&files("use crate::one::Mood;")), [custom("one")]);
    assert_eq!(types(&files("use crate::two::Mood;")), [custom("two")]);
    assert_eq!(types(&files("use crate::Mood;")), [unknown("Mood")]);
}

#[test]
fn circular_aliases_come_to_an_end() {
    let found = schema(
        "pub type A = B; pub type B = A; pub mod m { pub use super::m2::C; } pub mod m2 { pub use super::m::C; }
         table! { use diesel::sql_types::*; use super::{A, m::C}; t { id -> Int4, a -> A, b -> C } }",
    );
    let all_unknown = types(&found)
        .iter()
        .all(|ty| matches!(ty, Type::Unknown { .. }));
    assert!(all_unknown);
}

#[test]
fn types_that_no_table_and_no_schema_file_has_are_left_out() {
    let found = declared(&[
        ("src/schema.rs", "table! { t { id -> Int4 } }"),
        (
            "src/other.rs",
            "#[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"mood\"))] pub struct Mood;
             #[derive(diesel_derive_enum::DbEnum)] pub enum Color { Red }",
        ),
    ]);
    assert_eq!(names(&found), ["t"]);
    assert_eq!(found.sql_types, []);
    assert_eq!(found.enums, []);
    assert_eq!(found.sources.len(), 1);
}
