//! Statuses go only where the pipeline goes, and the times go with them (seed 3).

use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::error::Error;
use reference_models::store::{create, get, set_status};
use rstest::rstest;

use super::support::{TestResult, connect};
use super::{a_candidate, a_project, a_run};

/// created → running → completed, failed or cancelled.
#[rstest]
fn a_run_is_started_and_ends(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    for end in [
        RunStatus::Completed,
        RunStatus::Failed,
        RunStatus::Cancelled,
    ] {
        let run = a_run(conn, project.id)?;
        let running = set_status(conn, run.id, RunStatus::Running)?;
        assert!(running.started_at.is_some() && running.finished_at.is_none());
        let ended = set_status(conn, run.id, end)?;
        assert_eq!((ended.status, ended.started_at), (end, running.started_at));
        assert!(ended.finished_at >= ended.started_at);
        for after in [RunStatus::Created, RunStatus::Running, RunStatus::Completed] {
            let error = set_status(conn, run.id, after).unwrap_err();
            assert!(matches!(error, Error::Transition { .. }), "{error}");
        }
        assert_eq!(get(conn, run.id)?, ended);
    }
    Ok(())
}

#[rstest]
fn a_run_is_cancelled_before_it_starts(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    for too_early in [RunStatus::Completed, RunStatus::Failed] {
        let error = set_status(conn, run.id, too_early).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "crucible.runs {} is Created: {too_early:?} may not follow, only Running, Cancelled",
                run.id
            )
        );
    }
    let cancelled = set_status(conn, run.id, RunStatus::Cancelled)?;
    assert!(cancelled.started_at.is_none() && cancelled.finished_at.is_some());
    Ok(())
}

/// new → `under_test` → promising or weak, and back to the test; rejected is the end.
#[rstest]
fn a_candidate_is_tested_and_ranked(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let candidate = a_candidate(conn, &run, &[])?;
    let error = set_status(conn, candidate.id, CandidateStatus::Promising).unwrap_err();
    assert!(matches!(error, Error::Transition { .. }), "{error}");
    for status in [
        CandidateStatus::UnderTest,
        CandidateStatus::Weak,
        CandidateStatus::UnderTest,
        CandidateStatus::Promising,
        CandidateStatus::Rejected,
    ] {
        assert_eq!(set_status(conn, candidate.id, status)?.status, status);
    }
    let error = set_status(conn, candidate.id, CandidateStatus::UnderTest).unwrap_err();
    assert!(error.to_string().ends_with("it is final"), "{error}");
    Ok(())
}

#[rstest]
fn an_issue_is_closed(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    for end in [ResolutionStatus::Resolved, ResolutionStatus::Invalidated] {
        let new = NewIssue::new(
            project.id,
            IssueType::Model,
            IssueSeverity::Minor,
            "No rain",
        );
        let issue = create(conn, new)?;
        let closed = set_status(conn, issue.id, end)?;
        assert_eq!(closed.resolution_status, end);
        assert!(closed.resolved_at.is_some());
        let error = set_status(conn, issue.id, ResolutionStatus::Open).unwrap_err();
        assert!(matches!(error, Error::Transition { .. }), "{error}");
    }
    Ok(())
}
