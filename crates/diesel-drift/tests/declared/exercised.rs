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
// Nobody has read it.
#[case("use app::models::*;", "let p = Post { id: 1 };", "", "")]
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
// What is never run.
#[case(
    "use app::schema::app::users;",
    "return; insert_into(users::table);",
    "",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "if false { insert_into(users::table); }",
    "",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "#[cfg(any())] { insert_into(users::table); }",
    "",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "todo!(); insert_into(users::table);",
    "",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "fn unused() { insert_into(users::table); }",
    "",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "fn used() { insert_into(users::table); } used();",
    "users",
    ""
)]
#[case(
    "use app::schema::app::users;",
    "#[cfg(feature = \"full\")] insert_into(users::table);",
    "users",
    ""
)]
// Words of sentences.
#[case(
    "",
    "x.expect(\"select it from app.users\"); f(\"taken from posts\");",
    "",
    ""
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

/// Methods are found by the type of the value, where the source says it.
#[test]
fn methods_are_followed_where_the_type_is_known() {
    let builders = "
        use crate::schema::app::{posts, users};
        pub struct Builder;
        impl Builder {
            pub fn new() -> Self { Self }
            pub fn named(self) -> Self { self }
            pub fn build(self) -> Result<Made, Error> { self.save() }
            fn save(self) { insert_into(users::table); }
        }
        pub struct Made;
        impl Made { pub fn posts(&self) { posts::table.load(c); } }
        pub struct Other;
        impl Other { fn build(self) { insert_into(posts::table); } fn only_of_other(&self) { insert_into(users::table); } }
        pub trait Saves { fn saved(&self) { insert_into(posts::table); } }
        impl Saves for Made {}
        impl Made { insert!(users, NewUser); find_by!(posts, find_by_name); }
    ";
    let tests = "
        use app::builders::{Builder, Made};
        #[test] fn chain() { Builder::new().named().build(c).unwrap(); }
        #[test] fn variable() { let made = Builder::new().build(c).await?; made.posts(); }
        #[test] fn said() { let made: Made = make(); made.saved(); }
        #[test] fn unknown() { let x = make(); x.build(); }
        #[test] fn only() { make().only_of_other(); }
        #[test] fn macros() { Made::insert(c, x); Made::find_by_name(c); }
        #[test] fn parameter() { with(make()); }
        fn with(made: &Made) { made.posts(); }
        #[test] fn foreign() { Vec::new().build(); String::new().save(); }
    ";
    let found = exercises(&[("src/builders.rs", builders), ("tests/it.rs", tests)]);
    let found: Vec<(&str, String, String)> = (found.iter())
        .map(|test| (test.name.as_str(), names(&test.writes), names(&test.reads)))
        .collect();
    let expected = [
        ("chain", "users", ""),
        ("variable", "users", "posts"),
        ("said", "posts", ""),
        ("unknown", "", ""),
        ("only", "users", ""),
        ("macros", "users", "posts"),
        ("parameter", "", "posts"),
        ("foreign", "", ""),
    ];
    let expected: Vec<(&str, String, String)> = (expected.iter())
        .map(|(name, writes, reads)| (*name, (*writes).to_owned(), (*reads).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_in_no_build_is_no_test() {
    let test = "use app::schema::app::users; #[test] fn it() { insert_into(users::table); }";
    let found = exercises(&[
        ("Cargo.toml", "[package]\nname = \"app\""),
        (
            "src/lib.rs",
            "mod schema; mod models; #[cfg(test)] mod here;",
        ),
        ("src/here.rs", test),
        (
            "tests/a.rs",
            "#[cfg(any())] mod old; mod common; #[cfg(test)] mod kept;",
        ),
        ("tests/old/mod.rs", test),
        ("tests/kept/mod.rs", test),
        ("tests/forgotten/x.rs", test),
        (
            "tests/common/mod.rs",
            "#[test] #[cfg(any())] fn never() {} #[cfg(any())] mod x { #[test] fn x() {} }",
        ),
    ]);
    let files: Vec<String> = (found.iter())
        .map(|test| test.span.file.display().to_string())
        .collect();
    assert_eq!(files, ["tests/kept/mod.rs"]);
}

/// `tests/common/mod.rs`, and helpers that the library has for tests.
#[test]
fn helpers_may_be_anywhere_in_the_project() {
    let helper = "use crate::schema::app::users; pub fn a_user() { insert_into(users::table); }";
    let found = exercises(&[
        ("Cargo.toml", "[package]\nname = \"app\""),
        ("src/lib.rs", "mod schema; mod models; pub mod fixtures;"),
        ("src/fixtures.rs", helper),
        (
            "tests/a.rs",
            "mod common; #[test] fn a() { app::fixtures::a_user(); } #[test] fn b() { common::setup(); }",
        ),
        (
            "tests/common/mod.rs",
            "pub fn setup() { diesel::sql_query(\"SELECT * FROM app.posts\"); }",
        ),
    ]);
    let found: Vec<String> = (found.iter())
        .map(|test| format!("{}|{}", names(&test.writes), names(&test.reads)))
        .collect();
    assert_eq!(found, ["users|", "|posts"]);
}

#[test]
fn what_prepares_a_test_is_none() {
    let found = exercises(&[(
        "tests/a.rs",
        "#[app::test_database] fn setup_db() {} #[tokio::test] async fn a() {} #[rstest] fn b() {} #[test_case(1)] fn c(_: i32) {} \
         #[test] #[ignore] fn d() {}",
    )]);
    let names: Vec<&str> = found.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
