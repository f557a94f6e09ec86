//! Quotas of weeks 7 to 12 stay as they were planned, and there is no way round.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::error::{Error, Rule};
use reference_models::store::{create, get, update};
use reference_models::weeksmith::sample::USER;
use reference_models::weeksmith::{
    CycleChanges, NewPlanItem, PlanItem, PlanItemChanges, WeeklyPlanChanges, WeeklyPlanId, as_user,
};
use rstest::rstest;

use crate::bench::{act_for, assert_rule, bound, count, diagnostics, run, sampled, theirs};
use crate::support::TestResult;

/// In a savepoint, so that the transaction goes on after an error.
fn set_quota(conn: &mut PgConnection, item: &PlanItem, quota: i16) -> Result<PlanItem, Error> {
    let changes = PlanItemChanges {
        quota: Some(quota),
        ..PlanItemChanges::default()
    };
    as_user(conn, USER, |conn| update(conn, item.id, changes))
}

fn record_done(conn: &mut PgConnection, item: &PlanItem, done: i16) -> Result<PlanItem, Error> {
    // As a client writes that sends all it knows: the quota is there, and unchanged.
    let changes = PlanItemChanges {
        quota: Some(item.quota),
        done: Some(done),
        ..PlanItemChanges::default()
    };
    as_user(conn, USER, |conn| update(conn, item.id, changes))
}

/// Seed 4, test case: "Verify W7–W12 lock constraint prevents quota changes when enforced."
#[rstest]
fn w7_to_w12_lock_prevents_quota_changes_when_enforced(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    let conn = &mut conn;
    assert!(sample.cycles[0].locks_enforced);
    for plan in &sample.weekly_plans {
        let items: Vec<_> = sample
            .plan_items
            .iter()
            .filter(|item| item.weekly_plan_id == plan.id)
            .collect();
        assert!(!items.is_empty());
        for item in items {
            assert_eq!(plan.is_lock_week, (7..=12).contains(&plan.week));
            let changed = set_quota(conn, item, item.quota + 1);
            if plan.is_lock_week {
                assert_rule(changed, Rule::QuotaLocked);
                assert_eq!(get(conn, item.id)?, *item);
            } else {
                assert_eq!(changed?.quota, item.quota + 1);
            }
            let item = get(conn, item.id)?;
            assert_eq!(record_done(conn, &item, 5)?.done, 5);
        }
    }
    // Only where it is enforced.
    let off = CycleChanges {
        locks_enforced: Some(false),
        ..CycleChanges::default()
    };
    as_user(conn, USER, |conn| update(conn, sample.cycles[0].id, off))?;
    for item in &sample.plan_items {
        assert_eq!(set_quota(conn, item, 9)?.quota, 9);
    }
    Ok(())
}

/// A quota of a later week is planned once: what has none yet gets one.
#[rstest]
fn a_quota_of_a_locked_week_is_planned_once(migrated_database: MigratedDatabase) -> TestResult {
    use reference_models::weeksmith::NewTask;

    let (mut conn, sample) = sampled(&migrated_database)?;
    let (cycle, plan) = (sample.cycles[0].id, sample.weekly_plans[11].id);
    let item = as_user(&mut conn, USER, |conn| {
        let task = create(
            conn,
            NewTask::new(cycle, sample.goals[0].id, "Ask for money"),
        )?;
        create(conn, NewPlanItem::new(cycle, plan, task.id, 2))
    })?;
    assert_eq!(item.quota, 2);
    assert_rule(set_quota(&mut conn, &item, 1), Rule::QuotaLocked);
    Ok(())
}

/// The item of the first task in week 8, and its plan; in week 3 there is none of it.
const LOCKED: &str = "id = '019b8b74-1800-7000-8000-000000006108'";
const LOCKED_PLAN: &str = "'019b8b74-1800-7000-8000-000000000508'";
const OPEN_PLAN: &str = "'019b8b74-1800-7000-8000-000000000503'";

/// Seed 4, acceptance: "lock protections". Whatever amounts to a change of a locked quota is one.
#[rstest]
#[case::change("UPDATE weeksmith.plan_item SET quota = 1 WHERE LOCKED")]
#[case::remove("DELETE FROM weeksmith.plan_item WHERE LOCKED")]
#[case::move_out("UPDATE weeksmith.plan_item SET weekly_plan_id = OPEN_PLAN WHERE LOCKED")]
#[case::move_in(
    "UPDATE weeksmith.plan_item SET weekly_plan_id = LOCKED_PLAN WHERE weekly_plan_id = \
     '019b8b74-1800-7000-8000-000000000504' AND task_id = '019b8b74-1800-7000-8000-000000000403'"
)]
#[case::another_task(
    "UPDATE weeksmith.plan_item SET task_id = '019b8b74-1800-7000-8000-000000000402' WHERE LOCKED"
)]
#[case::upsert(
    "INSERT INTO weeksmith.plan_item (id, user_id, cycle_id, weekly_plan_id, task_id, quota) \
     SELECT id, user_id, cycle_id, weekly_plan_id, task_id, 1 FROM weeksmith.plan_item WHERE \
     LOCKED ON CONFLICT (id) DO UPDATE SET quota = excluded.quota"
)]
#[case::with_its_plan("DELETE FROM weeksmith.weekly_plan WHERE id = LOCKED_PLAN")]
#[case::with_its_task(
    "DELETE FROM weeksmith.task WHERE id = '019b8b74-1800-7000-8000-000000000401'"
)]
#[case::with_its_goal("DELETE FROM weeksmith.goal WHERE goal_type = 'professional'")]
#[case::renumber_out("UPDATE weeksmith.weekly_plan SET week = 3 WHERE id = LOCKED_PLAN")]
#[case::renumber_in("UPDATE weeksmith.weekly_plan SET week = 12 WHERE week = 4")]
#[case::all_renumbered_at_once("UPDATE weeksmith.weekly_plan SET week = 13 - week")]
#[case::plan_under_another_key(
    "UPDATE weeksmith.weekly_plan SET id = gen_random_uuid() WHERE id = LOCKED_PLAN"
)]
#[case::plan_and_item_in_one_statement(
    "WITH moved AS (UPDATE weeksmith.weekly_plan SET week = 3 WHERE id = LOCKED_PLAN) UPDATE \
     weeksmith.plan_item SET quota = 1 WHERE LOCKED"
)]
#[case::removed_and_planned_again(
    "WITH gone AS (DELETE FROM weeksmith.plan_item WHERE LOCKED RETURNING *) INSERT INTO \
     weeksmith.plan_item (id, user_id, cycle_id, weekly_plan_id, task_id, quota) SELECT \
     gen_random_uuid(), user_id, cycle_id, weekly_plan_id, task_id, 1 FROM gone"
)]
fn there_is_no_way_round_the_lock(
    migrated_database: MigratedDatabase,
    #[case] sql: &str,
) -> TestResult {
    // As the tests' own role, which policies need not bind, and as one that they do.
    let (conn, _) = sampled(&migrated_database)?;
    assert_no_way(conn, sql)?;
    if let Some((mut conn, _)) = bound(&migrated_database)? {
        act_for(&mut conn, Some(USER))?;
        assert_no_way(conn, sql)?;
    }
    Ok(())
}

fn assert_no_way(mut conn: PgConnection, sql: &str) -> TestResult {
    let sql = sql
        .replace("LOCKED_PLAN", LOCKED_PLAN)
        .replace("OPEN_PLAN", OPEN_PLAN)
        .replace("LOCKED", LOCKED);
    // So that nothing else is in the way: weeks without a plan, a plan without the task.
    conn.batch_execute(&format!(
        "DELETE FROM weeksmith.weekly_plan WHERE week IN (1, 2);
         DELETE FROM weeksmith.plan_item WHERE weekly_plan_id = {OPEN_PLAN};
         UPDATE weeksmith.weekly_plan SET week = 1 WHERE id = {OPEN_PLAN};
         DELETE FROM weeksmith.plan_item WHERE weekly_plan_id = '019b8b74-1800-7000-8000-000000000506';"
    ))?;
    assert_rule(run(&mut conn, &sql), Rule::QuotaLocked);
    assert_eq!(
        count(
            &mut conn,
            &format!("weeksmith.plan_item WHERE {LOCKED} AND quota = 2")
        )?,
        1
    );
    Ok(())
}

/// `MERGE` is one more way to change a row, since PostgreSQL 15.
#[rstest]
fn merge_is_no_way_round_the_lock(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let version: String =
        diesel::dsl::sql::<diesel::sql_types::Text>("SELECT current_setting('server_version_num')")
            .get_result(&mut conn)?;
    if version.parse::<u32>()? < 150_000 {
        eprintln!("skipped: PostgreSQL {version} has no MERGE");
        return Ok(());
    }
    for action in ["UPDATE SET quota = 1", "DELETE"] {
        let merge = format!(
            "MERGE INTO weeksmith.plan_item AS item USING (VALUES (1)) AS one (n)
             ON item.{LOCKED} WHEN MATCHED THEN {action}"
        );
        assert_rule(run(&mut conn, &merge), Rule::QuotaLocked);
    }
    Ok(())
}

/// A truncation would be a change that neither the lock nor the audit log sees, from whichever table it comes.
#[rstest]
#[case("plan_item")]
#[case("weekly_plan")]
#[case("task")]
#[case("goal")]
#[case("cycle")]
#[case("vision")]
fn truncation_is_no_way_round_the_lock(
    migrated_database: MigratedDatabase,
    #[case] table: &str,
) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let truncated = run(&mut conn, &format!("TRUNCATE weeksmith.{table} CASCADE"));
    assert_rule(truncated, Rule::QuotaLocked);
    Ok(())
}

/// The cycle as a whole may go, and what is planned in it goes with it.
#[rstest]
fn a_whole_cycle_can_be_deleted(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, sample)) = bound(&migrated_database)? else {
        return Ok(());
    };
    as_user(&mut conn, USER, |conn| -> TestResult {
        assert_eq!(run(conn, "DELETE FROM weeksmith.cycle")?, 1);
        for table in [
            "goal",
            "task",
            "weekly_plan",
            "plan_item",
            "chat_session",
            "chat_message",
        ] {
            assert_eq!(count(conn, &format!("weeksmith.{table}"))?, 0, "{table}");
        }
        assert_eq!(run(conn, "DELETE FROM weeksmith.vision")?, 1);
        Ok(())
    })?;
    // Each of it is in the log.
    let planned = sample.visions.len()
        + sample.cycles.len()
        + sample.goals.len()
        + sample.tasks.len()
        + sample.weekly_plans.len()
        + sample.plan_items.len();
    as_user(&mut conn, USER, |conn| -> TestResult {
        let deleted = count(conn, "weeksmith.audit_log WHERE action = 'deleted'")?;
        assert_eq!(usize::try_from(deleted)?, planned);
        Ok(())
    })
}

/// What is not locked moves: a plan of weeks 1 to 6 is renumbered and deleted, a plan of a later week is written on.
#[rstest]
fn what_is_not_locked_can_be_planned_anew(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    as_user(&mut conn, USER, |conn| -> TestResult {
        assert_eq!(
            run(conn, "DELETE FROM weeksmith.weekly_plan WHERE week = 1")?,
            1
        );
        let changes = |week| WeeklyPlanChanges {
            week,
            focus: Some("Rest".to_owned()),
            ..WeeklyPlanChanges::default()
        };
        let [second, eighth] = [1, 7].map(|index: usize| sample.weekly_plans[index].id);
        assert_eq!(update(conn, second, changes(Some(1)))?.week, 1);
        assert_eq!(update(conn, eighth, changes(Some(8)))?.focus, "Rest");
        assert_eq!(
            run(
                conn,
                "DELETE FROM weeksmith.plan_item WHERE quota = 2 AND done > 0"
            )?,
            2
        );
        Ok(())
    })
}

/// Seed 4, implementation log: "Hardened migration trigger to guard against missing parent plans and return explicit SQLSTATE."
#[rstest]
fn an_item_without_its_parent_plan_is_refused(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    let (cycle, task) = (sample.cycles[0].id, sample.tasks[0].id);
    as_user(&mut conn, USER, |conn| -> TestResult {
        let nowhere = NewPlanItem::new(cycle, WeeklyPlanId::generate(), task, 1);
        let created = as_user(conn, USER, |conn| create(conn, nowhere));
        assert_rule(created, Rule::PlanMissing);
        let moved = PlanItemChanges {
            weekly_plan_id: Some(WeeklyPlanId::generate()),
            ..PlanItemChanges::default()
        };
        let moved = as_user(conn, USER, |conn| {
            update(conn, sample.plan_items[0].id, moved)
        });
        assert_rule(moved, Rule::PlanMissing);
        Ok(())
    })
}

/// A plan that row-level security hides is not there, though the foreign key would find it.
#[rstest]
fn an_item_of_a_hidden_parent_plan_is_refused(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, sample)) = bound(&migrated_database)? else {
        return Ok(());
    };
    let hidden = WeeklyPlanId(theirs(&sample.weekly_plans[0].id.to_string()).parse()?);
    let item = NewPlanItem::new(sample.cycles[0].id, hidden, sample.tasks[0].id, 1);
    let created = as_user(&mut conn, USER, |conn| create(conn, item));
    assert_rule(created, Rule::PlanMissing);
    Ok(())
}

/// Clients other than Diesel see SQLSTATE, constraint and hint.
#[rstest]
fn the_lock_has_sqlstates_of_its_own(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let mut assert_told = |sql: &str, sqlstate: &str, constraint: &str| -> TestResult {
        let told = diagnostics(&mut conn, sql)?;
        assert_eq!(told[..2], [sqlstate, constraint], "{sql}");
        assert!(told.len() > 2, "{sql} has no hint");
        Ok(())
    };
    assert_told(
        "UPDATE weeksmith.plan_item SET quota = 99",
        "WS001",
        "plan_item_quota_locked",
    )?;
    assert_told(
        "DELETE FROM weeksmith.weekly_plan",
        "WS001",
        "weekly_plan_quota_locked",
    )?;
    assert_told(
        "TRUNCATE weeksmith.plan_item",
        "WS001",
        "plan_item_quota_locked",
    )?;
    assert_told(
        "UPDATE weeksmith.plan_item SET weekly_plan_id = gen_random_uuid()",
        "WS002",
        "plan_item_plan_missing",
    )
}
