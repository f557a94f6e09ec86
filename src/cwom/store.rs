//! The store of schema `cwom`. Rows are read with [`crate::store`] and written with [`crate::audit`]; here is which
//! tables there are, and what is particular: new versions of what never changes.

use diesel::prelude::*;

use super::enums::*;
use super::input::*;
use super::models::*;
use crate::audit::{self, By, TraceId, audited};
use crate::error::Error;
use crate::schema::cwom::{artifacts, constraint_snapshots, context_packets, issues, runs};
use crate::status::{Execution, transitions};
use crate::store::{Conn, New, changes, filters, get, new, statuses};

// What Diesel CLI does not print: joins along keys over two columns. Each of these keys holds a redundant column as well, so
// that it cannot be wrong.
diesel::joinable!(runs -> issues (for_issue_id));
diesel::joinable!(artifacts -> runs (produced_by_run_id));

audited! {
    cwom::repos: RepoId => Repo as Repo;
    cwom::issues: IssueId => Issue as Issue;
    cwom::context_packets: ContextPacketId => ContextPacket as ContextPacket;
    cwom::constraint_snapshots: ConstraintSnapshotId => ConstraintSnapshot as ConstraintSnapshot;
    cwom::doctrine_refs: DoctrineRefId => DoctrineRef as DoctrineRef;
    cwom::runs: RunId => Run as Run;
    cwom::artifacts: ArtifactId => Artifact as Artifact;
}

new! { traced
    cwom::repos: RepoId from NewRepo;
    cwom::issues: IssueId from NewIssue;
    cwom::doctrine_refs: DoctrineRefId from NewDoctrineRef;
    cwom::runs: RunId from NewRun;
    cwom::artifacts: ArtifactId from NewArtifact;
}

changes! { traced
    cwom::repos: RepoId by RepoChanges;
    cwom::issues: IssueId by IssueChanges;
    cwom::doctrine_refs: DoctrineRefId by DoctrineRefChanges;
    cwom::runs: RunId by RunChanges;
    cwom::artifacts: ArtifactId by ArtifactChanges;
}

filters! {
    cwom::repos: RepoId in RepoFilter { slug: String, status: RepoStatus }
    cwom::issues: IssueId in IssueFilter { repo_id: RepoId, status: IssueStatus }
    cwom::context_packets: ContextPacketId in ContextPacketFilter { for_issue_id: IssueId, version: i32 }
    cwom::constraint_snapshots: ConstraintSnapshotId in ConstraintSnapshotFilter {
        scope: ConstraintScope, name: String, version: i32
    }
    cwom::doctrine_refs: DoctrineRefId in DoctrineRefFilter { namespace: String, name: String, version: String }
    cwom::runs: RunId in RunFilter {
        for_issue_id: IssueId, repo_id: RepoId, status: RunStatus, constraint_snapshot_id: ConstraintSnapshotId
    }
    cwom::artifacts: ArtifactId in ArtifactFilter { produced_by_run_id: RunId, for_issue_id: IssueId }
}

statuses! { traced
    cwom::repos: RepoId is RepoStatus;
    cwom::issues: IssueId is IssueStatus;
}

statuses! { traced timed
    cwom::runs: RunId is RunStatus;
}

transitions! { RepoStatus {
    Active => [Archived],
    Archived => [Active],
} }

transitions! { IssueStatus {
    Backlog => [Ready, Canceled],
    Ready => [InProgress, Blocked, Backlog, Canceled],
    InProgress => [Done, Blocked, Ready, Canceled],
    Blocked => [Ready, InProgress, Canceled],
    Done => [],
    Canceled => [],
} }

transitions! { RunStatus {
    Ready => [Running, Canceled],
    Running => [Done, Failed, Canceled],
    Done => [],
    Failed => [],
    Canceled => [],
} }

impl Execution for RunStatus {
    const RUNNING: Self = Self::Running;
}

/// A version of a context packet: which one, and what it says.
#[derive(Insertable)]
#[diesel(table_name = context_packets)]
struct ContextPacketVersion {
    for_issue_id: IssueId,
    version: i32,
    supersedes_id: Option<ContextPacketId>,
    #[diesel(embed)]
    content: ContextPacketContent,
}

/// A version of a constraint snapshot: which one, and what it says.
#[derive(Insertable)]
#[diesel(table_name = constraint_snapshots)]
struct ConstraintSnapshotVersion {
    scope: ConstraintScope,
    name: String,
    version: i32,
    supersedes_id: Option<ConstraintSnapshotId>,
    #[diesel(embed)]
    content: ConstraintSnapshotContent,
}

new! { traced
    cwom::context_packets: ContextPacketId from ContextPacketVersion;
    cwom::constraint_snapshots: ConstraintSnapshotId from ConstraintSnapshotVersion;
}

impl New for NewContextPacket {
    type Key = ContextPacketId;
    type Context = Option<TraceId>;

    fn insert<C: Conn>(self, conn: &mut C, trace: Self::Context) -> QueryResult<ContextPacket> {
        let first = ContextPacketVersion {
            for_issue_id: self.for_issue_id,
            version: 1,
            supersedes_id: None,
            content: self.content,
        };
        first.insert(conn, trace)
    }
}

impl New for NewConstraintSnapshot {
    type Key = ConstraintSnapshotId;
    type Context = Option<TraceId>;

    fn insert<C: Conn>(
        self,
        conn: &mut C,
        trace: Self::Context,
    ) -> QueryResult<ConstraintSnapshot> {
        let first = ConstraintSnapshotVersion {
            scope: self.scope,
            name: self.name,
            version: 1,
            supersedes_id: None,
            content: self.content,
        };
        first.insert(conn, trace)
    }
}

/// Makes the next version of a context packet, for the same issue. The packet itself never changes.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Constraint`] where the packet has been superseded already.
pub fn supersede_context_packet(
    conn: &mut impl Conn,
    by: &By,
    old: ContextPacketId,
    content: ContextPacketContent,
) -> Result<ContextPacket, Error> {
    let old = get(conn, old)?;
    let next = ContextPacketVersion {
        for_issue_id: old.for_issue_id,
        version: old.version + 1,
        supersedes_id: Some(old.id),
        content,
    };
    audit::create(conn, by, next)
}

/// Makes the next version of a constraint snapshot, of the same scope and name. The snapshot itself never changes.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Constraint`] where the snapshot has been superseded already.
pub fn supersede_constraint_snapshot(
    conn: &mut impl Conn,
    by: &By,
    old: ConstraintSnapshotId,
    content: ConstraintSnapshotContent,
) -> Result<ConstraintSnapshot, Error> {
    let old = get(conn, old)?;
    let next = ConstraintSnapshotVersion {
        scope: old.scope,
        name: old.name,
        version: old.version + 1,
        supersedes_id: Some(old.id),
        content,
    };
    audit::create(conn, by, next)
}
