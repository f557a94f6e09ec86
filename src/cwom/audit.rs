//! The audit log: forensics without a full event system.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{ActorKind, AuditAction, AuditEntityKind};
use crate::json::JsonObject;
use crate::schema::cwom::audit_log;

/// Who did what to which entity, and what it looked like before and after. Append-only by convention.
///
/// One row of `cwom.audit_log` (seeds 1 and 2).
#[derive(Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg))]
pub struct AuditEntry {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// When it was done.
    pub ts: DateTime<Utc>,
    /// What sort of actor did it.
    pub actor_kind: ActorKind,
    /// Which one: a user name, the name of an agent, a component.
    pub actor_id: String,
    /// What was done.
    pub action: AuditAction,
    /// Which table the entity lives in.
    pub entity_kind: AuditEntityKind,
    /// Its primary key. No foreign key: the entry outlives the entity.
    pub entity_id: Uuid,
    /// The entity before, as a JSON object; null where there was none.
    pub before: Option<JsonObject>,
    /// The entity after, as a JSON object; null where there is none.
    pub after: Option<JsonObject>,
    /// Why, in the words of the actor; null where nothing was said.
    pub note: Option<String>,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
}
