//! What can execute work, and when: agents and workflows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{AgentKind, AgentStatus, WorkflowStatus, WorkflowTriggerKind};
use crate::json::{JsonArray, JsonObject};
use crate::schema::tower::{agents, workflows};

/// Programs that take jobs.
///
/// One row of `tower.agents` (seed 2).
#[derive(Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = agents, check_for_backend(diesel::pg::Pg))]
pub struct Agent {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
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
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// What is to be done when something happens.
///
/// One row of `tower.workflows` (seed 2).
#[derive(Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = workflows, check_for_backend(diesel::pg::Pg))]
pub struct Workflow {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
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
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}
