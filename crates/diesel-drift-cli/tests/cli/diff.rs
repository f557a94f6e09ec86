//! `diff`: every kind of source against every other.

use super::deployed::{Deployed, findings};
use super::project::{Project, Run, SCHEMA};
use diesel_drift::introspect::{Wanted, introspect};
use diesel_drift::snapshot::{Place, to_yaml};
use serde_json::Value;
use std::fs;

fn diff(project: &Project, from: &str, to: &str, more: &[&str]) -> (Run, Value) {
    let run = project.run(&[&["diff", from, to, "--format", "json"], more].concat());
    let json = serde_json::from_str(&run.stdout).unwrap_or_default();
    (run, json)
}

/// The small project with every kind of source of its state: beside its migrations a manifest, snapshots, and a database.
fn all_sources(project: &Project) -> (Deployed, Vec<String>) {
    let deployed = Deployed::of(project);
    assert_eq!(
        project.run(&["manifest", "--output", "release.json"]).code,
        Some(0)
    );
    write_snapshots(project, &deployed);
    let url = deployed.url().to_owned();
    let files = ["migrations", "release.json", "snapshots", "src/schema.rs"].map(str::to_owned);
    (deployed, [vec![url], files.to_vec()].concat())
}

fn write_snapshots(project: &Project, deployed: &Deployed) {
    let live = introspect(&mut deployed.connect(), &Wanted::default()).unwrap();
    let objects = diesel_drift::catalog::portable(live.catalog.objects().unwrap());
    for object in objects.iter().filter(|object| !object.name.is_empty()) {
        let major = live.server_version / 10_000;
        let text = format!(
            "---\nsource: x\ninfo:\n  postgresql: {major}\n---\n{}",
            to_yaml(object).unwrap()
        );
        project.write(
            &format!("snapshots/{}", Place::of(object).path().display()),
            &text,
        );
    }
}

#[test]
fn what_is_the_same_is_the_same_from_every_source() {
    let project = Project::small();
    let (_deployed, sources) = all_sources(&project);
    for from in &sources {
        for to in &sources {
            let (run, json) = diff(&project, from, to, &["--fail-on", "note"]);
            assert_eq!(run.code, Some(0), "{from} {to}: {run:?}");
            assert_eq!(findings(&json), Vec::<String>::new(), "{from} {to}");
        }
    }
}

#[test]
fn what_differs_is_found_from_every_source() {
    let before = Project::small();
    let (_deployed, old) = all_sources(&before);
    let after = Project::small();
    after.migration(
        "2026-01-02-000000_email",
        "ALTER TABLE users ADD COLUMN email text NOT NULL;\n",
    );
    after.write(
        "src/schema.rs",
        &SCHEMA.replace(
            "        name -> Text,\n",
            "        name -> Text,\n        email -> Text,\n",
        ),
    );
    let (_other, new) = all_sources(&after);
    let place = |project: &Project, source: &String| match source.contains("://") {
        true => source.clone(),
        false => project.path().join(source).display().to_string(),
    };
    for from in &old {
        for to in &new {
            let (run, json) = diff(&before, &place(&before, from), &place(&after, to), &[]);
            let declared = |source: &String| source.ends_with(".rs");
            let kind = match (declared(from), declared(to)) {
                (true, false) => "column-undeclared",
                (false, true) => "column-missing",
                _ => "column-unexpected",
            };
            assert_eq!(run.code, Some(1), "{from} {to}: {run:?}");
            assert_eq!(
                findings(&json),
                [format!("{kind} public.users.email")],
                "{from} {to}"
            );
        }
    }
}

#[test]
fn the_text_shows_object_attribute_and_both_values_and_the_lines_of_long_ones() {
    let project = Project::empty();
    let function = |line: &str| {
        format!(
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  -- first\n  {line}\nEND\n$$;"
        )
    };
    let (one, other) = (Deployed::empty(), Deployed::empty());
    one.execute(&format!(
        "CREATE TABLE t (a int); {}",
        function("RETURN 1;")
    ));
    other.execute(&format!(
        "CREATE TABLE t (a bigint); {}",
        function("RETURN 2;")
    ));
    let run = project.run(&["diff", one.url(), other.url()]);
    assert_eq!(run.code, Some(1), "{run:?}");
    for part in [
        "error[function-changed]: `body` of function `public.f()` is not as expected",
        "-  RETURN 1;",
        "+  RETURN 2;",
        "   -- first",
        "error[column-changed]: `data_type` of column `public.t.a` is `bigint`, expected `integer`",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert!(run.stdout.trim_end().ends_with("2 errors"), "{run:?}");
}

#[test]
fn two_schema_rs_are_compared_as_far_as_they_speak() {
    let project = Project::empty();
    project.write(
        "a/schema.rs",
        "diesel::table! {\n    users (id) {\n        id -> Int4,\n        name -> Varchar,\n        team_id -> Int4,\n    }\n}\n\
         diesel::table! {\n    teams (id) {\n        id -> Int4,\n    }\n}\n\
         diesel::joinable!(users -> teams (team_id));\n",
    );
    project.write(
        "b/schema.rs",
        "diesel::table! {\n    users (name) {\n        id -> Integer,\n        name -> Text,\n        team_id -> Nullable<BigInt>,\n    }\n}\n\
         diesel::table! {\n    app.teams (id) {\n        id -> Int4,\n    }\n}\n",
    );
    let (run, json) = diff(&project, "a/schema.rs", "b/schema.rs", &[]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let found = findings(&json);
    for expected in [
        "foreign-key-missing public.users.\"team_id -> public.teams\"",
        "primary-key-changed public.users.\"primary key\"",
    ] {
        assert!(
            found.contains(&expected.to_owned()),
            "{expected}: {found:?}"
        );
    }
    let attributes: Vec<_> = (json["findings"].as_array().unwrap().iter())
        .filter(|finding| finding["kind"] == "column-changed")
        .map(|finding| {
            (
                finding["subject"]["path"].as_str().unwrap(),
                finding["attribute"].as_str().unwrap(),
            )
        })
        .collect();
    let team = "public.users.team_id";
    assert_eq!(
        attributes,
        [(team, "data_type"), (team, "not_null")],
        "Integer is Int4, and Varchar is Text"
    );
    assert_eq!(json["database"]["server_version"], Value::Null);
}

#[test]
fn one_schema_can_be_chosen() {
    let project = Project::empty();
    let (one, other) = (Deployed::empty(), Deployed::empty());
    other.execute(
        "CREATE SCHEMA app; CREATE TABLE app.t (); CREATE TABLE public.u (); CREATE SCHEMA beside",
    );
    let (_, json) = diff(&project, one.url(), other.url(), &["--schema", "app"]);
    assert_eq!(
        findings(&json),
        ["schema-unexpected app", "table-unexpected app.t"]
    );
    let misspelt = [one.url(), other.url(), "--schema", "ap"];
    let run = project.run(&[&["diff"], &misspelt[..]].concat());
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("neither side has a schema `ap`"),
        "{run:?}"
    );
    let both = ["--schema", "app", "--schema", "public"];
    assert_eq!(
        findings(&diff(&project, one.url(), other.url(), &both).1).len(),
        3
    );
}

#[test]
fn a_side_that_cannot_be_read_is_exit_2_and_shows_no_password() {
    let project = Project::small();
    project.write("broken.json", "{ \"format\": 1 }");
    project.write("broken.rs", "fn {");
    project.write("empty.rs", "fn main() {}");
    fs::create_dir(project.path().join("nothing")).unwrap();
    project.migration("2026-01-02-000000_bad", "SELECT nope;\n");
    for (side, expected) in [
        ("nowhere", "cannot read nowhere"),
        ("nothing", "neither migrations"),
        ("broken.json", "it is no release manifest"),
        ("broken.rs", "broken.rs:1:"),
        ("empty.rs", "no `table!` in"),
        ("migrations", "column \"nope\" does not exist"),
        ("mysql://me:Xk29Pq@h/db", "another kind of database"),
        (
            "postgres://me:Xk29Pq@127.0.0.1:1/db",
            "cannot connect to db at 127.0.0.1:1",
        ),
        (
            "host=127.0.0.1 port=1 dbname=db password=Xk29Pq",
            "cannot connect to db at 127.0.0.1:1",
        ),
    ] {
        for (from, to) in [(side, "src/schema.rs"), ("src/schema.rs", side)] {
            let run = project.run(&["diff", from, to]);
            assert_eq!(run.code, Some(2), "{side}: {run:?}");
            assert!(
                run.stderr.starts_with("error: ") && run.stderr.contains(expected),
                "{side}: {run:?}"
            );
            assert!(!run.stderr.contains("Xk29Pq"), "{run:?}");
        }
    }
}
