//! Row-level security: users see and write their own rows, and without a user there are none.
//!
//! The tables come from the catalog, so that one that is added without policies fails here.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::error::{ConstraintKind, Error, Rule};
use reference_models::page::Page;
use reference_models::store::{create, get, list, update};
use reference_models::weeksmith::sample::{Sample, USER};
use reference_models::weeksmith::{
    ChatRole, ChatSessionId, CycleId, GoalId, GoalType, Measure, NewChatMessage, NewChatSession,
    NewCycle, NewGoal, NewPlanItem, NewTask, NewVision, NewWeeklyPlan, TaskId, UserId,
    VisionChanges, VisionFilter, VisionId, WeeklyPlanId, as_user,
};
use rstest::rstest;
use uuid::Uuid;

use crate::bench::{
    act_for, assert_constraint, assert_forbidden, assert_lines, assert_rule, bind, bound, count,
    other, run, tables, texts, theirs,
};
use crate::support::{TestResult, connect};

/// Seed 4, acceptance: "RLS policy placeholders or baseline strategies". Enabled and forced on every table, and each has
/// a policy for what can be done with it.
#[rstest]
fn row_level_security_is_enabled_and_forced_on_every_table(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let bare = texts(
        &mut conn,
        "SELECT relname::text FROM pg_class AS c
         WHERE relnamespace = 'weeksmith'::regnamespace AND relkind IN ('r', 'p') AND NOT (
             relrowsecurity AND relforcerowsecurity
             AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polcmd IN ('*', 'r'))
             AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polcmd IN ('*', 'a'))
         )",
    )?;
    assert_lines(&bare, "")?;
    // Nobody's rows are let through by anything but their owner.
    let conditions = texts(
        &mut conn,
        "SELECT DISTINCT condition FROM pg_policy AS p
         CROSS JOIN LATERAL (VALUES (pg_get_expr(polqual, polrelid)), (pg_get_expr(polwithcheck, polrelid))) AS c (condition)
         JOIN pg_class AS t ON t.oid = p.polrelid
         WHERE t.relnamespace = 'weeksmith'::regnamespace AND condition IS NOT NULL",
    )?;
    assert_lines(
        &conditions,
        "(user_id = ( SELECT weeksmith.current_user_id() AS current_user_id))",
    )
}

/// Foreign keys are checked without row-level security, so that each names the owner on both sides.
#[rstest]
fn every_foreign_key_names_the_owner(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let without = texts(
        &mut conn,
        "SELECT conname::text FROM pg_constraint AS k
         WHERE connamespace = 'weeksmith'::regnamespace AND contype = 'f' AND NOT EXISTS (
             SELECT FROM unnest(conkey, confkey) AS pair (child, parent)
             JOIN pg_attribute AS c ON c.attrelid = k.conrelid AND c.attnum = child AND c.attname = 'user_id'
             JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = parent AND p.attname = 'user_id'
         )",
    )?;
    assert_lines(&without, "")
}

/// Runs `check` for every table, as a role that policies bind.
fn for_every_table(
    database: &MigratedDatabase,
    check: impl Fn(&mut PgConnection, &str) -> TestResult,
) -> TestResult {
    let Some((mut conn, _)) = bound(database)? else {
        return Ok(());
    };
    let tables = tables(&mut conn)?;
    assert!(tables.len() >= 9);
    for table in tables {
        check(&mut conn, &format!("weeksmith.{table}"))
            .map_err(|error| format!("{table}: {error}"))?;
    }
    Ok(())
}

#[rstest]
fn users_see_their_own_rows_and_nobody_sees_none(
    migrated_database: MigratedDatabase,
) -> TestResult {
    for_every_table(&migrated_database, |conn, table| {
        for user in [USER, other()] {
            act_for(conn, Some(user))?;
            assert!(count(conn, table)? > 0, "{user} sees nothing of {table}");
            let foreign = count(conn, &format!("{table} WHERE user_id <> '{user}'"))?;
            assert_eq!(foreign, 0, "{user} sees others' rows of {table}");
        }
        act_for(conn, Some(UserId::generate()))?;
        assert_eq!(count(conn, table)?, 0, "a third user sees rows of {table}");
        act_for(conn, None)?;
        assert_eq!(count(conn, table)?, 0, "nobody sees rows of {table}");
        Ok(())
    })
}

#[rstest]
fn users_change_and_delete_their_own_rows_only(migrated_database: MigratedDatabase) -> TestResult {
    for_every_table(&migrated_database, |conn, table| {
        for user in [None, Some(UserId::generate())] {
            act_for(conn, user)?;
            for sql in [
                format!("UPDATE {table} SET id = id"),
                format!("DELETE FROM {table}"),
            ] {
                match run(conn, &sql) {
                    Ok(rows) => assert_eq!(rows, 0, "{sql}"),
                    // It says so to everybody.
                    refused if table == "weeksmith.audit_log" => {
                        assert_rule(refused, Rule::AppendOnly);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    })
}

/// A row of the sample, under a new key, for `user`; written as the transaction's user.
fn insert_copy(
    conn: &mut PgConnection,
    table: &str,
    row: &str,
    user: Option<UserId>,
) -> Result<usize, Error> {
    let columns: Vec<String> = texts(
        conn,
        &format!(
            "SELECT quote_ident(attname) FROM pg_attribute
             WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
        ),
    )?;
    let columns = columns.join(", ");
    let user = user.map_or("null".to_owned(), |user| format!("'{user}'"));
    conn.transaction(|conn| {
        let inserted = diesel::sql_query(format!(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(
                 null::{table}, $1::jsonb || jsonb_build_object('id', '{}'::uuid, 'user_id', {user}::uuid)
             )",
            Uuid::now_v7()
        ))
        .bind::<Text, _>(row)
        .execute(conn)?;
        Ok(inserted)
    })
}

#[rstest]
fn users_write_no_rows_for_others_and_nobody_writes_any(
    migrated_database: MigratedDatabase,
) -> TestResult {
    for_every_table(&migrated_database, |conn, table| {
        act_for(conn, Some(USER))?;
        let row: String = diesel::dsl::sql::<Text>(&format!(
            "SELECT to_jsonb(t)::text FROM {table} AS t LIMIT 1"
        ))
        .get_result(conn)?;
        let assert_refused = |result: Result<usize, Error>| match table {
            // Its trigger comes first: the plan is not the other user's.
            "weeksmith.plan_item" => assert_rule(result, Rule::PlanMissing),
            _ => assert_forbidden(result),
        };
        assert_refused(insert_copy(conn, table, &row, Some(other())));
        act_for(conn, None)?;
        assert_refused(insert_copy(conn, table, &row, Some(USER)));
        assert_refused(insert_copy(conn, table, &row, None));
        Ok(())
    })
}

#[rstest]
fn users_hand_no_rows_over_to_others(migrated_database: MigratedDatabase) -> TestResult {
    for_every_table(&migrated_database, |conn, table| {
        act_for(conn, Some(USER))?;
        let given = run(conn, &format!("UPDATE {table} SET user_id = '{}'", other()));
        match table {
            "weeksmith.plan_item" => assert_rule(given, Rule::PlanMissing),
            "weeksmith.audit_log" => assert_rule(given, Rule::AppendOnly),
            _ => assert_forbidden(given),
        }
        Ok(())
    })
}

/// The same row of the other user.
fn foreign<K: Into<Uuid>>(id: K, key: impl Fn(Uuid) -> K) -> K {
    let id: Uuid = id.into();
    key(theirs(&id.to_string()).parse().unwrap())
}

/// Writes that hang a row of the user on one of the other's; policies let them through, because the row itself is the
/// user's own.
fn cross_references(conn: &mut PgConnection, sample: &Sample) -> TestResult {
    // The other user's goals are in the way of the unique key, and so are the plans.
    as_user(conn, other(), |conn| {
        run(conn, "UPDATE weeksmith.cycle SET locks_enforced = false")?;
        run(
            conn,
            "DELETE FROM weeksmith.goal WHERE goal_type = 'personal'",
        )?;
        run(conn, "DELETE FROM weeksmith.weekly_plan WHERE week = 2")
    })?;
    let vision = foreign(sample.visions[0].id, VisionId);
    let cycle = foreign(sample.cycles[0].id, CycleId);
    let goal = foreign(sample.goals[0].id, GoalId);
    let task = foreign(sample.tasks[0].id, TaskId);
    let plan = foreign(sample.weekly_plans[0].id, WeeklyPlanId);
    let session = foreign(sample.chat_sessions[0].id, ChatSessionId);
    let own = sample.cycles[0].id;
    macro_rules! assert_refused {
        ($new:expr, $constraint:literal) => {
            let created = as_user(conn, USER, |conn| create(conn, $new));
            assert_constraint(created, ConstraintKind::ForeignKey, $constraint);
        };
    }
    let starts_on = sample.cycles[0].starts_on;
    assert_refused!(NewCycle::new(vision, "x", starts_on), "cycle_vision_fkey");
    assert_refused!(
        NewGoal::new(cycle, GoalType::Personal, "x", Measure::new("n", 1)),
        "goal_cycle_fkey"
    );
    for cycle in [own, cycle] {
        assert_refused!(NewTask::new(cycle, goal, "x"), "task_goal_fkey");
    }
    assert_refused!(NewWeeklyPlan::new(cycle, 2), "weekly_plan_cycle_fkey");
    // A plan of one's own, so that the unique key is not in the way.
    let empty = as_user(conn, USER, |conn| {
        run(
            conn,
            "DELETE FROM weeksmith.plan_item WHERE weekly_plan_id = '019b8b74-1800-7000-8000-000000000501'",
        )?;
        Ok::<_, Error>(sample.weekly_plans[0].id)
    })?;
    assert_refused!(NewPlanItem::new(own, empty, task, 1), "plan_item_task_fkey");
    for cycle in [own, cycle] {
        let item = NewPlanItem::new(cycle, plan, sample.tasks[0].id, 1);
        let created = as_user(conn, USER, |conn| create(conn, item));
        assert_rule(created, Rule::PlanMissing);
    }
    let about = NewChatSession {
        cycle_id: Some(cycle),
        ..NewChatSession::new("x")
    };
    assert_refused!(about, "chat_session_cycle_fkey");
    assert_refused!(
        NewChatMessage::new(session, ChatRole::User, "x"),
        "chat_message_chat_session_fkey"
    );
    Ok(())
}

#[rstest]
fn no_row_refers_to_one_of_another_user(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, sample)) = bound(&migrated_database)? else {
        return Ok(());
    };
    cross_references(&mut conn, &sample)
}

/// For those whom policies do not bind as well: the keys refuse it, not the policies.
#[rstest]
fn no_row_refers_to_one_of_another_user_even_without_policies(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let Some((mut conn, sample)) = bound(&migrated_database)? else {
        return Ok(());
    };
    conn.batch_execute("RESET ROLE")?;
    cross_references(&mut conn, &sample)
}

/// A plan and a task of two cycles of the same user do not meet.
#[rstest]
fn no_item_joins_two_cycles(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, sample) = crate::bench::sampled(&migrated_database)?;
    let next = as_user(&mut conn, USER, |conn| {
        let starts_on = sample.cycles[0].ends_on.succ_opt().unwrap();
        create(conn, NewCycle::new(sample.visions[0].id, "Next", starts_on))
    })?;
    let plan = as_user(&mut conn, USER, |conn| {
        create(conn, NewWeeklyPlan::new(next.id, 1))
    })?;
    let task = sample.tasks[0].id;
    let item = NewPlanItem::new(next.id, plan.id, task, 1);
    let created = as_user(&mut conn, USER, |conn| create(conn, item));
    assert_constraint(created, ConstraintKind::ForeignKey, "plan_item_task_fkey");
    let item = NewPlanItem::new(sample.cycles[0].id, plan.id, task, 1);
    let created = as_user(&mut conn, USER, |conn| create(conn, item));
    assert_rule(created, Rule::PlanMissing);
    Ok(())
}

/// Unset and empty are nobody; what is no UUID is an error that says so, and not nobody.
#[rstest]
fn a_user_id_that_is_no_uuid_is_an_error(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let current = "SELECT coalesce(weeksmith.current_user_id()::text, 'nobody')";
    assert_eq!(texts(&mut conn, current)?, ["nobody"]);
    act_for(&mut conn, None)?;
    assert_eq!(texts(&mut conn, current)?, ["nobody"]);
    act_for(&mut conn, Some(USER))?;
    assert_eq!(texts(&mut conn, current)?, [USER.to_string()]);
    if !bind(&mut conn)? {
        return Ok(());
    }
    for wrong in [
        "42",
        "' OR true --",
        "00000000-0000-0000-0000-00000000000g",
        " ",
    ] {
        let wrong = wrong.replace('\'', "''");
        conn.batch_execute(&format!("SET LOCAL app.user_id = '{wrong}'"))?;
        let told = crate::bench::diagnostics(&mut conn, "PERFORM FROM weeksmith.vision")?;
        assert_eq!(told[0], "22023", "{wrong}");
        assert!(told.last().unwrap().contains("set_config"), "{told:?}");
    }
    Ok(())
}

/// What the store says of rows that are somebody else's: that there are none.
#[rstest]
fn the_store_does_not_find_what_is_hidden(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, sample)) = bound(&migrated_database)? else {
        return Ok(());
    };
    let hidden = foreign(sample.visions[0].id, VisionId);
    as_user(&mut conn, USER, |conn| -> TestResult {
        assert!(matches!(get(conn, hidden), Err(Error::NotFound { .. })));
        let changes = VisionChanges {
            title: Some("Mine now".to_owned()),
            ..VisionChanges::default()
        };
        let changed = update(conn, hidden, changes);
        assert!(matches!(changed, Err(Error::NotFound { .. })));
        let filter = VisionFilter {
            user_id: Some(other()),
        };
        assert_eq!(list(conn, &filter, Page::first(9))?.rows, []);
        Ok(())
    })?;
    let created = conn.transaction(|conn| create(conn, NewVision::new("Whose?", "Nobody's.")));
    assert_forbidden(created);
    Ok(())
}

/// The policy's function is called once a statement, and the index on the owner is used.
#[rstest]
fn policies_ask_once_a_statement(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, _)) = bound(&migrated_database)? else {
        return Ok(());
    };
    act_for(&mut conn, Some(USER))?;
    conn.batch_execute("SET LOCAL enable_seqscan = off")?;
    for table in tables(&mut conn)? {
        let plan = texts(
            &mut conn,
            &format!("EXPLAIN SELECT * FROM weeksmith.{table}"),
        )?
        .join("\n");
        assert!(plan.contains("InitPlan"), "{plan}");
        assert!(plan.contains("Index Cond: (user_id = "), "{plan}");
    }
    Ok(())
}
