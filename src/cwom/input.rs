//! What rows of PostgreSQL schema `cwom` are made and changed with. Keys, statuses, versions and times are not told: the
//! store and the database set them. In an input `None` is the column's default; in changes it leaves the column as it is.

use derive_new::new;
use diesel::prelude::*;

use super::enums::*;
use super::models::*;
use crate::json::{JsonArray, JsonObject};
use crate::schema::cwom::{
    artifacts, constraint_snapshots, context_packets, doctrine_refs, issues, repos, runs,
};

/// A repository that work is to be done in; begins as [`RepoStatus::Active`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = repos)]
pub struct NewRepo {
    /// Short unique name, owner/name on most forges; at most 200 characters, not empty.
    #[new(into)]
    pub slug: String,
    /// Name for people.
    #[new(into)]
    pub name: String,
    /// Where to clone it from.
    #[new(default)]
    pub url: Option<String>,
    /// Branch that work starts from; `main` by default.
    #[new(default)]
    pub default_branch: Option<String>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in a [`Repo`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = repos)]
pub struct RepoChanges {
    /// Name for people.
    pub name: Option<String>,
    /// Where to clone it from; `Some(None)`: nowhere any more.
    pub url: Option<Option<String>>,
    /// Branch that work starts from.
    pub default_branch: Option<String>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// A wish for work; begins as [`IssueStatus::Backlog`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = issues)]
pub struct NewIssue {
    /// Repository that the work is in.
    pub repo_id: RepoId,
    /// The wish in one line; not empty.
    #[new(into)]
    pub title: String,
    /// What sort of work it asks for.
    pub kind: IssueKind,
    /// The wish in full, as Markdown.
    #[new(default)]
    pub description: Option<String>,
    /// How urgent it is; [`IssuePriority::Medium`] by default.
    #[new(default)]
    pub priority: Option<IssuePriority>,
    /// Statements that hold once the issue is done.
    #[new(default)]
    pub acceptance: Option<JsonArray>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in an [`Issue`]; its repository cannot.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = issues)]
pub struct IssueChanges {
    /// The wish in one line; not empty.
    pub title: Option<String>,
    /// The wish in full, as Markdown.
    pub description: Option<String>,
    /// What sort of work it asks for.
    pub kind: Option<IssueKind>,
    /// How urgent it is.
    pub priority: Option<IssuePriority>,
    /// Statements that hold once the issue is done.
    pub acceptance: Option<JsonArray>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// What a version of a context packet says.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = context_packets)]
pub struct ContextPacketContent {
    /// What the packet is about, in one line.
    #[new(into)]
    pub title: String,
    /// What the executor has to know, as Markdown.
    #[new(into)]
    pub summary: String,
    /// What the executor has to do, as Markdown; `None` where the issue says it.
    #[new(default)]
    pub instructions: Option<String>,
    /// What was taken for true without proof.
    #[new(default)]
    pub assumptions: Option<JsonArray>,
    /// What is still to be found out.
    #[new(default)]
    pub open_questions: Option<JsonArray>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// The first version of what an executor is told about an issue; later ones are made by
/// [`supersede_context_packet`](super::supersede_context_packet).
#[derive(Clone, Debug, new)]
pub struct NewContextPacket {
    /// Issue that the packet tells about.
    pub for_issue_id: IssueId,
    /// What it says.
    pub content: ContextPacketContent,
}

/// What a version of a constraint snapshot says.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = constraint_snapshots)]
pub struct ConstraintSnapshotContent {
    /// The limits by name, for example `{"max_cost_usd": 5}`.
    pub rules: JsonObject,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// The first version of limits; later ones are made by
/// [`supersede_constraint_snapshot`](super::supersede_constraint_snapshot).
#[derive(Clone, Debug, new)]
pub struct NewConstraintSnapshot {
    /// What the limits bind.
    pub scope: ConstraintScope,
    /// Name that all versions share; at most 200 characters, not empty.
    #[new(into)]
    pub name: String,
    /// What it says.
    pub content: ConstraintSnapshotContent,
}

/// A rule that work is governed by, in the version that is in force.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = doctrine_refs)]
pub struct NewDoctrineRef {
    /// Who the doctrine belongs to, for example security; at most 100 characters.
    #[new(into)]
    pub namespace: String,
    /// Name of the doctrine in its namespace; at most 200 characters.
    #[new(into)]
    pub name: String,
    /// Version in the words of its authors; at most 50 characters.
    #[new(into)]
    pub version: String,
    /// What sort of rule it is.
    pub kind: DoctrineKind,
    /// The rule itself, as Markdown.
    #[new(into)]
    pub statement: String,
    /// How strictly it binds; [`DoctrinePriority::Should`] by default.
    #[new(default)]
    pub priority: Option<DoctrinePriority>,
    /// Why the rule is there.
    #[new(default)]
    pub rationale: Option<String>,
    /// Where the rule was published.
    #[new(default)]
    pub source_uri: Option<String>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in a [`DoctrineRef`]: what is said about it. Another rule is another version, a row of its own.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = doctrine_refs)]
pub struct DoctrineRefChanges {
    /// Why the rule is there; `Some(None)`: its authors do not say.
    pub rationale: Option<Option<String>>,
    /// Where the rule was published; `Some(None)`: it was not.
    pub source_uri: Option<Option<String>>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// An execution of work on an issue; begins as [`RunStatus::Ready`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = runs)]
pub struct NewRun {
    /// Issue that the run works on.
    pub for_issue_id: IssueId,
    /// Repository of that issue.
    pub repo_id: RepoId,
    /// What it is to achieve.
    pub kind: RunKind,
    /// What sort of actor executes it.
    pub executor_kind: ActorKind,
    /// Which one; at most 128 characters.
    #[new(into)]
    pub executor_id: String,
    /// What the executor is asked for.
    #[new(into)]
    pub objective: String,
    /// Limits that the run is started under.
    #[new(default)]
    pub constraint_snapshot_id: Option<ConstraintSnapshotId>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in a [`Run`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = runs)]
pub struct RunChanges {
    /// What came of it in a few sentences; `Some(None)`: nothing yet.
    pub outcome: Option<Option<String>>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}

/// A result that a run emits.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = artifacts)]
pub struct NewArtifact {
    /// Run that emits it.
    pub produced_by_run_id: RunId,
    /// Issue that it is a result for.
    pub for_issue_id: IssueId,
    /// What sort of result it is.
    pub kind: ArtifactKind,
    /// What it is, in one line.
    #[new(into)]
    pub title: String,
    /// Where its content is.
    #[new(into)]
    pub uri: String,
    /// Media type of the content; at most 255 characters.
    #[new(default)]
    pub media_type: Option<String>,
    /// Length of the content in bytes.
    #[new(default)]
    pub size_bytes: Option<i64>,
    /// SHA-256 of the content, 32 bytes; `None` where the content can change.
    #[new(default)]
    pub sha256: Option<Vec<u8>>,
    /// Facts that no column has yet.
    #[new(default)]
    pub meta: Option<JsonObject>,
    /// Free labels.
    #[new(default)]
    pub tags: Option<JsonArray>,
}

/// What can change in an [`Artifact`]: where its content is and what is said about it, not what made it.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = artifacts)]
pub struct ArtifactChanges {
    /// What it is, in one line.
    pub title: Option<String>,
    /// Where its content is.
    pub uri: Option<String>,
    /// Facts that no column has yet.
    pub meta: Option<JsonObject>,
    /// Free labels.
    pub tags: Option<JsonArray>,
}
