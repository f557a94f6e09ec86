//! `diesel-drift docs`: pages are written, checked, printed, taken away, and nobody else's file is touched.

use super::deployed::Deployed;
use super::project::Project;
use std::collections::BTreeMap;
use std::fs;

/// Two schemas with a key between them.
fn two_schemas() -> Project {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_app",
        "CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'The application.';
         CREATE TABLE app.posts (id int PRIMARY KEY, author int NOT NULL REFERENCES users);",
    );
    project
}

fn pages(project: &Project, directory: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(project.path().join(directory)).unwrap();
    let page = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    entries.map(page).collect()
}

#[test]
fn pages_are_written_and_stay_until_the_schema_changes() {
    let project = two_schemas();
    let missing = project.run(&["docs", "--check"]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(
        missing.stdout.contains("missing: docs/models/app.md\n"),
        "{missing:?}"
    );
    assert!(
        !project.path().join("docs").exists(),
        "a check writes nothing"
    );

    let run = project.run(&["docs"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let written =
        "wrote docs/models/README.md\nwrote docs/models/app.md\nwrote docs/models/public.md\n";
    assert_eq!(run.stdout, written);
    let first = pages(&project, "docs/models");
    assert_eq!(first.len(), 3);
    assert!(
        first["README.md"].contains("[`app`](app.md) | 1 |"),
        "{}",
        first["README.md"]
    );
    assert!(
        first["app.md"].contains("  \"public.users\" ||..o{ \"posts\" : \"author\"\n"),
        "{}",
        first["app.md"]
    );
    assert!(
        first["app.md"].contains("[`public.users`](public.md#table.users)"),
        "{}",
        first["app.md"]
    );
    assert!(
        !first["public.md"].contains("__diesel_schema_migrations"),
        "{}",
        first["public.md"]
    );

    let again = project.run(&["docs"]);
    assert_eq!(
        (again.code, again.stdout.as_str()),
        (Some(0), "docs/models: the pages are current\n")
    );
    assert_eq!(project.run(&["docs", "--check"]).code, Some(0));
    assert_eq!(pages(&project, "docs/models"), first);
    let quiet = project.run(&["docs", "--check", "-q"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (Some(0), ""));

    project.migration(
        "2026-01-03-000000_title",
        "ALTER TABLE app.posts ADD title text;",
    );
    let stale = project.run(&["docs", "--check"]);
    assert_eq!(stale.code, Some(1), "{stale:?}");
    assert!(
        stale.stdout.starts_with("differs: docs/models/app.md\n"),
        "{stale:?}"
    );
    assert!(
        stale.stdout.contains("  +| `title` | `text` | yes |\n"),
        "{stale:?}"
    );
    assert!(
        stale
            .stdout
            .ends_with("not current; the same command without --check makes them so\n"),
        "{stale:?}"
    );
    assert_eq!(
        pages(&project, "docs/models"),
        first,
        "a check writes nothing"
    );
    assert_eq!(project.run(&["docs"]).stdout, "wrote docs/models/app.md\n");
}

#[test]
fn the_page_of_a_schema_that_is_gone_is_removed_and_no_other_file() {
    let project = two_schemas();
    assert_eq!(project.run(&["docs"]).code, Some(0));
    project.write("docs/models/notes.md", "# Ours\n");
    project.migration("2026-01-03-000000_no_app", "DROP SCHEMA app CASCADE;");
    let stale = project.run(&["docs", "--check"]);
    assert_eq!(stale.code, Some(1), "{stale:?}");
    assert!(
        stale.stdout.contains("left over: docs/models/app.md"),
        "{stale:?}"
    );
    let run = project.run(&["docs"]);
    assert!(
        run.stdout.contains("removed docs/models/app.md\n"),
        "{run:?}"
    );
    let left: Vec<_> = pages(&project, "docs/models").into_keys().collect();
    assert_eq!(left, ["README.md", "notes.md", "public.md"]);
}

#[test]
fn a_page_that_somebody_wrote_is_in_the_way() {
    let project = two_schemas();
    project.write("docs/models/README.md", "# Ours\n");
    for arguments in [&["docs"][..], &["docs", "--check"]] {
        let run = project.run(arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(
            run.stderr
                .contains("docs/models/README.md was not written by diesel-drift"),
            "{run:?}"
        );
    }
    assert_eq!(
        pages(&project, "docs/models").len(),
        1,
        "and nothing else is written"
    );
}

#[test]
fn what_cannot_be_read_or_checked_is_a_sentence() {
    let project = two_schemas();
    fs::create_dir_all(project.path().join("taken/public.md")).unwrap();
    project.write("file", "ours");
    for (arguments, said) in [
        (
            &["--output", "taken"][..],
            "cannot read taken/public.md: Is a directory",
        ),
        (
            &["--output", "file"],
            "cannot read file/README.md: Not a directory",
        ),
        (
            &["--output", "-", "--schema", "app", "--check"],
            "what is printed cannot be checked",
        ),
    ] {
        let run = project.run(&[&["docs"][..], arguments].concat());
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(said), "{run:?}");
    }
}

#[test]
fn drift_toml_says_where_pages_are_and_whose_objects_they_show() {
    let project = two_schemas();
    project.write(
        "drift.toml",
        "[docs]\ndirectory = \"pages\"\n\n[[ignore]]\nschema = \"app\"\nreason = \"not ours\"\n",
    );
    let run = project.run(&["docs"]);
    assert_eq!(
        run.stdout, "wrote pages/README.md\nwrote pages/public.md\n",
        "{run:?}"
    );
    assert!(
        !pages(&project, "pages")["public.md"].contains("posts"),
        "whose keys are not shown either"
    );
    let run = project.run(&["docs", "--output", "elsewhere"]);
    assert_eq!(
        run.stdout, "wrote elsewhere/README.md\nwrote elsewhere/public.md\n",
        "{run:?}"
    );
}

#[test]
fn one_page_can_be_written_or_printed() {
    let project = two_schemas();
    let run = project.run(&["docs", "--schema", "app"]);
    assert_eq!(run.stdout, "wrote docs/models/app.md\n", "{run:?}");
    let printed = project.run(&["docs", "--schema", "app", "--output", "-"]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert_eq!(printed.stdout, pages(&project, "docs/models")["app.md"]);
    let several = project.run(&["docs", "--output", "-"]);
    assert_eq!(several.code, Some(2), "{several:?}");
    assert!(
        several.stderr.contains("choose it with --schema"),
        "{several:?}"
    );
    let unknown = project.run(&["docs", "--schema", "ap"]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(
        unknown.stderr.contains("the schemas are app, public"),
        "{unknown:?}"
    );
}

#[test]
fn a_database_that_is_migrated_already_is_read() {
    let project = two_schemas();
    let deployed = Deployed::of(&project);
    deployed.execute("COMMENT ON TABLE users IS 'As deployed.'");
    let run = project.run(&["docs", "--database-url", deployed.url()]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(pages(&project, "docs/models")["public.md"].contains("As deployed."));
    assert_eq!(
        project.run(&["docs", "--check"]).code,
        Some(1),
        "of the migrations it is not said"
    );
}

/// What `assert_docs!` panics with.
#[test]
fn the_assertion_says_what_to_type() {
    let project = two_schemas();
    let message = diesel_drift::testing::docs(project.path()).unwrap_err();
    assert!(
        message.contains("run `diesel-drift docs`") && message.contains("missing: "),
        "{message}"
    );
    assert_eq!(project.run(&["docs"]).code, Some(0));
    diesel_drift::assert_docs!(project.path());
    project.edit("docs/models/app.md", "The application.", "An application.");
    let message = diesel_drift::testing::docs(project.path()).unwrap_err();
    assert!(
        message.contains("  -An application.\n  +The application.\n"),
        "{message}"
    );
}
