//! Seed data: a Rust fixture and SQL of one file, idempotent.

use diesel::connection::SimpleConnection;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::store::update;
use reference_models::weeksmith::sample::{self, USER};
use reference_models::weeksmith::{CycleStatus, GoalType, PlanItemChanges, as_user};
use rstest::rstest;

use crate::bench::{count, is_exempt, run, sampled, tables};
use crate::support::{TestResult, connect};

/// Seed 4, subtask: "Provide seed data or fixtures for development/testing." Goals, weekly plans, plan items, chat history and an
/// audit log sample, as the seed's log lists them.
#[rstest]
fn the_sample_is_a_user_in_the_middle_of_a_cycle(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    assert_eq!(sample.cycles.len(), 1);
    assert_eq!(sample.cycles[0].status, CycleStatus::Active);
    let types: Vec<_> = sample.goals.iter().map(|goal| goal.goal_type).collect();
    assert_eq!(types, [GoalType::Professional, GoalType::Personal]);
    let weeks: Vec<_> = sample.weekly_plans.iter().map(|plan| plan.week).collect();
    assert_eq!(weeks, (1..=12).collect::<Vec<_>>());
    assert_eq!(sample.plan_items.len(), sample.tasks.len() * 12);
    assert!(!sample.chat_messages.is_empty());
    assert!(
        sample
            .audit_entries
            .iter()
            .any(|entry| entry.note.is_some())
    );
    // Nothing in any table is left out, or somebody else's.
    for table in tables(&mut conn)? {
        let rows = count(&mut conn, &format!("weeksmith.{table}"))?;
        assert!(rows > 0, "{table}");
        let own = count(
            &mut conn,
            &format!("weeksmith.{table} WHERE user_id = '{USER}'"),
        )?;
        assert_eq!(rows, own, "{table}");
    }
    Ok(())
}

#[rstest]
fn loading_it_twice_is_loading_it_once(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, once) = sampled(&migrated_database)?;
    assert_eq!(sample::load(&mut conn)?, once);
    Ok(())
}

#[rstest]
fn loading_it_again_keeps_what_was_changed_and_brings_back_what_is_gone(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    let [changed, gone] = [&sample.plan_items[0], &sample.plan_items[1]];
    as_user(&mut conn, USER, |conn| -> TestResult {
        let nine = PlanItemChanges {
            done: Some(9),
            ..PlanItemChanges::default()
        };
        update(conn, changed.id, nine)?;
        run(
            conn,
            &format!("DELETE FROM weeksmith.plan_item WHERE id = '{}'", gone.id),
        )?;
        Ok(())
    })?;
    let again = sample::load(&mut conn)?;
    assert_eq!(again.plan_items.len(), sample.plan_items.len());
    assert_eq!(again.plan_items[0].done, 9);
    assert_eq!(again.plan_items[1].quota, gone.quota);
    Ok(())
}

/// As the file's own comment says: with `psql --single-transaction`, and the setting in it.
#[rstest]
fn the_file_says_which_user_to_load_it_as(migrated_database: MigratedDatabase) -> TestResult {
    let told = format!("SET LOCAL app.user_id = '{USER}'");
    assert!(sample::SQL.contains(&told), "the file does not say {told}");
    let Some((mut conn, _)) = crate::bench::bound(&migrated_database)? else {
        return Ok(());
    };
    let before = sample::load(&mut conn)?;
    conn.batch_execute(&told)?;
    conn.batch_execute(sample::SQL)?;
    conn.batch_execute("RESET app.user_id")?;
    assert_eq!(sample::load(&mut conn)?, before);
    Ok(())
}

/// Without row-level security in the way, as a superuser or on Supabase, it needs no setting.
#[rstest]
fn the_file_needs_no_setting_where_policies_do_not_bind(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    if !is_exempt(&mut conn)? {
        eprintln!("skipped: the server's role is bound by row-level security");
        return Ok(());
    }
    conn.batch_execute(sample::SQL)?;
    assert_eq!(count(&mut conn, "weeksmith.weekly_plan")?, 12);
    Ok(())
}
