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
mod deletion;
mod kosmos;
mod lineage;
mod lists;
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

/// A row in every table of one project, and another project with a run and a candidate, named as the statements name them.
fn a_row_in_every_table(conn: &mut PgConnection) -> Result<Vec<(&'static str, String)>, Error> {
    let [project, other] = [a_project(conn)?, a_project(conn)?];
    let [run, run_elsewhere] = [a_run(conn, project.id)?, a_run(conn, other.id)?];
    let idle_run = a_run(conn, project.id)?;
    let parent = a_candidate(conn, &run, &[])?;
    let child = a_candidate(conn, &run, &[parent.id])?;
    let elsewhere = a_candidate(conn, &run_elsewhere, &[])?;
    create(conn, NewProblemSpec::new(project.id))?;
    create(conn, NewWorldModel::new(project.id))?;
    create(conn, NewScenarioSuite::new(run.id))?;
    create(
        conn,
        NewEvaluation::new(project.id, run.id, child.id, "flood"),
    )?;
    let issue = NewIssue::new(
        project.id,
        IssueType::Model,
        IssueSeverity::Minor,
        "No rain",
    );
    create(conn, issue)?;
    let chat = create(conn, NewChatSession::new(project.id))?;
    create(conn, NewMessage::new(chat.id, MessageRole::User, "Hello"))?;
    let names = [
        ("$project", project.id.to_string()),
        ("$run_elsewhere", run_elsewhere.id.to_string()),
        ("$run", run.id.to_string()),
        ("$parent", parent.id.to_string()),
        ("$child", child.id.to_string()),
        ("$elsewhere", elsewhere.id.to_string()),
        ("$idle_run", idle_run.id.to_string()),
        ("$nobody", ProjectId::generate().to_string()),
    ];
    Ok(names.into())
}
