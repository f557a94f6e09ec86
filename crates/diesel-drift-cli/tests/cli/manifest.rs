//! `manifest`, and `verify` with nothing but the binary, a file and a URL.

use super::deployed::{Deployed, findings};
use super::project::Project;
use diesel_drift::manifest::json_schema;
use serde_json::Value;
use std::fs;

const EMAIL: &str = "2026-01-02-000000_email";

/// A project of three migrations, of which the last makes a type.
fn three() -> Project {
    let project = Project::small();
    project.migration(EMAIL, "ALTER TABLE users ADD COLUMN email text;\n");
    project.migration(
        "2026-01-03-000000_mood",
        "CREATE TYPE mood AS ENUM ('sad');\r\n",
    );
    project
}

/// An empty directory but for the project's manifest.
fn released(project: &Project) -> Project {
    let run = project.run(&["manifest"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    let elsewhere = Project::empty();
    elsewhere.write("release.json", &run.stdout);
    elsewhere
}

fn json(release: &Project) -> Value {
    serde_json::from_str(&fs::read_to_string(release.path().join("release.json")).unwrap()).unwrap()
}

#[test]
fn a_release_is_verified_in_an_empty_directory() {
    let project = three();
    let release = released(&project);
    let deployed = Deployed::of(&project);
    // There is no way to bring a server up, and none is needed.
    let run: super::project::Run = release
        .command(&[
            "verify",
            "--database-url",
            deployed.url(),
            "--manifest",
            "release.json",
        ])
        .env("DIESEL_DRIFT_PG_BIN", "/nonexistent")
        .env("DOCKER_HOST", "unix:///nonexistent")
        .env_remove("DIESEL_DRIFT_SERVER")
        .output()
        .unwrap()
        .into();
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains(" of 3 migrations on PostgreSQL ")
            && run.stdout.contains("(release manifest)"),
        "{run:?}"
    );
    deployed.execute("ALTER TYPE mood ADD VALUE 'glad'");
    let report = deployed.verified(&release, &["--manifest", "release.json"]);
    assert_eq!(findings(&report), ["enum-changed public.mood"]);
}

#[test]
fn an_older_version_is_held_against_its_own_state() {
    let project = three();
    let release = released(&project);
    let deployed = Deployed::empty();
    fs::rename(
        project.path().join("migrations"),
        project.path().join("all"),
    )
    .unwrap();
    for (migration, pending) in [
        ("2026-01-01-000000_users", 2),
        (EMAIL, 1),
        ("2026-01-03-000000_mood", 0),
    ] {
        let (all, some) = (
            project.path().join("all"),
            project.path().join("migrations"),
        );
        fs::create_dir_all(&some).unwrap();
        fs::rename(all.join(migration), some.join(migration)).unwrap();
        deployed.migrate(&project);
        let report = deployed.verified(&release, &["--manifest", "release.json"]);
        let kinds: Vec<_> = findings(&report);
        assert!(
            kinds.len() == pending
                && kinds
                    .iter()
                    .all(|kind| kind.starts_with("migration-pending ")),
            "{kinds:?}"
        );
    }
    deployed.execute("DELETE FROM __diesel_schema_migrations WHERE version > '20260101000000'");
    let report = deployed.verified(&release, &["--manifest", "release.json"]);
    let first = "migration-pending 2026-01-02-000000_email";
    assert_eq!(
        findings(&report),
        [
            first,
            "migration-pending 2026-01-03-000000_mood",
            "enum-unexpected public.mood",
            "column-unexpected public.users.email"
        ]
    );
}

#[test]
fn the_file_says_what_it_was_made_of_and_keeps_each_object_once() {
    let project = three();
    let release = released(&project);
    let manifest = json(&release);
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&manifest)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(manifest["format"], 1);
    assert_eq!(manifest["tool_version"], env!("CARGO_PKG_VERSION"));
    let fingerprint = project.run(&["fingerprint"]).stdout;
    assert!(
        fingerprint.starts_with(manifest["fingerprint"].as_str().unwrap()),
        "{fingerprint}"
    );
    let migrations = manifest["migrations"].as_array().unwrap();
    let versions: Vec<_> = migrations
        .iter()
        .map(|migration| migration["version"].as_str().unwrap())
        .collect();
    assert_eq!(
        versions,
        ["20260101000000", "20260102000000", "20260103000000"]
    );
    assert_eq!(
        migrations[2]["checksums"]["up.sql"],
        // `printf "CREATE TYPE mood AS ENUM ('sad');\r\n" | sha256sum`
        "595cf48905f3fdaa53af6eae12255f98fb59b4d9a580f2454be237905ff6b17e"
    );
    assert!(migrations[0]["checksums"].get("metadata.toml").is_none());
    let changed = |at: usize| {
        migrations[at]["changes"]["set"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(changed(1), ["relations public.users"]);
    assert_eq!(changed(2), ["enums public.mood"]);
    // The bookkeeping is the database's own, and the environment that of a scratch database.
    let text = manifest.to_string();
    assert!(
        !text.contains("__diesel_schema_migrations") && !text.contains("diesel_drift"),
        "{text}"
    );
}

#[test]
fn a_manifest_that_was_changed_is_refused() {
    let project = three();
    let release = released(&project);
    let good = json(&release);
    let refused = |change: &dyn Fn(&mut Value), expected: &str| {
        let mut manifest = good.clone();
        change(&mut manifest);
        release.write("bad.json", &manifest.to_string());
        // Never asked: the file comes first.
        let run = release.run(&[
            "verify",
            "--database-url",
            "postgres://127.0.0.1:1/x",
            "--manifest",
            "bad.json",
        ]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(
            run.stderr.starts_with("error: bad.json: ") && run.stderr.contains(expected),
            "{expected}: {run:?}"
        );
    };
    let some_hash = good["objects"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    refused(
        &|manifest| manifest["objects"][&some_hash]["comment"] = "x".into(),
        "does not have that checksum",
    );
    refused(
        &|manifest| {
            drop(
                manifest["objects"]
                    .as_object_mut()
                    .unwrap()
                    .remove(&some_hash),
            )
        },
        "lacks the object",
    );
    refused(
        &|manifest| manifest["migrations"] = Value::Array(Vec::new()),
        "no version has its object",
    );
    refused(
        &|manifest| manifest["migrations"].as_array_mut().unwrap().reverse(),
        "not in order",
    );
    refused(
        &|manifest| manifest["format"] = 2.into(),
        "its format is 2, and this diesel-drift",
    );
    refused(
        &|manifest| manifest["fingerprint"] = "0000".into(),
        "its fingerprint is 0000",
    );
    refused(
        &|manifest| manifest["extra"] = 1.into(),
        "unknown field `extra`",
    );
    release.write("bad.json", "[1, 2");
    let run = release.run(&[
        "verify",
        "--database-url",
        "postgres:///x",
        "--manifest",
        "bad.json",
    ]);
    assert!(
        run.code == Some(2) && run.stderr.contains("it is no release manifest"),
        "{run:?}"
    );
    let run = release.run(&[
        "verify",
        "--database-url",
        "postgres:///x",
        "--manifest",
        "nowhere.json",
    ]);
    assert!(
        run.code == Some(2) && run.stderr.contains("cannot read nowhere.json"),
        "{run:?}"
    );
    let run = release.run(&[
        "verify",
        "--database-url",
        "postgres:///x",
        "--expect",
        "manifest",
    ]);
    assert!(
        run.code == Some(2) && run.stderr.contains("needs the FILE"),
        "{run:?}"
    );
}

/// As if it had been made on another server.
#[test]
fn another_major_version_is_said_and_what_it_writes_otherwise_set_aside() {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_view",
        "CREATE VIEW names AS SELECT name FROM users WHERE id > 1;\n",
    );
    let release = released(&project);
    let mut manifest = json(&release);
    manifest["server_version"] = 130_001.into();
    release.write("release.json", &manifest.to_string());
    let deployed = Deployed::of(&project);
    deployed.execute("CREATE OR REPLACE VIEW names AS SELECT name FROM users WHERE id > 2; COMMENT ON VIEW names IS 'x'");
    let report = deployed.verified(&release, &["--manifest", "release.json"]);
    assert_eq!(
        findings(&report),
        ["not-comparable public.names", "view-changed public.names"]
    );
    let notice = report["notices"][0].as_str().unwrap();
    assert!(
        notice.contains("the manifest was made on PostgreSQL 13.1"),
        "{notice}"
    );
}

#[test]
fn what_the_project_ignores_and_accepts_goes_with_the_file() {
    let project = three();
    project.write(
        "drift.toml",
        "[[ignore]]\nschema = \"kosmos\"\nreason = \"another system's\"\n\n\
         [[suppress]]\nkind = \"index-unexpected\"\nsubject = \"public.users.known\"\nreason = \"for a report\"\n",
    );
    let release = released(&project);
    let deployed = Deployed::of(&project);
    deployed.execute(
        "CREATE SCHEMA kosmos; CREATE TABLE kosmos.t (); CREATE INDEX known ON users (name)",
    );
    let report = deployed.verified(&release, &["--manifest", "release.json"]);
    assert_eq!(findings(&report), Vec::<String>::new());
    assert_eq!(report["suppressed"][0]["reason"], "for a report");
}

#[test]
fn a_project_with_its_own_runner_has_one_state() {
    let project = Project::small();
    project.write(
        "drift.toml",
        "[migrate]\ncommand = \"psql -q -f migrations/*/up.sql \\\"$DATABASE_URL\\\"\"\n",
    );
    let release = released(&project);
    assert_eq!(json(&release)["made_by"], "command");
    assert_eq!(json(&release)["migrations"], Value::Array(Vec::new()));
    let deployed = Deployed::of(&project);
    deployed.execute("DROP TABLE __diesel_schema_migrations");
    let run = deployed.verify(&release, &["--manifest", "release.json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("no versions are compared"), "{run:?}");
}
