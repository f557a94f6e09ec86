//! Linkage end to end: "if Claude wrote CRUD tests but they only test one table in isolation, that's not sufficient. The
//! whole point is linkage" (seed 1).

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::audit;
use reference_models::cwom::*;
use reference_models::error::{ConstraintKind, Error};
use reference_models::page::Page;
use reference_models::store::list;
use rstest::rstest;

use super::support::{TestResult, connect, somebody};
use super::{a_doctrine, a_packet, a_repo, a_run, a_snapshot, an_issue};

/// The keys of the first page of a list.
macro_rules! ids {
    ($listed:expr) => {
        $listed?.rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
}

/// Create Repo → Create Issue under Repo → Query Issue by repo_id (seed 2, scenario 1).
#[rstest]
fn repo_and_issue_query_issue_by_repo_id(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let other = audit::create(conn, by, NewRepo::new("example/other", "Other"))?;
    let issue = an_issue(conn, by, repo.id)?;
    an_issue(conn, by, other.id)?;
    let of_repo = IssueFilter {
        repo_id: Some(repo.id),
        ..IssueFilter::default()
    };
    assert_eq!(list(conn, &of_repo, Page::first(9))?.rows, [issue]);
    Ok(())
}

/// Create Issue → Create ConstraintSnapshot → Link via join table → Query issues by constraint (seed 2, scenario 3).
#[rstest]
fn constraint_snapshot_query_issues_by_constraint(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let [issue, _unbound] = [an_issue(conn, by, repo.id)?, an_issue(conn, by, repo.id)?];
    let snapshot = a_snapshot(conn, by)?;
    let linked: IssueConstraintSnapshot = link(conn, by, issue.id, snapshot.id)?;
    assert_eq!(
        (linked.issue_id, linked.constraint_snapshot_id),
        (issue.id, snapshot.id)
    );
    assert_eq!(
        ids!(related::<IssueId, _>(conn, snapshot.id, Page::first(9))),
        [issue.id]
    );
    assert_eq!(
        ids!(related::<ConstraintSnapshotId, _>(
            conn,
            issue.id,
            Page::first(9)
        )),
        [snapshot.id]
    );
    Ok(())
}

/// An issue is told what another issue's packet says: linked by the join table, and asked for both ways.
#[rstest]
fn context_packet_query_issues_by_packet(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let [issue, other] = [an_issue(conn, by, repo.id)?, an_issue(conn, by, repo.id)?];
    let packet = a_packet(conn, by, other.id)?;
    let linked: IssueContextPacket = link(conn, by, issue.id, packet.id)?;
    assert_eq!(
        (linked.issue_id, linked.context_packet_id),
        (issue.id, packet.id)
    );
    assert_eq!(
        ids!(related::<IssueId, _>(conn, packet.id, Page::first(9))),
        [issue.id]
    );
    assert_eq!(
        ids!(related::<ContextPacketId, _>(
            conn,
            issue.id,
            Page::first(9)
        )),
        [packet.id]
    );
    Ok(())
}

/// Create DoctrineRef → Link to Issue → Query issues by doctrine (seed 2, scenario 4).
#[rstest]
fn doctrine_ref_query_issues_by_doctrine(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let [issue, other] = [an_issue(conn, by, repo.id)?, an_issue(conn, by, repo.id)?];
    let [doctrine, unused] = [a_doctrine(conn, by, "1")?, a_doctrine(conn, by, "2")?];
    link(conn, by, issue.id, doctrine.id)?;
    link(conn, by, other.id, doctrine.id)?;
    assert_eq!(
        ids!(related::<IssueId, _>(conn, doctrine.id, Page::first(9))),
        [issue.id, other.id]
    );
    assert_eq!(
        ids!(related::<IssueId, _>(conn, unused.id, Page::first(9))),
        []
    );
    assert_eq!(
        ids!(related::<DoctrineRefId, _>(conn, issue.id, Page::first(9))),
        [doctrine.id]
    );
    Ok(())
}

/// Create Run for Issue → Update status ready→running→done → Create Artifact → Query artifacts by run_id and issue_id
/// (seed 2, scenario 5).
#[rstest]
fn run_emits_artifact_and_links_correctly(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let (packet, doctrine) = (a_packet(conn, by, issue.id)?, a_doctrine(conn, by, "1")?);
    let run = a_run(conn, by, &issue)?;
    let given: RunContextPacket = link(conn, by, run.id, packet.id)?;
    let governed: RunDoctrineRef = link(conn, by, run.id, doctrine.id)?;
    let handed_on: ContextPacketDoctrineRef = link(conn, by, packet.id, doctrine.id)?;
    assert_eq!([given.run_id, governed.run_id], [run.id, run.id]);
    assert_eq!(handed_on.context_packet_id, packet.id);

    audit::set_status(conn, by, run.id, RunStatus::Running)?;
    let new = NewArtifact::new(
        run.id,
        issue.id,
        ArtifactKind::Patch,
        "The change",
        "file:///change.patch",
    );
    let artifact = audit::create(conn, by, new)?;
    let done = audit::set_status(conn, by, run.id, RunStatus::Done)?;
    assert!(done.started_at.is_some() && done.finished_at >= done.started_at);

    let by_run = ArtifactFilter {
        produced_by_run_id: Some(run.id),
        ..ArtifactFilter::default()
    };
    assert_eq!(ids!(list(conn, &by_run, Page::first(9))), [artifact.id]);
    let by_issue = ArtifactFilter {
        for_issue_id: Some(issue.id),
        ..ArtifactFilter::default()
    };
    assert_eq!(ids!(list(conn, &by_issue, Page::first(9))), [artifact.id]);
    assert_eq!(
        ids!(related::<ContextPacketId, _>(conn, run.id, Page::first(9))),
        [packet.id]
    );
    assert_eq!(
        ids!(related::<DoctrineRefId, _>(conn, packet.id, Page::first(9))),
        [doctrine.id]
    );
    Ok(())
}

/// Find all runs governed by a specific doctrine (seed 2, section 3.2).
#[rstest]
fn find_runs_by_doctrine(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let doctrine = a_doctrine(conn, by, "1")?;
    let [governed, _free] = [a_run(conn, by, &issue)?, a_run(conn, by, &issue)?];
    link(conn, by, governed.id, doctrine.id)?;
    assert_eq!(
        related::<RunId, _>(conn, doctrine.id, Page::first(9))?.rows,
        [governed]
    );
    Ok(())
}

/// Linked rows come in pages too.
#[rstest]
fn linked_rows_come_in_pages(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let doctrine = a_doctrine(conn, by, "1")?;
    let mut runs = Vec::new();
    for _ in 0..3 {
        let run = a_run(conn, by, &issue)?;
        link(conn, by, run.id, doctrine.id)?;
        runs.push(run.id);
    }
    let first = related::<RunId, _>(conn, doctrine.id, Page::first(2))?;
    let second = related::<RunId, _>(conn, doctrine.id, first.next.unwrap())?;
    assert_eq!(second.next, None);
    let listed: Vec<RunId> = first
        .rows
        .iter()
        .chain(&second.rows)
        .map(|run| run.id)
        .collect();
    assert_eq!(listed, runs);
    Ok(())
}

/// A link is there once, leads to what is there, and what it leads to cannot vanish from under it.
#[rstest]
fn a_link_cannot_be_doubled_or_dangle(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let doctrine = a_doctrine(conn, by, "1")?;
    link(conn, by, issue.id, doctrine.id)?;
    let kind = |result: Result<(), Error>| match result {
        Err(Error::Constraint { kind, .. }) => kind,
        other => panic!("{other:?}"),
    };
    let doubled = conn.transaction(|conn| link(conn, by, issue.id, doctrine.id).map(drop));
    assert_eq!(kind(doubled), ConstraintKind::Unique);
    let dangling =
        conn.transaction(|conn| link(conn, by, issue.id, DoctrineRefId::generate()).map(drop));
    assert_eq!(kind(dangling), ConstraintKind::ForeignKey);
    let deleted = conn.transaction(|conn| {
        diesel::delete(reference_models::schema::cwom::doctrine_refs::table.find(doctrine.id))
            .execute(conn)?;
        Ok(())
    });
    assert_eq!(kind(deleted), ConstraintKind::ForeignKey);

    unlink(conn, by, issue.id, doctrine.id)?;
    assert_eq!(
        ids!(related::<IssueId, _>(conn, doctrine.id, Page::first(9))),
        []
    );
    let error = unlink(conn, by, issue.id, doctrine.id).unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFound {
                table: "cwom.issue_doctrine_refs",
                ..
            }
        ),
        "{error:?}"
    );
    Ok(())
}

/// "All runs governed by doctrine X" is one query, and with many runs PostgreSQL answers it from the join table's index.
#[rstest]
fn runs_by_doctrine_use_the_index(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    // Rows by the thousand, as SQL: what is tested is the plan.
    diesel::sql_query(
        "WITH repo AS (
             INSERT INTO cwom.repos (id, slug, name) VALUES (gen_random_uuid(), 'a/b', 'b') RETURNING id
         ), issue AS (
             INSERT INTO cwom.issues (id, repo_id, title, kind) SELECT gen_random_uuid(), id, 'x', 'bug' FROM repo
             RETURNING id, repo_id
         ), doctrine AS (
             INSERT INTO cwom.doctrine_refs (id, namespace, name, version, kind, statement)
             SELECT gen_random_uuid(), 'n', 'x', v::text, 'policy', 's' FROM generate_series(1, 200) v
             RETURNING id
         ), run AS (
             INSERT INTO cwom.runs (id, for_issue_id, repo_id, kind, executor_kind, executor_id, objective)
             SELECT gen_random_uuid(), issue.id, issue.repo_id, 'review', 'agent', 'a', 'o'
             FROM issue, generate_series(1, 5000)
             RETURNING id
         )
         INSERT INTO cwom.run_doctrine_refs (run_id, doctrine_ref_id)
         SELECT run.id, doctrine.id FROM (SELECT id, row_number() OVER () AS n FROM run) run
         JOIN (SELECT id, row_number() OVER () AS n FROM doctrine) doctrine ON run.n % 200 = doctrine.n % 200",
    )
    .execute(conn)?;
    diesel::sql_query("ANALYZE cwom.runs, cwom.run_doctrine_refs").execute(conn)?;
    let doctrine: DoctrineRefId = {
        use reference_models::schema::cwom::doctrine_refs;
        doctrine_refs::table.select(doctrine_refs::id).first(conn)?
    };
    assert_eq!(
        related::<RunId, _>(conn, doctrine, Page::first(1000))?
            .rows
            .len(),
        25
    );
    let plan = explain_runs_by_doctrine(conn, doctrine)?;
    assert!(
        plan.contains("run_doctrine_refs_doctrine_ref_id_idx"),
        "{plan}"
    );
    assert!(!plan.contains("Seq Scan on run_doctrine_refs"), "{plan}");
    Ok(())
}

/// PostgreSQL's plan for the statement that the store sends: taken from the statement log of the connection.
fn explain_runs_by_doctrine(
    conn: &mut PgConnection,
    doctrine: DoctrineRefId,
) -> QueryResult<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let sent = statement_of(conn, |conn| {
        related::<RunId, _>(conn, doctrine, Page::first(20)).unwrap();
    });
    let lines: Vec<Line> = diesel::sql_query(format!("EXPLAIN {sent}"))
        .bind::<diesel::sql_types::Uuid, _>(doctrine)
        .bind::<diesel::sql_types::BigInt, _>(21)
        .load(conn)?;
    Ok(lines.into_iter().map(|line| line.line + "\n").collect())
}

/// The one statement that `run` sends.
fn statement_of(conn: &mut PgConnection, run: impl FnOnce(&mut PgConnection)) -> String {
    use diesel::connection::InstrumentationEvent;
    use std::sync::{Arc, Mutex};

    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&sent);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            log.lock().unwrap().push(query.to_string());
        }
    });
    run(conn);
    conn.set_instrumentation(None::<fn(InstrumentationEvent<'_>)>);
    let sent = sent.lock().unwrap();
    assert_eq!(sent.len(), 1, "{sent:?}");
    // Diesel's debug form has the binds behind the text.
    sent[0].split(" -- binds").next().unwrap().to_owned()
}

/// A run is in its issue's repository, and an artifact for its run's issue: what is redundant cannot be wrong.
#[rstest]
fn what_is_redundant_cannot_be_wrong(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let other = audit::create(conn, by, NewRepo::new("other/repo", "Other"))?;
    let elsewhere = an_issue(conn, by, other.id)?;
    let run = a_run(conn, by, &issue)?;
    let moved = Issue {
        repo_id: other.id,
        ..issue
    };
    let new = NewArtifact::new(run.id, elsewhere.id, ArtifactKind::Log, "t", "u");
    for (refused, constraint) in [
        (a_run(conn, by, &moved).map(drop), "runs_for_issue_id_fkey"),
        (
            audit::create(conn, by, new).map(drop),
            "artifacts_produced_by_run_id_fkey",
        ),
    ] {
        assert!(
            matches!(&refused, Err(Error::Constraint { kind: ConstraintKind::ForeignKey, name, .. }) if name == constraint),
            "{refused:?}"
        );
    }
    Ok(())
}
