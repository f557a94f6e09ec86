//! The rows of the audit log, and who and why.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::enums::*;
use crate::cwom::ActorKind;
use crate::id::ids;
use crate::json::JsonObject;
use crate::schema::cwom::audit_log;

ids! {
    /// Key of an [`AuditEntry`].
    AuditEntryId
    /// What one request has in common, through every row and system that it changes.
    TraceId
}

/// Who did what to which entity, and what it looked like before and after.
///
/// One row of `cwom.audit_log` (seeds 1 and 2).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg))]
pub struct AuditEntry {
    /// Primary key: a UUID v7 that the application makes.
    pub id: AuditEntryId,
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
    pub trace_id: Option<TraceId>,
}

/// Who makes a change, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct By {
    /// What sort of actor.
    pub kind: ActorKind,
    /// Which one: a user name, the name of an agent, a component. At most 128 characters.
    pub id: String,
    /// What the change is part of, if it is traced.
    pub trace: Option<TraceId>,
    /// Why, in the words of the actor.
    pub note: Option<String>,
}

impl By {
    /// An actor, without trace or note.
    #[must_use]
    pub fn new(kind: ActorKind, id: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            trace: None,
            note: None,
        }
    }

    /// The same actor, as part of a trace.
    #[must_use]
    pub fn traced(self, trace: TraceId) -> Self {
        Self {
            trace: Some(trace),
            ..self
        }
    }

    /// The same actor, with a reason.
    #[must_use]
    pub fn noting(self, note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..self
        }
    }
}

/// One entity of an audited table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Entity {
    /// Which table.
    pub kind: AuditEntityKind,
    /// Its primary key.
    pub id: Uuid,
}
