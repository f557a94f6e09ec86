//! Every model writes a row and reads the same row back.

mod support;

use chrono::TimeDelta;
use diesel::dsl::{select, sql};
use diesel::prelude::*;
use diesel::sql_types::Jsonb;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::json::{JsonArray, JsonObject};
use reference_models::schema;
use reference_models::stamp::{new_id, now};
use reference_models::{cwom, tower};
use rstest::rstest;
use serde_json::{Value, json};
use support::{TestResult, connect};

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(map) => JsonObject(map),
        other => unreachable!("{other} is not an object"),
    }
}

fn array(value: Value) -> JsonArray {
    match value {
        Value::Array(items) => JsonArray(items),
        other => unreachable!("{other} is not an array"),
    }
}

/// Inserts the row, reads it back by its key and compares.
macro_rules! assert_round_trip {
    ($conn:ident, $schema:ident::$table:ident, $row:expr) => {{
        let row = &$row;
        diesel::insert_into(schema::$schema::$table::table)
            .values(row)
            .execute(&mut $conn)?;
        let read = schema::$schema::$table::table
            .find(row.id())
            .first(&mut $conn)?;
        assert_same(row, &read);
    }};
}

fn assert_same<T: PartialEq + std::fmt::Debug>(written: &T, read: &T) {
    assert_eq!(written, read);
}

#[rstest]
fn every_row_is_read_back_as_it_was_written(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    // Columns of one type get different values, so that two that are swapped are seen.
    let (now, trace) = (now(), new_id());
    let [later, last] = [1, 2].map(|s| now + TimeDelta::seconds(s));

    let repo = cwom::Repo {
        id: new_id(),
        slug: "example/repo".to_owned(),
        name: "name".to_owned(),
        url: Some("https://example.org/x".to_owned()),
        default_branch: "default branch".to_owned(),
        status: cwom::RepoStatus::Active,
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, cwom::repos, repo);
    let issue = cwom::Issue {
        id: new_id(),
        repo_id: repo.id,
        title: "title".to_owned(),
        description: "description".to_owned(),
        kind: cwom::IssueKind::Feature,
        priority: cwom::IssuePriority::Low,
        status: cwom::IssueStatus::Backlog,
        acceptance: array(json!(["x"])),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, cwom::issues, issue);
    let packet = cwom::ContextPacket {
        id: new_id(),
        for_issue_id: issue.id,
        version: 1,
        supersedes_id: None,
        title: "title".to_owned(),
        summary: "summary".to_owned(),
        instructions: Some("instructions".to_owned()),
        assumptions: array(json!(["x"])),
        open_questions: array(json!(["y"])),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, cwom::context_packets, packet);
    let snapshot = cwom::ConstraintSnapshot {
        id: new_id(),
        scope: cwom::ConstraintScope::Organization,
        name: "name".to_owned(),
        version: 1,
        supersedes_id: None,
        rules: object(json!({"k": 1})),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, cwom::constraint_snapshots, snapshot);
    let doctrine = cwom::DoctrineRef {
        id: new_id(),
        namespace: "namespace".to_owned(),
        name: "name".to_owned(),
        version: "version".to_owned(),
        kind: cwom::DoctrineKind::Principle,
        priority: cwom::DoctrinePriority::Must,
        statement: "statement".to_owned(),
        rationale: Some("rationale".to_owned()),
        source_uri: Some("https://example.org/x".to_owned()),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, cwom::doctrine_refs, doctrine);
    let run = cwom::Run {
        id: new_id(),
        for_issue_id: issue.id,
        repo_id: repo.id,
        constraint_snapshot_id: Some(snapshot.id),
        kind: cwom::RunKind::Implementation,
        status: cwom::RunStatus::Ready,
        executor_kind: cwom::ActorKind::Human,
        executor_id: "executor id".to_owned(),
        objective: "objective".to_owned(),
        outcome: Some("outcome".to_owned()),
        started_at: Some(later),
        finished_at: Some(last),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, cwom::runs, run);
    assert_round_trip!(
        conn,
        cwom::artifacts,
        cwom::Artifact {
            id: new_id(),
            produced_by_run_id: run.id,
            for_issue_id: issue.id,
            kind: cwom::ArtifactKind::Patch,
            title: "title".to_owned(),
            uri: "https://example.org/x".to_owned(),
            media_type: Some("text/plain".to_owned()),
            size_bytes: Some(1),
            sha256: Some(vec![7; 32]),
            meta: object(json!({"from": "round trip"})),
            tags: array(json!(["a", "b"])),
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::issue_context_packets,
        cwom::IssueContextPacket {
            issue_id: issue.id,
            context_packet_id: packet.id,
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::issue_doctrine_refs,
        cwom::IssueDoctrineRef {
            issue_id: issue.id,
            doctrine_ref_id: doctrine.id,
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::issue_constraint_snapshots,
        cwom::IssueConstraintSnapshot {
            issue_id: issue.id,
            constraint_snapshot_id: snapshot.id,
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::run_context_packets,
        cwom::RunContextPacket {
            run_id: run.id,
            context_packet_id: packet.id,
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::run_doctrine_refs,
        cwom::RunDoctrineRef {
            run_id: run.id,
            doctrine_ref_id: doctrine.id,
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::context_packet_doctrine_refs,
        cwom::ContextPacketDoctrineRef {
            context_packet_id: packet.id,
            doctrine_ref_id: doctrine.id,
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    assert_round_trip!(
        conn,
        cwom::audit_log,
        cwom::AuditEntry {
            id: new_id(),
            ts: now,
            actor_kind: cwom::ActorKind::Human,
            actor_id: "actor id".to_owned(),
            action: cwom::AuditAction::Updated,
            entity_kind: cwom::AuditEntityKind::Repo,
            entity_id: issue.id,
            before: Some(object(json!({"k": 1}))),
            after: Some(object(json!({"k": 2}))),
            note: Some("note".to_owned()),
            trace_id: Some(trace)
        }
    );
    let agent = tower::Agent {
        id: new_id(),
        name: "name".to_owned(),
        kind: tower::AgentKind::Planner,
        status: tower::AgentStatus::Idle,
        capabilities: array(json!(["x"])),
        config: object(json!({"k": 1})),
        last_seen_at: Some(now),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, tower::agents, agent);
    let workflow = tower::Workflow {
        id: new_id(),
        name: "name".to_owned(),
        version: 1,
        status: tower::WorkflowStatus::Draft,
        trigger_kind: tower::WorkflowTriggerKind::Event,
        definition: object(json!({"k": 1})),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, tower::workflows, workflow);
    let task = tower::Task {
        id: new_id(),
        workflow_id: Some(workflow.id),
        assigned_agent_id: Some(agent.id),
        cwom_issue_id: Some(issue.id),
        kind: tower::TaskKind::CodeChange,
        status: tower::TaskStatus::Queued,
        priority: 1,
        objective: "objective".to_owned(),
        payload: object(json!({"k": 1})),
        requested_by_kind: tower::RequesterKind::Human,
        requested_by_id: "requested by id".to_owned(),
        idempotency_key: Some("idempotency key".to_owned()),
        error: Some("error".to_owned()),
        started_at: Some(later),
        finished_at: Some(last),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, tower::tasks, task);
    assert_round_trip!(
        conn,
        tower::events,
        tower::Event {
            id: new_id(),
            kind: tower::EventKind::TaskRequested,
            status: tower::EventStatus::Pending,
            source: "source".to_owned(),
            task_id: Some(task.id),
            workflow_id: Some(workflow.id),
            agent_id: Some(agent.id),
            payload: object(json!({"k": 1})),
            occurred_at: now,
            processed_at: Some(later),
            error: Some("error".to_owned()),
            meta: object(json!({"from": "round trip"})),
            tags: array(json!(["a", "b"])),
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );
    let job = tower::Job {
        id: new_id(),
        task_id: task.id,
        agent_id: Some(agent.id),
        kind: tower::JobKind::Execute,
        status: tower::JobStatus::Pending,
        attempt: 1,
        lease_expires_at: Some(now),
        started_at: Some(later),
        finished_at: Some(last),
        exit_code: Some(1),
        error: Some("error".to_owned()),
        meta: object(json!({"from": "round trip"})),
        tags: array(json!(["a", "b"])),
        trace_id: Some(trace),
        created_at: now,
        updated_at: last,
    };
    assert_round_trip!(conn, tower::jobs, job);
    assert_round_trip!(
        conn,
        tower::artifacts,
        tower::Artifact {
            id: new_id(),
            job_id: job.id,
            kind: tower::ArtifactKind::Log,
            name: "name".to_owned(),
            uri: "https://example.org/x".to_owned(),
            size_bytes: Some(1),
            sha256: Some(vec![7; 32]),
            meta: object(json!({"from": "round trip"})),
            tags: array(json!(["a", "b"])),
            trace_id: Some(trace),
            created_at: now,
            updated_at: last
        }
    );

    let issues: Vec<cwom::Issue> = cwom::Issue::belonging_to(&repo).load(&mut conn)?;
    assert_eq!(issues, [issue]);
    let joined: Vec<(tower::Task, cwom::Issue)> = schema::tower::tasks::table
        .inner_join(schema::cwom::issues::table)
        .load(&mut conn)?;
    assert_eq!(joined, [(task, issues[0].clone())]);
    Ok(())
}

#[rstest]
fn json_of_the_other_shape_is_an_error(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let read = |conn: &mut PgConnection, text: &str| {
        select(sql::<Jsonb>(text)).get_result::<JsonObject>(conn)
    };
    assert_eq!(
        read(&mut conn, "'{\"a\": 1}'::jsonb")?,
        object(json!({"a": 1}))
    );
    assert!(read(&mut conn, "'[]'::jsonb").is_err());
    let read = |conn: &mut PgConnection, text: &str| {
        select(sql::<Jsonb>(text)).get_result::<JsonArray>(conn)
    };
    assert_eq!(read(&mut conn, "'[1]'::jsonb")?, array(json!([1])));
    assert!(read(&mut conn, "'{}'::jsonb").is_err());
    Ok(())
}
