//! What a directory may look like.

use super::support::Chain;
use diesel_drift::chain::{Against, check_chain};
use diesel_drift::report::Compared;
use pretty_assertions::assert_eq;
use std::fs;

fn none() -> Vec<String> {
    Vec::new()
}

fn migrations(chain: &Chain) -> usize {
    match chain.report().compared {
        Compared::Chain { migrations, .. } => migrations,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_directory_is_a_chain_of_none() {
    let chain = Chain::of(&[]);
    assert_eq!((chain.found(), migrations(&chain)), (none(), 0));
}

#[test]
fn carriage_returns_do_no_harm_and_a_byte_order_mark_does() {
    let chain = Chain::of(&[]);
    chain.write(
        "migrations/2026-01-01-000000_a/up.sql",
        "-- a\r\nCREATE TABLE a (id int);\r\n",
    );
    chain.write(
        "migrations/2026-01-01-000000_a/down.sql",
        "DROP TABLE a;\r\n",
    );
    assert_eq!(chain.found(), none());
    chain.write(
        "migrations/2026-01-01-000000_a/down.sql",
        "\u{feff}DROP TABLE a;\n",
    );
    assert_eq!(chain.found(), ["encoding-unreadable 2026-01-01-000000_a"]);
    // The rest is looked at all the same, and its place is the file's.
    chain.write(
        "migrations/2026-01-01-000000_a/down.sql",
        "\u{feff}DROP TABLE a;\nVACUUM;\n",
    );
    let report = chain.report();
    let span = (report.findings.iter())
        .find(|finding| finding.kind.id == "transaction-forbidden")
        .and_then(|finding| finding.span.clone())
        .unwrap();
    assert_eq!((span.line, span.column), (2, 1));
    assert_eq!(&report.sources[&span.file][span.start..span.end], "VACUUM");
}

#[test]
fn names_are_data() {
    let chain = Chain::of(&[]);
    for (place, name) in [
        "two words",
        "größe",
        "ta\u{202e}ble",
        "a\nb",
        "quo\"te'd",
        "😀",
    ]
    .into_iter()
    .enumerate()
    {
        chain.migration(
            &format!("2026-01-0{place}-000000_{name}"),
            &format!("t{place}"),
        );
    }
    assert_eq!((chain.found(), migrations(&chain)), (none(), 6));
    fs::remove_file(
        chain
            .path()
            .join("migrations/2026-01-03-000000_a\nb/down.sql"),
    )
    .unwrap();
    assert_eq!(chain.found(), ["down-missing 2026-01-03-000000_a\\u{a}b"]);
    let report = chain.report();
    let help = report.findings[0].help.join("\n");
    // What is offered can be copied.
    let toml = help.split_once("nothing does:\n").unwrap().1;
    fs::write(chain.path().join("drift.toml"), toml).unwrap();
    let drift = diesel_drift::DriftToml::read(chain.path()).unwrap();
    assert!(drift.irreversible[0].means("2026-01-03-000000_a\nb", ""));
}

#[test]
fn a_link_is_what_it_leads_to_and_one_to_nowhere_is_refused() {
    let chain = Chain::of(&[]);
    chain.migration("2026-01-01-000000_a", "a");
    let elsewhere = Chain::of(&[]);
    elsewhere.migration("2026-01-02-000000_b", "b");
    let link = |to: &std::path::Path, name: &str| {
        std::os::unix::fs::symlink(to, chain.path().join("migrations").join(name)).unwrap();
    };
    link(
        &elsewhere.path().join("migrations/2026-01-02-000000_b"),
        "2026-01-02-000000_b",
    );
    assert_eq!((chain.found(), migrations(&chain)), (none(), 2));
    chain.write("README.md", "notes");
    link(&chain.path().join("README.md"), "readme");
    link(&chain.path().join("nowhere"), "2026-01-03-000000_c");
    assert_eq!(
        chain.found(),
        ["up-missing 2026-01-03-000000_c", "up-missing readme"]
    );
    // Diesel refuses both.
    assert!(diesel_drift::migrate::Chain::read(&chain.path().join("migrations")).is_err());
}

#[test]
fn the_whole_directory_may_be_a_link() {
    let chain = Chain::of(&[]);
    let elsewhere = Chain::of(&[]);
    elsewhere.migration("2026-01-01-000000_a", "a");
    fs::remove_dir(chain.path().join("migrations")).unwrap();
    std::os::unix::fs::symlink(
        elsewhere.path().join("migrations"),
        chain.path().join("migrations"),
    )
    .unwrap();
    assert_eq!((chain.found(), migrations(&chain)), (none(), 1));
}

#[test]
fn parts_for_other_databases_are_no_second_chain() {
    let chain = Chain::of(&[]);
    for backend in ["postgres", "sqlite", "mysql"] {
        chain.migration(&format!("{backend}/2026-01-01-000000_a"), "a");
    }
    assert_eq!((chain.found(), migrations(&chain)), (none(), 1));
    chain.write("db/migrations/1.sql", "CREATE TABLE a (id int);");
    chain.write("tests/migrations/1.sql", "CREATE TABLE a (id int);");
    chain.write(
        "node_modules/x/migrations/1.sql",
        "CREATE TABLE a (id int);",
    );
    assert_eq!(chain.found(), ["directory-second db/migrations"]);
    chain.write(".gitignore", "db\n");
    assert_eq!(chain.found(), none());
}

#[test]
fn the_migrations_of_a_project_within_the_project_are_its_own() {
    let chain = Chain::of(&[]);
    chain.migration("2026-01-01-000000_a", "a");
    for (manifest, other) in [
        ("services/one/diesel.toml", "services/one/migrations"),
        ("services/two/Cargo.toml", "services/two/db/migrations"),
    ] {
        chain.write(&format!("{other}/1/up.sql"), "CREATE TABLE a (id int);");
        assert_eq!(chain.found(), [format!("directory-second {other}")]);
        chain.write(manifest, "");
        assert_eq!(chain.found(), none());
    }
    // What lies in the chain's own project is no other project's.
    let nested = Chain::of(&[("db/Cargo.toml", "")]);
    nested.migration("2026-01-01-000000_a", "a");
    nested.write("db/old/migrations/1.sql", "CREATE TABLE a (id int);");
    std::fs::rename(
        nested.path().join("migrations"),
        nested.path().join("db/migrations"),
    )
    .unwrap();
    let mut project = nested.project();
    project.migration_dir = Some(nested.path().join("db/migrations"));
    let report = check_chain(&project, &Against::default()).unwrap();
    let kinds: Vec<&str> = (report.findings.iter())
        .map(|found| found.kind.id)
        .collect();
    assert_eq!(kinds, ["directory-second"]);
}

#[test]
fn a_stray_script_is_named_wherever_it_is_told() {
    let chain = Chain::of(&[]);
    chain.migration("2026-01-01-000000_a", "a");
    let notice = || {
        let directory = chain.path().join("migrations");
        let chain = diesel_drift::migrate::Chain::read(&directory).unwrap();
        chain.stray_sql_notice()
    };
    assert_eq!(notice(), None);
    chain.write("migrations/.hidden.sql", "");
    chain.write("migrations/notes.md", "");
    assert_eq!((notice(), chain.found()), (None, none()));
    chain.write("migrations/Loose.SQL", "SELECT 1;");
    assert_eq!(chain.found(), ["file-unread Loose.SQL"]);
    let told = notice().unwrap();
    assert!(told.starts_with("Loose.SQL in "), "{told}");
    for name in ["a", "b", "c", "d"] {
        chain.write(&format!("migrations/{name}.sql"), "SELECT 1;");
    }
    let told = notice().unwrap();
    assert!(
        told.starts_with("Loose.SQL, a.sql, b.sql and 2 more in "),
        "{told}"
    );
}

#[test]
fn dates_that_sort_as_they_are_meant_to_are_not_held_up_and_diesel_s_own_first_migration_is_none() {
    let styled = |names: &[&str]| {
        let chain = Chain::of(&[]);
        chain.migration("00000000000000_diesel_initial_setup", "setup");
        for (place, name) in names.iter().enumerate() {
            chain.migration(name, &format!("t{place}"));
        }
        let mut found = chain.found();
        found.retain(|finding| !finding.starts_with("order-misleading"));
        found
    };
    for names in [
        ["1_a", "2_b", "3_c"],
        [
            "2026-01-01-12-00-00_a",
            "2026-01-02-120000_b",
            "2026-01-03_c",
        ],
        ["2026-01-01-1200_a", "202601021200_b", "20260103120000_c"],
        ["1767265200_a", "1767265201_b", "1767265202_c"],
    ] {
        assert_eq!(styled(&names), none(), "{names:?}");
    }
    assert_eq!(styled(&["9_a", "10_b"]), ["version-style 9_a"]);
    assert_eq!(
        styled(&["2026-01-1-120000_a", "2026-01-02-120000_b"]),
        ["version-style 2026-01-1-120000_a"]
    );
    assert_eq!(
        styled(&["7_a", "2026-01-02-120000_b"]),
        ["version-style 7_a"]
    );
}

#[test]
fn all_is_told_at_once_where_diesel_tells_nothing() {
    let chain = Chain::of(&[]);
    chain.migration("2026-01-01-000000_a", "a");
    chain.migration("20260101000000_b", "b");
    chain.write("migrations/2026-01-02-000000_c/Up.sql", "SELECT 1;");
    chain.write("migrations/2026-01-03-000000_d/up.sql", "");
    chain.write("migrations/2026-01-04-000000_e/up.sql", b"\xff");
    chain.write("migrations/loose.sql", "SELECT 1;");
    assert_eq!(
        chain.found(),
        [
            "up-missing 2026-01-02-000000_c",
            "down-missing 2026-01-03-000000_d",
            "up-empty 2026-01-03-000000_d",
            "down-missing 2026-01-04-000000_e",
            "encoding-unreadable 2026-01-04-000000_e",
            "order-misleading 20260101000000_b",
            "version-duplicate 20260101000000_b",
            "file-unread loose.sql",
        ]
    );
}

#[test]
fn a_thousand_migrations_are_one_chain() {
    let chain = Chain::of(&[]);
    for day in 0..1000 {
        chain.migration(&format!("2026-01-01-{day:06}_table"), &format!("t{day}"));
    }
    assert_eq!((chain.found(), migrations(&chain)), (none(), 1000));
    chain.write(
        "migrations/2026-01-01-000500_table/down.sql",
        "DROP TABLE t500\nDROP TABLE t;",
    );
    assert_eq!(chain.found(), ["syntax-error 2026-01-01-000500_table"]);
}
