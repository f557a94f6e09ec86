use super::project::{Project, SCHEMA};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::provision::{Options, provision};
use std::fs;

/// The small project, whose table has a column more than `schema.rs`.
fn drifted() -> Project {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_email",
        "ALTER TABLE users ADD COLUMN email text;\n",
    );
    project
}

/// The small project, with a note: a foreign key without a `joinable!`.
fn noted() -> Project {
    let project = Project::small();
    project.write(
        "src/schema.rs",
        &format!("{SCHEMA}\ndiesel::table! {{\n    posts (id) {{\n        id -> Int4,\n        author -> Int4,\n    }}\n}}\n"),
    );
    project.migration(
        "2026-01-02-000000_posts",
        "CREATE TABLE posts (id int PRIMARY KEY, author int NOT NULL REFERENCES users);\n",
    );
    project
}

#[test]
fn parity_is_exit_0_and_one_line() {
    let run = Project::small().run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.starts_with(
            "no drift: 1 table, 2 columns, 0 joins and 0 enums held against PostgreSQL "
        ),
        "{run:?}"
    );
    // What an earlier run of the same migrations left in the cache may serve.
    let said = run.stdout.trim_end();
    let said = said
        .strip_suffix(", kept from an earlier run")
        .unwrap_or(said);
    assert!(said.ends_with(" after 1 migration"), "{run:?}");
    assert_eq!(run.stdout.lines().count(), 1);
    assert_eq!(run.stderr, "", "progress is for terminals");
}

#[test]
fn drift_is_exit_1_with_kind_place_and_excerpt() {
    let run = drifted().run(&["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.starts_with(
            "warning[column-undeclared]: column `public.users.email` (text) is in the database"
        ),
        "{run:?}"
    );
    assert!(run.stdout.contains("--> src/schema.rs:2:5\n"), "{run:?}");
    assert!(
        run.stdout
            .contains("help: declare it: `email -> Nullable<Text>,`"),
        "{run:?}"
    );
    assert!(run.stdout.contains("\ndrift: 1 table"), "{run:?}");
}

#[test]
fn fail_on_sets_the_threshold() {
    let drifted = drifted();
    assert_eq!(drifted.run(&["check", "--fail-on", "error"]).code, Some(0));
    assert_eq!(
        drifted.run(&["check", "--fail-on", "warning"]).code,
        Some(1)
    );
    let noted = noted();
    let run = noted.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .starts_with("note[foreign-key-undeclared]: src/schema.rs:9:5: "),
        "{run:?}"
    );
    assert_eq!(noted.run(&["check", "--fail-on", "note"]).code, Some(1));
}

#[test]
fn quiet_says_nothing_of_a_clean_project_and_all_of_a_drifted_one() {
    assert_eq!(Project::small().run(&["check", "-q"]).stdout, "");
    assert!(
        drifted()
            .run(&["check", "-q"])
            .stdout
            .contains("column-undeclared")
    );
}

#[test]
fn colors_are_asked_for_or_left_out() {
    let project = drifted();
    assert!(
        !project.run(&["check"]).stdout.contains('\x1b'),
        "stdout is no terminal"
    );
    assert!(
        project
            .run(&["check", "--color", "always"])
            .stdout
            .contains('\x1b')
    );
    assert!(
        !project
            .run(&["check", "--color", "never"])
            .stdout
            .contains('\x1b')
    );
}

#[test]
fn json_goes_to_stdout_or_to_a_file() {
    let project = drifted();
    let run = project.run(&["check", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["findings"][0]["kind"], "column-undeclared");
    assert_eq!(json["findings"][0]["subject"]["path"], "public.users.email");
    assert_eq!(json["findings"][0]["location"]["line"], 2);

    let run = project.run(&["check", "--format", "json", "--output", "report.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    let written: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(project.path().join("report.json")).unwrap())
            .unwrap();
    assert_eq!(written["findings"], json["findings"]);
}

#[test]
fn a_text_report_in_a_file_has_no_colors() {
    let project = drifted();
    project.run(&["check", "--color", "always", "--output", "report.txt"]);
    let text = fs::read_to_string(project.path().join("report.txt")).unwrap();
    assert!(
        text.contains("column-undeclared") && !text.contains('\x1b'),
        "{text}"
    );
}

#[test]
fn a_subdirectory_and_a_named_project_are_the_same_project() {
    let project = drifted();
    let run = project
        .command(&["check"])
        .current_dir(project.path().join("src"))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let elsewhere = Project::empty();
    let run = elsewhere.run(&["check", "--project", project.path().to_str().unwrap()]);
    assert_eq!(run.code, Some(1), "{run:?}");
}

#[test]
fn the_root_of_a_repository_leads_to_the_project_in_it() {
    let repository = Project::empty();
    repository.write("Cargo.toml", "[workspace]\nmembers = [\"server\"]\n");
    let project = |name: &str| {
        repository.write(
            &format!("{name}/diesel.toml"),
            "[print_schema]\nfile = \"src/schema.rs\"\n",
        );
        repository.write(&format!("{name}/src/schema.rs"), SCHEMA);
        let up = "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);\n";
        repository.write(
            &format!("{name}/migrations/2026-01-01-000000_users/up.sql"),
            up,
        );
    };
    project("server");
    let run = repository.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project("worker");
    let run = repository.run(&["check"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("--project")
            && run.stderr.contains("server")
            && run.stderr.contains("worker"),
        "{run:?}"
    );
}

#[test]
fn sql_files_that_diesel_does_not_run_are_told_of() {
    let project = Project::small();
    project.write(
        "migrations/20260102_email.sql",
        "ALTER TABLE users ADD COLUMN email text;\n",
    );
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("notice: 20260102_email.sql in "),
        "{run:?}"
    );
}

#[test]
fn a_project_without_tables_is_fine_until_it_has_one() {
    let project = Project::small();
    project.write(
        "src/schema.rs",
        "// @generated automatically by Diesel CLI.\n",
    );
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains("error[table-undeclared]: table `public.users`"),
        "{run:?}"
    );
}

#[test]
fn schema_migration_dir_and_config_file_can_be_named() {
    let project = drifted();
    project.write(
        "other/schema.rs",
        &SCHEMA.replace(
            "name -> Text,",
            "name -> Text,\n        email -> Nullable<Text>,",
        ),
    );
    let run = project.run(&["check", "--schema", "other/schema.rs"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project.write(
        "chain/2026-01-01-000000_users/up.sql",
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);\n",
    );
    let run = project.run(&["check", "--migration-dir", "chain"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project.write(
        "etc/other.toml",
        "[print_schema]\nfile = \"../other/schema.rs\"\n",
    );
    let run = project.run(&["check", "--config-file", "etc/other.toml"]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn drift_toml_silences_raises_and_complains() {
    let project = drifted();
    let suppression = "[[suppress]]\nkind = \"column-undeclared\"\nsubject = \"public.users.email\"\nreason = \"next release\"\n";
    project.write("drift.toml", suppression);
    let run = project.run(&["check", "-v"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("(next release)") && run.stdout.contains("1 suppressed"),
        "{run:?}"
    );

    project.write("drift.toml", "[levels]\ncolumn-undeclared = \"note\"\n");
    assert_eq!(project.run(&["check"]).code, Some(0));

    project.write("drift.toml", &suppression.replace("email", "emial"));
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.contains("warning[suppression-unused]"),
        "{run:?}"
    );
    assert!(run.stdout.contains("--> drift.toml:1:1"), "{run:?}");
}

#[test]
fn a_migrated_database_is_only_read() {
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection
        .batch_execute(
            "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, email text);
             CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'changed'; END $$;
             CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION refuse();
             CREATE ROLE looker LOGIN PASSWORD 'looker-secret';",
        )
        .unwrap();
    let project = Project::small();
    let run = project.run(&["check", "--database-url", database.url()]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("public.users.email"), "{run:?}");

    // A role that can only connect sees the same.
    let mut url = url::Url::parse(database.url()).unwrap();
    url.set_username("looker").unwrap();
    url.set_password(Some("looker-secret")).unwrap();
    let run = project.run(&["check", "--database-url", url.as_str()]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("public.users.email"), "{run:?}");
    assert!(!format!("{run:?}").contains("looker-secret"));
}

#[test]
fn a_project_s_own_command_migrates() {
    let project = Project::small();
    fs::remove_dir_all(project.path().join("migrations")).unwrap();
    project.write(
        "setup.sql",
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);\n",
    );
    project.write("drift.toml", "[migrate]\ncommand = \"psql --quiet --no-psqlrc --file setup.sql \\\"$DATABASE_URL\\\"\"\n");
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project.write("setup.sql", "SELECT 1;\n");
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("error[table-missing]"), "{run:?}");
}

#[test]
fn the_server_provider_leaves_its_server_as_it_was() {
    let server = provision(&Options::from_env()).unwrap();
    let databases = || {
        use diesel::RunQueryDsl;
        let mut connection = PgConnection::establish(server.url()).unwrap();
        let names: Vec<String> = diesel::select(diesel::dsl::sql::<
            diesel::sql_types::Array<diesel::sql_types::Text>,
        >(
            "(SELECT array_agg(datname::text ORDER BY 1) FROM pg_database)",
        ))
        .get_result(&mut connection)
        .unwrap();
        names
    };
    let before = databases();
    let run = drifted().run(&["check", "--server", server.url()]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(databases(), before);
}

#[cfg(feature = "container")]
#[test]
fn a_container_serves_as_well() {
    let engine = std::process::Command::new("docker")
        .args(["image", "ls", "--quiet", "postgres"])
        .output();
    match engine {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => {}
        _ => return eprintln!("skipped: no container engine with an image `postgres` answers"),
    }
    let run = drifted().run(&["check", "--provider", "container"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("public.users.email"), "{run:?}");
}

/// A server of its own has only the roles that it is told of.
#[test]
fn roles_that_migrations_grant_to_are_made_where_drift_toml_names_them() {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_grants",
        "GRANT SELECT ON users TO app_ro, \"Odd \"\"Role\";\n",
    );
    let check = || project.run(&["check", "--provider", "local"]);
    let run = check();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("[provision] roles"), "{run:?}");
    project.write(
        "drift.toml",
        "[provision]\nroles = [\"app_ro\", 'Odd \"Role', \"postgres\"]\n",
    );
    let run = check();
    assert_eq!(run.code, Some(0), "{run:?}");
}
