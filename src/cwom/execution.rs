//! What was done, and what came of it: runs and artifacts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{ActorKind, ArtifactKind, ConstraintSnapshot, Issue, Repo, RunKind, RunStatus};
use crate::json::{JsonArray, JsonObject};
use crate::schema::cwom::{artifacts, runs};

/// Executions of work on an issue.
///
/// One row of `cwom.runs` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = runs, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Issue, foreign_key = for_issue_id))]
#[diesel(belongs_to(Repo, foreign_key = repo_id))]
#[diesel(belongs_to(ConstraintSnapshot, foreign_key = constraint_snapshot_id))]
pub struct Run {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Issue that the run works on.
    pub for_issue_id: Uuid,
    /// Repository of that issue: redundant, so that the runs of a repository are one index away.
    pub repo_id: Uuid,
    /// Limits that the run was started under; null where it had none.
    pub constraint_snapshot_id: Option<Uuid>,
    /// What it is to achieve.
    pub kind: RunKind,
    /// Where it stands.
    pub status: RunStatus,
    /// What sort of actor executes it.
    pub executor_kind: ActorKind,
    /// Which one: a user name, the name of an agent, a component.
    pub executor_id: String,
    /// What the executor was asked for.
    pub objective: String,
    /// What came of it in a few sentences; null while it is not finished.
    pub outcome: Option<String>,
    /// When it began to run; null before that.
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

/// Results that runs emit.
///
/// One row of `cwom.artifacts` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = artifacts, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Run, foreign_key = produced_by_run_id))]
#[diesel(belongs_to(Issue, foreign_key = for_issue_id))]
pub struct Artifact {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Run that emitted it.
    pub produced_by_run_id: Uuid,
    /// Issue that it is a result for.
    pub for_issue_id: Uuid,
    /// What sort of result it is.
    pub kind: ArtifactKind,
    /// What it is, in one line.
    pub title: String,
    /// Where its content is.
    pub uri: String,
    /// Media type of the content; null where it is not known.
    pub media_type: Option<String>,
    /// Length of the content in bytes; null where it is not known.
    pub size_bytes: Option<i64>,
    /// SHA-256 of the content, 32 bytes; null where the content can change.
    pub sha256: Option<Vec<u8>>,
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
