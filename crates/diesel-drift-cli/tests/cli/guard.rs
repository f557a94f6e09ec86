//! Does the guard bite (seed 5)? On a copy of the reference project, `schema.rs` is changed without a migration, and a migration
//! is added without `schema.rs`. Each is found, named and placed, by the command and by what `cargo test` calls.

use super::project::Project;
use diesel_drift::testing::no_drift;
use std::panic::catch_unwind;

const CWOM: &str = "src/schema/cwom.rs";
const TOWER: &str = "src/schema/tower.rs";

/// The drift has to be reported as `kind[...]` about `subject`, in `file`.
#[track_caller]
fn assert_found(project: &Project, kind: &str, subject: &str, file: &str) {
    let run = project.run(&["check", "--fail-on", "note", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|finding| finding["kind"] == kind && finding["subject"]["path"] == subject);
    let found = found.unwrap_or_else(|| panic!("{kind} {subject} is not among {findings:#?}"));
    assert_eq!(found["location"]["file"], file, "{found:#?}");
    assert!(
        found["location"]["line"].as_u64().unwrap() > 1,
        "{found:#?}"
    );

    // What notes say fails neither the command nor the test by default.
    let fails = found["severity"] != "note";
    assert_eq!(project.run(&["check"]).code, Some(i32::from(fails)));
    match no_drift(project.path()) {
        Ok(_) => assert!(!fails, "{kind} {subject} passes `cargo test`"),
        Err(message) => {
            assert!(fails, "{message}");
            assert!(
                message.contains(&format!("[{kind}]"))
                    && message.contains(subject)
                    && message.contains(file),
                "{message}"
            );
        }
    }
}

fn changed(file: &str, from: &str, to: &str) -> Project {
    let project = Project::reference();
    project.edit(file, from, to);
    project
}

fn migrated(sql: &str) -> Project {
    let project = Project::reference();
    project.migration("2099-01-01-000000_drift", sql);
    project
}

#[test]
fn the_copy_itself_is_clean() {
    let project = Project::reference();
    let run = project.run(&["check", "--fail-on", "note"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    no_drift(project.path()).unwrap();
}

#[test]
fn a_column_added_to_schema_rs() {
    let line = "            default_branch -> Varchar,\n";
    let project = changed(
        CWOM,
        line,
        &format!("{line}            drift_test -> Nullable<Text>,\n"),
    );
    assert_found(&project, "column-missing", "cwom.repos.drift_test", CWOM);
}

#[test]
fn a_column_dropped_from_schema_rs() {
    let project = changed(CWOM, "            objective -> Text,\n", "");
    assert_found(&project, "column-undeclared", "cwom.runs.objective", CWOM);
}

#[test]
fn a_column_retyped_in_schema_rs() {
    let project = changed(CWOM, "objective -> Text,", "objective -> Jsonb,");
    assert_found(&project, "type-mismatch", "cwom.runs.objective", CWOM);
}

#[test]
fn columns_reordered_in_schema_rs() {
    let pair = [
        "            /// What the executor was asked for.\n            objective -> Text,\n",
        "            /// What came of it in a few sentences; null while it is not finished.\n            outcome -> Nullable<Text>,\n",
    ];
    let project = changed(CWOM, &pair.concat(), &[pair[1], pair[0]].concat());
    assert_found(&project, "column-order", "cwom.runs", CWOM);
}

#[test]
fn a_table_dropped_from_schema_rs() {
    let project = Project::reference();
    let text = std::fs::read_to_string(project.path().join(TOWER)).unwrap();
    let start = text.find("    diesel::table! {").unwrap();
    let end = start + text[start..].find("\n    }\n").unwrap() + "\n    }\n".len();
    let table = text[start..end]
        .lines()
        .find_map(|line| line.trim().strip_prefix("tower."))
        .unwrap();
    let name = table.split([' ', '(']).next().unwrap().to_owned();
    let without: String = [&text[..start], &text[end..]]
        .concat()
        .lines()
        .filter(|line| {
            !line.contains("joinable!")
                || !line.contains(&format!("({name} ")) && !line.contains(&format!("-> {name} "))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    project.write(TOWER, &without);
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains(&format!("error[table-undeclared]: table `tower.{name}`")),
        "{run:?}"
    );
    assert!(
        no_drift(project.path())
            .unwrap_err()
            .contains(&format!("tower.{name}"))
    );
}

#[test]
fn a_foreign_key_changed_in_schema_rs() {
    let project = changed(
        CWOM,
        "joinable!(artifacts -> issues (for_issue_id));",
        "joinable!(artifacts -> issues (produced_by_run_id));",
    );
    assert_found(
        &project,
        "foreign-key-missing",
        "cwom.artifacts.produced_by_run_id -> cwom.issues",
        CWOM,
    );
}

#[test]
fn a_foreign_key_dropped_from_schema_rs() {
    let project = changed(
        CWOM,
        "    diesel::joinable!(artifacts -> issues (for_issue_id));\n",
        "",
    );
    assert_found(
        &project,
        "foreign-key-undeclared",
        "cwom.artifacts.for_issue_id -> cwom.issues",
        CWOM,
    );
}

#[test]
fn a_column_added_by_a_migration() {
    let project = migrated("ALTER TABLE cwom.repos ADD COLUMN drift_test text;");
    assert_found(&project, "column-undeclared", "cwom.repos.drift_test", CWOM);
}

#[test]
fn a_column_dropped_by_a_migration() {
    let project = migrated("ALTER TABLE cwom.runs DROP COLUMN objective;");
    assert_found(&project, "column-missing", "cwom.runs.objective", CWOM);
}

#[test]
fn a_column_retyped_by_a_migration() {
    let project = migrated(
        "ALTER TABLE cwom.runs ALTER COLUMN objective TYPE jsonb USING to_jsonb(objective);",
    );
    assert_found(&project, "type-mismatch", "cwom.runs.objective", CWOM);
}

#[test]
fn a_column_reordered_by_a_migration() {
    let project = migrated(
        "ALTER TABLE cwom.runs DROP COLUMN outcome; ALTER TABLE cwom.runs ADD COLUMN outcome text;",
    );
    assert_found(&project, "column-order", "cwom.runs", CWOM);
}

#[test]
fn a_table_dropped_by_a_migration() {
    let project = migrated("DROP TABLE cwom.run_doctrine_refs;");
    assert_found(&project, "table-missing", "cwom.run_doctrine_refs", CWOM);
}

#[test]
fn a_foreign_key_dropped_by_a_migration() {
    let project =
        migrated("ALTER TABLE cwom.artifacts DROP CONSTRAINT artifacts_for_issue_id_fkey;");
    assert_found(
        &project,
        "foreign-key-missing",
        "cwom.artifacts.for_issue_id -> cwom.issues",
        CWOM,
    );
}

#[test]
fn an_enum_label_added_by_a_migration() {
    let project = migrated("ALTER TYPE cwom.issue_kind ADD VALUE 'epic';");
    assert_found(
        &project,
        "enum-labels-mismatch",
        "cwom.issue_kind",
        "src/cwom/enums.rs",
    );
}

#[test]
fn an_enum_label_renamed_in_one_of_two_types_of_that_name() {
    let project = migrated("ALTER TYPE tower.artifact_kind ADD VALUE 'drift';");
    assert_found(
        &project,
        "enum-labels-mismatch",
        "tower.artifact_kind",
        "src/tower/enums.rs",
    );
}

#[test]
fn the_macro_panics_with_the_report() {
    let project = migrated("ALTER TABLE cwom.runs DROP COLUMN objective;");
    let directory = project.path().to_owned();
    let panic = catch_unwind(move || diesel_drift::assert_no_drift!(directory)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(
        message.contains("error[column-missing]: column `cwom.runs.objective`"),
        "{message}"
    );
}
