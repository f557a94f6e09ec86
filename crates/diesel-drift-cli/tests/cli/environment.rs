//! Variables of libpq that mean somebody else's server.

use super::project::Project;

/// Each would lead a connection astray, or have it refused.
const ASTRAY: [(&str, &str); 9] = [
    ("PGHOST", "/nonexistent"),
    ("PGHOSTADDR", "127.0.0.2"),
    ("PGPORT", "1"),
    ("PGSSLMODE", "verify-full"),
    ("PGCHANNELBINDING", "require"),
    ("PGGSSENCMODE", "require"),
    ("PGTARGETSESSIONATTRS", "read-only"),
    ("PGOPTIONS", "-c search_path=nowhere"),
    ("PGREQUIREPEER", "nobody else"),
];

#[test]
fn a_server_of_the_harness_s_own_is_found_all_the_same() {
    let project = Project::small();
    let check = ["check", "--provider", "local"];
    let run = |project: &Project| {
        project
            .command(&check)
            .envs(ASTRAY)
            .output()
            .unwrap()
            .into()
    };
    let by_diesel: super::project::Run = run(&project);
    assert_eq!(by_diesel.code, Some(0), "{by_diesel:?}");
    project.write(
        "drift.toml",
        "[migrate]\ncommand = \"psql --quiet --no-psqlrc --file migrations/*/up.sql \\\"$DATABASE_URL\\\"\"\n",
    );
    let by_command: super::project::Run = run(&project);
    assert_eq!(by_command.code, Some(0), "{by_command:?}");
}

#[test]
fn what_cannot_be_overruled_is_named() {
    let project = Project::small();
    let run: super::project::Run = project
        .command(&["check", "--provider", "local"])
        .env("PGSERVICE", "no_such_service")
        .output()
        .unwrap()
        .into();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains("libpq heeds PGSERVICE of the environment")
            && run.stderr.contains("unset it"),
        "{run:?}"
    );
}

#[test]
fn a_password_that_is_not_encoded_is_not_shown() {
    let project = Project::small();
    for option in ["--server", "--database-url"] {
        for password in ["Qx/Zw", "Qx@Zw", "Qx/@Zw"] {
            let url = format!("postgres://me:{password}@localhost:1/db");
            let run = project.run(&["check", option, &url]);
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(
                run.stderr.contains("percent-encode the password"),
                "{run:?}"
            );
            assert!(
                !run.stderr.contains("Qx") && !run.stderr.contains("Zw"),
                "{run:?}"
            );
        }
    }
}
