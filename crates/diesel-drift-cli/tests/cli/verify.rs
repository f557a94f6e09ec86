//! `verify` and `fingerprint`: deployed against expected.

use super::deployed::{Deployed, findings};
use super::project::{Project, SCHEMA};
use serde_json::Value;
use std::fs;

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_deployed_database_in_parity_is_exit_0_and_one_line() {
    let project = Project::reference();
    let deployed = Deployed::of(&project);
    let run = deployed.verify(&project, &["--report", "kept.json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("no drift: PostgreSQL "), "{run:?}");
    let migrations = fs::read_dir(project.path().join("migrations"));
    let count = migrations.unwrap().count();
    assert!(
        run.stdout
            .contains(&format!(" objects of {count} migrations on ")),
        "{run:?}"
    );
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");

    let kept = fs::read_to_string(project.path().join("kept.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept["findings"], Value::Array(Vec::new()));
    assert!(kept["compared"]["objects"].as_u64().unwrap() > 40);
    assert_eq!(
        kept["database"]["server_version"],
        kept["compared"]["expected"]["server_version"]
    );

    // By eye as well.
    let fresh = project.run(&["fingerprint"]);
    let there = project.run(&["fingerprint", "--database-url", deployed.url()]);
    assert_eq!((fresh.code, &fresh.stdout), (Some(0), &there.stdout));
    let (digits, version) = fresh.stdout.trim_end().split_once("  ").unwrap();
    assert_eq!(digits.split('-').map(str::len).collect::<Vec<_>>(), [4; 5]);
    assert!(version.starts_with("PostgreSQL "), "{version}");
    deployed.execute("COMMENT ON TABLE cwom.runs IS 'by hand'");
    let changed = project.run(&["fingerprint", "--database-url", deployed.url()]);
    assert_ne!(changed.stdout, there.stdout);
}

/// The code, the migrations and the database, each with or without a column.
#[test]
fn who_stands_alone_is_said() {
    let column = "ALTER TABLE users ADD COLUMN email text;";
    let declared = SCHEMA.replace(
        "        name -> Text,\n",
        "        name -> Text,\n        email -> Nullable<Text>,\n",
    );
    let unexpected = "column-unexpected public.users.email";
    let missing = "column-missing public.users.email";
    for (in_code, in_migrations, in_database, expected) in [
        (false, false, false, None),
        (false, false, true, Some((unexpected, "deployed"))),
        (false, true, false, Some((missing, "migrated"))),
        (
            false,
            true,
            true,
            Some(("column-undeclared public.users.email", "declared")),
        ),
        (true, false, false, Some((missing, "declared"))),
        (true, false, true, Some((unexpected, "migrated"))),
        (true, true, false, Some((missing, "deployed"))),
        (true, true, true, None),
    ] {
        let case = (in_code, in_migrations, in_database);
        let project = Project::small();
        if in_migrations {
            let name = "migrations/2026-01-01-000000_users/up.sql";
            let text = fs::read_to_string(project.path().join(name)).unwrap();
            project.write(name, &(text + column));
        }
        if in_code {
            project.write("src/schema.rs", &declared);
        }
        let deployed = Deployed::of(&project);
        match (in_migrations, in_database) {
            (true, false) => deployed.execute("ALTER TABLE users DROP COLUMN email"),
            (false, true) => deployed.execute(column),
            _ => {}
        }
        let report = deployed.verified(&project, &[]);
        let expected: Vec<_> = expected
            .iter()
            .map(|(what, alone)| format!("{what} {alone}"))
            .collect();
        assert_eq!(findings(&report), expected, "{case:?}");
    }
}

#[test]
fn three_may_each_say_something_else_and_the_code_may_not_say() {
    let project = Project::small();
    project.write(
        "src/schema.rs",
        &SCHEMA.replace("name -> Text", "name -> Int8"),
    );
    let deployed = Deployed::of(&project);
    deployed.execute(
        "ALTER TABLE users ALTER name TYPE int USING 1; CREATE INDEX by_name ON users (name)",
    );
    let report = deployed.verified(&project, &[]);
    assert_eq!(
        findings(&report),
        [
            "index-unexpected public.users.by_name deployed",
            "column-changed public.users.name each"
        ]
    );
    let [index, column] = [&report["findings"][0], &report["findings"][1]];
    assert_eq!(index["attribution"]["declared"], Value::Null);
    assert_eq!(column["attribute"], "data_type");
    assert_eq!(
        ["declared", "migrated", "deployed"]
            .map(|side| column["attribution"][side].as_str().unwrap()),
        ["c", "a", "b"]
    );
    assert_eq!(column["location"]["file"], "src/schema.rs");
    let text = deployed.verify(&project, &[]).stdout;
    for part in [
        "the deployed database has what no migration makes; `schema.rs` does not say",
        "`schema.rs`, the migrations and the deployed database each say something else",
        "name -> Int8",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_a_managed_service_grants_to_its_administrator_is_no_drift() {
    let project = Project::reference();
    let deployed = Deployed::of(&project);
    deployed.execute("GRANT EXECUTE ON FUNCTION pg_stat_reset() TO pg_monitor");
    let run = deployed.verify(&project, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .starts_with("note[database-changed]: `system_objects`"),
        "{run:?}"
    );
}

#[test]
fn column_order_is_a_kind_of_its_own() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    deployed.execute("ALTER TABLE users DROP COLUMN id; ALTER TABLE users ADD id int PRIMARY KEY");
    let report = deployed.verified(&project, &[]);
    assert_eq!(findings(&report), ["column-order public.users deployed"]);
    assert_eq!(report["findings"][0]["severity"], "warning");
}

#[test]
fn the_last_applied_migration_is_what_counts() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    // Two branches: one was merged late, one is not deployed yet, and one was deployed from elsewhere.
    project.migration(
        "2025-12-31-000000_late",
        "CREATE TABLE late (id int PRIMARY KEY);\n",
    );
    project.migration(
        "2026-01-02-000000_email",
        "ALTER TABLE users ADD COLUMN email text;\n",
    );
    project.write(
        "src/schema.rs",
        &(SCHEMA.replace(
            "        name -> Text,\n",
            "        name -> Text,\n        email -> Nullable<Text>,\n",
        ) + "diesel::table! {\n    late (id) {\n        id -> Int4,\n    }\n}\n"),
    );
    deployed.execute(
        "INSERT INTO __diesel_schema_migrations VALUES ('20260301000000', '2026-03-02 10:00:00')",
    );
    let report = deployed.verified(&project, &[]);
    assert_eq!(
        findings(&report),
        [
            "migration-skipped 2025-12-31-000000_late",
            "migration-pending 2026-01-02-000000_email",
            "migration-unknown 20260301000000",
        ],
        "what the others make is neither there nor missed"
    );
    let severities: Vec<_> = (0..3)
        .map(|at| report["findings"][at]["severity"].as_str().unwrap())
        .collect();
    assert_eq!(severities, ["warning", "note", "error"]);
    let text = deployed.verify(&project, &[]).stdout;
    assert!(
        text.contains("was applied on 2026-03-02 10:00:00"),
        "{text}"
    );

    deployed.execute("DELETE FROM __diesel_schema_migrations WHERE version = '20260301000000'");
    fs::remove_dir_all(project.path().join("migrations/2025-12-31-000000_late")).unwrap();
    project.edit(
        "src/schema.rs",
        "diesel::table! {\n    late (id) {\n        id -> Int4,\n    }\n}\n",
        "",
    );
    let run = deployed.verify(&project, &[]);
    assert_eq!(run.code, Some(0), "pending alone is no drift: {run:?}");
    assert!(
        run.stdout
            .starts_with("note[migration-pending]: migration `2026-01-02-000000_email`"),
        "{run:?}"
    );
}

#[test]
fn a_pending_migration_that_fails_there_is_an_error_that_says_why() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    project.migration(
        "2026-01-02-000000_broken",
        "ALTER TABLE usres ADD COLUMN email text;\n",
    );
    let run = deployed.verify(&project, &[]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.starts_with("error[migration-pending]: migration `2026-01-02-000000_broken` is not applied yet, and fails")
            && run.stdout.contains("relation \"usres\" does not exist"),
        "{run:?}"
    );
}

#[test]
fn a_database_without_a_record_is_held_against_all_migrations() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    deployed.execute("DROP TABLE __diesel_schema_migrations");
    let report = deployed.verified(&project, &[]);
    assert_eq!(findings(&report), none());
    assert!(
        report["notices"][0]
            .as_str()
            .unwrap()
            .contains("no table `__diesel_schema_migrations`"),
        "{report}"
    );

    // A project with its own runner has none.
    project.write(
        "drift.toml",
        "[migrate]\ncommand = \"psql -q -f migrations/*/up.sql \\\"$DATABASE_URL\\\"\"\n",
    );
    deployed.execute("CREATE VIEW v AS SELECT 1 AS a");
    let report = deployed.verified(&project, &[]);
    assert_eq!(findings(&report), ["view-unexpected public.v deployed"]);
    assert!(
        report["notices"][0]
            .as_str()
            .unwrap()
            .contains("no versions are compared"),
        "{report}"
    );
}

#[test]
fn before_the_first_deployment_everything_is_pending() {
    let project = Project::small();
    let deployed = Deployed::empty();
    let report = deployed.verified(&project, &[]);
    assert_eq!(
        findings(&report),
        ["migration-pending 2026-01-01-000000_users"]
    );
}

/// What declarations and catalogs both see is reported once, of whichever class it is.
#[test]
fn nothing_is_said_twice() {
    let project = Project::reference();
    let deployed = Deployed::of(&project);
    deployed.execute(
        "ALTER TABLE cwom.runs ALTER objective DROP NOT NULL, DROP CONSTRAINT runs_for_issue_id_fkey;
         ALTER TABLE cwom.runs RENAME outcome TO result; ALTER TYPE cwom.issue_kind ADD VALUE 'epic';
         DROP TABLE cwom.run_doctrine_refs; CREATE TABLE cwom.spare (id int PRIMARY KEY);
         ALTER TABLE tower.events DROP CONSTRAINT events_pkey",
    );
    let report = deployed.verified(&project, &[]);
    assert_eq!(
        findings(&report),
        [
            "enum-changed cwom.issue_kind deployed",
            "table-missing cwom.run_doctrine_refs deployed",
            "column-changed cwom.runs.objective deployed",
            "column-changed cwom.runs.outcome deployed",
            "foreign-key-missing cwom.runs.runs_for_issue_id_fkey deployed",
            "table-unexpected cwom.spare deployed",
            "primary-key-missing tower.events.events_pkey deployed",
        ]
    );
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(
            finding["attribution"]["declared"], "a",
            "the code says what the migrations make: {finding}"
        );
    }
    let schema = diesel_drift::report::json_schema();
    let errors: Vec<_> = (jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&report))
    .map(|error| error.to_string())
    .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn drift_toml_holds() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    deployed.execute(
        "CREATE SCHEMA kosmos; CREATE TABLE kosmos.runs (id bigserial PRIMARY KEY); CREATE INDEX known ON users (name);
         CREATE INDEX quiet ON users (id)",
    );
    assert_eq!(deployed.verify(&project, &[]).code, Some(1));
    project.write(
        "drift.toml",
        "[[ignore]]\nschema = \"kosmos\"\nreason = \"another system's\"\n\n\
         [[suppress]]\nkind = \"index-unexpected\"\nsubject = \"public.users.known\"\nreason = \"for a report\"\n\n\
         [[suppress]]\nkind = \"index-unexpected\"\nsubject = \"public.users.elsewhere\"\nreason = \"in staging\"\n\n\
         [levels]\nindex-unexpected = \"note\"\n",
    );
    let report = deployed.verified(&project, &[]);
    assert_eq!(
        findings(&report),
        ["index-unexpected public.users.quiet deployed"]
    );
    assert_eq!(report["findings"][0]["severity"], "note");
    assert_eq!(report["suppressed"][0]["reason"], "for a report");
    // What is suppressed for another database is no suppression too many, here or in a check.
    assert_eq!(project.run(&["check", "--fail-on", "note"]).code, Some(0));

    // What is ignored is left out of the fingerprint as well.
    deployed.execute("DROP INDEX known, quiet");
    let fresh = project.run(&["fingerprint"]).stdout;
    assert_eq!(
        fresh,
        project
            .run(&["fingerprint", "--database-url", deployed.url()])
            .stdout
    );
}

#[test]
fn snapshots_serve_where_no_server_can_be_had() {
    let project = Project::reference();
    let deployed = Deployed::of(&project);
    let snapshots = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots");
    let expect = ["--expect", "snapshots", snapshots];
    let report = deployed.verified(&project, &expect);
    assert_eq!(findings(&report), none(), "{report}");
    deployed.execute("ALTER TABLE cwom.runs ALTER objective SET DEFAULT 'x'");
    let report = deployed.verified(&project, &expect);
    assert_eq!(findings(&report), ["column-changed cwom.runs.objective"]);
    let run = deployed.verify(&project, &["--expect", "snapshots"]);
    assert_eq!(run.code, Some(2), "the copy has none: {run:?}");
    assert!(run.stderr.contains("holds no snapshot"), "{run:?}");
}
