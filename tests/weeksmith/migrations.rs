//! What the migrations make on a clean database.

use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::error::ConstraintKind;
use rstest::rstest;

use crate::bench::{assert_constraint, assert_lines, run, sampled, tables, texts};
use crate::support::{TestResult, connect};

/// Seed 4, test case: "Apply migrations on a clean database and verify table creation with expected constraints."
#[rstest]
fn apply_migrations_on_a_clean_database_and_verify_table_creation_with_expected_constraints(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    assert_lines(
        &tables(&mut conn)?,
        "audit_log
         chat_message
         chat_session
         cycle
         goal
         plan_item
         task
         vision
         weekly_plan",
    )?;
    let constraints = texts(
        &mut conn,
        "SELECT format('%s %s %s', c.relname, k.contype, k.conname)
         FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
         WHERE k.connamespace = 'weeksmith'::regnamespace AND k.contype IN ('p', 'u', 'f', 'c')
         ORDER BY c.relname, k.contype, k.conname",
    )?;
    assert_lines(
        &constraints,
        "audit_log c audit_log_action_check
         audit_log c audit_log_actor_id_check
         audit_log c audit_log_after_check
         audit_log c audit_log_before_check
         audit_log p audit_log_pkey
         chat_message c chat_message_meta_check
         chat_message f chat_message_chat_session_fkey
         chat_message p chat_message_pkey
         chat_session c chat_session_context_check
         chat_session c chat_session_title_check
         chat_session f chat_session_cycle_fkey
         chat_session p chat_session_pkey
         chat_session u chat_session_id_user_id_key
         cycle c cycle_review_check
         cycle c cycle_title_check
         cycle f cycle_vision_fkey
         cycle p cycle_pkey
         cycle u cycle_id_user_id_key
         goal c goal_measure_check
         goal c goal_title_check
         goal f goal_cycle_fkey
         goal p goal_pkey
         goal u goal_cycle_id_goal_type_key
         goal u goal_id_cycle_id_user_id_key
         plan_item c plan_item_done_check
         plan_item c plan_item_evidence_check
         plan_item c plan_item_quota_check
         plan_item f plan_item_task_fkey
         plan_item f plan_item_weekly_plan_fkey
         plan_item p plan_item_pkey
         plan_item u plan_item_weekly_plan_id_task_id_key
         task c task_steps_check
         task c task_title_check
         task c task_unit_check
         task f task_goal_fkey
         task p task_pkey
         task u task_id_cycle_id_user_id_key
         vision c vision_pillars_check
         vision c vision_title_check
         vision p vision_pkey
         vision u vision_id_user_id_key
         weekly_plan c weekly_plan_reflection_check
         weekly_plan c weekly_plan_week_check
         weekly_plan f weekly_plan_cycle_fkey
         weekly_plan p weekly_plan_pkey
         weekly_plan u weekly_plan_cycle_id_week_key
         weekly_plan u weekly_plan_id_cycle_id_user_id_key",
    )
}

/// Seed 4, subtask: "foreign keys". Each has an index that begins with its columns, so that a cascade reads no table
/// from end to end.
#[rstest]
fn every_foreign_key_has_an_index(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let without = texts(
        &mut conn,
        "SELECT k.conname::text FROM pg_constraint AS k
         WHERE k.connamespace = 'weeksmith'::regnamespace AND k.contype = 'f' AND NOT EXISTS (
             SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND i.indpred IS NULL AND i.indkey[0] = k.conkey[1]
         )",
    )?;
    assert_lines(&without, "")
}

/// Every comment that a reader of the catalog, of `schema.rs` or of generated documents is owed.
#[rstest]
fn everything_has_a_comment(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let without = texts(
        &mut conn,
        "SELECT c.relname || coalesce('.' || a.attname, '') FROM pg_class AS c
         LEFT JOIN LATERAL (
             SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0
             UNION ALL SELECT NULL, 0
         ) AS a ON true
         WHERE c.relnamespace = 'weeksmith'::regnamespace AND c.relkind IN ('r', 'p')
             AND (CASE WHEN a.attnum = 0 THEN obj_description(c.oid, 'pg_class') ELSE col_description(c.oid, a.attnum) END) IS NULL
         UNION ALL
         SELECT typname FROM pg_type
         WHERE typnamespace = 'weeksmith'::regnamespace AND typtype = 'e' AND obj_description(oid, 'pg_type') IS NULL
         UNION ALL
         SELECT proname FROM pg_proc
         WHERE pronamespace = 'weeksmith'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
         UNION ALL
         SELECT nspname FROM pg_namespace WHERE nspname = 'weeksmith' AND obj_description(oid, 'pg_namespace') IS NULL",
    )?;
    assert_lines(&without, "")
}

/// No function can be led astray by a `search_path`, and none has more rights than its caller.
#[rstest]
fn functions_are_pinned_and_have_the_rights_of_their_caller(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let functions = texts(
        &mut conn,
        "SELECT format('%s %s %s', proname, proconfig::text, prosecdef) FROM pg_proc
         WHERE pronamespace = 'weeksmith'::regnamespace ORDER BY proname",
    )?;
    assert!(!functions.is_empty());
    for function in functions {
        assert!(
            function.ends_with(r#" {"search_path=\"\""} f"#),
            "{function}"
        );
    }
    Ok(())
}

/// Seed 4, test case: "Attempt to insert duplicate goals for same cycle/type and confirm failure."
#[rstest]
fn duplicate_goals_for_same_cycle_and_type_fail(migrated_database: MigratedDatabase) -> TestResult {
    use reference_models::store::create;
    use reference_models::weeksmith::sample::USER;
    use reference_models::weeksmith::{GoalType, Measure, NewCycle, NewGoal, as_user};

    let (mut conn, sample) = sampled(&migrated_database)?;
    let goal = |cycle, goal_type| NewGoal::new(cycle, goal_type, "Another", Measure::new("n", 1));
    as_user(&mut conn, USER, |conn| -> TestResult {
        // The sample's cycle has both.
        for goal_type in [GoalType::Professional, GoalType::Personal] {
            let another = as_user(conn, USER, |conn| {
                create(conn, goal(sample.cycles[0].id, goal_type))
            });
            assert_constraint(
                another,
                ConstraintKind::Unique,
                "goal_cycle_id_goal_type_key",
            );
        }
        let next = NewCycle::new(
            sample.visions[0].id,
            "Next",
            sample.cycles[0].ends_on.succ_opt().unwrap(),
        );
        let next = create(conn, next)?;
        create(conn, goal(next.id, GoalType::Professional))?;
        create(conn, goal(next.id, GoalType::Personal))?;
        Ok(())
    })
}

/// Seed 4, subtask: "JSONB checks". Every `jsonb` column refuses a document of another shape.
#[rstest]
fn jsonb_columns_refuse_documents_of_another_shape(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let columns = texts(
        &mut conn,
        "SELECT format('%s.%s', table_name, column_name) FROM information_schema.columns
         WHERE table_schema = 'weeksmith' AND data_type = 'jsonb' AND table_name <> 'audit_log' ORDER BY 1",
    )?;
    // `audit_log` is never updated; its documents are tested with it.
    let texts_only: &[&str] = &["null", "{}", "1", "[1]", r#"["a", ["b"]]"#, "[null]"];
    let objects_only: &[&str] = &["null", "[]", r#""text""#, "1"];
    let measures_only: &[&str] = &[
        "null",
        "[]",
        "{}",
        r#"{"metric": "m"}"#,
        r#"{"target": 1}"#,
        r#"{"metric": 1, "target": 1}"#,
        r#"{"metric": "m", "target": "1"}"#,
        r#"{"metric": "m", "target": null}"#,
    ];
    for column in &columns {
        let (table, name) = column.split_once('.').unwrap();
        let refused = match name {
            "pillars" | "steps" | "evidence" => texts_only,
            "measure" => measures_only,
            "context" | "meta" | "reflection" | "review" => objects_only,
            other => panic!("{other} has no test: say here what it refuses"),
        };
        for document in refused {
            let result = run(
                &mut conn,
                &format!("UPDATE weeksmith.{table} SET {name} = '{document}'"),
            );
            assert_constraint(
                result,
                ConstraintKind::Check,
                &format!("{table}_{name}_check"),
            );
        }
    }
    Ok(())
}

/// Seed 4, subtask: "Encode constraints". What else the tables refuse.
#[rstest]
#[case::week_0(
    "UPDATE weeksmith.weekly_plan SET week = 0 WHERE week = 1",
    "weekly_plan_week_check"
)]
#[case::week_13(
    "INSERT INTO weeksmith.weekly_plan (id, user_id, cycle_id, week) SELECT gen_random_uuid(), \
     user_id, id, 13 FROM weeksmith.cycle",
    "weekly_plan_week_check"
)]
#[case::no_quota(
    "INSERT INTO weeksmith.plan_item (id, user_id, cycle_id, weekly_plan_id, task_id, quota) \
     SELECT gen_random_uuid(), user_id, cycle_id, weekly_plan_id, task_id, 0 FROM \
     weeksmith.plan_item LIMIT 1",
    "plan_item_quota_check"
)]
#[case::done_less_than_nothing("UPDATE weeksmith.plan_item SET done = -1", "plan_item_done_check")]
#[case::untitled_vision("UPDATE weeksmith.vision SET title = ''", "vision_title_check")]
#[case::untitled_cycle("UPDATE weeksmith.cycle SET title = ''", "cycle_title_check")]
#[case::untitled_goal("UPDATE weeksmith.goal SET title = ''", "goal_title_check")]
#[case::untitled_task("UPDATE weeksmith.task SET title = ''", "task_title_check")]
#[case::no_unit("UPDATE weeksmith.task SET unit = ''", "task_unit_check")]
#[case::untitled_conversation(
    "UPDATE weeksmith.chat_session SET title = ''",
    "chat_session_title_check"
)]
fn values_that_mean_nothing_are_refused(
    migrated_database: MigratedDatabase,
    #[case] sql: &str,
    #[case] constraint: &str,
) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    assert_constraint(run(&mut conn, sql), ConstraintKind::Check, constraint);
    Ok(())
}

/// Seed 4, subtask: "unique constraints". A week has one plan, a plan one item a task, a user one active cycle.
#[rstest]
#[case::two_plans_of_a_week(
    "INSERT INTO weeksmith.weekly_plan (id, user_id, cycle_id, week) SELECT gen_random_uuid(), \
     user_id, cycle_id, week FROM weeksmith.weekly_plan LIMIT 1",
    "weekly_plan_cycle_id_week_key"
)]
#[case::two_items_of_a_task(
    "INSERT INTO weeksmith.plan_item (id, user_id, cycle_id, weekly_plan_id, task_id, quota) \
     SELECT gen_random_uuid(), user_id, cycle_id, weekly_plan_id, task_id, 1 FROM \
     weeksmith.plan_item LIMIT 1",
    "plan_item_weekly_plan_id_task_id_key"
)]
#[case::two_active_cycles(
    "INSERT INTO weeksmith.cycle (id, user_id, vision_id, title, status, starts_on) SELECT \
     gen_random_uuid(), user_id, vision_id, 'Another', 'active', starts_on FROM weeksmith.cycle",
    "cycle_one_active_key"
)]
fn what_there_is_once_is_refused_twice(
    migrated_database: MigratedDatabase,
    #[case] sql: &str,
    #[case] constraint: &str,
) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    assert_constraint(run(&mut conn, sql), ConstraintKind::Unique, constraint);
    Ok(())
}
