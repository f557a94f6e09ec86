//! The control tower (seed 2): every object is created, read, listed and updated, and hangs together with CWOM.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

mod support;

use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::audit;
use reference_models::cwom::{IssueKind, NewIssue, NewRepo};
use reference_models::error::{ConstraintKind, Error};
use reference_models::page::Page;
use reference_models::schema;
use reference_models::store::{get, list};
use reference_models::tower::*;
use rstest::rstest;
use serde_json::json;
use support::{TestResult, array, connect, object, somebody};

fn an_agent(conn: &mut PgConnection, name: &str) -> Result<Agent, Error> {
    audit::create(conn, &somebody(), NewAgent::new(name, AgentKind::Coder))
}

fn a_task(conn: &mut PgConnection) -> Result<Task, Error> {
    let new = NewTask::new(TaskKind::CodeChange, "Do it", RequesterKind::Human, "ada");
    audit::create(conn, &somebody(), new)
}

#[rstest]
fn an_agent_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let new = NewAgent {
        capabilities: Some(array(json!(["rust"]))),
        config: Some(object(json!({"model": "m"}))),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewAgent::new("coder-1", AgentKind::Reviewer)
    };
    let agent = audit::create(conn, by, new)?;
    assert_eq!(
        (agent.name.as_str(), agent.kind),
        ("coder-1", AgentKind::Reviewer)
    );
    assert_eq!(
        (agent.status, agent.last_seen_at),
        (AgentStatus::Offline, None)
    );
    assert_eq!(agent.capabilities, array(json!(["rust"])));
    assert_eq!(agent.config, object(json!({"model": "m"})));
    assert_eq!(
        (agent.meta.clone(), agent.tags.clone()),
        (object(json!({"k": 1})), array(json!(["t"])))
    );
    assert_eq!(get(conn, agent.id)?, agent);

    let seen = agent.created_at + TimeDelta::seconds(1);
    let changes = AgentChanges {
        last_seen_at: Some(seen),
        ..AgentChanges::default()
    };
    let changed = audit::update(conn, by, agent.id, changes)?;
    assert_eq!(
        changed,
        Agent {
            last_seen_at: Some(seen),
            ..agent
        }
    );
    audit::set_status(conn, by, changed.id, AgentStatus::Idle)?;
    let busy = audit::set_status(conn, by, changed.id, AgentStatus::Busy)?;
    assert_eq!(busy.status, AgentStatus::Busy);
    Ok(())
}

#[rstest]
fn a_workflow_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let new = NewWorkflow {
        definition: Some(object(json!({"steps": []}))),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewWorkflow::new("nightly", 2, WorkflowTriggerKind::Schedule)
    };
    let workflow = audit::create(conn, by, new)?;
    assert_eq!((workflow.name.as_str(), workflow.version), ("nightly", 2));
    assert_eq!(
        (workflow.status, workflow.trigger_kind),
        (WorkflowStatus::Draft, WorkflowTriggerKind::Schedule)
    );
    assert_eq!(workflow.definition, object(json!({"steps": []})));
    assert_eq!(
        (workflow.meta.clone(), workflow.tags.clone()),
        (object(json!({"k": 1})), array(json!(["t"])))
    );
    assert_eq!(get(conn, workflow.id)?, workflow);

    let changes = WorkflowChanges {
        trigger_kind: Some(WorkflowTriggerKind::Manual),
        ..WorkflowChanges::default()
    };
    let changed = audit::update(conn, by, workflow.id, changes)?;
    assert_eq!(
        changed,
        Workflow {
            trigger_kind: WorkflowTriggerKind::Manual,
            ..workflow
        }
    );
    audit::set_status(conn, by, changed.id, WorkflowStatus::Active)?;
    audit::set_status(conn, by, changed.id, WorkflowStatus::Retired)?;
    let error = audit::set_status(conn, by, changed.id, WorkflowStatus::Active).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Transition {
                table: "tower.workflows",
                ..
            }
        ),
        "{error:?}"
    );
    Ok(())
}

#[rstest]
fn a_task_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let agent = an_agent(conn, "coder-1")?;
    let workflow = audit::create(
        conn,
        by,
        NewWorkflow::new("w", 1, WorkflowTriggerKind::Manual),
    )?;
    let new = NewTask {
        workflow_id: Some(workflow.id),
        assigned_agent_id: Some(agent.id),
        priority: Some(1),
        payload: Some(object(json!({"x": 1}))),
        idempotency_key: Some("once".to_owned()),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewTask::new(
            TaskKind::Analysis,
            "Find out",
            RequesterKind::System,
            "cron",
        )
    };
    let task = audit::create(conn, by, new.clone())?;
    assert_eq!(
        (task.workflow_id, task.assigned_agent_id),
        (Some(workflow.id), Some(agent.id))
    );
    assert_eq!(
        (task.kind, task.status, task.priority),
        (TaskKind::Analysis, TaskStatus::Queued, 1)
    );
    assert_eq!(
        (task.objective.as_str(), task.requested_by_id.as_str()),
        ("Find out", "cron")
    );
    assert_eq!(task.requested_by_kind, RequesterKind::System);
    assert_eq!(
        (task.payload.clone(), task.idempotency_key.as_deref()),
        (object(json!({"x": 1})), Some("once"))
    );
    assert_eq!(
        (task.meta.clone(), task.tags.clone()),
        (object(json!({"k": 1})), array(json!(["t"])))
    );
    assert_eq!(get(conn, task.id)?, task);

    let changes = TaskChanges {
        assigned_agent_id: Some(None),
        priority: Some(0),
        ..TaskChanges::default()
    };
    let changed = audit::update(conn, by, task.id, changes)?;
    assert_eq!(
        changed,
        Task {
            assigned_agent_id: None,
            priority: 0,
            ..task
        }
    );
    let running = audit::set_status(conn, by, changed.id, TaskStatus::Running)?;
    let failed = audit::set_status(conn, by, changed.id, TaskStatus::Failed)?;
    assert!(running.started_at.is_some() && running.finished_at.is_none());
    assert!(failed.finished_at >= failed.started_at && failed.started_at == running.started_at);

    // The same request never makes a second task.
    let twice = audit::create(conn, by, new);
    assert!(
        matches!(&twice, Err(Error::Constraint { kind: ConstraintKind::Unique, name, .. }) if name == "tasks_idempotency_key_key"),
        "{twice:?}"
    );
    Ok(())
}

#[rstest]
fn an_event_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let (agent, task) = (an_agent(conn, "coder-1")?, a_task(conn)?);
    let workflow = audit::create(
        conn,
        by,
        NewWorkflow::new("w", 1, WorkflowTriggerKind::Event),
    )?;
    let occurred = task.created_at - TimeDelta::seconds(5);
    let new = NewEvent {
        task_id: Some(task.id),
        workflow_id: Some(workflow.id),
        agent_id: Some(agent.id),
        payload: Some(object(json!({"x": 1}))),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewEvent::new(EventKind::External, "webhook", occurred)
    };
    let event = audit::create(conn, by, new)?;
    assert_eq!(
        (event.kind, event.status),
        (EventKind::External, EventStatus::Pending)
    );
    assert_eq!(
        (event.source.as_str(), event.occurred_at),
        ("webhook", occurred)
    );
    assert_eq!(
        (event.task_id, event.workflow_id, event.agent_id),
        (Some(task.id), Some(workflow.id), Some(agent.id))
    );
    assert_eq!(event.payload, object(json!({"x": 1})));
    assert_eq!(
        (event.meta.clone(), event.tags.clone()),
        (object(json!({"k": 1})), array(json!(["t"])))
    );
    assert_eq!(get(conn, event.id)?, event);

    let changes = EventChanges {
        error: Some(Some("no".to_owned())),
        ..EventChanges::default()
    };
    let changed = audit::update(conn, by, event.id, changes)?;
    assert_eq!(
        changed,
        Event {
            error: Some("no".to_owned()),
            ..event
        }
    );
    let processed = audit::set_status(conn, by, changed.id, EventStatus::Processed)?;
    assert!(processed.processed_at.is_some());
    Ok(())
}

#[rstest]
fn a_job_and_its_artifact_are_created_read_and_updated(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let (agent, task) = (an_agent(conn, "coder-1")?, a_task(conn)?);
    let new = NewJob {
        attempt: Some(2),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewJob::new(task.id, JobKind::Verify)
    };
    let job = audit::create(conn, by, new)?;
    assert_eq!(
        (job.task_id, job.kind, job.attempt),
        (task.id, JobKind::Verify, 2)
    );
    assert_eq!(
        (job.status, job.agent_id, job.lease_expires_at),
        (JobStatus::Pending, None, None)
    );
    assert_eq!(
        (job.meta.clone(), job.tags.clone()),
        (object(json!({"k": 1})), array(json!(["t"])))
    );
    assert_eq!(get(conn, job.id)?, job);

    audit::set_status(conn, by, job.id, JobStatus::Claimed)?;
    let lease = job.created_at + TimeDelta::minutes(5);
    let changes = JobChanges {
        agent_id: Some(Some(agent.id)),
        lease_expires_at: Some(Some(lease)),
        ..JobChanges::default()
    };
    let held = audit::update(conn, by, job.id, changes)?;
    assert_eq!(
        (held.agent_id, held.lease_expires_at),
        (Some(agent.id), Some(lease))
    );
    audit::set_status(conn, by, job.id, JobStatus::Running)?;
    let changes = JobChanges {
        exit_code: Some(Some(0)),
        ..JobChanges::default()
    };
    audit::update(conn, by, job.id, changes)?;
    let done = audit::set_status(conn, by, job.id, JobStatus::Succeeded)?;
    assert_eq!(done.exit_code, Some(0));
    assert!(done.started_at.is_some() && done.finished_at >= done.started_at);

    let new = NewArtifact {
        size_bytes: Some(42),
        sha256: Some(vec![7; 32]),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewArtifact::new(
            job.id,
            ArtifactKind::Report,
            "report.md",
            "file:///report.md",
        )
    };
    let artifact = audit::create(conn, by, new)?;
    assert_eq!(
        (artifact.job_id, artifact.kind),
        (job.id, ArtifactKind::Report)
    );
    assert_eq!(
        (artifact.name.as_str(), artifact.uri.as_str()),
        ("report.md", "file:///report.md")
    );
    assert_eq!(
        (artifact.size_bytes, artifact.sha256.clone()),
        (Some(42), Some(vec![7; 32]))
    );
    assert_eq!(
        (artifact.meta.clone(), artifact.tags.clone()),
        (object(json!({"k": 1})), array(json!(["t"])))
    );
    let changes = ArtifactChanges {
        uri: Some("file:///moved.md".to_owned()),
        ..ArtifactChanges::default()
    };
    let changed = audit::update(conn, by, artifact.id, changes)?;
    assert_eq!(
        changed,
        Artifact {
            uri: "file:///moved.md".to_owned(),
            ..artifact
        }
    );
    assert_eq!(get(conn, changed.id)?, changed);
    Ok(())
}

/// Each filter lets its rows through and no others.
#[rstest]
fn filters_let_their_rows_through(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let [agent, _other] = [an_agent(conn, "a")?, an_agent(conn, "b")?];
    let [task, _other] = [a_task(conn)?, a_task(conn)?];
    let workflow = audit::create(
        conn,
        by,
        NewWorkflow::new("w", 1, WorkflowTriggerKind::Event),
    )?;
    audit::create(
        conn,
        by,
        NewWorkflow::new("w", 2, WorkflowTriggerKind::Event),
    )?;
    let event = NewEvent {
        task_id: Some(task.id),
        ..NewEvent::new(EventKind::External, "s", Utc::now())
    };
    let event = audit::create(conn, by, event)?;
    audit::create(
        conn,
        by,
        NewEvent::new(EventKind::External, "s", Utc::now()),
    )?;
    let job = audit::create(conn, by, NewJob::new(task.id, JobKind::Execute))?;
    audit::create(conn, by, NewJob::new(task.id, JobKind::Verify))?;
    let artifact = audit::create(
        conn,
        by,
        NewArtifact::new(job.id, ArtifactKind::Log, "n", "u"),
    )?;
    audit::set_status(conn, by, task.id, TaskStatus::Running)?;
    audit::set_status(conn, by, job.id, JobStatus::Claimed)?;

    /// The keys that a filter with one field set lets through.
    macro_rules! listed {
        ($filter:ident { $field:ident: $value:expr }) => {
            list(
                conn,
                &$filter {
                    $field: Some($value),
                    ..$filter::default()
                },
                Page::first(9),
            )?
            .rows
            .iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
        };
    }
    assert_eq!(
        listed!(AgentFilter {
            name: "a".to_owned()
        }),
        [agent.id]
    );
    assert_eq!(
        listed!(AgentFilter {
            status: AgentStatus::Busy
        }),
        []
    );
    assert_eq!(listed!(WorkflowFilter { version: 1 }), [workflow.id]);
    assert_eq!(
        listed!(TaskFilter {
            status: TaskStatus::Running
        }),
        [task.id]
    );
    assert_eq!(
        listed!(TaskFilter {
            assigned_agent_id: agent.id
        }),
        []
    );
    assert_eq!(listed!(EventFilter { task_id: task.id }), [event.id]);
    assert_eq!(
        listed!(JobFilter {
            status: JobStatus::Claimed
        }),
        [job.id]
    );
    assert_eq!(listed!(ArtifactFilter { job_id: job.id }), [artifact.id]);
    assert_eq!(
        listed!(ArtifactFilter {
            kind: ArtifactKind::Patch
        }),
        []
    );
    Ok(())
}

/// A task works on an issue of the other schema: a foreign key, found both ways, joined in one query.
#[rstest]
fn a_task_is_joined_with_its_issue(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = audit::create(conn, by, NewRepo::new("a/b", "b"))?;
    let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
    let new = NewTask {
        cwom_issue_id: Some(issue.id),
        ..NewTask::new(
            TaskKind::CodeChange,
            "Do it",
            RequesterKind::Agent,
            "planner-1",
        )
    };
    let task = audit::create(conn, by, new)?;
    a_task(conn)?;
    let of_issue = TaskFilter {
        cwom_issue_id: Some(issue.id),
        ..TaskFilter::default()
    };
    assert_eq!(
        list(conn, &of_issue, Page::first(9))?.rows,
        std::slice::from_ref(&task)
    );
    let joined: Vec<(Task, reference_models::cwom::Issue)> = schema::tower::tasks::table
        .inner_join(schema::cwom::issues::table)
        .select((
            Task::as_select(),
            reference_models::cwom::Issue::as_select(),
        ))
        .load(conn)?;
    assert_eq!(joined, [(task, issue)]);
    Ok(())
}
