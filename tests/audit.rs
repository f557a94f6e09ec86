//! The audit log (seeds 1 and 2): a change without its entry, or an entry without its change, cannot be committed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

mod support;

use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::audit::{
    self, AuditAction, AuditEntityKind, AuditEntry, Audited, By, Entity, TraceId,
};
use reference_models::cwom::*;
use reference_models::error::{Error, Rule};
use reference_models::json::JsonObject;
use reference_models::page::Page;
use reference_models::schema::cwom::{audit_log, issue_doctrine_refs, repos};
use reference_models::store::{get, list};
use reference_models::tower;
use rstest::rstest;
use serde_json::{Value, json};
use support::{TestResult, object, open, somebody};

/// The rule that a commit broke.
fn broken(result: Result<(), Error>) -> Rule {
    match result {
        Err(Error::Rule { rule, hint, .. }) => {
            assert!(hint.is_some());
            rule
        }
        other => panic!("{other:?}"),
    }
}

fn a_repo(conn: &mut PgConnection, slug: &str) -> Result<Repo, Error> {
    audit::create(conn, &somebody(), NewRepo::new(slug, "Example"))
}

fn actions(entries: &[AuditEntry]) -> Vec<AuditAction> {
    entries.iter().map(|entry| entry.action).collect()
}

fn field(document: &Option<JsonObject>, name: &str) -> Option<Value> {
    document
        .as_ref()
        .and_then(|document| document.0.get(name).cloned())
}

/// Every operation of the stores leaves its entry: who, what, before, after, why and in which trace.
#[rstest]
fn an_entry_tells_who_did_what_and_why(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let trace = TraceId::generate();
    let by = By::new(ActorKind::Agent, "coder-1")
        .traced(trace)
        .noting("asked to");
    let repo = audit::create(conn, &by, NewRepo::new("example/repo", "Example"))?;
    let changes = RepoChanges {
        name: Some("Renamed".to_owned()),
        ..RepoChanges::default()
    };
    let renamed = audit::update(conn, &by, repo.id, changes)?;
    let archived = audit::set_status(conn, &by, repo.id, RepoStatus::Archived)?;
    assert_eq!(repo.trace_id, Some(trace));

    let entries = audit::query_by_entity(conn, repo.id.entity())?;
    assert_eq!(
        actions(&entries),
        [
            AuditAction::Created,
            AuditAction::Updated,
            AuditAction::StatusChanged
        ]
    );
    for entry in &entries {
        assert_eq!(
            (entry.actor_kind, entry.actor_id.as_str()),
            (ActorKind::Agent, "coder-1")
        );
        assert_eq!(
            (entry.entity_kind, entry.entity_id),
            (AuditEntityKind::Repo, repo.id.0)
        );
        assert_eq!(
            (entry.note.as_deref(), entry.trace_id),
            (Some("asked to"), Some(trace))
        );
    }
    let [created, updated, moved] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(
        (created.ts, updated.ts, moved.ts),
        (repo.created_at, renamed.updated_at, archived.updated_at)
    );
    assert_eq!(created.before, None);
    assert_eq!(field(&created.after, "slug"), Some(json!("example/repo")));
    assert_eq!(updated.before, created.after);
    assert_eq!(field(&updated.before, "name"), Some(json!("Example")));
    assert_eq!(field(&updated.after, "name"), Some(json!("Renamed")));
    assert_eq!(field(&moved.before, "status"), Some(json!("active")));
    assert_eq!(field(&moved.after, "status"), Some(json!("archived")));
    Ok(())
}

/// Seed 2, section 2.4: every object of CWOM, its links, and tower's objects.
#[rstest]
fn every_store_writes_the_log(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, trace) = (&mut open(&migrated_database)?, TraceId::generate());
    let by = &somebody().traced(trace);
    let repo = audit::create(conn, by, NewRepo::new("a/b", "b"))?;
    let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
    let content = ContextPacketContent::new("t", "s");
    let packet = audit::create(conn, by, NewContextPacket::new(issue.id, content.clone()))?;
    supersede_context_packet(conn, by, packet.id, content)?;
    let content = ConstraintSnapshotContent::new(JsonObject::default());
    let new = NewConstraintSnapshot::new(ConstraintScope::Run, "n", content);
    let snapshot = audit::create(conn, by, new)?;
    let doctrine = audit::create(
        conn,
        by,
        NewDoctrineRef::new("n", "x", "1", DoctrineKind::Pattern, "s"),
    )?;
    let new = NewRun::new(
        issue.id,
        repo.id,
        RunKind::Review,
        ActorKind::Agent,
        "a",
        "o",
    );
    let run = audit::create(conn, by, new)?;
    let new = NewArtifact::new(run.id, issue.id, ArtifactKind::Log, "t", "u");
    audit::create(conn, by, new)?;
    link(conn, by, issue.id, packet.id)?;
    link(conn, by, issue.id, doctrine.id)?;
    link(conn, by, issue.id, snapshot.id)?;
    link(conn, by, run.id, packet.id)?;
    link(conn, by, run.id, doctrine.id)?;
    link(conn, by, packet.id, doctrine.id)?;
    unlink(conn, by, packet.id, doctrine.id)?;

    let agent = audit::create(conn, by, tower::NewAgent::new("a", tower::AgentKind::Coder))?;
    let new = tower::NewWorkflow::new("w", 1, tower::WorkflowTriggerKind::Manual);
    audit::create(conn, by, new)?;
    let new = tower::NewTask::new(
        tower::TaskKind::Analysis,
        "o",
        tower::RequesterKind::Human,
        "ada",
    );
    let task = audit::create(conn, by, new)?;
    let new = tower::NewEvent {
        agent_id: Some(agent.id),
        ..tower::NewEvent::new(tower::EventKind::External, "s", repo.created_at)
    };
    audit::create(conn, by, new)?;
    let job = audit::create(
        conn,
        by,
        tower::NewJob::new(task.id, tower::JobKind::Execute),
    )?;
    audit::create(
        conn,
        by,
        tower::NewArtifact::new(job.id, tower::ArtifactKind::Log, "n", "u"),
    )?;

    use AuditAction::{Created, Linked, Unlinked};
    use AuditEntityKind as Kind;
    let told: Vec<_> = audit::query_by_trace(conn, trace)?
        .iter()
        .map(|entry| (entry.entity_kind, entry.action))
        .collect();
    let expected = [
        (Kind::Repo, Created),
        (Kind::Issue, Created),
        (Kind::ContextPacket, Created),
        (Kind::ContextPacket, Created),
        (Kind::ConstraintSnapshot, Created),
        (Kind::DoctrineRef, Created),
        (Kind::Run, Created),
        (Kind::Artifact, Created),
        (Kind::Issue, Linked),
        (Kind::Issue, Linked),
        (Kind::Issue, Linked),
        (Kind::Run, Linked),
        (Kind::Run, Linked),
        (Kind::ContextPacket, Linked),
        (Kind::ContextPacket, Unlinked),
        (Kind::Agent, Created),
        (Kind::Workflow, Created),
        (Kind::Task, Created),
        (Kind::Event, Created),
        (Kind::Job, Created),
        (Kind::TowerArtifact, Created),
    ];
    assert_eq!(told, expected);
    Ok(())
}

/// A failure between the change and its entry: neither is there.
#[rstest]
fn a_failure_between_the_change_and_its_entry_leaves_neither(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    // The row goes in, then the log refuses an actor whose name is longer than its column.
    let nobody = By::new(ActorKind::Human, "x".repeat(129));
    let created = audit::create(conn, &nobody, NewRepo::new("a/b", "b"));
    assert!(matches!(created, Err(Error::Database(_))), "{created:?}");
    assert_eq!(repos::table.count().get_result::<i64>(conn)?, 0);

    let repo = a_repo(conn, "a/b")?;
    let changes = || RepoChanges {
        name: Some("Other".to_owned()),
        ..RepoChanges::default()
    };
    audit::update(conn, &nobody, repo.id, changes()).unwrap_err();
    audit::set_status(conn, &nobody, repo.id, RepoStatus::Archived).unwrap_err();
    assert_eq!(get(conn, repo.id)?, repo);
    assert_eq!(
        actions(&audit::query_by_entity(conn, repo.id.entity())?),
        [AuditAction::Created]
    );

    // And inside a transaction of the caller's, which goes on.
    conn.transaction(|conn| {
        audit::update(conn, &nobody, repo.id, changes()).unwrap_err();
        audit::set_status(conn, &somebody(), repo.id, RepoStatus::Archived).map(drop)
    })?;
    let entries = audit::query_by_entity(conn, repo.id.entity())?;
    assert_eq!(
        actions(&entries),
        [AuditAction::Created, AuditAction::StatusChanged]
    );
    assert_eq!(get(conn, repo.id)?.name, "Example");
    Ok(())
}

/// What the caller rolls back is rolled back with its entries.
#[rstest]
fn a_rolled_back_transaction_leaves_neither(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let rolled_back = conn.transaction::<(), Error, _>(|conn| {
        a_repo(conn, "a/b")?;
        Err(diesel::result::Error::RollbackTransaction.into())
    });
    assert!(rolled_back.is_err());
    assert_eq!(repos::table.count().get_result::<i64>(conn)?, 0);
    assert_eq!(audit_log::table.count().get_result::<i64>(conn)?, 0);
    Ok(())
}

/// Whoever writes, with whatever client: a change that the log does not tell is refused with the commit.
#[rstest]
#[case::insert("INSERT INTO cwom.repos (id, slug, name) VALUES (gen_random_uuid(), 'x/y', 'y')")]
#[case::update("UPDATE cwom.repos SET name = 'Other'")]
#[case::delete("DELETE FROM cwom.repos")]
#[case::truncate("TRUNCATE cwom.repos CASCADE")]
#[case::link(
    "INSERT INTO cwom.issue_doctrine_refs (issue_id, doctrine_ref_id) SELECT i.id, d.id FROM cwom.issues i, cwom.doctrine_refs d WHERE d.version = '2'"
)]
#[case::unlink("DELETE FROM cwom.issue_doctrine_refs")]
#[case::tower("UPDATE tower.agents SET capabilities = '[1]'")]
fn a_change_without_its_entry_cannot_be_committed(
    migrated_database: MigratedDatabase,
    #[case] statement: &str,
) -> TestResult {
    let (conn, by) = (&mut open(&migrated_database)?, &somebody());
    let repo = a_repo(conn, "a/b")?;
    if !statement.contains("cwom.repos") {
        let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
        for version in ["1", "2"] {
            let new = NewDoctrineRef::new("n", "x", version, DoctrineKind::Pattern, "s");
            let doctrine = audit::create(conn, by, new)?;
            if version == "1" {
                link(conn, by, issue.id, doctrine.id)?;
            }
        }
        audit::create(conn, by, tower::NewAgent::new("a", tower::AgentKind::Coder))?;
    }
    let alone = conn.transaction(|conn| {
        diesel::sql_query(statement).execute(conn)?;
        Ok(())
    });
    assert_eq!(broken(alone), Rule::ChangeUnaudited);
    Ok(())
}

/// Writes an entry and nothing else.
type Forge<'a> = &'a dyn Fn(&mut PgConnection) -> Result<AuditEntry, Error>;

/// An entry for a change that was not made is refused with the commit.
#[rstest]
fn an_entry_without_its_change_cannot_be_committed(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (conn, by) = (&mut open(&migrated_database)?, &somebody());
    let repo = a_repo(conn, "a/b")?;
    let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
    let doctrine = audit::create(
        conn,
        by,
        NewDoctrineRef::new("n", "x", "1", DoctrineKind::Pattern, "s"),
    )?;
    let nothing = Entity {
        kind: AuditEntityKind::Repo,
        id: RepoId::generate().0,
    };
    let row = || object(json!({"slug": "a/b"}));
    let link = || {
        object(json!({
            "link": "issue_doctrine_refs",
            "issue_id": issue.id.to_string(),
            "doctrine_ref_id": doctrine.id.to_string(),
        }))
    };
    let forged: [(&str, Forge<'_>); 6] = [
        ("created nothing", &|conn| {
            audit::log_create(conn, by, nothing, row())
        }),
        ("created before", &|conn| {
            audit::log_create(conn, by, repo.id.entity(), row())
        }),
        ("updated", &|conn| {
            audit::log_update(conn, by, repo.id.entity(), row(), row())
        }),
        ("status", &|conn| {
            audit::log_status_change(conn, by, repo.id.entity(), row(), row())
        }),
        ("linked", &|conn| {
            audit::log_link(conn, by, issue.id.entity(), link())
        }),
        ("unlinked", &|conn| {
            audit::log_unlink(conn, by, issue.id.entity(), link())
        }),
    ];
    for (what, forge) in forged {
        let alone = conn.transaction(|conn| forge(conn).map(drop));
        assert_eq!(broken(alone), Rule::AuditUnfounded, "{what}");
    }
    let backdated = conn.transaction(|conn| {
        audit::set_status(conn, by, repo.id, RepoStatus::Archived)?;
        diesel::sql_query(
            "INSERT INTO cwom.audit_log SELECT gen_random_uuid(), ts - interval '1 day', actor_kind, actor_id, action, \
             entity_kind, entity_id, before, after, note, trace_id FROM cwom.audit_log WHERE action = 'status_changed'",
        )
        .execute(conn)?;
        Ok(())
    });
    assert_eq!(broken(backdated), Rule::AuditUnfounded);
    Ok(())
}

/// By hand it goes too: the two are held against each other with the commit.
#[rstest]
fn a_change_and_its_entry_by_hand_are_committed(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut open(&migrated_database)?, &somebody());
    let repo = a_repo(conn, "a/b")?;
    conn.transaction::<_, Error, _>(|conn| {
        let before = repo.id.document(conn, true)?;
        diesel::update(repos::table.find(repo.id))
            .set(repos::name.eq("Other"))
            .execute(conn)?;
        let after = repo.id.document(conn, false)?;
        audit::log_update(conn, by, repo.id.entity(), before, after)?;
        Ok(())
    })?;
    assert_eq!(get(conn, repo.id)?.name, "Other");

    // Made and deleted, linked and unlinked again in one transaction: nothing is left but the entries.
    let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
    let doctrine = audit::create(
        conn,
        by,
        NewDoctrineRef::new("n", "x", "1", DoctrineKind::Pattern, "s"),
    )?;
    conn.transaction::<_, Error, _>(|conn| {
        link(conn, by, issue.id, doctrine.id)?;
        unlink(conn, by, issue.id, doctrine.id)?;
        link(conn, by, issue.id, doctrine.id)?;
        unlink(conn, by, issue.id, doctrine.id)
    })?;
    assert_eq!(
        issue_doctrine_refs::table.count().get_result::<i64>(conn)?,
        0
    );
    Ok(())
}

/// "An audit log that pays for itself the first time something weird happens at 2am": nothing in it can be changed.
#[rstest]
#[case::update("UPDATE cwom.audit_log SET note = 'other'")]
#[case::delete("DELETE FROM cwom.audit_log")]
#[case::truncate("TRUNCATE cwom.audit_log")]
fn the_log_is_append_only(
    migrated_database: MigratedDatabase,
    #[case] statement: &str,
) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    a_repo(conn, "a/b")?;
    let changed = diesel::sql_query(statement)
        .execute(conn)
        .map(drop)
        .map_err(Error::from);
    assert_eq!(broken(changed), Rule::AppendOnly);
    Ok(())
}

/// What psql and every other client sees of the rules that hold with the commit.
#[rstest]
fn sqlstates_are_the_rules_own(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    a_repo(conn, "a/b")?;
    let refused = [
        (
            Rule::ChangeUnaudited,
            "UPDATE cwom.repos SET name = 'x'; SET CONSTRAINTS ALL IMMEDIATE",
        ),
        (
            Rule::AuditUnfounded,
            "INSERT INTO cwom.audit_log (id, actor_kind, actor_id, action, entity_kind, entity_id) \
             VALUES (gen_random_uuid(), 'human', 'x', 'created', 'run', gen_random_uuid()); SET CONSTRAINTS ALL IMMEDIATE",
        ),
        (Rule::AppendOnly, "DELETE FROM cwom.audit_log"),
    ];
    for (rule, statements) in refused {
        let block = format!(
            "DO $$ BEGIN {statements}; RAISE 'not refused'; EXCEPTION WHEN SQLSTATE '{}' THEN NULL; END $$",
            rule.sqlstates()[0]
        );
        diesel::sql_query(block).execute(conn)?;
    }
    Ok(())
}

/// The stores take a connection that a pool lends.
#[rstest]
fn a_pooled_connection_serves(migrated_database: MigratedDatabase) -> TestResult {
    let pool = Pool::builder()
        .max_size(1)
        .build(ConnectionManager::<PgConnection>::new(
            migrated_database.url(),
        ))?;
    let mut conn = pool.get()?;
    let repo = audit::create(&mut conn, &somebody(), NewRepo::new("a/b", "b"))?;
    assert_eq!(
        list(&mut conn, &RepoFilter::default(), Page::first(9))?.rows,
        [repo]
    );
    Ok(())
}

/// Both of the log's questions are answered from an index.
#[rstest]
fn the_log_is_asked_by_index(migrated_database: MigratedDatabase) -> TestResult {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let conn = &mut open(&migrated_database)?;
    // Entries by the thousand without their changes: what is tested is the plan.
    diesel::sql_query("ALTER TABLE cwom.audit_log DISABLE TRIGGER USER").execute(conn)?;
    diesel::sql_query(
        "INSERT INTO cwom.audit_log (id, actor_kind, actor_id, action, entity_kind, entity_id, trace_id) \
         SELECT gen_random_uuid(), 'human', 'x', 'updated', 'run', gen_random_uuid(), gen_random_uuid() FROM generate_series(1, 5000)",
    )
    .execute(conn)?;
    diesel::sql_query("ANALYZE cwom.audit_log").execute(conn)?;
    for (condition, index) in [
        (
            "entity_kind = 'run' AND entity_id = '00000000-0000-7000-8000-000000000000'",
            ["audit_log_entity_idx", "audit_log_entity_id_idx"],
        ),
        (
            "trace_id = '00000000-0000-7000-8000-000000000000'",
            ["audit_log_trace_id_idx"; 2],
        ),
        (
            "ts > now() - interval '1 second' AND ts < now() - interval '0.9 seconds'",
            ["audit_log_ts_action_idx"; 2],
        ),
    ] {
        let plan: Vec<Line> = diesel::sql_query(format!(
            "EXPLAIN SELECT * FROM cwom.audit_log WHERE {condition}"
        ))
        .load(conn)?;
        let plan: String = plan.into_iter().map(|line| line.line).collect();
        assert!(
            index.iter().any(|index| plan.contains(index)),
            "{condition}: {plan}"
        );
    }
    Ok(())
}
