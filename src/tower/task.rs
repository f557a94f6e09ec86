//! What the tower was asked for.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{Agent, RequesterKind, TaskKind, TaskStatus, Workflow};
use crate::json::{JsonArray, JsonObject};
use crate::schema::tower::tasks;

/// Units of work that the tower was asked for.
///
/// One row of `tower.tasks` (seed 2).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = tasks, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Workflow, foreign_key = workflow_id))]
#[diesel(belongs_to(Agent, foreign_key = assigned_agent_id))]
#[diesel(belongs_to(crate::cwom::Issue, foreign_key = cwom_issue_id))]
pub struct Task {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Workflow that made the task; null for one that was asked for directly, or whose workflow is gone.
    pub workflow_id: Option<Uuid>,
    /// Agent that is to do it; null while any may, or when that agent is gone.
    pub assigned_agent_id: Option<Uuid>,
    /// Issue in cwom that the task works on; null for one without, or whose issue is gone.
    pub cwom_issue_id: Option<Uuid>,
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
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}
