//! A status follows its rule: `ready → running → done|failed|canceled`.

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::audit;
use reference_models::cwom::*;
use reference_models::error::Error;
use reference_models::status::Status;
use reference_models::store::get;
use rstest::rstest;

use super::support::{TestResult, connect, open, somebody};
use super::{a_repo, a_run, an_issue};

/// Every run status after every other: allowed where the rule says so, and nowhere else.
#[rstest]
fn a_run_goes_where_the_rule_lets_it(migrated_database: MigratedDatabase) -> TestResult {
    use RunStatus::{Canceled, Done, Failed, Ready, Running};
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let ways: [(RunStatus, &[RunStatus]); 5] = [
        (Ready, &[]),
        (Running, &[Running]),
        (Done, &[Running, Done]),
        (Failed, &[Running, Failed]),
        (Canceled, &[Canceled]),
    ];
    for (from, way) in ways {
        for to in [Ready, Running, Done, Failed, Canceled] {
            let run = a_run(conn, by, &issue)?;
            for step in way {
                audit::set_status(conn, by, run.id, *step)?;
            }
            let allowed = matches!(
                (from, to),
                (Ready, Running | Canceled) | (Running, Done | Failed | Canceled)
            );
            match audit::set_status(conn, by, run.id, to) {
                Ok(moved) => {
                    assert!(allowed, "{from:?} → {to:?}");
                    assert_eq!(moved.status, to);
                    // Canceled before it began: never started.
                    assert_eq!(moved.started_at.is_some(), from == Running || to == Running);
                    assert_eq!(moved.finished_at.is_some(), to.is_final());
                }
                Err(Error::Transition { table, .. }) => {
                    assert!(!allowed, "{from:?} → {to:?}");
                    assert_eq!(table, "cwom.runs");
                    assert_eq!(get(conn, run.id)?.status, from);
                }
                Err(other) => panic!("{from:?} → {to:?}: {other}"),
            }
        }
    }
    Ok(())
}

/// The error tells what would be allowed.
#[rstest]
fn a_refused_transition_says_what_may_follow(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let error = audit::set_status(conn, by, issue.id, IssueStatus::Done).unwrap_err();
    let expected = format!(
        "cwom.issues {} is Backlog: Done may not follow, only Ready, Canceled",
        issue.id
    );
    assert_eq!(error.to_string(), expected);
    audit::set_status(conn, by, issue.id, IssueStatus::Canceled)?;
    let error = audit::set_status(conn, by, issue.id, IssueStatus::Ready).unwrap_err();
    assert!(
        error.to_string().ends_with("only nothing, it is final"),
        "{error}"
    );
    Ok(())
}

/// Two sessions that each end the run: the second waits for the first, and then finds that nothing may follow.
#[rstest]
fn two_sessions_cannot_both_end_a_run(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let by = &somebody();
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let run = a_run(conn, by, &issue)?;
    audit::set_status(conn, by, run.id, RunStatus::Running)?;
    let ends = std::thread::scope(|scope| {
        [RunStatus::Done, RunStatus::Failed]
            .map(|to| {
                let database = &migrated_database;
                scope.spawn(move || {
                    let mut conn = PgConnection::establish(database.url()).unwrap();
                    audit::set_status(&mut conn, &somebody(), run.id, to)
                })
            })
            .map(|session| session.join().unwrap())
    });
    let (won, lost): (Vec<_>, Vec<_>) = ends.into_iter().partition(Result::is_ok);
    let [Ok(ended)] = &won[..] else {
        panic!("{won:?}, {lost:?}")
    };
    assert!(
        matches!(&lost[..], [Err(Error::Transition { .. })]),
        "{lost:?}"
    );
    assert_eq!(get(conn, run.id)?, *ended);
    Ok(())
}
