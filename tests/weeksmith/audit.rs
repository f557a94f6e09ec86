//! The audit log: every change of a plan is in it, with what was before and after, and stays there.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::error::{ConstraintKind, Error, Rule};
use reference_models::json::JsonObject;
use reference_models::page::Page;
use reference_models::store::{create, get, list, update};
use reference_models::weeksmith::sample::USER;
use reference_models::weeksmith::{
    Acting, ActorKind, AuditAction, AuditEntity, AuditEntry, AuditEntryFilter, NewAuditEntry,
    VisionChanges, as_user,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::bench::{
    act_for, assert_constraint, assert_rule, bind, bound, count, diagnostics, is_exempt, run,
    sampled, texts,
};
use crate::support::{TestResult, connect};

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(map) => JsonObject(map),
        other => panic!("{other} is not an object"),
    }
}

/// Seed 4, test case: "Ensure audit log entries accept structured before/after JSON."
#[rstest]
fn audit_log_entries_accept_structured_before_and_after_json(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    let documents = [
        object(
            json!({"quota": 3, "task": {"title": "Run", "steps": ["shoes", {"size": 43.5}]}, "done": null}),
        ),
        object(json!({"quota": 2, "task": {"title": "Läuft 🏃", "steps": []}, "done": true})),
    ];
    let [before, after] = documents.map(Some);
    let entry = |action, before: &Option<JsonObject>, after: &Option<JsonObject>| NewAuditEntry {
        before: before.clone(),
        after: after.clone(),
        ..NewAuditEntry::new(
            ActorKind::Agent,
            "importer",
            action,
            AuditEntity::PlanItem,
            sample.plan_items[0].id.into(),
        )
    };
    as_user(&mut conn, USER, |conn| -> TestResult {
        for (action, before, after) in [
            (AuditAction::Created, &None, &after),
            (AuditAction::Updated, &before, &after),
            (AuditAction::Deleted, &before, &None),
        ] {
            let written = create(conn, entry(action, before, after))?;
            let read = get(conn, written.id)?;
            assert_eq!((&read.before, &read.after), (before, after));
            assert_eq!(read.user_id, USER);
        }
        // The action says which of the two there is.
        for (action, before, after) in [
            (AuditAction::Created, &before, &after),
            (AuditAction::Created, &None, &None),
            (AuditAction::Updated, &None, &after),
            (AuditAction::Updated, &before, &None),
            (AuditAction::Deleted, &before, &after),
            (AuditAction::Deleted, &None, &None),
        ] {
            let refused = as_user(conn, USER, |conn| {
                create(conn, entry(action, before, after))
            });
            assert_constraint(refused, ConstraintKind::Check, "audit_log_action_check");
        }
        Ok(())
    })?;
    // An object, and nothing else that is JSON.
    for document in ["[]", "\"text\"", "1", "true", "null"] {
        for (column, values) in [
            ("before", format!("'{document}', '{{}}'")),
            ("after", format!("'{{}}', '{document}'")),
        ] {
            let refused = run(
                &mut conn,
                &format!(
                    "INSERT INTO weeksmith.audit_log
                         (id, user_id, actor_kind, actor_id, action, entity_table, entity_id, before, after)
                     VALUES (gen_random_uuid(), '{USER}', 'human', 'x', 'updated', 'goal', gen_random_uuid(), {values})"
                ),
            );
            assert_constraint(
                refused,
                ConstraintKind::Check,
                &format!("audit_log_{column}_check"),
            );
        }
    }
    Ok(())
}

fn entries(conn: &mut PgConnection, filter: &AuditEntryFilter) -> Result<Vec<AuditEntry>, Error> {
    Ok(list(conn, filter, Page::first(u16::MAX))?.rows)
}

/// Seed 4, acceptance: "audit logging fields". An entry says who did what to which row, and what it was before and after.
#[rstest]
fn every_change_of_a_plan_is_recorded(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let conn = &mut conn;
    run(conn, "UPDATE weeksmith.cycle SET locks_enforced = false")?;
    let audited = texts(
        conn,
        "SELECT unnest(enum_range(NULL::weeksmith.audit_entity))::text",
    )?;
    for (table, change) in [
        ("vision", "title = title || '!'"),
        ("cycle", "title = title || '!'"),
        ("goal", "title = title || '!'"),
        ("task", "title = title || '!'"),
        ("weekly_plan", "focus = focus || '!'"),
        ("plan_item", "done = done + 1"),
    ] {
        assert!(audited.iter().any(|name| name == table), "{table}");
        let document = |conn: &mut PgConnection, id: &str| -> QueryResult<String> {
            diesel::dsl::sql::<Text>(&format!(
                "SELECT to_jsonb(t)::text FROM weeksmith.{table} AS t WHERE id = '{id}'"
            ))
            .get_result(conn)
        };
        let ids = texts(conn, &format!("SELECT id::text FROM weeksmith.{table}"))?;
        for id in ids {
            let before: Value = serde_json::from_str(&document(conn, &id)?)?;
            run(
                conn,
                &format!("UPDATE weeksmith.{table} SET {change} WHERE id = '{id}'"),
            )?;
            let after: Value = serde_json::from_str(&document(conn, &id)?)?;
            let filter = AuditEntryFilter {
                entity_id: Some(id.parse()?),
                user_id: Some(USER),
                actor_id: Some(USER.to_string()),
                ..AuditEntryFilter::default()
            };
            let of_row = entries(conn, &filter)?;
            let [.., last] = of_row.as_slice() else {
                panic!("{table} {id} has no entry");
            };
            assert_eq!(of_row[0].action, AuditAction::Created);
            assert_eq!(of_row[0].before, None);
            assert_eq!(last.action, AuditAction::Updated);
            assert_eq!(last.before, Some(object(before)));
            assert_eq!(last.after, Some(object(after)));
        }
    }
    // A cascade is as many changes as there are rows.
    let planned = ["cycle", "goal", "task", "weekly_plan", "plan_item"];
    let rows: i64 = planned
        .iter()
        .map(|table| count(conn, &format!("weeksmith.{table}")))
        .sum::<QueryResult<i64>>()?;
    run(conn, "DELETE FROM weeksmith.cycle")?;
    let deleted = AuditEntryFilter {
        action: Some(AuditAction::Deleted),
        ..AuditEntryFilter::default()
    };
    let deleted = entries(conn, &deleted)?;
    assert_eq!(i64::try_from(deleted.len())?, rows);
    assert!(
        deleted
            .iter()
            .all(|entry| entry.before.is_some() && entry.after.is_none())
    );
    Ok(())
}

/// The enum names the tables that have the trigger, for all three kinds of change, and no others.
#[rstest]
fn the_log_names_the_tables_that_are_recorded(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let recorded = texts(
        &mut conn,
        // AFTER ROW for INSERT, DELETE and UPDATE: see pg_trigger.h.
        "SELECT tgrelid::regclass::text FROM pg_trigger
         WHERE tgfoid = 'weeksmith.record_change()'::regprocedure AND tgtype = 1 | 4 | 8 | 16 AND tgenabled = 'O'
             AND tgqual IS NULL AND tgattr = ''
         ORDER BY 1",
    )?;
    let named = texts(
        &mut conn,
        "SELECT 'weeksmith.' || unnest(enum_range(NULL::weeksmith.audit_entity)) ORDER BY 1",
    )?;
    assert_eq!(recorded, named);
    Ok(())
}

/// An update that changes nothing is none.
#[rstest]
fn what_stays_as_it_is_is_not_recorded(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let before = count(&mut conn, "weeksmith.audit_log")?;
    assert_eq!(
        run(&mut conn, "UPDATE weeksmith.goal SET title = title")?,
        2
    );
    assert_eq!(count(&mut conn, "weeksmith.audit_log")?, before);
    Ok(())
}

/// The actor is the agent that acts for a user, the user, or the database's own role.
#[rstest]
fn entries_say_who_and_why(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    let conn = &mut conn;
    let vision = sample.visions[0].id;
    let entitled = |title: &str| VisionChanges {
        title: Some(title.to_owned()),
        ..VisionChanges::default()
    };
    as_user(conn, USER, |conn| {
        update(conn, vision, entitled("by the user"))
    })?;
    Acting::user(USER)
        .by_agent("coach")
        .noting("shorter")
        .run(conn, |conn| update(conn, vision, entitled("by the agent")))?;
    let mut expected = vec![
        (ActorKind::Human, USER.to_string(), None),
        (
            ActorKind::Agent,
            "coach".to_owned(),
            Some("shorter".to_owned()),
        ),
    ];
    // Acting for nobody, only a role that policies do not bind can change anything.
    if is_exempt(conn)? {
        act_for(conn, None)?;
        update(conn, vision, entitled("by the role"))?;
        let role = texts(conn, "SELECT session_user::text")?.remove(0);
        expected.push((ActorKind::System, role, None));
    }
    let filter = AuditEntryFilter {
        entity_id: Some(vision.into()),
        action: Some(AuditAction::Updated),
        ..AuditEntryFilter::default()
    };
    let said: Vec<_> = entries(conn, &filter)?
        .into_iter()
        .map(|entry| (entry.actor_kind, entry.actor_id, entry.note))
        .collect();
    assert_eq!(said, expected);
    Ok(())
}

/// Entries are neither changed nor removed, by a superuser as little as by anybody else, and the error says so though
/// no policy shows a row to change.
#[rstest]
fn the_audit_log_is_append_only(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    for sql in [
        "UPDATE weeksmith.audit_log SET note = 'never happened'",
        "DELETE FROM weeksmith.audit_log",
        "TRUNCATE weeksmith.audit_log",
    ] {
        assert_rule(run(&mut conn, sql), Rule::AppendOnly);
        let told = diagnostics(&mut conn, sql)?;
        assert_eq!(told[..2], ["WS003", "audit_log_append_only"]);
        assert!(told.len() > 2, "no hint");
    }
    if !bind(&mut conn)? {
        return Ok(());
    }
    for sql in [
        "UPDATE weeksmith.audit_log SET note = ''",
        "DELETE FROM weeksmith.audit_log",
    ] {
        assert_rule(run(&mut conn, sql), Rule::AppendOnly);
    }
    Ok(())
}

/// Who may not write the log cannot change a plan: both or neither.
#[rstest]
fn no_change_without_its_entry(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, _)) = bound(&migrated_database)? else {
        return Ok(());
    };
    let role = texts(&mut conn, "SELECT quote_ident(current_user)")?.remove(0);
    conn.batch_execute(&format!(
        "RESET ROLE; REVOKE INSERT ON weeksmith.audit_log FROM {role}; SET LOCAL ROLE {role};"
    ))?;
    act_for(&mut conn, Some(USER))?;
    for sql in [
        "UPDATE weeksmith.goal SET title = 'unseen'",
        "DELETE FROM weeksmith.plan_item WHERE done > 0",
        "INSERT INTO weeksmith.vision (id, title, statement) VALUES (gen_random_uuid(), 'unseen', '')",
    ] {
        match run(&mut conn, sql) {
            Err(Error::Database(error)) => {
                assert!(error.to_string().contains("permission denied"), "{error}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    assert_eq!(
        count(&mut conn, "weeksmith.goal WHERE title = 'unseen'")?,
        0
    );
    Ok(())
}

/// The keys that the trigger makes are as those of the application: version 7, in the order of time.
#[rstest]
fn keys_of_entries_are_version_7_and_ascend(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    // Of the server, which need not be on this machine. The transaction began before the keys were made.
    let seconds = |conn: &mut PgConnection, clock: &str| -> QueryResult<u64> {
        let seconds: i64 = diesel::dsl::sql::<BigInt>(&format!(
            "SELECT floor(extract(epoch FROM {clock}))::bigint"
        ))
        .get_result(conn)?;
        Ok(seconds.unsigned_abs())
    };
    let before = seconds(&mut conn, "now()")?;
    // A millisecond apart, so that the order is certain.
    let made = texts(
        &mut conn,
        "SELECT weeksmith.new_id()::text FROM generate_series(1, 20) AS n CROSS JOIN LATERAL \
         (SELECT pg_sleep(0.001 + 0 * n)) AS s",
    )?;
    let made: Vec<uuid::Uuid> = made.iter().map(|id| id.parse()).collect::<Result<_, _>>()?;
    for id in &made {
        assert_eq!(
            (id.get_version_num(), id.get_variant()),
            (7, uuid::Variant::RFC4122)
        );
    }
    assert!(made.is_sorted());
    let times = before..=seconds(&mut conn, "clock_timestamp()")?;
    for id in &made {
        let (time, _) = id.get_timestamp().ok_or("no time")?.to_unix();
        assert!(times.contains(&time), "{id} is not of {times:?}");
    }
    Ok(())
}
