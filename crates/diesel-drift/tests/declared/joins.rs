//! `joinable!` and the tables that it means.

use crate::support::{declared, schema, try_read};
use diesel_drift::declared::Joined;

#[test]
fn joinables_by_every_path_and_where_they_are() {
    let text = "diesel::table! { a { id -> Integer } }
        joinable!(b -> a (a_id));
        diesel::joinable!(super::b -> crate::schema::a (r#type));
        ::diesel::joinable! { c -> d (e) }";
    let found = schema(text);
    let joins: Vec<_> = found
        .joinables
        .iter()
        .map(|join| {
            (
                join.child.join("::"),
                join.parent.join("::"),
                join.foreign_key.as_str(),
            )
        })
        .collect();
    let join = |child: &str, parent: &str, key| (child.to_owned(), parent.to_owned(), key);
    assert_eq!(
        joins,
        [
            join("b", "a", "a_id"),
            join("super::b", "crate::schema::a", "type"),
            join("c", "d", "e")
        ]
    );
    let span = &found.joinables[0].span;
    assert_eq!(&text[span.start..span.end], "joinable!(b -> a (a_id))");
    assert_eq!((span.line, span.column), (2, 9));
}

#[test]
fn a_joinable_finds_the_table_that_is_nearest() {
    let module = |name: &str| {
        format!(
            "pub mod {name} {{
                diesel::table! {{ {name}.runs (id) {{ id -> Uuid }} }}
                diesel::table! {{ {name}.jobs (id) {{ id -> Uuid, run_id -> Uuid }} }}
                diesel::joinable!(jobs -> runs (run_id));
             }}"
        )
    };
    let text = format!(
        "{}{}\ndiesel::joinable!(jobs -> runs (run_id));",
        module("cwom"),
        module("tower")
    );
    let found = declared(&[("src/schema.rs", &text)]);
    let schema_of = |join: usize| {
        let join = &found.joinables[join];
        Joined::of(&found)
            .table(join, &join.parent)
            .map(|table| table.schema.as_deref())
    };
    assert_eq!(schema_of(0), Some(Some("cwom")));
    assert_eq!(schema_of(1), Some(Some("tower")));
    // In the file's own module there is none, and the file has two.
    assert_eq!(schema_of(2), None);
}

/// Where the two sides of the only join are declared: file, modules and name.
fn sides(files: &[(&str, &str)]) -> [Option<String>; 2] {
    let found = declared(files);
    assert_eq!(found.joinables.len(), 1);
    let join = &found.joinables[0];
    [&join.child, &join.parent].map(|path| {
        let table = Joined::of(&found).table(join, path)?;
        let file = table.span.file.display();
        Some(format!(
            "{file} {}{}",
            table.module.join("::"),
            table.rust_name
        ))
    })
}

const TWO: &str = "pub mod app { diesel::table! { app.users (id) { id -> Int4 } } diesel::table! { app.posts (id) { id -> Int4, uid -> Int4 } } }
    pub mod public { diesel::table! { users (id) { id -> Int4 } } }";

#[rstest::rstest]
#[case("diesel::joinable!(app::posts -> public::users (uid));", "public")]
#[case("diesel::joinable!(app::posts -> app::users (uid));", "app")]
#[case(
    "diesel::joinable!(self::app::posts -> self::public::users (uid));",
    "public"
)]
#[case(
    "diesel::joinable!(crate::schema::app::posts -> crate::schema::public::users (uid));",
    "public"
)]
#[case(
    "mod joins { diesel::joinable!(super::app::posts -> super::public::users (uid)); }",
    "public"
)]
#[case(
    "mod joins { use super::app::posts; use super::public::users as u; diesel::joinable!(posts -> u (uid)); }",
    "public"
)]
#[case(
    "use app::posts; use self::app as a; diesel::joinable!(posts -> a::users (uid));",
    "app"
)]
fn a_joinable_finds_its_tables_by_their_paths(#[case] join: &str, #[case] parent: &str) {
    let text = format!("{TWO}\n{join}");
    assert_eq!(
        sides(&[("src/schema.rs", &text)]),
        [
            Some("src/schema.rs appposts".to_owned()),
            Some(format!("src/schema.rs {parent}users"))
        ],
    );
}

#[test]
fn a_joinable_finds_tables_of_other_files() {
    let files = |join: &'static str| {
        [
            (
                "src/schema/mod.rs",
                "pub mod app; pub mod tower; pub mod joins;",
            ),
            (
                "src/schema/app.rs",
                "diesel::table! { app.jobs { id -> Int4, run_id -> Int4 } } diesel::table! { app.runs { id -> Int4 } }",
            ),
            (
                "src/schema/tower.rs",
                "diesel::table! { tower.runs { id -> Int4 } }",
            ),
            ("src/schema/joins.rs", join),
        ]
    };
    let expected = [
        Some("src/schema/app.rs jobs".to_owned()),
        Some("src/schema/tower.rs runs".to_owned()),
    ];
    for join in [
        "diesel::joinable!(super::app::jobs -> super::tower::runs (run_id));",
        "diesel::joinable!(crate::schema::app::jobs -> crate::schema::tower::runs (run_id));",
        "use crate::schema::{app::jobs, tower}; diesel::joinable!(jobs -> tower::runs (run_id));",
        "use super::{app, tower::runs}; diesel::joinable!(app::jobs -> runs (run_id));",
        // A crate that hands the schema on under another name.
        "diesel::joinable!(db::jobs -> db::other::tower::runs (run_id));",
    ] {
        assert_eq!(sides(&files(join)), expected, "{join}");
    }
}

#[test]
fn a_joinable_without_its_tables_is_a_notice_where_tables_are() {
    let reading = try_read(
        &[
            (
                "src/schema.rs",
                &format!("{TWO}\ndiesel::joinable!(posts -> users (uid));\ndiesel::joinable!(app::posts -> gone (uid));\ndiesel::joinable!(app::posts -> app::users (uid));"),
            ),
            (
                "src/models.rs",
                "use crate::schema::app::posts; use other::users; diesel::joinable!(posts -> gone_too (uid));",
            ),
        ],
        &["src/schema.rs"],
    )
    .unwrap();
    assert_eq!(
        reading.notices,
        [
            "src/schema.rs:3: `joinable!(posts -> users (uid))`: no `table!`, or more than one, is `users`; it is not looked at",
            "src/schema.rs:4: `joinable!(app::posts -> gone (uid))`: no `table!`, or more than one, is `gone`; it is not looked at",
        ]
    );
    assert_eq!(Joined::of(&reading.declared).resolved(), 1);
}

#[test]
fn a_join_of_a_files_own_tables_is_not_the_schemas() {
    let join = |text: &'static str| {
        declared(&[("src/schema.rs", TWO), ("src/other.rs", text)])
            .joinables
            .len()
    };
    let own = "diesel::table! { users { id -> Int4 } } diesel::table! { posts { id -> Int4, uid -> Int4 } }
        diesel::joinable!(posts -> users (uid));";
    assert_eq!(join(own), 0);
    assert_eq!(
        join("use crate::schema::app::*; diesel::joinable!(posts -> users (uid));"),
        1
    );
    assert_eq!(
        join("use diesel::prelude::*; diesel::joinable!(posts -> users (uid));"),
        0
    );
}
