//! Row types count where the file that they are in is compiled.

use crate::support;
use rstest::rstest;

const SCHEMA: &str = "diesel::table! { posts { id -> Int4 } }";
const POST: &str =
    "#[derive(Queryable)] #[diesel(table_name = crate::schema::posts)] pub struct Post { id: i32 }";

/// The files with row types that are looked at, of a package with these files.
fn seen(manifest: &str, files: &[(&str, &str)]) -> Vec<String> {
    let own = [("Cargo.toml", manifest), ("src/schema.rs", SCHEMA)];
    let all: Vec<(&str, &str)> = own.into_iter().chain(files.iter().copied()).collect();
    let (_, models) = support::models(&all, &["src/schema.rs"]);
    let mut seen: Vec<String> = (models.models.iter())
        .map(|model| model.span.file.display().to_string())
        .collect();
    seen.sort();
    seen
}

const PACKAGE: &str = "[package]\nname = \"app\"";

#[rstest]
// Nothing leads to it.
#[case(PACKAGE, &[("src/lib.rs", "mod schema;"), ("src/dead.rs", POST)], &[])]
#[case(PACKAGE, &[("src/lib.rs", "mod schema; /* mod dead; */"), ("src/dead.rs", POST)], &[])]
#[case(PACKAGE, &[("src/lib.rs", "#[cfg(any())] mod dead;"), ("src/dead.rs", POST)], &[])]
#[case(PACKAGE, &[("src/lib.rs", "#[cfg(test)] mod dead;"), ("src/dead.rs", POST)], &[])]
#[case(PACKAGE, &[("src/lib.rs", "diesel::joinable!(dead -> posts (id));"), ("src/dead.rs", POST)], &[])]
// Only what nothing leads to leads to it.
#[case(PACKAGE, &[("src/lib.rs", ""), ("src/dead.rs", "mod post;"), ("src/dead/post.rs", POST)], &[])]
// Modules, of libraries and programs.
#[case(PACKAGE, &[("src/lib.rs", "mod a;"), ("src/a/mod.rs", "pub mod b;"), ("src/a/b.rs", POST)], &["src/a/b.rs"])]
#[case(PACKAGE, &[("src/main.rs", "mod a;"), ("src/a.rs", POST)], &["src/a.rs"])]
#[case(PACKAGE, &[("src/lib.rs", ""), ("src/bin/x.rs", "mod y;"), ("src/bin/y.rs", POST)], &["src/bin/y.rs"])]
#[case(PACKAGE, &[("src/lib.rs", ""), ("src/bin/x/main.rs", "mod y;"), ("src/bin/x/y.rs", POST)], &["src/bin/x/y.rs"])]
#[case(PACKAGE, &[("src/lib.rs", "#[path = \"other/p.rs\"] mod p;"), ("src/other/p.rs", POST)], &["src/other/p.rs"])]
#[case(PACKAGE, &[("src/lib.rs", "#[cfg(feature = \"full\")] mod a;"), ("src/a.rs", POST)], &["src/a.rs"])]
#[case(PACKAGE, &[("src/lib.rs", "include!(\"a.rs\");"), ("src/a.rs", POST)], &["src/a.rs"])]
#[case(PACKAGE, &[("src/lib.rs", "mod inner { mod a; }"), ("src/inner/a.rs", POST)], &["src/inner/a.rs"])]
// The manifest says where they are.
#[case("[package]\nname = \"app\"\n[lib]\npath = \"src/app.rs\"", &[("src/app.rs", "mod a;"), ("src/a.rs", POST)], &["src/a.rs"])]
#[case("[package]\nname = \"app\"\n[[bin]]\nname = \"x\"\npath = \"x.rs\"", &[("src/lib.rs", ""), ("x.rs", POST)], &["x.rs"])]
// Who knows?
#[case(PACKAGE, &[("src/lib.rs", "automod::dir!(\"src/models\");"), ("src/models/post.rs", POST)], &["src/models/post.rs"])]
#[case(PACKAGE, &[("src/lib.rs", "modules! { post }"), ("src/post.rs", POST)], &["src/post.rs"])]
#[case(PACKAGE, &[("src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));"), ("src/post.rs", POST)], &["src/post.rs"])]
#[case(PACKAGE, &[("src/post.rs", POST)], &["src/post.rs"])]
// Another crate of the workspace.
#[case(
    "[package]\nname = \"app\"\n[workspace]\nmembers = [\"crates/*\"]",
    &[
        ("src/lib.rs", "mod schema;"),
        ("crates/db/Cargo.toml", "[package]\nname = \"db\""),
        ("crates/db/src/lib.rs", "mod models;"),
        ("crates/db/src/models.rs", POST),
        ("crates/db/src/dead.rs", POST),
    ],
    &["crates/db/src/models.rs"]
)]
// What stands in a comment or in a text is no row type.
#[case(
    PACKAGE,
    &[("src/lib.rs", "/// #[derive(Queryable)] struct Post;\nfn f() { let _ = \"#[derive(Queryable)] struct Post;\"; }")],
    &[]
)]
fn a_file_counts_where_it_is_compiled(
    #[case] manifest: &str,
    #[case] files: &[(&str, &str)],
    #[case] expected: &[&str],
) {
    assert_eq!(seen(manifest, files), expected);
}
