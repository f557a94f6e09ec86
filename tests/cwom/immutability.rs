//! Context packets and constraint snapshots never change: "tests enforce create new version instead of update" (seed 1).

use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::cwom::*;
use reference_models::error::{ConstraintKind, Error, Rule};
use reference_models::schema::cwom::{constraint_snapshots, context_packets};
use reference_models::store::get;
use rstest::rstest;
use serde_json::json;

use super::support::{TestResult, connect, object, open, somebody};
use super::{a_packet, a_repo, a_snapshot, an_issue};

/// What a statement is refused with.
fn refusal(conn: &mut PgConnection, statement: &str) -> Error {
    conn.transaction(|conn| {
        diesel::sql_query(statement)
            .execute(conn)
            .map_err(Error::from)
    })
    .unwrap_err()
}

/// Create Issue → Create ContextPacket for Issue → verify immutability: update blocked (seed 2, scenario 2).
#[rstest]
fn context_packet_update_is_blocked(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let packet = a_packet(conn, by, issue.id)?;
    let update = diesel::update(context_packets::table.find(packet.id))
        .set(context_packets::title.eq("Other"));
    let error = conn
        .transaction(|conn| update.execute(conn).map_err(Error::from))
        .unwrap_err();
    let Error::Rule {
        rule,
        table,
        message,
        hint,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!((rule, table.as_str()), (Rule::Immutable, "context_packets"));
    assert_eq!(
        message,
        "UPDATE of an immutable row of cwom.context_packets"
    );
    assert_eq!(
        hint.as_deref(),
        Some("Insert a new version that supersedes it.")
    );
    assert_eq!(get(conn, packet.id)?, packet);
    Ok(())
}

/// Neither table can be changed or emptied by any statement.
#[rstest]
#[case::packets("context_packets")]
#[case::snapshots("constraint_snapshots")]
fn no_statement_changes_a_version(
    migrated_database: MigratedDatabase,
    #[case] table: &str,
) -> TestResult {
    // Committed, because a TRUNCATE waits for what deferred triggers have to say.
    let (conn, by) = (&mut open(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    a_packet(conn, by, issue.id)?;
    a_snapshot(conn, by)?;
    let statements = [
        format!("UPDATE cwom.{table} SET meta = '{{}}'"),
        format!("DELETE FROM cwom.{table}"),
        format!("TRUNCATE cwom.{table} CASCADE"),
    ];
    for statement in statements {
        let error = refusal(conn, &statement);
        assert!(
            matches!(
                error,
                Error::Rule {
                    rule: Rule::Immutable,
                    ..
                }
            ),
            "{statement}: {error:?}"
        );
    }
    Ok(())
}

/// What psql and every other client sees.
#[rstest]
fn the_sqlstate_is_the_rules_own(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    a_snapshot(conn, by)?;
    let caught = format!(
        "DO $$ BEGIN UPDATE cwom.constraint_snapshots SET meta = '{{}}'; RAISE 'not refused'; \
         EXCEPTION WHEN SQLSTATE '{}' THEN NULL; END $$",
        Rule::Immutable.sqlstates()[0]
    );
    diesel::sql_query(caught).execute(conn)?;
    Ok(())
}

/// A change is a new version, which supersedes the old one; the old one stays as it was.
#[rstest]
fn a_new_version_is_a_new_row(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    let first = a_packet(conn, by, issue.id)?;
    let content = ContextPacketContent::new("What there is now", "Fifteen tables and a store.");
    let second = supersede_context_packet(conn, by, first.id, content)?;
    assert_eq!((second.for_issue_id, second.version), (issue.id, 2));
    assert_eq!(second.supersedes_id, Some(first.id));
    assert_eq!(second.title, "What there is now");
    assert_eq!(get(conn, first.id)?, first);

    let first = a_snapshot(conn, by)?;
    let content = ConstraintSnapshotContent::new(object(json!({"max_cost_usd": 9})));
    let second = supersede_constraint_snapshot(conn, by, first.id, content)?;
    assert_eq!(
        (second.scope, second.name.as_str(), second.version),
        (first.scope, "budget", 2)
    );
    assert_eq!(second.supersedes_id, Some(first.id));
    assert_eq!(second.rules, object(json!({"max_cost_usd": 9})));
    assert_eq!(get(conn, first.id)?, first);
    Ok(())
}

/// The history has no forks: a version is superseded once.
#[rstest]
fn a_version_is_superseded_once(migrated_database: MigratedDatabase) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let first = a_snapshot(conn, by)?;
    let content = || ConstraintSnapshotContent::new(object(json!({"max_cost_usd": 9})));
    supersede_constraint_snapshot(conn, by, first.id, content())?;
    let error = supersede_constraint_snapshot(conn, by, first.id, content()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Constraint {
                kind: ConstraintKind::Unique,
                ..
            }
        ),
        "{error:?}"
    );
    Ok(())
}

/// The first version is not told apart by the store alone: the table knows it too.
#[rstest]
fn a_later_version_without_an_earlier_one_is_refused(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let snapshot = a_snapshot(conn, by)?;
    let orphan = diesel::insert_into(constraint_snapshots::table).values((
        constraint_snapshots::id.eq(ConstraintSnapshotId::generate()),
        constraint_snapshots::scope.eq(snapshot.scope),
        constraint_snapshots::name.eq("other"),
        constraint_snapshots::version.eq(2),
    ));
    let error = orphan.execute(conn).map_err(Error::from).unwrap_err();
    assert!(
        matches!(&error, Error::Constraint { kind: ConstraintKind::Check, name, .. } if name == "constraint_snapshots_first_version_check"),
        "{error:?}"
    );
    Ok(())
}

/// A version supersedes one of its own history, not another issue's packet and not limits of another name.
#[rstest]
#[case::packet_of_another_issue(
    "INSERT INTO cwom.context_packets (id, for_issue_id, version, supersedes_id, title, summary) \
     SELECT gen_random_uuid(), i.id, 2, p.id, 't', 's' FROM cwom.issues i, cwom.context_packets p WHERE i.id <> p.for_issue_id",
    "context_packets_supersedes_id_fkey"
)]
#[case::limits_of_another_name(
    "INSERT INTO cwom.constraint_snapshots (id, scope, name, version, supersedes_id) \
     SELECT gen_random_uuid(), scope, 'other', 2, id FROM cwom.constraint_snapshots",
    "constraint_snapshots_supersedes_id_fkey"
)]
fn a_version_supersedes_one_of_its_own_history(
    migrated_database: MigratedDatabase,
    #[case] statement: &str,
    #[case] constraint: &str,
) -> TestResult {
    let (conn, by) = (&mut connect(&migrated_database)?, &somebody());
    let repo = a_repo(conn, by)?;
    let issue = an_issue(conn, by, repo.id)?;
    an_issue(conn, by, repo.id)?;
    a_packet(conn, by, issue.id)?;
    a_snapshot(conn, by)?;
    let error = refusal(conn, statement);
    assert!(
        matches!(&error, Error::Constraint { kind: ConstraintKind::ForeignKey, name, .. } if name == constraint),
        "{error:?}"
    );
    Ok(())
}
