//! "A first-pass domain schema for Int Crucible exists and is documented … for: Project, ChatSession, Message, ProblemSpec, WorldModel,
//! Run, Candidate, ScenarioSuite, Evaluation, Issue" (seed 3).

use std::collections::BTreeSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::schema::crucible::{candidates, evaluations, issues, projects, runs};
use reference_models::store::create;
use rstest::rstest;

use super::support::{TestResult, connect};
use super::{a_candidate, a_project, a_run};

/// The entities of the criterion, and the rows that hold the lineage.
const TABLES: [&str; 11] = [
    "candidate_parents",
    "candidates",
    "chat_sessions",
    "evaluations",
    "issues",
    "messages",
    "problem_specs",
    "projects",
    "runs",
    "scenario_suites",
    "world_models",
];

fn names(conn: &mut PgConnection, query: &str) -> QueryResult<BTreeSet<String>> {
    let names = sql::<Array<Text>>(&format!("ARRAY({query})"));
    let names: Vec<String> = diesel::select(names).get_result(conn)?;
    Ok(names.into_iter().collect())
}

#[rstest]
fn the_schema_exists_for_all_ten_entities_with_their_relations(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'crucible'";
    assert_eq!(names(conn, tables)?, TABLES.map(str::to_owned).into());

    let relations = "SELECT DISTINCT conrelid::regclass || ' -> ' || confrelid::regclass FROM pg_constraint \
                     WHERE contype = 'f' AND connamespace = 'crucible'::regnamespace";
    let expected = [
        "candidate_parents -> candidates",
        "candidate_parents -> projects",
        "candidates -> projects",
        "candidates -> runs",
        "chat_sessions -> candidates",
        "chat_sessions -> projects",
        "chat_sessions -> runs",
        "evaluations -> candidates",
        "evaluations -> projects",
        "evaluations -> runs",
        "issues -> candidates",
        "issues -> projects",
        "issues -> runs",
        "messages -> chat_sessions",
        "problem_specs -> projects",
        "runs -> projects",
        "scenario_suites -> runs",
        "world_models -> projects",
    ];
    let expected = expected.map(|relation| {
        let (child, parent) = relation.split_once(" -> ").unwrap();
        format!("crucible.{child} -> crucible.{parent}")
    });
    assert_eq!(names(conn, relations)?, expected.into());
    Ok(())
}

/// Relations are joins in Diesel as well, also those whose key holds the project beside.
#[rstest]
fn rows_are_joined_along_their_relations(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let [one, other] = [a_candidate(conn, &run, &[])?, a_candidate(conn, &run, &[])?];
    create(
        conn,
        NewEvaluation::new(project.id, run.id, one.id, "flood"),
    )?;
    let new = NewIssue {
        candidate_id: Some(other.id),
        ..NewIssue::new(
            project.id,
            IssueType::Model,
            IssueSeverity::Minor,
            "No rain",
        )
    };
    create(conn, new)?;

    let evaluated: Vec<(CandidateId, RunId, ProjectId)> = evaluations::table
        .inner_join(candidates::table)
        .inner_join(runs::table)
        .inner_join(projects::table)
        .select((candidates::id, runs::id, projects::id))
        .load(conn)?;
    assert_eq!(evaluated, [(one.id, run.id, project.id)]);
    let shown: Vec<(CandidateId, String)> = issues::table
        .inner_join(candidates::table)
        .select((candidates::id, issues::description))
        .load(conn)?;
    assert_eq!(shown, [(other.id, "No rain".to_owned())]);
    let of_run: Vec<Candidate> = Candidate::belonging_to(&run)
        .order(candidates::id)
        .load(conn)?;
    assert_eq!(of_run, [one, other]);
    Ok(())
}

/// "and is documented": every table, column, type and function says what it is.
#[rstest]
fn everything_is_documented(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let undocumented = "SELECT c.relname || coalesce('.' || a.attname, '') FROM pg_class c
         LEFT JOIN LATERAL (SELECT attnum, attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0
                            UNION ALL SELECT 0, NULL) a ON true
         WHERE c.relnamespace = 'crucible'::regnamespace AND c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NULL
               AND (a.attnum > 0 OR obj_description(c.oid, 'pg_class') IS NULL)
         UNION ALL SELECT typname FROM pg_type
         WHERE typnamespace = 'crucible'::regnamespace AND typtype = 'e' AND obj_description(oid, 'pg_type') IS NULL
         UNION ALL SELECT proname FROM pg_proc
         WHERE pronamespace = 'crucible'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL";
    assert_eq!(names(conn, undocumented)?, BTreeSet::new());
    diesel::sql_query("COMMENT ON COLUMN crucible.runs.mode IS NULL").execute(conn)?;
    assert_eq!(names(conn, undocumented)?, ["runs.mode".to_owned()].into());
    Ok(())
}

/// "Implemented string enums for all status fields" (seed 3, work log).
#[rstest]
fn every_status_is_an_enum_with_the_labels_of_the_story(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let labels =
        "SELECT t.typname || ': ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
                  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
                  WHERE t.typnamespace = 'crucible'::regnamespace GROUP BY t.typname";
    let expected = [
        "candidate_origin: user, system",
        "candidate_status: new, under_test, promising, weak, rejected",
        "chat_mode: setup, analysis",
        "issue_severity: minor, important, catastrophic",
        "issue_type: model, constraint, evaluator, scenario",
        "message_role: user, system, agent",
        "resolution_status: open, resolved, invalidated",
        "run_mode: full_search, eval_only, seeded",
        "run_status: created, running, completed, failed, cancelled",
        "spec_resolution: coarse, medium, fine",
    ];
    assert_eq!(names(conn, labels)?, expected.map(str::to_owned).into());
    let untyped = "SELECT table_name || '.' || column_name FROM information_schema.columns
                   WHERE table_schema = 'crucible' AND column_name ~ '(status|mode|role|type|severity|origin|resolution)$'
                         AND data_type <> 'USER-DEFINED'";
    assert_eq!(names(conn, untyped)?, BTreeSet::new());
    Ok(())
}

/// "renamed `metadata` field to `message_metadata`" (seed 3, work log).
#[rstest]
fn the_name_that_clashes_is_message_metadata(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let columns = "SELECT table_name || '.' || column_name FROM information_schema.columns
                   WHERE table_schema = 'crucible' AND column_name LIKE '%metadata%'";
    assert_eq!(
        names(conn, columns)?,
        ["messages.message_metadata".to_owned()].into()
    );
    Ok(())
}

/// "All functions use UUID generation for IDs" (seed 3, work log): the application makes them, and the database none.
#[rstest]
fn keys_are_uuids_that_the_store_makes(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    assert_eq!(project.id.0.get_version_num(), 7);
    let run = a_run(conn, project.id)?;
    let [first, second] = [a_candidate(conn, &run, &[])?, a_candidate(conn, &run, &[])?];
    assert!(first.id < second.id);
    let other = "SELECT table_name || '.' || column_name FROM information_schema.columns
                 WHERE table_schema = 'crucible' AND column_name ~ '^id$|_id$' AND column_name <> 'scenario_id'
                       AND (data_type <> 'uuid' OR column_default IS NOT NULL)";
    assert_eq!(names(conn, other)?, BTreeSet::new());
    Ok(())
}
