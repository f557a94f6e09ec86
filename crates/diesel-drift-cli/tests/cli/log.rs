//! `diesel-drift log`, and what findings say about migrations.

use crate::project::Project;

fn project() -> Project {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_mail",
        "SELECT 1;\nALTER TABLE users ADD mail text;\n",
    );
    project
}

#[test]
fn a_history_is_told_and_a_name_that_means_nothing_is_bad_input() {
    let project = project();
    let told = project.run(&["log", "users.mail"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert_eq!(
        told.stdout.trim_end(),
        "migration 2026-01-02-000000_mail\n    up.sql:2  created column `public.users.mail`: data_type text"
    );
    let json = project.run(&["log", "users.mail", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let change = &json["entries"][0]["changes"][0];
    assert_eq!(
        [&change["act"], &change["file"], &change["line"]],
        [
            &"created".into(),
            &"migrations/2026-01-02-000000_mail/up.sql".into(),
            &serde_json::json!(2)
        ]
    );
    for (arguments, said) in [
        (
            &["log", "users.mial"][..],
            "did you mean column `public.users.mail`?",
        ),
        (
            &["log", "users", "--class", "tabel"][..],
            "there is no class `tabel`",
        ),
    ] {
        let refused = project.run(arguments);
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (Some(2), ""),
            "{refused:?}"
        );
        assert!(refused.stderr.contains(said), "{refused:?}");
    }
}

#[test]
fn findings_say_which_migration_unless_they_are_not_to() {
    let project = project();
    let with = project.run(&["check"]);
    let note = "= note: created by `2026-01-02-000000_mail/up.sql:2`";
    assert_eq!(with.code, Some(1), "{with:?}");
    assert!(with.stdout.contains(note), "{with:?}");
    let without = project.run(&["check", "--no-blame"]);
    assert_eq!(without.code, Some(1), "{without:?}");
    // The second run says that it has the catalog from the first.
    let findings = |stdout: &str| -> Vec<String> {
        let lines = stdout.lines().filter(|line| !line.contains(note));
        let lines = lines.filter(|line| !line.starts_with("drift: "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(findings(&with.stdout), findings(&without.stdout));
    let json = project.run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let created = &json["findings"][0]["blame"]["created"];
    assert_eq!(created["file"], "migrations/2026-01-02-000000_mail/up.sql");
    assert_eq!(created["line"], 2);
}
