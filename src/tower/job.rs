//! How a task is carried out: jobs, and the files that they leave behind.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{Agent, ArtifactKind, JobKind, JobStatus, Task};
use crate::json::{JsonArray, JsonObject};
use crate::schema::tower::{artifacts, jobs};

/// Attempts at a part of a task.
///
/// One row of `tower.jobs` (seed 2).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = jobs, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Task, foreign_key = task_id))]
#[diesel(belongs_to(Agent, foreign_key = agent_id))]
pub struct Job {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Task that the job is part of; the job goes with it.
    pub task_id: Uuid,
    /// Agent that holds or held the lease; null before that, or when that agent is gone.
    pub agent_id: Option<Uuid>,
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
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// Files that jobs leave behind.
///
/// One row of `tower.artifacts` (seed 2).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = artifacts, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Job, foreign_key = job_id))]
pub struct Artifact {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Job that left it; the row goes with it, the file does not.
    pub job_id: Uuid,
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
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}
