//! "Core CRUD operations for these entities are available from the backend"; "Functions follow consistent patterns: create, get, list,
//! update" (seed 3).

use std::fmt::Debug;

use diesel::PgConnection;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::error::Error;
use reference_models::page::Page;
use reference_models::store::{
    Changes, Filter, Key, New, RowOf, Unaudited, create, get, list, update,
};
use rstest::rstest;
use serde_json::json;

use super::support::{TestResult, array, connect, object};
use super::{a_candidate, a_project, a_run};

/// Creates a row, gets it, lists it and nothing else with the filter, and updates it. Returns it as it was made and as it was changed.
fn through_all_four<N, H, F>(
    conn: &mut PgConnection,
    new: N,
    changes: H,
    filter: &F,
) -> Result<(RowOf<N>, RowOf<N>), Error>
where
    N: New<Context = ()>,
    H: Changes<Key = N::Key, Context = ()>,
    F: Filter<Key = N::Key>,
    N::Key: Unaudited,
    RowOf<N>: Clone + Debug + PartialEq,
{
    let made = create(conn, new)?;
    let key = N::Key::of(&made);
    assert_eq!(get(conn, key)?, made);
    let listed = list(conn, filter, Page::first(9))?;
    assert_eq!(listed.rows, std::slice::from_ref(&made));
    assert!(listed.next.is_none());
    let changed = update(conn, key, changes)?;
    assert_ne!(changed, made);
    assert_eq!(get(conn, key)?, changed);
    Ok((made, changed))
}

#[rstest]
fn a_project_is_created_read_listed_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    create(conn, NewProject::new("Another"))?;
    let changes = ProjectChanges {
        description: Some(Some("Glass and plastic".to_owned())),
        ..ProjectChanges::default()
    };
    let filter = ProjectFilter {
        title: Some("Less waste".to_owned()),
    };
    let (made, changed) = through_all_four(conn, NewProject::new("Less waste"), changes, &filter)?;
    assert_eq!(
        (made.title.as_str(), &made.description),
        ("Less waste", &None)
    );
    let expected = Project {
        description: Some("Glass and plastic".to_owned()),
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn a_problem_spec_is_created_read_listed_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [project, other] = [a_project(conn)?, a_project(conn)?];
    create(conn, NewProblemSpec::new(other.id))?;
    let constraints =
        array(json!([{"name": "cost", "weight": 70, "unit": "EUR"}, {"name": "law"}]));
    let new = NewProblemSpec {
        constraints: Some(constraints.clone()),
        ..NewProblemSpec::new(project.id)
    };
    let goals = array(json!([{"description": "Half the waste"}]));
    let changes = ProblemSpecChanges {
        goals: Some(goals.clone()),
        resolution: Some(SpecResolution::Fine),
        mode: Some(RunMode::Seeded),
        ..ProblemSpecChanges::default()
    };
    let filter = ProblemSpecFilter {
        project_id: Some(project.id),
    };
    let (made, changed) = through_all_four(conn, new, changes, &filter)?;
    assert_eq!(made.project_id, project.id);
    assert_eq!(
        (&made.constraints, &made.goals),
        (&constraints, &array(json!([])))
    );
    assert_eq!(
        (made.resolution, made.mode),
        (SpecResolution::Medium, RunMode::FullSearch)
    );
    let expected = ProblemSpec {
        goals,
        resolution: SpecResolution::Fine,
        mode: RunMode::Seeded,
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn a_world_model_is_created_read_listed_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [project, other] = [a_project(conn)?, a_project(conn)?];
    create(conn, NewWorldModel::new(other.id))?;
    let model_data = object(json!({"actors": [{"name": "shop"}], "assumptions": []}));
    let changes = WorldModelChanges {
        model_data: Some(model_data.clone()),
    };
    let filter = WorldModelFilter {
        project_id: Some(project.id),
    };
    let (made, changed) = through_all_four(conn, NewWorldModel::new(project.id), changes, &filter)?;
    assert_eq!(
        (made.project_id, &made.model_data),
        (project.id, &object(json!({})))
    );
    assert_eq!(changed, WorldModel { model_data, ..made });
    Ok(())
}

#[rstest]
fn a_run_is_created_read_listed_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    a_run(conn, project.id)?;
    let config = object(json!({"budget": {"candidates": 20}}));
    let new = NewRun {
        config: Some(config.clone()),
        ..NewRun::new(project.id, RunMode::EvalOnly)
    };
    let changes = RunChanges {
        mode: Some(RunMode::Seeded),
        ..RunChanges::default()
    };
    let filter = RunFilter {
        project_id: Some(project.id),
        mode: Some(RunMode::EvalOnly),
        status: Some(RunStatus::Created),
    };
    let (made, changed) = through_all_four(conn, new, changes, &filter)?;
    assert_eq!((made.project_id, &made.config), (project.id, &config));
    assert_eq!(
        (made.status, made.started_at, made.finished_at),
        (RunStatus::Created, None, None)
    );
    let expected = Run {
        mode: RunMode::Seeded,
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn a_candidate_is_created_read_listed_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    a_candidate(conn, &run, &[])?;
    let (effects, provenance) = (
        object(json!({"waste": -0.4})),
        array(json!([{"actor": "designer", "action": "design"}])),
    );
    let new = NewCandidate {
        predicted_effects: Some(effects.clone()),
        provenance: Some(provenance.clone()),
        ..NewCandidate::new(project.id, run.id, CandidateOrigin::User, "A deposit")
    };
    let scores = object(json!({"P": 0.8, "R": 0.2, "I": 4}));
    let changes = CandidateChanges {
        scores: Some(scores.clone()),
        ..CandidateChanges::default()
    };
    let filter = CandidateFilter {
        project_id: Some(project.id),
        run_id: Some(run.id),
        origin: Some(CandidateOrigin::User),
        status: Some(CandidateStatus::New),
    };
    let (made, changed) = through_all_four(conn, new, changes, &filter)?;
    assert_eq!((made.project_id, made.run_id), (project.id, run.id));
    assert_eq!(made.mechanism_description, "A deposit");
    assert_eq!(
        (&made.predicted_effects, &made.provenance),
        (&effects, &provenance)
    );
    assert_eq!(made.scores, object(json!({})));
    assert_eq!(changed, Candidate { scores, ..made });
    Ok(())
}

#[rstest]
fn a_scenario_suite_is_created_read_listed_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let [run, other] = [a_run(conn, project.id)?, a_run(conn, project.id)?];
    create(conn, NewScenarioSuite::new(other.id))?;
    let scenarios = array(json!([{"id": "flood", "rain_mm": 120}]));
    let changes = ScenarioSuiteChanges {
        scenarios: Some(scenarios.clone()),
    };
    let filter = ScenarioSuiteFilter {
        run_id: Some(run.id),
    };
    let (made, changed) = through_all_four(conn, NewScenarioSuite::new(run.id), changes, &filter)?;
    assert_eq!((made.run_id, &made.scenarios), (run.id, &array(json!([]))));
    assert_eq!(changed, ScenarioSuite { scenarios, ..made });
    Ok(())
}

/// A run also evaluates candidates of earlier runs (`eval_only`).
#[rstest]
fn an_evaluation_is_created_read_listed_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let [run, later] = [a_run(conn, project.id)?, a_run(conn, project.id)?];
    let candidate = a_candidate(conn, &run, &[])?;
    create(
        conn,
        NewEvaluation::new(project.id, run.id, candidate.id, "flood"),
    )?;
    let new = NewEvaluation {
        p: Some(json!(0.75)),
        explanation: Some("It holds".to_owned()),
        ..NewEvaluation::new(project.id, later.id, candidate.id, "flood")
    };
    let kept = object(json!({"cost": 0.9}));
    let changes = EvaluationChanges {
        p: Some(None),
        r: Some(Some(json!({"money": 3, "time": 2}))),
        constraint_satisfaction: Some(kept.clone()),
        ..EvaluationChanges::default()
    };
    let filter = EvaluationFilter {
        project_id: Some(project.id),
        run_id: Some(later.id),
        candidate_id: Some(candidate.id),
        scenario_id: Some("flood".to_owned()),
    };
    let (made, changed) = through_all_four(conn, new, changes, &filter)?;
    assert_eq!((&made.p, &made.r), (&Some(json!(0.75)), &None));
    assert_eq!(made.constraint_satisfaction, object(json!({})));
    assert_eq!(made.explanation.as_deref(), Some("It holds"));
    let expected = Evaluation {
        p: None,
        r: Some(json!({"money": 3, "time": 2})),
        constraint_satisfaction: kept,
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn an_issue_is_created_read_listed_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let candidate = a_candidate(conn, &run, &[])?;
    let new = NewIssue::new(
        project.id,
        IssueType::Scenario,
        IssueSeverity::Important,
        "Nobody floods there",
    );
    create(
        conn,
        NewIssue {
            severity: IssueSeverity::Minor,
            ..new.clone()
        },
    )?;
    let new = NewIssue {
        run_id: Some(run.id),
        ..new
    };
    let changes = IssueChanges {
        severity: Some(IssueSeverity::Catastrophic),
        run_id: Some(None),
        candidate_id: Some(Some(candidate.id)),
        ..IssueChanges::default()
    };
    let filter = IssueFilter {
        project_id: Some(project.id),
        run_id: Some(run.id),
        type_: Some(IssueType::Scenario),
        severity: Some(IssueSeverity::Important),
        resolution_status: Some(ResolutionStatus::Open),
        ..IssueFilter::default()
    };
    let (made, changed) = through_all_four(conn, new, changes, &filter)?;
    assert_eq!(made.description, "Nobody floods there");
    assert_eq!((made.run_id, made.candidate_id), (Some(run.id), None));
    assert_eq!(
        (made.resolution_status, made.resolved_at),
        (ResolutionStatus::Open, None)
    );
    let expected = Issue {
        severity: IssueSeverity::Catastrophic,
        run_id: None,
        candidate_id: Some(candidate.id),
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn a_chat_session_is_created_read_listed_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let candidate = a_candidate(conn, &run, &[])?;
    create(
        conn,
        NewChatSession {
            mode: Some(ChatMode::Analysis),
            ..NewChatSession::new(project.id)
        },
    )?;
    let changes = ChatSessionChanges {
        mode: Some(ChatMode::Analysis),
        title: Some(Some("Why so much glass?".to_owned())),
        run_id: Some(Some(run.id)),
        candidate_id: Some(Some(candidate.id)),
    };
    let filter = ChatSessionFilter {
        project_id: Some(project.id),
        mode: Some(ChatMode::Setup),
        ..ChatSessionFilter::default()
    };
    let (made, changed) =
        through_all_four(conn, NewChatSession::new(project.id), changes, &filter)?;
    assert_eq!((made.mode, &made.title), (ChatMode::Setup, &None));
    assert_eq!((made.run_id, made.candidate_id), (None, None));
    let expected = ChatSession {
        mode: ChatMode::Analysis,
        title: Some("Why so much glass?".to_owned()),
        run_id: Some(run.id),
        candidate_id: Some(candidate.id),
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn a_message_is_created_read_listed_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let chat = create(conn, NewChatSession::new(project.id))?;
    create(conn, NewMessage::new(chat.id, MessageRole::User, "Hello"))?;
    let metadata = object(json!({"agent_name": "problem_spec"}));
    let new = NewMessage {
        message_metadata: Some(metadata.clone()),
        ..NewMessage::new(chat.id, MessageRole::Agent, "What is wasted?")
    };
    let changes = MessageChanges {
        content: Some("What is wasted most?".to_owned()),
        ..MessageChanges::default()
    };
    let filter = MessageFilter {
        chat_session_id: Some(chat.id),
        role: Some(MessageRole::Agent),
    };
    let (made, changed) = through_all_four(conn, new, changes, &filter)?;
    assert_eq!(
        (made.chat_session_id, &made.message_metadata),
        (chat.id, &metadata)
    );
    let expected = Message {
        content: "What is wasted most?".to_owned(),
        ..made
    };
    assert_eq!(changed, expected);
    Ok(())
}
