//! What is wanted, and where: repositories and issues.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{IssueKind, IssuePriority, IssueStatus, RepoStatus};
use crate::json::{JsonArray, JsonObject};
use crate::schema::cwom::{issues, repos};

/// Repositories that work is done in.
///
/// One row of `cwom.repos` (seed 1).
#[derive(Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = repos, check_for_backend(diesel::pg::Pg))]
pub struct Repo {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Short unique name, owner/name on most forges.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// Where to clone it from; null for one that has no remote.
    pub url: Option<String>,
    /// Branch that work starts from.
    pub default_branch: String,
    /// Whether work may start in it.
    pub status: RepoStatus,
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

/// Units of work that somebody wants done in a repository.
///
/// One row of `cwom.issues` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = issues, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Repo, foreign_key = repo_id))]
pub struct Issue {
    /// Primary key: a UUID v7 that the application makes.
    pub id: Uuid,
    /// Repository that the work is in.
    pub repo_id: Uuid,
    /// The wish in one line.
    pub title: String,
    /// The wish in full, as Markdown.
    pub description: String,
    /// What sort of work it asks for.
    pub kind: IssueKind,
    /// How urgent it is.
    pub priority: IssuePriority,
    /// Where it stands.
    pub status: IssueStatus,
    /// JSON array of statements that hold once the issue is done.
    pub acceptance: JsonArray,
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
