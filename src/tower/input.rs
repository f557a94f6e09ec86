//! What rows of PostgreSQL schema `tower` are made and changed with. Keys, statuses and times are not told: the store and
//! the database set them. In an input `None` is the column's default; in changes it leaves the column as it is.

use chrono::{DateTime, Utc};
use derive_new::new;
use diesel::prelude::*;

use super::enums::*;
use super::models::*;
use crate::cwom::IssueId;
use crate::json::{JsonArray, JsonObject};
use crate::schema::tower::{agents, artifacts, events, jobs, tasks, workflows};

/// A program that takes jobs; begins as [`AgentStatus::Offline`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = agents)]
pub struct NewAgent {
    /// Unique name; at most 128 characters, not empty.
    #[new(into)]
    pub name: String,
    /// What sort of work it takes.
    pub kind: AgentKind,
    /// What it can do, as jobs ask for it.
    #[new(default)]
    pub capabilities: Option<JsonArray>,
    /// What the agent is started with; no secrets.
    #[new(default)]
    pub config: Option<JsonObject>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in an [`Agent`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = agents)]
pub struct AgentChanges {
    /// What it can do, as jobs ask for it.
    pub capabilities: Option<JsonArray>,
    /// What the agent is started with; no secrets.
    pub config: Option<JsonObject>,
    /// When it was last heard of.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// What is to be done when something happens; begins as [`WorkflowStatus::Draft`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = workflows)]
pub struct NewWorkflow {
    /// Name that all versions share; at most 200 characters, not empty.
    #[new(into)]
    pub name: String,
    /// Number of the definition among those of its name, from 1.
    pub version: i32,
    /// What starts it.
    pub trigger_kind: WorkflowTriggerKind,
    /// The trigger and the steps.
    #[new(default)]
    pub definition: Option<JsonObject>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in a [`Workflow`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = workflows)]
pub struct WorkflowChanges {
    /// What starts it.
    pub trigger_kind: Option<WorkflowTriggerKind>,
    /// The trigger and the steps.
    pub definition: Option<JsonObject>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// A unit of work that the tower is asked for; begins as [`TaskStatus::Queued`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = tasks)]
pub struct NewTask {
    /// What sort of work it is.
    pub kind: TaskKind,
    /// What is asked for.
    #[new(into)]
    pub objective: String,
    /// What sort of actor asks for it.
    pub requested_by_kind: RequesterKind,
    /// Which one; at most 128 characters.
    #[new(into)]
    pub requested_by_id: String,
    /// Workflow that makes the task.
    #[new(default)]
    pub workflow_id: Option<WorkflowId>,
    /// Agent that is to do it; `None` while any may.
    #[new(default)]
    pub assigned_agent_id: Option<AgentId>,
    /// Issue in cwom that the task works on.
    #[new(default)]
    pub cwom_issue_id: Option<IssueId>,
    /// Order in the queue from 0, which is first, to 9; 5 by default.
    #[new(default)]
    pub priority: Option<i16>,
    /// The arguments, by kind.
    #[new(default)]
    pub payload: Option<JsonObject>,
    /// Key under which the request is known to its sender: the same key never makes a second task. At most 256 characters.
    #[new(default)]
    pub idempotency_key: Option<String>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in a [`Task`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = tasks)]
pub struct TaskChanges {
    /// Agent that is to do it; `Some(None)`: any may.
    pub assigned_agent_id: Option<Option<AgentId>>,
    /// Order in the queue from 0, which is first, to 9.
    pub priority: Option<i16>,
    /// Why it failed; `Some(None)`: it did not.
    pub error: Option<Option<String>>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// Something that happened; begins as [`EventStatus::Pending`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = events)]
pub struct NewEvent {
    /// What sort of thing happened.
    pub kind: EventKind,
    /// Component or webhook that tells it; at most 200 characters.
    #[new(into)]
    pub source: String,
    /// When it happened, by the clock of its source.
    pub occurred_at: DateTime<Utc>,
    /// Task that it is about.
    #[new(default)]
    pub task_id: Option<TaskId>,
    /// Workflow that it is about.
    #[new(default)]
    pub workflow_id: Option<WorkflowId>,
    /// Agent that it is about.
    #[new(default)]
    pub agent_id: Option<AgentId>,
    /// What the source sent.
    #[new(default)]
    pub payload: Option<JsonObject>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in an [`Event`]: what is known about it, not what happened.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = events)]
pub struct EventChanges {
    /// Why acting upon it failed; `Some(None)`: it did not.
    pub error: Option<Option<String>>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// An attempt at a part of a task; begins as [`JobStatus::Pending`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = jobs)]
pub struct NewJob {
    /// Task that the job is part of.
    pub task_id: TaskId,
    /// What part of the task it does.
    pub kind: JobKind,
    /// Number of the attempt among those of its task and kind; 1 by default.
    #[new(default)]
    pub attempt: Option<i32>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in a [`Job`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = jobs)]
pub struct JobChanges {
    /// Agent that holds the lease; `Some(None)`: nobody does.
    pub agent_id: Option<Option<AgentId>>,
    /// When another agent may take it over; `Some(None)`: nobody holds it.
    pub lease_expires_at: Option<Option<DateTime<Utc>>>,
    /// Exit code of its process; `Some(None)`: a signal ended it.
    pub exit_code: Option<Option<i32>>,
    /// Why it failed; `Some(None)`: it did not.
    pub error: Option<Option<String>>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// A file that a job leaves behind.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = artifacts)]
pub struct NewArtifact {
    /// Job that leaves it.
    pub job_id: JobId,
    /// What sort of file it is.
    pub kind: ArtifactKind,
    /// Name of the file, unique within its job; at most 255 characters.
    #[new(into)]
    pub name: String,
    /// Where the file is.
    #[new(into)]
    pub uri: String,
    /// Length of the content in bytes.
    #[new(default)]
    pub size_bytes: Option<i64>,
    /// SHA-256 of the content, 32 bytes.
    #[new(default)]
    pub sha256: Option<Vec<u8>>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in an [`Artifact`]: where the file is and what is said about it.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = artifacts)]
pub struct ArtifactChanges {
    /// Where the file is.
    pub uri: Option<String>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}
