//! Types of the same name.

use crate::support::declared;

/// Two schemas with a type of the same name.
fn two(file: &str) -> String {
    let module = |name: &str, postgres_type: &str| {
        format!(
            "pub mod {name} {{
                pub mod sql_types {{ #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type({postgres_type}))] pub struct Status; }}
                diesel::table! {{ use diesel::sql_types::*; use super::sql_types::Status; {name}.t (id) {{ id -> Int4, s -> Status }} }}
             }}\n"
        )
    };
    module("app", "name = \"status\", schema = \"app\"")
        + &module("other", "name = \"status\"")
        + file
}

#[rstest::rstest]
#[case("ExistingTypePath = \"crate::schema::other::sql_types::Status\"", None)]
#[case(
    "ExistingTypePath = \"crate::schema::app::sql_types::Status\"",
    Some("app")
)]
#[case("ExistingTypePath = \"self::other::sql_types::Status\"", None)]
#[case("ExistingTypePath = \"app::sql_types::Status\"", Some("app"))]
fn of_two_types_of_a_name_the_whole_path_tells(
    #[case] attribute: &str,
    #[case] schema: Option<&str>,
) {
    let text = two(&format!(
        "#[derive(diesel_derive_enum::DbEnum)] #[{attribute}] pub enum Status {{ Open }}"
    ));
    let found = declared(&[("src/schema.rs", &text)]);
    assert_eq!(found.enums.len(), 1);
    assert_eq!(found.enums[0].schema.as_deref(), schema);
}

#[test]
fn of_two_types_of_a_name_a_table_sees_the_one_beside_it() {
    let found = declared(&[("src/schema.rs", &two(""))]);
    let schemas: Vec<_> = found
        .tables
        .iter()
        .map(|table| &table.columns[1].data_type)
        .collect();
    let status = |schema: Option<&str>| diesel_drift::declared::Type::Known {
        schema: schema.map(str::to_owned),
        name: "status".into(),
    };
    assert_eq!(schemas, [&status(Some("app")), &status(None)]);
}

#[test]
fn of_two_types_of_a_name_a_module_sees_its_own() {
    let text = "pub mod a { #[derive(SqlType)] #[diesel(postgres_type(name = \"status\", schema = \"a\"))] pub struct Sql;
            #[derive(DbEnum)] #[ExistingTypePath = \"Sql\"] pub enum Status { A } }
        pub mod b { #[derive(SqlType)] #[diesel(postgres_type(name = \"status\", schema = \"b\"))] pub struct Sql;
            #[derive(DbEnum)] #[ExistingTypePath = \"super::a::Sql\"] pub enum OfA { A }
            fn f() { #[derive(DbEnum)] #[ExistingTypePath = \"self::Sql\"] pub enum InFunction { A } }
            impl ToSql<Sql, Pg> for Status { fn to_sql(&self) -> R { match self { Status::B => \"b\" } } } }
        diesel::table! { t { id -> Int4 } }";
    let found = declared(&[("src/schema.rs", text)]);
    let mut schemas: Vec<_> = found
        .enums
        .iter()
        .map(|found| (found.rust_name.as_str(), found.schema.as_deref()))
        .collect();
    schemas.sort_unstable();
    assert_eq!(
        schemas,
        [
            ("InFunction", Some("b")),
            ("OfA", Some("a")),
            ("Status", Some("a")),
            ("Status", Some("b")),
        ]
    );
}
