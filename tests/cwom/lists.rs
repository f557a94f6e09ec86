//! Lists come in pages, by key.

use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::audit;
use reference_models::cwom::*;
use reference_models::page::Page;
use reference_models::store::list;
use rstest::rstest;

use super::support::{TestResult, connect, somebody};
use super::{a_doctrine, a_packet, a_repo, a_run, a_snapshot, an_issue};

/// Pages hold every row once, in the order in which they were made, also when rows come between two requests.
#[rstest]
fn pages_hold_every_row_once(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let other = audit::create(conn, by, NewRepo::new("example/other", "Other"))?;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(an_issue(conn, by, repo.id)?.id);
        an_issue(conn, by, other.id)?;
    }
    let filter = IssueFilter {
        repo_id: Some(repo.id),
        ..IssueFilter::default()
    };
    let first = list(conn, &filter, Page::first(2))?;
    made.push(an_issue(conn, by, repo.id)?.id);
    let second = list(conn, &filter, first.next.unwrap())?;
    let third = list(conn, &filter, second.next.unwrap())?;
    assert_eq!(third.next, None);
    let listed: Vec<IssueId> = [first, second, third]
        .iter()
        .flat_map(|page| page.rows.iter().map(|issue| issue.id))
        .collect();
    assert_eq!(listed, made);
    Ok(())
}

/// Each filter lets its rows through and no others.
#[rstest]
fn filters_let_their_rows_through(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let [issue, other] = [an_issue(conn, by, repo.id)?, an_issue(conn, by, repo.id)?];
    let run = a_run(conn, by, &issue)?;
    a_run(conn, by, &other)?;
    audit::set_status(conn, by, run.id, RunStatus::Running)?;
    let packet = a_packet(conn, by, issue.id)?;
    a_packet(conn, by, other.id)?;
    let snapshot = a_snapshot(conn, by)?;
    let doctrine = a_doctrine(conn, by, "1")?;
    a_doctrine(conn, by, "2")?;

    /// The keys that a filter with one field set lets through.
    macro_rules! listed {
        ($filter:ident { $field:ident: $value:expr }) => {
            list(
                conn,
                &$filter {
                    $field: Some($value),
                    ..$filter::default()
                },
                Page::first(9),
            )?
            .rows
            .iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
        };
    }
    assert_eq!(
        listed!(RepoFilter {
            slug: repo.slug.clone()
        }),
        [repo.id]
    );
    assert_eq!(
        listed!(RepoFilter {
            status: RepoStatus::Archived
        }),
        []
    );
    assert_eq!(
        listed!(IssueFilter { repo_id: repo.id }),
        [issue.id, other.id]
    );
    assert_eq!(
        listed!(IssueFilter {
            status: IssueStatus::Ready
        }),
        []
    );
    assert_eq!(
        listed!(RunFilter {
            for_issue_id: issue.id
        }),
        [run.id]
    );
    assert_eq!(
        listed!(RunFilter {
            status: RunStatus::Running
        }),
        [run.id]
    );
    assert_eq!(
        listed!(RunFilter {
            constraint_snapshot_id: snapshot.id
        }),
        []
    );
    assert_eq!(
        listed!(ContextPacketFilter {
            for_issue_id: issue.id
        }),
        [packet.id]
    );
    assert_eq!(
        listed!(ConstraintSnapshotFilter {
            name: "budget".to_owned()
        }),
        [snapshot.id]
    );
    assert_eq!(
        listed!(DoctrineRefFilter {
            version: "1".to_owned()
        }),
        [doctrine.id]
    );
    Ok(())
}
