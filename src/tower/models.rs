//! The rows of PostgreSQL schema `tower`: what can execute work, what was asked for, how it is carried out, what happened.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::enums::*;
use crate::audit::TraceId;
use crate::cwom::IssueId;
use crate::id::ids;
use crate::json::{JsonArray, JsonObject};
use crate::schema::tower::{agents, artifacts, events, jobs, tasks, workflows};

ids! {
    /// Key of an [`Agent`].
    AgentId
    /// Key of a [`Workflow`].
    WorkflowId
    /// Key of a [`Task`].
    TaskId
    /// Key of an [`Event`].
    EventId
    /// Key of a [`Job`].
    JobId
    /// Key of an [`Artifact`].
    ArtifactId
}

/// Programs that take jobs.
///
/// One row of `tower.agents` (seed 2).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = agents, check_for_backend(diesel::pg::Pg))]
pub struct Agent {
    /// Primary key: a UUID v7 that the application makes.
    pub id: AgentId,
    /// Unique name; what `cwom.runs.executor_id` and `cwom.audit_log.actor_id` say.
    pub name: String,
    /// What sort of work it takes.
    pub kind: AgentKind,
    /// Whether it takes work.
    pub status: AgentStatus,
    /// JSON array of what it can do, as jobs ask for it.
    pub capabilities: JsonArray,
    /// JSON object that the agent is started with; holds no secrets.
    pub config: JsonObject,
    /// When it was last heard of; null where it never was.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What is to be done when something happens.
///
/// One row of `tower.workflows` (seed 2).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = workflows, check_for_backend(diesel::pg::Pg))]
pub struct Workflow {
    /// Primary key: a UUID v7 that the application makes.
    pub id: WorkflowId,
    /// Name that all versions share.
    pub name: String,
    /// Number of the definition among those of its name, from 1.
    pub version: i32,
    /// Whether it may start.
    pub status: WorkflowStatus,
    /// What starts it.
    pub trigger_kind: WorkflowTriggerKind,
    /// JSON object: the trigger and the steps.
    pub definition: JsonObject,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Units of work that the tower was asked for.
///
/// One row of `tower.tasks` (seed 2).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = tasks, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Workflow, foreign_key = workflow_id))]
#[diesel(belongs_to(Agent, foreign_key = assigned_agent_id))]
#[diesel(belongs_to(crate::cwom::Issue, foreign_key = cwom_issue_id))]
pub struct Task {
    /// Primary key: a UUID v7 that the application makes.
    pub id: TaskId,
    /// Workflow that made the task; null for one that was asked for directly, or whose workflow is gone.
    pub workflow_id: Option<WorkflowId>,
    /// Agent that is to do it; null while any may, or when that agent is gone.
    pub assigned_agent_id: Option<AgentId>,
    /// Issue in cwom that the task works on; null for one without, or whose issue is gone.
    pub cwom_issue_id: Option<IssueId>,
    /// What sort of work it is.
    pub kind: TaskKind,
    /// Where it stands.
    pub status: TaskStatus,
    /// Order in the queue from 0, which is first, to 9.
    pub priority: i16,
    /// What was asked for.
    pub objective: String,
    /// JSON object of the arguments, by kind.
    pub payload: JsonObject,
    /// What sort of actor asked for it.
    pub requested_by_kind: RequesterKind,
    /// Which one: a user name, the name of an agent, a component.
    pub requested_by_id: String,
    /// Key under which the request is known to its sender: the same key never makes a second task; null where the
    /// sender gave none.
    pub idempotency_key: Option<String>,
    /// Why it failed; null unless it did.
    pub error: Option<String>,
    /// When its first job began; null before that.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, however it ended; null before that.
    pub finished_at: Option<DateTime<Utc>>,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What happened, in the order it was told.
///
/// One row of `tower.events` (seed 2).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Task, foreign_key = task_id))]
#[diesel(belongs_to(Workflow, foreign_key = workflow_id))]
#[diesel(belongs_to(Agent, foreign_key = agent_id))]
pub struct Event {
    /// Primary key: a UUID v7 that the application makes.
    pub id: EventId,
    /// What sort of thing happened.
    pub kind: EventKind,
    /// What became of it.
    pub status: EventStatus,
    /// Component or webhook that told it.
    pub source: String,
    /// Task that it is about; null where it is about none, or that task is gone.
    pub task_id: Option<TaskId>,
    /// Workflow that it is about; null where it is about none, or that workflow is gone.
    pub workflow_id: Option<WorkflowId>,
    /// Agent that it is about; null where it is about none, or that agent is gone.
    pub agent_id: Option<AgentId>,
    /// JSON object that the source sent.
    pub payload: JsonObject,
    /// When it happened, by the clock of its source.
    pub occurred_at: DateTime<Utc>,
    /// When it was acted upon or ignored; null before that.
    pub processed_at: Option<DateTime<Utc>>,
    /// Why acting upon it failed; null unless it did.
    pub error: Option<String>,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Attempts at a part of a task.
///
/// One row of `tower.jobs` (seed 2).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = jobs, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Task, foreign_key = task_id))]
#[diesel(belongs_to(Agent, foreign_key = agent_id))]
pub struct Job {
    /// Primary key: a UUID v7 that the application makes.
    pub id: JobId,
    /// Task that the job is part of; the job goes with it.
    pub task_id: TaskId,
    /// Agent that holds or held the lease; null before that, or when that agent is gone.
    pub agent_id: Option<AgentId>,
    /// What part of the task it does.
    pub kind: JobKind,
    /// Where it stands.
    pub status: JobStatus,
    /// Number of the attempt among those of its task and kind, from 1.
    pub attempt: i32,
    /// When another agent may take it over; null while nobody holds it.
    pub lease_expires_at: Option<DateTime<Utc>>,
    /// When it began to run; null before that.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, however it ended; null before that.
    pub finished_at: Option<DateTime<Utc>>,
    /// Exit code of its process; null before it ended, or where a signal ended it.
    pub exit_code: Option<i32>,
    /// Why it failed; null unless it did.
    pub error: Option<String>,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Files that jobs leave behind.
///
/// One row of `tower.artifacts` (seed 2).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = artifacts, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Job, foreign_key = job_id))]
pub struct Artifact {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ArtifactId,
    /// Job that left it; the row goes with it, the file does not.
    pub job_id: JobId,
    /// What sort of file it is.
    pub kind: ArtifactKind,
    /// Name of the file, unique within its job.
    pub name: String,
    /// Where the file is.
    pub uri: String,
    /// Length of the content in bytes; null where it is not known.
    pub size_bytes: Option<i64>,
    /// SHA-256 of the content, 32 bytes; null where it was not computed.
    pub sha256: Option<Vec<u8>>,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}
