//! What tests are seen to touch.

use crate::support;
use diesel_drift::declared::{self, Exercise, SchemaSource, read};
use rstest::rstest;
use std::collections::BTreeSet;
use std::path::PathBuf;

const SCHEMA: &str = "
pub mod app { diesel::table! { app.users { id -> Int4 } } diesel::table! { app.posts { id -> Int4 } } diesel::table! { app.runs { id -> Int4 } } }
pub mod other { diesel::table! { other.runs { id -> Int4 } } }
";
const MODELS: &str = "
use crate::schema::app::{posts, users};
#[derive(Insertable)] #[diesel(table_name = users)] pub struct NewUser;
#[derive(Queryable, Selectable)] #[diesel(table_name = posts)] pub struct Post;
";

/// The tests in some files under `tests`.
fn exercises(files: &[(&str, &str)]) -> Vec<Exercise> {
    let all: Vec<(&str, &str)> = [("src/schema.rs", SCHEMA), ("src/models.rs", MODELS)]
        .into_iter()
        .chain(files.iter().copied())
        .collect();
    let project = support::project(&all);
    let schemas = [SchemaSource {
        path: project.path().join("src/schema.rs"),
        patch: None,
    }];
    let declared = read(project.path(), &schemas).unwrap().declared;
    let models = declared::models(project.path(), &schemas, &declared).unwrap();
    let directories = [PathBuf::from("tests")];
    declared::exercises(project.path(), &directories, &declared, &models.models).unwrap()
}

fn names(places: &BTreeSet<usize>) -> String {
    let names = ["users", "posts", "runs", "other.runs"];
    let names: Vec<&str> = places.iter().map(|place| names[*place]).collect();
    names.join(" ")
}

/// What the body of one test writes, and reads.
fn touched(imports: &str, body: &str) -> (String, String) {
    let text = format!("{imports}\n#[test] fn it_works() {{ {body} }}");
    let found = exercises(&[("tests/it.rs", &text)]);
    assert_eq!(found.len(), 1);
    (names(&found[0].writes), names(&found[0].reads))
}

#[rstest]
#[case(
    "use app::schema::app::users;",
    "diesel::insert_into(users::table).values(x);",
    "users",
    ""
)]
#[case(
    "use app::schema::app::users::dsl::*;",
    "insert_into(users).values(x);",
    "users",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "users::table.inner_join(app::schema::app::posts::table).load(c);",
    "",
    "users posts"
)]
#[case(
    "use app::schema::app::users;",
    "diesel::update(users::table.find(1)).set(x);",
    "users",
    ""
)]
#[case("use app::schema::app::posts::dsl::*;", "posts.load(c);", "", "posts")]
#[case("", "let posts = 1; f(posts);", "", "")]
#[case(
    "",
    "sql_query(\"INSERT INTO app.users (id) SELECT id FROM app.posts\");",
    "users",
    "posts"
)]
#[case(
    "",
    "sql_query(r#\"update \"app\".\"posts\" set id = 1\"#);",
    "posts",
    ""
)]
#[case(
    "",
    "run(\"DELETE FROM users USING x JOIN app.posts p ON true\");",
    "users",
    "posts"
)]
#[case(
    "use app::models::*;",
    "create(c, NewUser::new()); let p: Post = get(c);",
    "users",
    "posts"
)]
// Two tables are called so.
#[case("", "diesel::insert_into(runs::table);", "", "")]
#[case(
    "use app::schema::other::runs;",
    "diesel::insert_into(runs::table);",
    "other.runs",
    ""
)]
#[case(
    "use app::schema::app::*;",
    "diesel::insert_into(runs::table);",
    "runs",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "assert_eq!(vec![users::table.count()], [1]);",
    "",
    "users"
)]
fn a_test_touches_what_it_names(
    #[case] imports: &str,
    #[case] body: &str,
    #[case] writes: &str,
    #[case] reads: &str,
) {
    assert_eq!(
        touched(imports, body),
        (writes.to_owned(), reads.to_owned())
    );
}

#[test]
fn what_a_test_calls_is_its_own_and_of_several_none() {
    let helper = "use app::schema::app::users; pub fn a_user() { again(); diesel::insert_into(users::table); } fn again() { a_user(); }";
    let found = exercises(&[
        (
            "tests/a/main.rs",
            "mod help; #[tokio::test] async fn one() { help::a_user(); } #[rstest] fn none() { x.a_user(); Y::a_user(); }",
        ),
        ("tests/a/help.rs", helper),
        ("tests/b/main.rs", "#[test] fn two() { a_user(); }"),
        ("tests/b/x.rs", helper),
        ("tests/b/y.rs", helper),
    ]);
    let found: Vec<(&str, String)> = (found.iter())
        .map(|test| (test.name.as_str(), names(&test.writes)))
        .collect();
    assert_eq!(
        found,
        [
            ("one", "users".to_owned()),
            ("none", String::new()),
            ("two", String::new())
        ]
    );
}

#[test]
fn what_is_no_test_or_not_rust_is_none() {
    assert_eq!(
        exercises(&[
            ("tests/a.rs", "fn main() { x("),
            ("tests/b.rs", "fn main() {}")
        ]),
        []
    );
}
