//! What is offered can be done.

use super::support::help;

#[test]
fn nothing_is_offered_that_postgresql_refuses() {
    let schema = "diesel::table! { t (id) { id -> Nullable<Int8>, n -> Nullable<Int4>, } }";
    let sql = "CREATE TABLE t (id bigserial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);";
    assert_eq!(
        help(schema, sql),
        ["write `id -> Int8,`", "write `n -> Int4,`"]
    );
}

#[test]
fn views_are_replaced_not_altered() {
    let schema = "diesel::table! { v (id) { id -> Int8, gone -> Text, } }";
    let help = help(schema, "CREATE VIEW v AS SELECT 1 AS id, 2 AS more;");
    assert!(
        !help.iter().any(|line| line.contains("ALTER TABLE")),
        "{help:?}"
    );
    assert!(
        help.contains(&"if the database is right, write `id -> Int4,`".to_owned()),
        "{help:?}"
    );
}

#[test]
fn what_destroys_data_says_so() {
    let schema = "diesel::table! { t (id) { id -> Int4, a -> Int4, } }";
    let help = help(
        schema,
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int); CREATE TABLE u (id int PRIMARY KEY);",
    );
    for line in help.iter().filter(|line| {
        ["DROP", "drops", "TYPE"]
            .iter()
            .any(|word| line.contains(word))
    }) {
        assert!(
            line.contains("destroys its data") || line.contains("is lost"),
            "{line}"
        );
    }
    assert!(
        help.iter().any(|line| line.contains("DROP COLUMN")),
        "{help:?}"
    );
}
