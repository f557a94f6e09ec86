//! The rows of PostgreSQL schema `cwom`: what is wanted, what it is told and bound by, what was done, what came of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::enums::*;
use crate::audit::TraceId;
use crate::id::ids;
use crate::json::{JsonArray, JsonObject};
use crate::schema::cwom::{
    artifacts, constraint_snapshots, context_packets, doctrine_refs, issues, repos, runs,
};

ids! {
    /// Key of a [`Repo`].
    RepoId
    /// Key of an [`Issue`].
    IssueId
    /// Key of a [`ContextPacket`].
    ContextPacketId
    /// Key of a [`ConstraintSnapshot`].
    ConstraintSnapshotId
    /// Key of a [`DoctrineRef`].
    DoctrineRefId
    /// Key of a [`Run`].
    RunId
    /// Key of an [`Artifact`].
    ArtifactId
}

/// Repositories that work is done in.
///
/// One row of `cwom.repos` (seed 1).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = repos, check_for_backend(diesel::pg::Pg))]
pub struct Repo {
    /// Primary key: a UUID v7 that the application makes.
    pub id: RepoId,
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
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Units of work that somebody wants done in a repository.
///
/// One row of `cwom.issues` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = issues, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Repo, foreign_key = repo_id))]
pub struct Issue {
    /// Primary key: a UUID v7 that the application makes.
    pub id: IssueId,
    /// Repository that the work is in.
    pub repo_id: RepoId,
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
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What an executor is told about an issue. Immutable: a change is a new version that supersedes the
/// old one.
///
/// One row of `cwom.context_packets` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = context_packets, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Issue, foreign_key = for_issue_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = supersedes_id))]
pub struct ContextPacket {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ContextPacketId,
    /// Issue that the packet tells about.
    pub for_issue_id: IssueId,
    /// Number of the packet among those of its issue, from 1.
    pub version: i32,
    /// Version that this one replaces, of the same issue; null for the first. One version is replaced at most once, so that the
    /// history has no forks.
    pub supersedes_id: Option<ContextPacketId>,
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
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because the row never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Limits as they were at one moment: budgets, allowed tools, deadlines. Immutable: a change is a new
/// version that supersedes the old one.
///
/// One row of `cwom.constraint_snapshots` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = constraint_snapshots, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(ConstraintSnapshot, foreign_key = supersedes_id))]
pub struct ConstraintSnapshot {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ConstraintSnapshotId,
    /// What the limits bind.
    pub scope: ConstraintScope,
    /// Name that all versions share.
    pub name: String,
    /// Number of the snapshot among those of its scope and name, from 1.
    pub version: i32,
    /// Version that this one replaces, of the same scope and name; null for the first. One version is replaced at most once, so that the
    /// history has no forks.
    pub supersedes_id: Option<ConstraintSnapshotId>,
    /// JSON object of the limits by name, for example `{"max_cost_usd": 5}`.
    pub rules: JsonObject,
    /// JSON object for facts that no column has yet; nothing in the system may depend on its keys.
    pub meta: JsonObject,
    /// JSON array of free labels.
    pub tags: JsonArray,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because the row never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Rules that work is governed by, each in the version that was in force.
///
/// One row of `cwom.doctrine_refs` (seed 1).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = doctrine_refs, check_for_backend(diesel::pg::Pg))]
pub struct DoctrineRef {
    /// Primary key: a UUID v7 that the application makes.
    pub id: DoctrineRefId,
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
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Executions of work on an issue.
///
/// One row of `cwom.runs` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = runs, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Issue, foreign_key = for_issue_id))]
#[diesel(belongs_to(Repo, foreign_key = repo_id))]
#[diesel(belongs_to(ConstraintSnapshot, foreign_key = constraint_snapshot_id))]
pub struct Run {
    /// Primary key: a UUID v7 that the application makes.
    pub id: RunId,
    /// Issue that the run works on.
    pub for_issue_id: IssueId,
    /// Repository of that issue, which the key to the issue sees to: redundant, so that the runs of a repository are one
    /// index away.
    pub repo_id: RepoId,
    /// Limits that the run was started under; null where it had none.
    pub constraint_snapshot_id: Option<ConstraintSnapshotId>,
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
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Results that runs emit.
///
/// One row of `cwom.artifacts` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = artifacts, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Run, foreign_key = produced_by_run_id))]
#[diesel(belongs_to(Issue, foreign_key = for_issue_id))]
pub struct Artifact {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ArtifactId,
    /// Run that emitted it.
    pub produced_by_run_id: RunId,
    /// Issue that it is a result for.
    pub for_issue_id: IssueId,
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
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}
