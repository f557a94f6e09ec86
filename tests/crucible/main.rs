//! Int Crucible (seed 3): the schema exists and is documented, every entity is created, read, listed and updated, lineage
//! is kept and asked for, and Kosmos's tables in the same database are in nobody's way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

#[path = "../support/mod.rs"]
mod support;

mod checks;
mod crud;
mod kosmos;
mod lineage;
mod provenance;
mod schema;
mod statuses;
mod transactions;

use diesel::PgConnection;
use reference_models::crucible::*;
use reference_models::error::Error;
use reference_models::store::create;

/// A project, for what needs one.
fn a_project(conn: &mut PgConnection) -> Result<Project, Error> {
    create(conn, NewProject::new("Less waste"))
}

/// A run in it.
fn a_run(conn: &mut PgConnection, project: ProjectId) -> Result<Run, Error> {
    create(conn, NewRun::new(project, RunMode::FullSearch))
}

/// A candidate of the run, made from others.
fn a_candidate(
    conn: &mut PgConnection,
    run: &Run,
    parents: &[CandidateId],
) -> Result<Candidate, Error> {
    let new = NewCandidate {
        parents: parents.to_vec(),
        ..NewCandidate::new(
            run.project_id,
            run.id,
            CandidateOrigin::System,
            "Bottles come back",
        )
    };
    create(conn, new)
}
