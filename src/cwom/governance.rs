//! What work is told and bound by: context packets, constraint snapshots, doctrines.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{ConstraintScope, DoctrineKind, DoctrinePriority, Issue};
use crate::json::{JsonArray, JsonObject};
use crate::schema::cwom::{constraint_snapshots, context_packets, doctrine_refs};

/// What an executor is told about an issue. Immutable by convention: a change is a new version that supersedes the
/// old one.
///
/// One row of `cwom.context_packets` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = context_packets, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Issue, foreign_key = for_issue_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = supersedes_id))]
pub struct ContextPacket {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Issue that the packet tells about.
    pub for_issue_id: Uuid,
    /// Number of the packet among those of its issue, from 1.
    pub version: i32,
    /// Version that this one replaces; null for the first. One version is replaced at most once, so that the
    /// history has no forks.
    pub supersedes_id: Option<Uuid>,
    /// What the packet is about, in one line.
    pub title: String,
    /// What the executor has to know, as Markdown.
    pub summary: String,
    /// What the executor has to do, as Markdown; null where the issue says it.
    pub instructions: Option<String>,
    /// JSON array of what was taken for true without proof.
    pub assumptions: JsonArray,
    /// JSON array of what is still to be found out.
    pub open_questions: JsonArray,
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

/// Limits as they were at one moment: budgets, allowed tools, deadlines. Immutable by convention: a change is a new
/// version that supersedes the old one.
///
/// One row of `cwom.constraint_snapshots` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = constraint_snapshots, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(ConstraintSnapshot, foreign_key = supersedes_id))]
pub struct ConstraintSnapshot {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// What the limits bind.
    pub scope: ConstraintScope,
    /// Name that all versions share.
    pub name: String,
    /// Number of the snapshot among those of its scope and name, from 1.
    pub version: i32,
    /// Version that this one replaces; null for the first. One version is replaced at most once, so that the
    /// history has no forks.
    pub supersedes_id: Option<Uuid>,
    /// JSON object of the limits by name, for example `{"max_cost_usd": 5}`.
    pub rules: JsonObject,
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

/// Rules that work is governed by, each in the version that was in force.
///
/// One row of `cwom.doctrine_refs` (seed 1).
#[derive(Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = doctrine_refs, check_for_backend(diesel::pg::Pg))]
pub struct DoctrineRef {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Who the doctrine belongs to, for example security.
    pub namespace: String,
    /// Name of the doctrine in its namespace.
    pub name: String,
    /// Version in the words of its authors.
    pub version: String,
    /// What sort of rule it is.
    pub kind: DoctrineKind,
    /// How strictly it binds.
    pub priority: DoctrinePriority,
    /// The rule itself, as Markdown.
    pub statement: String,
    /// Why the rule is there; null where its authors do not say.
    pub rationale: Option<String>,
    /// Where the rule was published; null where it was not.
    pub source_uri: Option<String>,
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
