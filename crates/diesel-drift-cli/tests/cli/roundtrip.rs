//! `diesel-drift roundtrip`.

use super::project::Project;
use serde_json::{Value, json};

#[test]
fn a_migration_that_leaves_something_fails() {
    let project = Project::small();
    project.write(
        "migrations/2026-01-01-000000_users/down.sql",
        "DROP TABLE users;",
    );
    project.migration(
        "2026-01-02-000000_mood",
        "CREATE TYPE mood AS ENUM ('ok');\n",
    );
    project.write("migrations/2026-01-02-000000_mood/down.sql", "SELECT 1;");
    let run = project.run(&["roundtrip"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains("2026-01-02-000000_mood: differs\n\nerror[down-leaves-object]"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("migrations/2026-01-02-000000_mood/up.sql:1:1"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("1 exact, 1 differs; 1 error"),
        "{}",
        run.stdout
    );

    let run = project.run(&["roundtrip", "--format", "json", "--from", "20260102000000"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        report["compared"]["round_trip"],
        json!([{"migration": "2026-01-02-000000_mood", "verdict": "differs", "says": null}])
    );
    assert_eq!(
        report["findings"][0]["subject"]["migration"],
        "2026-01-02-000000_mood"
    );
    assert_eq!(
        report["findings"][0]["subject"]["path"],
        "2026-01-02-000000_mood public.mood"
    );

    project.write(
        "migrations/2026-01-02-000000_mood/down.sql",
        "DROP TYPE mood;",
    );
    let run = project.run(&["roundtrip", "--last", "1", "-q"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run:?}");
    let run = project.run(&["roundtrip", "--last", "1", "--all"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}
