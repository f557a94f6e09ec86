//! Every field of every object is read back as it was written, and changes as it was changed.

use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::audit;
use reference_models::cwom::*;
use reference_models::error::Error;
use reference_models::store::get;
use rstest::rstest;
use serde_json::json;

use super::support::{TestResult, array, connect, object, somebody};
use super::{a_packet, a_repo, a_snapshot, an_issue};

#[rstest]
fn a_repo_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let new = NewRepo {
        url: Some("https://example.org/repo".to_owned()),
        default_branch: Some("trunk".to_owned()),
        meta: Some(object(json!({"stars": 3}))),
        tags: Some(array(json!(["rust"]))),
        ..NewRepo::new("example/repo", "Example")
    };
    let repo = audit::create(conn, by, new)?;
    assert_eq!(
        (repo.slug.as_str(), repo.name.as_str()),
        ("example/repo", "Example")
    );
    assert_eq!(repo.url.as_deref(), Some("https://example.org/repo"));
    assert_eq!(repo.default_branch, "trunk");
    assert_eq!(repo.status, RepoStatus::Active);
    assert_eq!(repo.meta, object(json!({"stars": 3})));
    assert_eq!(repo.tags, array(json!(["rust"])));
    assert_eq!(repo.created_at, repo.updated_at);
    assert_eq!(get(conn, repo.id)?, repo);

    let changes = RepoChanges {
        name: Some("Renamed".to_owned()),
        url: Some(None),
        ..RepoChanges::default()
    };
    let changed = audit::update(conn, by, repo.id, changes)?;
    let expected = Repo {
        name: "Renamed".to_owned(),
        url: None,
        ..repo
    };
    assert_eq!(changed, expected);
    assert_eq!(get(conn, changed.id)?, changed);
    Ok(())
}

/// Columns that are not told have the database's defaults.
#[rstest]
fn what_is_not_told_is_the_default(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    assert_eq!((repo.url, repo.default_branch.as_str()), (None, "main"));
    assert_eq!(
        (repo.meta, repo.tags),
        (object(json!({})), array(json!([])))
    );
    let issue = an_issue(conn, by, repo.id)?;
    assert_eq!(
        (issue.status, issue.priority),
        (IssueStatus::Backlog, IssuePriority::Medium)
    );
    Ok(())
}

#[rstest]
fn an_issue_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let new = NewIssue {
        description: Some("In full".to_owned()),
        priority: Some(IssuePriority::High),
        acceptance: Some(array(json!(["it holds"]))),
        meta: Some(object(json!({"from": "mail"}))),
        tags: Some(array(json!(["schema"]))),
        ..NewIssue::new(repo.id, "Guard the schema", IssueKind::Bug)
    };
    let issue = audit::create(conn, by, new)?;
    assert_eq!(
        (issue.repo_id, issue.kind, issue.priority),
        (repo.id, IssueKind::Bug, IssuePriority::High)
    );
    assert_eq!(
        (issue.title.as_str(), issue.description.as_str()),
        ("Guard the schema", "In full")
    );
    assert_eq!(issue.acceptance, array(json!(["it holds"])));
    assert_eq!(issue.meta, object(json!({"from": "mail"})));
    assert_eq!(issue.tags, array(json!(["schema"])));
    assert_eq!(get(conn, issue.id)?, issue);

    let changes = IssueChanges {
        title: Some("Guard it well".to_owned()),
        kind: Some(IssueKind::Chore),
        priority: Some(IssuePriority::Critical),
        ..IssueChanges::default()
    };
    let changed = audit::update(conn, by, issue.id, changes)?;
    let expected = Issue {
        title: "Guard it well".to_owned(),
        kind: IssueKind::Chore,
        priority: IssuePriority::Critical,
        ..issue
    };
    assert_eq!(changed, expected);
    Ok(())
}

#[rstest]
fn a_context_packet_is_created_and_read(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let content = ContextPacketContent {
        instructions: Some("Do this".to_owned()),
        assumptions: Some(array(json!(["one database"]))),
        open_questions: Some(array(json!(["which major?"]))),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..ContextPacketContent::new("Title", "Summary")
    };
    let packet = audit::create(conn, by, NewContextPacket::new(issue.id, content))?;
    assert_eq!(
        (packet.for_issue_id, packet.version, packet.supersedes_id),
        (issue.id, 1, None)
    );
    assert_eq!(
        (packet.title.as_str(), packet.summary.as_str()),
        ("Title", "Summary")
    );
    assert_eq!(packet.instructions.as_deref(), Some("Do this"));
    assert_eq!(packet.assumptions, array(json!(["one database"])));
    assert_eq!(packet.open_questions, array(json!(["which major?"])));
    assert_eq!(packet.meta, object(json!({"k": 1})));
    assert_eq!(packet.tags, array(json!(["t"])));
    assert_eq!(get(conn, packet.id)?, packet);
    Ok(())
}

#[rstest]
fn a_constraint_snapshot_is_created_and_read(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let content = ConstraintSnapshotContent {
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..ConstraintSnapshotContent::new(object(json!({"max_cost_usd": 5})))
    };
    let new = NewConstraintSnapshot::new(ConstraintScope::Organization, "budget", content);
    let snapshot = audit::create(conn, by, new)?;
    assert_eq!(
        (snapshot.scope, snapshot.name.as_str()),
        (ConstraintScope::Organization, "budget")
    );
    assert_eq!((snapshot.version, snapshot.supersedes_id), (1, None));
    assert_eq!(snapshot.rules, object(json!({"max_cost_usd": 5})));
    assert_eq!(snapshot.meta, object(json!({"k": 1})));
    assert_eq!(snapshot.tags, array(json!(["t"])));
    assert_eq!(get(conn, snapshot.id)?, snapshot);
    Ok(())
}

#[rstest]
fn a_doctrine_ref_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let new = NewDoctrineRef {
        priority: Some(DoctrinePriority::Must),
        rationale: Some("Because".to_owned()),
        source_uri: Some("https://example.org/doctrine".to_owned()),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewDoctrineRef::new(
            "security",
            "no-secrets",
            "1.0",
            DoctrineKind::Procedure,
            "Keep them out.",
        )
    };
    let doctrine = audit::create(conn, by, new)?;
    let key = (
        doctrine.namespace.as_str(),
        doctrine.name.as_str(),
        doctrine.version.as_str(),
    );
    assert_eq!(key, ("security", "no-secrets", "1.0"));
    assert_eq!(
        (doctrine.kind, doctrine.priority),
        (DoctrineKind::Procedure, DoctrinePriority::Must)
    );
    assert_eq!(doctrine.statement, "Keep them out.");
    assert_eq!(doctrine.rationale.as_deref(), Some("Because"));
    assert_eq!(
        doctrine.source_uri.as_deref(),
        Some("https://example.org/doctrine")
    );
    assert_eq!(doctrine.meta, object(json!({"k": 1})));
    assert_eq!(doctrine.tags, array(json!(["t"])));
    assert_eq!(get(conn, doctrine.id)?, doctrine);

    let changes = DoctrineRefChanges {
        rationale: Some(None),
        ..DoctrineRefChanges::default()
    };
    let changed = audit::update(conn, by, doctrine.id, changes)?;
    assert_eq!(
        changed,
        DoctrineRef {
            rationale: None,
            ..doctrine
        }
    );
    Ok(())
}

#[rstest]
fn a_run_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let snapshot = a_snapshot(conn, by)?;
    let new = NewRun {
        constraint_snapshot_id: Some(snapshot.id),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewRun::new(
            issue.id,
            repo.id,
            RunKind::Review,
            ActorKind::System,
            "ci",
            "Judge it",
        )
    };
    let run = audit::create(conn, by, new)?;
    assert_eq!((run.for_issue_id, run.repo_id), (issue.id, repo.id));
    assert_eq!(run.constraint_snapshot_id, Some(snapshot.id));
    assert_eq!((run.kind, run.status), (RunKind::Review, RunStatus::Ready));
    assert_eq!(
        (run.executor_kind, run.executor_id.as_str()),
        (ActorKind::System, "ci")
    );
    assert_eq!(
        (run.objective.as_str(), run.outcome.as_deref()),
        ("Judge it", None)
    );
    assert_eq!((run.started_at, run.finished_at), (None, None));
    assert_eq!(run.meta, object(json!({"k": 1})));
    assert_eq!(run.tags, array(json!(["t"])));
    assert_eq!(get(conn, run.id)?, run);

    let changes = RunChanges {
        outcome: Some(Some("Fine".to_owned())),
        ..RunChanges::default()
    };
    let changed = audit::update(conn, by, run.id, changes)?;
    assert_eq!(
        changed,
        Run {
            outcome: Some("Fine".to_owned()),
            ..run
        }
    );
    Ok(())
}

#[rstest]
fn an_artifact_is_created_read_and_updated(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let run = super::a_run(conn, by, &issue)?;
    let new = NewArtifact {
        media_type: Some("text/x-diff".to_owned()),
        size_bytes: Some(42),
        sha256: Some(vec![7; 32]),
        meta: Some(object(json!({"k": 1}))),
        tags: Some(array(json!(["t"]))),
        ..NewArtifact::new(
            run.id,
            issue.id,
            ArtifactKind::Patch,
            "The change",
            "file:///change.patch",
        )
    };
    let artifact = audit::create(conn, by, new)?;
    assert_eq!(
        (artifact.produced_by_run_id, artifact.for_issue_id),
        (run.id, issue.id)
    );
    assert_eq!(artifact.kind, ArtifactKind::Patch);
    assert_eq!(
        (artifact.title.as_str(), artifact.uri.as_str()),
        ("The change", "file:///change.patch")
    );
    assert_eq!(
        (artifact.media_type.as_deref(), artifact.size_bytes),
        (Some("text/x-diff"), Some(42))
    );
    assert_eq!(artifact.sha256, Some(vec![7; 32]));
    assert_eq!(artifact.meta, object(json!({"k": 1})));
    assert_eq!(artifact.tags, array(json!(["t"])));
    assert_eq!(get(conn, artifact.id)?, artifact);

    let changes = ArtifactChanges {
        uri: Some("file:///moved.patch".to_owned()),
        ..ArtifactChanges::default()
    };
    let changed = audit::update(conn, by, artifact.id, changes)?;
    assert_eq!(
        changed,
        Artifact {
            uri: "file:///moved.patch".to_owned(),
            ..artifact
        }
    );
    Ok(())
}

/// A key of nothing is told as such, with the table, by every operation.
#[rstest]
fn what_is_not_there_is_not_found(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let nobody = RunId::generate();
    let errors = [
        get(conn, nobody).err(),
        audit::update(conn, by, nobody, RunChanges::default()).err(),
        audit::set_status(conn, by, nobody, RunStatus::Running).err(),
    ];
    for error in errors {
        assert!(
            matches!(error, Some(Error::NotFound { table: "cwom.runs", id }) if id == nobody.0),
            "{error:?}"
        );
    }
    let content = ContextPacketContent::new("Title", "Summary");
    let error = supersede_context_packet(conn, by, ContextPacketId::generate(), content).err();
    assert!(
        matches!(
            error,
            Some(Error::NotFound {
                table: "cwom.context_packets",
                ..
            })
        ),
        "{error:?}"
    );
    Ok(())
}

/// Which constraint was broken arrives as data.
#[rstest]
fn a_broken_constraint_is_named(migrated_database: MigratedDatabase) -> TestResult {
    use diesel::Connection;
    use reference_models::error::ConstraintKind as Kind;

    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    a_packet(conn, by, issue.id)?;
    let mut broken =
        |attempt: &mut dyn FnMut(&mut diesel::PgConnection) -> Result<(), Error>| match conn
            .transaction(attempt)
        {
            Err(Error::Constraint { kind, name, .. }) => (kind, name),
            other => panic!("{other:?}"),
        };
    let found = [
        broken(&mut |conn| a_repo(conn, by).map(drop)),
        broken(&mut |conn| audit::create(conn, by, NewRepo::new("", "Nameless")).map(drop)),
        broken(&mut |conn| an_issue(conn, by, RepoId::generate()).map(drop)),
        broken(&mut |conn| a_packet(conn, by, issue.id).map(drop)),
    ];
    let expected = [
        (Kind::Unique, "repos_slug_key"),
        (Kind::Check, "repos_slug_check"),
        (Kind::ForeignKey, "issues_repo_id_fkey"),
        (Kind::Unique, "context_packets_for_issue_id_version_key"),
    ];
    assert_eq!(
        found.map(|(kind, name)| (kind, name)),
        expected.map(|(kind, name)| (kind, name.to_owned()))
    );
    Ok(())
}
