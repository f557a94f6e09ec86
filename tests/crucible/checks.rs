//! What the database refuses: every check, unique and foreign key of the schema, each by a row that breaks just that. Which there are
//! is asked of the catalog, so that a new one without its row here fails.

use std::collections::BTreeSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::error::Error;
use reference_models::schema::crucible::problem_specs;
use reference_models::store::create;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{TestResult, array, connect};
use super::{a_project, a_row_in_every_table};

/// A constraint, and a statement that breaks it and no other.
const BROKEN: &[(&str, &str)] = &[
    (
        "projects_title_check",
        "UPDATE crucible.projects SET title = ''",
    ),
    (
        "problem_specs_constraints_check",
        "UPDATE crucible.problem_specs SET constraints = '[{}]'",
    ),
    (
        "problem_specs_goals_check",
        "UPDATE crucible.problem_specs SET goals = '[{}]'",
    ),
    (
        "problem_specs_project_id_key",
        "INSERT INTO crucible.problem_specs (id, project_id) VALUES (gen_random_uuid(), '$project')",
    ),
    (
        "problem_specs_project_id_fkey",
        "UPDATE crucible.problem_specs SET project_id = '$nobody'",
    ),
    (
        "world_models_model_data_check",
        "UPDATE crucible.world_models SET model_data = '[]'",
    ),
    (
        "world_models_project_id_key",
        "INSERT INTO crucible.world_models (id, project_id) VALUES (gen_random_uuid(), '$project')",
    ),
    (
        "world_models_project_id_fkey",
        "UPDATE crucible.world_models SET project_id = '$nobody'",
    ),
    (
        "runs_config_check",
        "UPDATE crucible.runs SET config = '[]'",
    ),
    (
        "runs_started_at_check",
        "UPDATE crucible.runs SET status = 'running'",
    ),
    (
        "runs_started_at_check",
        "UPDATE crucible.runs SET started_at = now()",
    ),
    (
        "runs_started_at_check",
        "UPDATE crucible.runs SET status = 'completed', finished_at = now()",
    ),
    (
        "runs_finished_at_check",
        "UPDATE crucible.runs SET status = 'failed', started_at = now()",
    ),
    (
        "runs_finished_at_check",
        "UPDATE crucible.runs SET status = 'running', started_at = now(), finished_at = now()",
    ),
    (
        "runs_duration_check",
        "UPDATE crucible.runs SET status = 'completed', started_at = now(), finished_at = now() - interval '1 us'",
    ),
    (
        "runs_project_id_fkey",
        "UPDATE crucible.runs SET project_id = '$nobody' WHERE id = '$idle_run'",
    ),
    (
        "candidates_mechanism_description_check",
        "UPDATE crucible.candidates SET mechanism_description = ''",
    ),
    (
        "candidates_predicted_effects_check",
        "UPDATE crucible.candidates SET predicted_effects = '[]'",
    ),
    (
        "candidates_scores_check",
        "UPDATE crucible.candidates SET scores = '4'",
    ),
    (
        "candidates_provenance_check",
        "UPDATE crucible.candidates SET provenance = '[{\"actor\": \"a\"}]'",
    ),
    (
        "candidates_run_id_project_id_fkey",
        "UPDATE crucible.candidates SET run_id = '$run_elsewhere' WHERE id = '$child'",
    ),
    (
        "candidate_parents_itself_check",
        "UPDATE crucible.candidate_parents SET parent_id = candidate_id",
    ),
    (
        "candidate_parents_pkey",
        "INSERT INTO crucible.candidate_parents (candidate_id, parent_id, project_id) VALUES ('$child', '$parent', '$project')",
    ),
    (
        "candidate_parents_candidate_id_project_id_fkey",
        "UPDATE crucible.candidate_parents SET candidate_id = '$elsewhere'",
    ),
    (
        "candidate_parents_parent_id_project_id_fkey",
        "UPDATE crucible.candidate_parents SET parent_id = '$elsewhere'",
    ),
    (
        "scenario_suites_scenarios_check",
        "UPDATE crucible.scenario_suites SET scenarios = '[{\"id\": \"\"}]'",
    ),
    (
        "scenario_suites_run_id_key",
        "INSERT INTO crucible.scenario_suites (id, run_id) VALUES (gen_random_uuid(), '$run')",
    ),
    (
        "scenario_suites_run_id_fkey",
        "UPDATE crucible.scenario_suites SET run_id = '$nobody'",
    ),
    (
        "evaluations_scenario_id_check",
        "UPDATE crucible.evaluations SET scenario_id = ''",
    ),
    (
        "evaluations_p_check",
        "UPDATE crucible.evaluations SET p = '\"high\"'",
    ),
    (
        "evaluations_p_check",
        "UPDATE crucible.evaluations SET p = 'null'",
    ),
    (
        "evaluations_r_check",
        "UPDATE crucible.evaluations SET r = '[1]'",
    ),
    (
        "evaluations_constraint_satisfaction_check",
        "UPDATE crucible.evaluations SET constraint_satisfaction = '1'",
    ),
    (
        "evaluations_candidate_id_run_id_scenario_id_key",
        "INSERT INTO crucible.evaluations (id, project_id, run_id, candidate_id, scenario_id) \
         VALUES (gen_random_uuid(), '$project', '$run', '$child', 'flood')",
    ),
    (
        "evaluations_run_id_project_id_fkey",
        "UPDATE crucible.evaluations SET run_id = '$run_elsewhere'",
    ),
    (
        "evaluations_candidate_id_project_id_fkey",
        "UPDATE crucible.evaluations SET candidate_id = '$elsewhere'",
    ),
    (
        "issues_description_check",
        "UPDATE crucible.issues SET description = ''",
    ),
    (
        "issues_resolved_at_check",
        "UPDATE crucible.issues SET resolution_status = 'resolved'",
    ),
    (
        "issues_resolved_at_check",
        "UPDATE crucible.issues SET resolved_at = now()",
    ),
    (
        "issues_project_id_fkey",
        "UPDATE crucible.issues SET project_id = '$nobody'",
    ),
    (
        "issues_run_id_project_id_fkey",
        "UPDATE crucible.issues SET run_id = '$run_elsewhere'",
    ),
    (
        "issues_candidate_id_project_id_fkey",
        "UPDATE crucible.issues SET candidate_id = '$elsewhere'",
    ),
    (
        "chat_sessions_title_check",
        "UPDATE crucible.chat_sessions SET title = ''",
    ),
    (
        "chat_sessions_project_id_fkey",
        "UPDATE crucible.chat_sessions SET project_id = '$nobody'",
    ),
    (
        "chat_sessions_run_id_project_id_fkey",
        "UPDATE crucible.chat_sessions SET run_id = '$run_elsewhere'",
    ),
    (
        "chat_sessions_candidate_id_project_id_fkey",
        "UPDATE crucible.chat_sessions SET candidate_id = '$elsewhere'",
    ),
    (
        "messages_content_check",
        "UPDATE crucible.messages SET content = ''",
    ),
    (
        "messages_message_metadata_check",
        "UPDATE crucible.messages SET message_metadata = '\"x\"'",
    ),
    (
        "messages_chat_session_id_fkey",
        "UPDATE crucible.messages SET chat_session_id = '$nobody'",
    ),
];

/// What no row can break alone: the key of run or candidate holds the project as well and is broken with it. They are there so that all goes with its
/// project, which is tested below. And what a key over two columns needs of the key that it leads to.
const NEVER_ALONE: [&str; 5] = [
    "candidates_project_id_fkey",
    "candidate_parents_project_id_fkey",
    "evaluations_project_id_fkey",
    "runs_id_project_id_key",
    "candidates_id_project_id_key",
];

#[rstest]
fn every_constraint_refuses_the_row_that_breaks_it(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let names = a_row_in_every_table(conn)?;
    for (constraint, statement) in BROKEN {
        let statement = (names.iter()).fold((*statement).to_owned(), |text, (name, id)| {
            text.replace(name, id)
        });
        let refused = conn
            .transaction(|conn| diesel::sql_query(&statement).execute(conn))
            .map_err(Error::from);
        let Err(Error::Constraint { name, .. }) = refused else {
            panic!("{statement}: {refused:?}");
        };
        assert_eq!(name, *constraint, "{statement}");
    }

    let query = sql::<Array<Text>>(
        "ARRAY(SELECT conname::text FROM pg_constraint WHERE connamespace = 'crucible'::regnamespace AND contype IN ('c', 'u', 'f', 'x')
               UNION SELECT 'candidate_parents_pkey')",
    );
    let there: Vec<String> = diesel::select(query).get_result(conn)?;
    let tried = BROKEN.iter().map(|(name, _)| *name).chain(NEVER_ALONE);
    assert_eq!(
        there.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        tried.collect()
    );
    Ok(())
}

/// The checks of arrays look at every element, and are not misled by what jsonpath does not compare.
#[rstest]
fn constraints_are_objects_with_a_name_and_perhaps_a_weight(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    create(conn, NewProblemSpec::new(project.id))?;
    let mut write = |constraints: &Value| {
        conn.transaction(|conn| {
            diesel::update(problem_specs::table)
                .set(problem_specs::constraints.eq(constraints))
                .execute(conn)
        })
        .map_err(Error::from)
    };
    for good in [
        json!([]),
        json!([{"name": "a"}]),
        json!([{"name": "a", "weight": 0}, {"name": "b", "weight": 100, "unit": null}]),
        json!([{"name": "a", "weight": 99.5}]),
    ] {
        assert!(matches!(write(&good), Ok(1)), "{good}");
    }
    for bad in [
        json!({}),
        json!("a"),
        json!(null),
        json!([[]]),
        json!([[{"name": "a"}]]),
        json!([null]),
        json!([{"name": "a"}, 1]),
        json!([{"name": ""}]),
        json!([{"name": ["a"]}]),
        json!([{"name": "a"}, {"name": "a", "weight": -1}]),
        json!([{"name": "a", "weight": 100.5}]),
        json!([{"name": "a", "weight": "5"}]),
        json!([{"name": "a", "weight": null}]),
        json!([{"name": "a", "weight": [5]}]),
    ] {
        let refused = write(&bad);
        let Err(Error::Constraint { name, .. }) = refused else {
            panic!("{bad}: {refused:?}");
        };
        assert_eq!(name, "problem_specs_constraints_check", "{bad}");
    }
    Ok(())
}

/// Through the store such an error has the constraint's name and PostgreSQL's words, not only a string.
#[rstest]
fn the_store_says_which_constraint(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let new = NewProblemSpec {
        goals: Some(array(json!(["Half the waste"]))),
        ..NewProblemSpec::new(project.id)
    };
    let Err(Error::Constraint { name, table, .. }) = create(conn, new) else {
        panic!("a goal has to be an object");
    };
    assert_eq!(
        (name.as_str(), table.as_str()),
        ("problem_specs_goals_check", "problem_specs")
    );
    Ok(())
}
