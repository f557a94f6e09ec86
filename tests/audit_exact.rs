//! The audit log (seeds 1 and 2) and what is written around it: each change has an entry of its own that tells it as it was,
//! and each entry a change. Plain SQL, because the types of the stores allow none of this.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is wrong stops"
)]

mod support;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use reference_models::audit::{self, AuditAction, Audited};
use reference_models::cwom::*;
use reference_models::error::{Error, Rule};
use reference_models::schema::cwom::{issue_doctrine_refs, issues, repos};
use reference_models::store::get;
use rstest::rstest;
use support::{TestResult, open, somebody};

/// `tell` writes an entry, `repo` is the row as the log has it, `link` a link.
const HELPERS: &str = "
    CREATE FUNCTION pg_temp.repo() RETURNS jsonb LANGUAGE sql AS $$ SELECT to_jsonb(r) FROM cwom.repos r $$;
    CREATE FUNCTION pg_temp.link(version text) RETURNS jsonb LANGUAGE sql AS $$
        SELECT jsonb_build_object('link', 'issue_doctrine_refs', 'issue_id', i.id, 'doctrine_ref_id', d.id)
        FROM cwom.issues i, cwom.doctrine_refs d WHERE d.version = $1
    $$;
    CREATE FUNCTION pg_temp.tell(kind text, id uuid, action text, before jsonb, after jsonb) RETURNS void LANGUAGE sql AS $$
        INSERT INTO cwom.audit_log (id, actor_kind, actor_id, action, entity_kind, entity_id, before, after)
        VALUES (gen_random_uuid(), 'human', 'eve', $3::cwom.audit_action, $1::cwom.audit_entity_kind, $2, $4, $5)
    $$;
    CREATE FUNCTION pg_temp.tell_repo(action text, before jsonb, after jsonb) RETURNS void LANGUAGE sql AS $$
        SELECT pg_temp.tell('repo', (coalesce($2, $3) ->> 'id')::uuid, $1, $2, $3)
    $$;
    CREATE FUNCTION pg_temp.tell_link(action text, version text) RETURNS void LANGUAGE sql AS $$
        SELECT pg_temp.tell('issue', i.id, $1, CASE $1 WHEN 'unlinked' THEN pg_temp.link($2) END, CASE $1 WHEN 'linked' THEN pg_temp.link($2) END)
        FROM cwom.issues i
    $$;
    CREATE FUNCTION pg_temp.make_link(version text) RETURNS void LANGUAGE sql AS $$
        INSERT INTO cwom.issue_doctrine_refs (issue_id, doctrine_ref_id)
        SELECT i.id, d.id FROM cwom.issues i, cwom.doctrine_refs d WHERE d.version = $1
    $$;
    -- A change of the repository's name, told.
    CREATE FUNCTION pg_temp.rename(name text) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE was jsonb := pg_temp.repo();
        BEGIN
            UPDATE cwom.repos SET name = rename.name;
            PERFORM pg_temp.tell_repo('updated', was, pg_temp.repo());
        END
    $$;
";

/// A repository, an issue in it, two versions of a doctrine, and a link between the issue and the first.
fn prepare(conn: &mut PgConnection) -> Result<(), Error> {
    let by = &somebody();
    let repo = audit::create(conn, by, NewRepo::new("a/b", "Example"))?;
    let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
    for version in ["1", "2"] {
        let new = NewDoctrineRef::new("n", "x", version, DoctrineKind::Pattern, "s");
        let doctrine = audit::create(conn, by, new)?;
        if version == "1" {
            link(conn, by, issue.id, doctrine.id)?;
        }
    }
    Ok(conn.batch_execute(HELPERS)?)
}

fn commit(conn: &mut PgConnection, statements: &str) -> Result<(), Error> {
    conn.transaction(|conn| Ok(conn.batch_execute(statements)?))
}

/// A change whose entry tells another change, or is another's, cannot be committed.
#[rstest]
#[case::second_change("SELECT pg_temp.rename('told'); UPDATE cwom.repos SET name = 'secret'")]
#[case::second_change_after_a_check(
    "SELECT pg_temp.rename('told'); SET CONSTRAINTS ALL IMMEDIATE; UPDATE cwom.repos SET name = 'secret'"
)]
#[case::other_after(
    "UPDATE cwom.repos SET name = 'secret'; SELECT pg_temp.tell_repo('updated', pg_temp.repo(), pg_temp.repo() || '{\"name\": \"told\"}')"
)]
#[case::other_before(
    "UPDATE cwom.repos SET name = 'secret'; SELECT pg_temp.tell_repo('updated', pg_temp.repo() || '{\"name\": \"told\"}', pg_temp.repo())"
)]
#[case::rolled_back_entry(
    "UPDATE cwom.repos SET name = 'secret'; SAVEPOINT s; SELECT pg_temp.tell_repo('updated', pg_temp.repo(), pg_temp.repo()); ROLLBACK TO s"
)]
#[case::another_key(
    "WITH old AS (SELECT pg_temp.repo() AS row) UPDATE cwom.repos SET id = gen_random_uuid() FROM old \
     RETURNING pg_temp.tell('repo', repos.id, 'updated', old.row, to_jsonb(repos))"
)]
#[case::upsert(
    "INSERT INTO cwom.repos (id, slug, name) VALUES (gen_random_uuid(), 'a/b', 'x') ON CONFLICT (slug) DO UPDATE SET name = 'secret'"
)]
#[case::cascade(
    "SELECT pg_temp.tell('issue', id, 'deleted', to_jsonb(issues), NULL) FROM cwom.issues; DELETE FROM cwom.issues"
)]
#[case::link_to_another(
    "UPDATE cwom.issue_doctrine_refs SET doctrine_ref_id = (SELECT id FROM cwom.doctrine_refs WHERE version = '2'), created_at = now(); \
     SELECT pg_temp.tell_link('linked', '2')"
)]
fn a_change_that_is_told_wrongly_cannot_be_committed(
    migrated_database: MigratedDatabase,
    #[case] statements: &str,
) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    prepare(conn)?;
    // The key's case needs a repository that nothing refers to.
    if statements.contains("SET id") {
        commit(
            conn,
            "SELECT pg_temp.tell_link('unlinked', '1'); \
             SELECT pg_temp.tell('issue', id, 'deleted', to_jsonb(issues), NULL) FROM cwom.issues; DELETE FROM cwom.issues",
        )?;
    }
    let refused = commit(conn, statements);
    assert!(
        matches!(
            refused,
            Err(Error::Rule {
                rule: Rule::ChangeUnaudited | Rule::AuditUnfounded,
                ..
            })
        ),
        "{refused:?}"
    );
    assert_eq!(
        repos::table.select(repos::name).load::<String>(conn)?,
        ["Example"]
    );
    Ok(())
}

/// An entry that tells more than was done, or something else, cannot be committed, not even beside a change that was told.
#[rstest]
#[case::twice(
    "SELECT pg_temp.rename('x'); INSERT INTO cwom.audit_log (id, actor_kind, actor_id, action, entity_kind, entity_id, before, after) \
     SELECT gen_random_uuid(), actor_kind, actor_id, action, entity_kind, entity_id, before, after FROM cwom.audit_log WHERE action = 'updated'"
)]
#[case::lie_beside_the_truth(
    "SELECT pg_temp.rename('x'); SELECT pg_temp.tell_repo('updated', pg_temp.repo(), pg_temp.repo() || '{\"name\": \"y\"}')"
)]
#[case::created_again(
    "SELECT pg_temp.rename('x'); SELECT pg_temp.tell_repo('created', NULL, pg_temp.repo())"
)]
#[case::updated_not_at_all("SELECT pg_temp.tell_repo('updated', pg_temp.repo(), pg_temp.repo())")]
#[case::updated_to_nothing(
    "SELECT pg_temp.rename('x'); SELECT pg_temp.tell_repo('updated', pg_temp.repo(), NULL)"
)]
#[case::deleted_what_never_was(
    "SELECT pg_temp.tell('run', gen_random_uuid(), 'deleted', '{}', NULL)"
)]
#[case::deleted_what_is_there("SELECT pg_temp.tell_repo('deleted', pg_temp.repo(), NULL)")]
#[case::linked_already("SELECT pg_temp.tell_link('linked', '1')")]
#[case::linked_and_gone("SELECT pg_temp.tell_link('linked', '2')")]
#[case::unlinked_what_never_was("SELECT pg_temp.tell_link('unlinked', '2')")]
#[case::linked_again_untold(
    "SELECT pg_temp.make_link('2'), pg_temp.tell_link('linked', '2'); DELETE FROM cwom.issue_doctrine_refs WHERE doctrine_ref_id = (SELECT id FROM \
     cwom.doctrine_refs WHERE version = '2'); SELECT pg_temp.tell_link('unlinked', '2'), pg_temp.make_link('2')"
)]
#[case::half_a_link(
    "SELECT pg_temp.tell('issue', id, 'linked', NULL, jsonb_build_object('link', 'issue_doctrine_refs', 'issue_id', id)) FROM cwom.issues"
)]
#[case::link_of_another(
    "SELECT pg_temp.tell('repo', id, 'linked', NULL, pg_temp.link('1')) FROM cwom.repos"
)]
#[case::link_without_table(
    "SELECT pg_temp.tell('issue', id, 'linked', NULL, '{}') FROM cwom.issues"
)]
#[case::link_in_no_table(
    "SELECT pg_temp.tell('issue', id, 'linked', NULL, jsonb_build_object('link', 'issue_x', 'issue_id', id)) FROM cwom.issues"
)]
fn an_entry_that_tells_what_was_not_done_cannot_be_committed(
    migrated_database: MigratedDatabase,
    #[case] statements: &str,
) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    prepare(conn)?;
    let refused = commit(conn, statements);
    assert!(
        matches!(
            refused,
            Err(Error::Rule {
                rule: Rule::AuditUnfounded,
                ..
            })
        ),
        "{refused:?}"
    );
    Ok(())
}

/// What is told as it was is committed, however much of it there is in one transaction.
#[rstest]
#[case::there_and_back(
    "SELECT pg_temp.rename('x'), pg_temp.rename('y'), pg_temp.rename('x'), pg_temp.rename('y'), pg_temp.rename('Example')"
)]
#[case::savepoints(
    "SAVEPOINT s; SELECT pg_temp.rename('x'); ROLLBACK TO s; SELECT pg_temp.rename('Example'); RELEASE s"
)]
#[case::linked_again(
    "DELETE FROM cwom.issue_doctrine_refs; SELECT pg_temp.tell_link('unlinked', '1'), pg_temp.make_link('1'), pg_temp.tell_link('linked', '1')"
)]
#[case::cascade(
    "SELECT pg_temp.tell('issue', id, 'deleted', to_jsonb(issues), NULL) FROM cwom.issues; SELECT pg_temp.tell_link('unlinked', '1'); \
     DELETE FROM cwom.issues"
)]
fn what_is_told_as_it_was_is_committed(
    migrated_database: MigratedDatabase,
    #[case] statements: &str,
) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    prepare(conn)?;
    Ok(commit(conn, statements)?)
}

/// "Issue create/update/status_change", "Run create/update/status_change" (seed 2, section 2.4).
#[rstest]
fn issues_and_runs_are_told_from_beginning_to_end(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (conn, by) = (&mut open(&migrated_database)?, &somebody());
    let repo = audit::create(conn, by, NewRepo::new("a/b", "Example"))?;
    let issue = audit::create(conn, by, NewIssue::new(repo.id, "x", IssueKind::Bug))?;
    let changes = IssueChanges {
        title: Some("y".to_owned()),
        ..IssueChanges::default()
    };
    audit::update(conn, by, issue.id, changes)?;
    audit::set_status(conn, by, issue.id, IssueStatus::Ready)?;
    let (kind, actor) = (RunKind::Review, ActorKind::Agent);
    let new = NewRun::new(issue.id, repo.id, kind, actor, "a", "o");
    let run = audit::create(conn, by, new)?;
    let changes = RunChanges {
        outcome: Some(Some("as expected".to_owned())),
        ..RunChanges::default()
    };
    audit::update(conn, by, run.id, changes)?;
    audit::set_status(conn, by, run.id, RunStatus::Running)?;
    for entity in [issue.id.entity(), run.id.entity()] {
        let told: Vec<_> = audit::query_by_entity(conn, entity)?
            .iter()
            .map(|entry| entry.action)
            .collect();
        let expected = [
            AuditAction::Created,
            AuditAction::Updated,
            AuditAction::StatusChanged,
        ];
        assert_eq!(told, expected, "{entity:?}");
    }
    Ok(())
}

/// The log holds what PostgreSQL stores, also where Rust's numbers are too short for it.
#[rstest]
fn the_log_loses_no_digit(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    prepare(conn)?;
    commit(
        conn,
        "DO $$ DECLARE was jsonb := pg_temp.repo(); BEGIN \
             UPDATE cwom.repos SET meta = '{\"n\": 0.12345678901234567890123}'; \
             PERFORM pg_temp.tell_repo('updated', was, pg_temp.repo()); END $$",
    )?;
    let repo: RepoId = repos::table.select(repos::id).first(conn)?;
    audit::set_status(conn, &somebody(), repo, RepoStatus::Archived)?;
    let told: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
        "(SELECT count(*) FROM cwom.audit_log WHERE action = 'status_changed' AND before #>> '{meta,n}' = '0.12345678901234567890123')",
    ))
    .get_result(conn)?;
    assert_eq!(told, 1);
    Ok(())
}

/// Rows that are older than the rule begin in the log with the migration that makes it, and so can be changed and deleted.
#[rstest]
fn rows_from_before_the_rule_are_told_by_its_migration(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let chain = FileBasedMigrations::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))?;
    while conn
        .applied_migrations()
        .map_err(|error| error.to_string())?
        .first()
        .is_some_and(|last| *last.to_string() >= *"20260127120300")
    {
        conn.revert_last_migration(chain.clone())
            .map_err(|error| error.to_string())?;
    }
    conn.batch_execute(
        "INSERT INTO cwom.repos (id, slug, name) VALUES (gen_random_uuid(), 'a/b', 'Example'); \
         INSERT INTO cwom.issues (id, repo_id, title, kind) SELECT gen_random_uuid(), id, 'x', 'bug' FROM cwom.repos; \
         INSERT INTO cwom.doctrine_refs (id, namespace, name, version, kind, statement) \
             SELECT gen_random_uuid(), 'n', 'x', version, 'pattern', 's' FROM (VALUES ('1'), ('2')) AS versions (version); \
         INSERT INTO cwom.issue_doctrine_refs (issue_id, doctrine_ref_id) \
             SELECT i.id, d.id FROM cwom.issues i, cwom.doctrine_refs d WHERE d.version = '1'",
    )?;
    conn.run_pending_migrations(chain)
        .map_err(|error| error.to_string())?;

    let repo: RepoId = repos::table.select(repos::id).first(conn)?;
    let [created] = &audit::query_by_entity(conn, repo.entity())?[..] else {
        panic!("one entry")
    };
    assert_eq!(
        (created.action, created.actor_kind),
        (AuditAction::Created, ActorKind::System)
    );
    audit::set_status(conn, &somebody(), repo, RepoStatus::Archived)?;
    assert_eq!(get(conn, repo)?.status, RepoStatus::Archived);
    let (issue, doctrine) = issue_doctrine_refs::table
        .select((
            issue_doctrine_refs::issue_id,
            issue_doctrine_refs::doctrine_ref_id,
        ))
        .first::<(IssueId, DoctrineRefId)>(conn)?;
    unlink(conn, &somebody(), issue, doctrine)?;
    conn.batch_execute(HELPERS)?;
    commit(
        conn,
        "SELECT pg_temp.tell('issue', id, 'deleted', to_jsonb(issues), NULL) FROM cwom.issues; DELETE FROM cwom.issues",
    )?;
    assert_eq!(issues::table.count().get_result::<i64>(conn)?, 0);
    Ok(())
}
