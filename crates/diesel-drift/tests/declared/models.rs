//! Row types, in the shapes that public projects have.

use crate::support;
use diesel_drift::declared::{Derive, Model, Models};
use rstest::rstest;

const SCHEMA: &str = r#"
diesel::table! { users { id -> Int4, name -> Text, #[sql_name = "type"] type_ -> Nullable<Text>, path -> Text } }
diesel::table! { posts { id -> Int4, user_id -> Int4 } }
"#;

/// The row types of one file beside `src/schema.rs`.
fn read(text: &str) -> Models {
    let files = [
        ("Cargo.toml", "[package]\nname = \"app\""),
        ("src/schema.rs", SCHEMA),
        ("src/models.rs", text),
    ];
    support::models(&files, &["src/schema.rs"]).1
}

fn one(text: &str) -> Model {
    let mut models = read(text).models;
    assert_eq!(models.len(), 1, "{models:?}");
    models.remove(0)
}

/// `name: type` of every field, with what is known of nulls.
fn fields(model: &Model) -> Vec<String> {
    let of = |field: &diesel_drift::declared::Field| {
        let null = match field.nullable {
            Some(true) => " null",
            Some(false) => " not null",
            None => "",
        };
        let column = field.column.as_deref().unwrap_or("-");
        format!("{column}: {}{null}", field.type_text)
    };
    model.fields.iter().map(of).collect()
}

/// What `table_name` leads to; `?` where it is not known.
fn table(imports: &str, path: &str) -> String {
    let model = one(&format!(
        "{imports}\n#[derive(Queryable)] #[diesel(table_name = {path})] struct X {{ id: i32 }}"
    ));
    let names = ["users", "posts"];
    model
        .table
        .map_or("?".to_owned(), |place| names[place].to_owned())
}

#[rstest]
#[case("use crate::schema::users;", "users")]
#[case("use crate::schema::{posts, users};", "users")]
#[case("use crate::schema::users as u;", "u")]
#[case("use crate::schema;", "schema::users")]
#[case("use super::schema;", "schema::users")]
#[case("use crate::schema::*;", "users")]
#[case("use crate::schema::{*, posts};", "users")]
#[case("use crate::schema::users::{self, id};", "users")]
#[case("use app::schema::users;", "users")]
#[case("use diesel::prelude::*; use super::schema::*;", "users")]
#[case("", "crate::schema::users")]
#[case("", "crate::schema::r#users")]
#[case("use crate::schema::users;", "\"users\"")]
// Handed on from elsewhere: there is one table of that name.
#[case("use crate::prelude::*;", "users")]
#[case("use crate::prelude::users;", "users")]
fn a_table_is_found_as_rustc_would(#[case] imports: &str, #[case] path: &str) {
    assert_eq!(table(imports, path), "users");
}

#[rstest]
#[case("use crate::schema::users as posts;", "posts", "users")]
#[case("use other::schema::users;", "users", "?")]
#[case("", "other::schema::users", "?")]
#[case("use crate::schema::comments;", "comments", "?")]
fn a_name_that_is_another_thing_is_not_guessed(
    #[case] imports: &str,
    #[case] path: &str,
    #[case] expected: &str,
) {
    assert_eq!(table(imports, path), expected);
}

/// As crates.io has it: the table's name is Diesel's own, `HasQuery`, several attributes in one.
#[test]
fn without_a_name_the_table_is_diesels() {
    let model = one("use crate::schema::{posts, users};
         #[derive(Clone, Identifiable, Associations, Debug, HasQuery)]
         #[diesel(belongs_to(User), belongs_to(crate::models::Other, foreign_key=id))]
         pub struct Post { pub id: i32, user_id: i32 }");
    assert_eq!(model.table, Some(1));
    assert_eq!(
        model.table_path.as_deref(),
        Some(["crate", "schema", "posts"].map(str::to_owned).as_slice())
    );
    assert_eq!(
        model.derives,
        [Derive::HasQuery, Derive::Identifiable, Derive::Associations]
    );
    let loose = one("#[derive(Queryable)] struct User { id: i32 }");
    assert_eq!((loose.table_path, loose.table), (None, None));
}

/// As lemmy has it: everything under a feature, and a field that another type stands for without it.
#[test]
fn a_feature_is_assumed_where_the_derives_need_it() {
    let model = one(r#"
        #[cfg(feature = "full")]
        use { crate::newtypes::LtreeDef, app::schema::users };
        #[derive(Clone, Debug)]
        #[cfg_attr(
          feature = "full",
          derive(Queryable, Selectable,
                 Identifiable, CursorKeysModule)
        )]
        #[cfg_attr(feature = "full", diesel(table_name = users))]
        #[cfg_attr(feature = "full", diesel(check_for_backend(diesel::pg::Pg)))]
        #[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
        pub struct User {
          pub id: PersonId,
          /// Whether.
          name: String,
          #[cfg(feature = "full")]
          #[cfg_attr(feature = "full", diesel(column_name = "type_"))]
          pub path: Option<Ltree>,
          #[cfg(not(feature = "full"))]
          pub path: String,
          #[cfg(feature = "other")]
          pub other: Vec<u8>,
          #[cfg(test)]
          tested: i32,
        }"#);
    assert_eq!(model.table, Some(0));
    assert!(model.conditional);
    assert_eq!(
        fields(&model),
        [
            "id: PersonId",
            "name: String not null",
            "type_: Option<Ltree> null",
            "other: Vec<u8> not null"
        ]
    );
    let conditional: Vec<bool> = (model.fields.iter())
        .map(|field| field.conditional)
        .collect();
    assert_eq!(conditional, [false, false, false, true]);
}

#[test]
fn a_field_is_what_its_attributes_say() {
    let model = one(r#"
        #[derive(Queryable, Insertable)]
        #[diesel(table_name = crate::schema::users)]
        struct User<'a, T> {
            id: T,
            name: &'a str,
            r#type: std::option::Option<
                std::borrow::Cow<'a, str>,
            >,
            #[diesel(embed)] rest: Rest,
            #[diesel(select_expression = a.eq(b), select_expression_type = dsl::Eq<a, b>)] is: bool,
            #[diesel(deserialize_as = Option<HashMap<String, i32>>, column_name = path)] way: String,
            #[diesel(skip_insertion)] kept: bool,
        }"#);
    assert!(model.is_generic && !model.is_tuple);
    assert_eq!(
        fields(&model),
        [
            "id: T",
            "name: &'a str not null",
            "type: std::option::Option<std::borrow::Cow<'a, str>> null",
            "-: Rest",
            "-: bool not null",
            "path: String",
            "kept: bool not null",
        ]
    );
    assert!(model.fields[3].embed && model.fields[4].is_expression && model.fields[6].is_skipped);
    assert!(model.fields[5].read_as.is_some());
    let span = &model.fields[2].span;
    assert_eq!((span.line, span.column), (7, 13));
}

#[test]
fn diesel_1_tuples_and_several_tables_are_read() {
    let old = one(
        "#[derive(Queryable)] #[table_name = \"users\"] struct U(i32, #[column_name = \"name\"] String);",
    );
    assert_eq!(old.table, Some(0));
    assert!(old.is_tuple);
    assert_eq!(fields(&old), ["-: i32 not null", "name: String not null"]);
    let several = read(
        "use crate::schema::*; #[derive(Insertable)]
         #[diesel(table_name = users)] #[diesel(table_name = posts)] struct X { id: i32 }",
    );
    let places: Vec<_> = several.models.iter().map(|model| model.table).collect();
    assert_eq!(places, [Some(0), Some(1)]);
}

#[test]
fn what_is_not_diesels_is_no_row_type() {
    let found = read(
        "use other::Queryable; #[derive(Queryable, serde::Insertable)] struct A;
         #[derive(Clone)] struct B; #[cfg(test)] mod tests { #[derive(Insertable)] struct C; }
         #[cfg_attr(feature = \"sqlite\", derive(Selectable))] struct D;
         #[cfg(feature = \"mysql\")] #[derive(Insertable)] struct E;",
    );
    assert_eq!(found.models, []);
    let named = read("use diesel::prelude::Insertable as In; #[derive(In)] struct Users;");
    assert_eq!(named.models[0].derives, [Derive::Insertable]);
}

/// As vaultwarden has it.
#[test]
fn a_macro_around_row_types_is_looked_into() {
    let model = one(
        "use crate::schema::users;
         db_object! { #[derive(Identifiable, Queryable)] #[diesel(table_name = users)] pub struct User { pub id: i32 } }",
    );
    assert_eq!((model.rust_name.as_str(), model.table), ("User", Some(0)));
}

#[test]
fn a_module_sees_what_the_one_around_imports() {
    let model = one(
        "use crate::schema::posts; mod inner { use super::*; #[derive(Insertable)] #[diesel(table_name = posts)] struct New { user_id: i32 } }",
    );
    assert_eq!(model.table, Some(1));
    assert_eq!(model.module, ["inner"]);
}

/// Two packages with a table of the same name each.
#[test]
fn each_package_has_its_own_tables() {
    let users = "diesel::table! { users { id -> Int4 } }";
    let model =
        "use crate::schema::users; #[derive(Insertable)] #[diesel(table_name = users)] struct New;";
    let files = [
        ("a/Cargo.toml", "[package]\nname = \"a\""),
        ("b/Cargo.toml", "[package]\nname = \"b\""),
        ("c/Cargo.toml", "[package]\nname = \"c\""),
        ("a/src/schema.rs", users),
        ("b/src/schema.rs", users),
        ("a/src/models.rs", model),
        ("b/src/models.rs", model),
        ("c/src/models.rs", model),
    ];
    let (declared, found) = support::models(&files, &["a/src/schema.rs", "b/src/schema.rs"]);
    let files: Vec<_> = (found.models.iter())
        .map(|model| {
            let table = model.table_in(&declared)?;
            table.span.file.to_str().map(str::to_owned)
        })
        .collect();
    let expected = ["a/src/schema.rs", "b/src/schema.rs"].map(|file| Some(file.to_owned()));
    assert_eq!(files[..2], expected);
    assert_eq!(files[2], None);
}

#[test]
fn a_file_that_is_not_rust_is_a_notice() {
    let found = read("#[derive(Queryable)] struct X {");
    assert_eq!(found.models, []);
    assert!(
        found.notices[0].starts_with("src/models.rs:1:") && found.notices[0].contains("Row types"),
        "{:?}",
        found.notices
    );
}

#[test]
fn a_column_is_found_by_its_identifier() {
    let text =
        "use crate::schema::users; #[derive(Queryable, Selectable)] #[diesel(table_name = users)]
                struct User { id: i32, #[diesel(column_name = type_)] kind: Option<String> }";
    let files = [("src/schema.rs", SCHEMA), ("src/user.rs", text)];
    let (declared, found) = support::models(&files, &["src/schema.rs"]);
    let model = &found.models[0];
    let column = model.fields[1].column_in(model.table_in(&declared).unwrap());
    assert_eq!(column.unwrap().name, "type");
    assert!(
        found
            .sources
            .contains_key(std::path::Path::new("src/user.rs"))
    );
}
