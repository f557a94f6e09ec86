//! CWOM (seeds 1 and 2): every object is created, read, listed and, where it may, updated; links are queried both ways;
//! what never changes never changes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

#[path = "../support/mod.rs"]
mod support;

mod crud;
mod immutability;
mod linkage;
mod lists;
mod statuses;

use diesel::PgConnection;
use reference_models::audit::{self, By};
use reference_models::cwom::*;
use reference_models::error::Error;

/// A repository, for what needs one.
fn a_repo(conn: &mut PgConnection, by: &By) -> Result<Repo, Error> {
    audit::create(conn, by, NewRepo::new("example/repo", "Example"))
}

/// An issue in it.
fn an_issue(conn: &mut PgConnection, by: &By, repo: RepoId) -> Result<Issue, Error> {
    audit::create(
        conn,
        by,
        NewIssue::new(repo, "Guard the schema", IssueKind::Feature),
    )
}

/// A run for the issue.
fn a_run(conn: &mut PgConnection, by: &By, issue: &Issue) -> Result<Run, Error> {
    let new = NewRun::new(
        issue.id,
        issue.repo_id,
        RunKind::Implementation,
        ActorKind::Agent,
        "coder-1",
        "Write the test first",
    );
    audit::create(conn, by, new)
}

/// A doctrine, in a version.
fn a_doctrine(conn: &mut PgConnection, by: &By, version: &str) -> Result<DoctrineRef, Error> {
    let new = NewDoctrineRef::new(
        "engineering",
        "tests-first",
        version,
        DoctrineKind::Policy,
        "Nothing is done without a test.",
    );
    audit::create(conn, by, new)
}

/// A context packet for the issue.
fn a_packet(conn: &mut PgConnection, by: &By, issue: IssueId) -> Result<ContextPacket, Error> {
    let content = ContextPacketContent::new("What there is", "Fifteen tables and no store.");
    audit::create(conn, by, NewContextPacket::new(issue, content))
}

/// A constraint snapshot.
fn a_snapshot(conn: &mut PgConnection, by: &By) -> Result<ConstraintSnapshot, Error> {
    let rules = [("max_cost_usd", 5)].into_iter().collect();
    let content = ConstraintSnapshotContent::new(rules);
    audit::create(
        conn,
        by,
        NewConstraintSnapshot::new(ConstraintScope::Issue, "budget", content),
    )
}
