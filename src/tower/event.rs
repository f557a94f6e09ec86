//! What happened.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{Agent, EventKind, EventStatus, Task, Workflow};
use crate::json::{JsonArray, JsonObject};
use crate::schema::tower::events;

/// What happened, in the order it was told.
///
/// One row of `tower.events` (seed 2).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = events, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Task, foreign_key = task_id))]
#[diesel(belongs_to(Workflow, foreign_key = workflow_id))]
#[diesel(belongs_to(Agent, foreign_key = agent_id))]
pub struct Event {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// What sort of thing happened.
    pub kind: EventKind,
    /// What became of it.
    pub status: EventStatus,
    /// Component or webhook that told it.
    pub source: String,
    /// Task that it is about; null where it is about none, or that task is gone.
    pub task_id: Option<Uuid>,
    /// Workflow that it is about; null where it is about none, or that workflow is gone.
    pub workflow_id: Option<Uuid>,
    /// Agent that it is about; null where it is about none, or that agent is gone.
    pub agent_id: Option<Uuid>,
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
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}
