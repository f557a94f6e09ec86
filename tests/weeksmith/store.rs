//! The store: rows are made, read, listed and changed, statuses move by their rules, and a transaction acts for a user.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text};
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::error::{ConstraintKind, Error};
use reference_models::json::JsonObject;
use reference_models::page::Page;
use reference_models::schema::weeksmith as schema;
use reference_models::store::{
    Changes, Conn, Key, New, Unaudited, create, get, list, set_status, update,
};
use reference_models::weeksmith::sample::USER;
use reference_models::weeksmith::*;
use rstest::rstest;

use crate::bench::{assert_constraint, bound, other, run, sampled};
use crate::support::{TestResult, connect};

fn object() -> JsonObject {
    [("k", 1)].into_iter().collect()
}

/// Creates a row and reads it by its key; changes it, and reads what the change returned.
fn round_trip<N, H>(conn: &mut impl Conn, new: N, changes: H) -> Result<<N::Key as Key>::Row, Error>
where
    N: New<Context = (), Key = H::Key>,
    N::Key: Unaudited,
    <N::Key as Key>::Row: PartialEq + std::fmt::Debug,
    H: Changes<Context = ()>,
{
    let made = create(conn, new)?;
    let key = N::Key::of(&made);
    assert_eq!(get(conn, key)?, made);
    let changed = update(conn, key, changes)?;
    assert_ne!(changed, made);
    assert_eq!(get(conn, key)?, changed);
    Ok(changed)
}

/// Every column is written and read, and changed where it can be, as a role that policies bind.
#[rstest]
fn rows_are_created_read_and_changed(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, _)) = bound(&migrated_database)? else {
        return Ok(());
    };
    as_user(&mut conn, UserId::generate(), |conn| -> TestResult {
        let text = |text: &str| Some(text.to_owned());
        let texts = |text: &str| Some(Texts(vec![text.to_owned()]));
        let vision = NewVision {
            pillars: texts("craft"),
            ..NewVision::new("A vision", "All of it")
        };
        let vision = round_trip(
            conn,
            vision,
            VisionChanges {
                title: text("Another"),
                statement: text("More of it"),
                pillars: texts("health"),
            },
        )?;
        assert_eq!(vision.pillars, Texts(vec!["health".to_owned()]));

        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).ok_or("no such day");
        let cycle = NewCycle {
            locks_enforced: Some(false),
            review: Some(object()),
            ..NewCycle::new(vision.id, "A cycle", day(1, 5)?)
        };
        let cycle = round_trip(
            conn,
            cycle,
            CycleChanges {
                title: text("Another"),
                starts_on: Some(day(4, 6)?),
                locks_enforced: Some(true),
                ..CycleChanges::default()
            },
        )?;
        // Twelve weeks of seven days.
        assert_eq!(cycle.ends_on, day(6, 28)?);
        assert_eq!((cycle.ends_on - cycle.starts_on).num_days() + 1, 12 * 7);
        assert_eq!(
            (cycle.status, cycle.review),
            (CycleStatus::Planned, object())
        );

        let measure = Measure {
            more: object().0,
            ..Measure::new("orders", 3)
        };
        let goal = NewGoal {
            description: text("In full"),
            ..NewGoal::new(cycle.id, GoalType::Personal, "A goal", measure.clone())
        };
        let goal = round_trip(
            conn,
            goal,
            GoalChanges {
                title: text("Another"),
                ..GoalChanges::default()
            },
        )?;
        assert_eq!((goal.measure, goal.status), (measure, GoalStatus::Open));
        assert_eq!(goal.description, "In full");

        let task = NewTask {
            unit: text("hours"),
            steps: texts("sit down"),
            ..NewTask::new(cycle.id, goal.id, "A task")
        };
        let task = round_trip(
            conn,
            task,
            TaskChanges {
                steps: texts("stand up"),
                ..TaskChanges::default()
            },
        )?;
        assert_eq!(
            (task.unit.as_str(), task.status),
            ("hours", TaskStatus::Open)
        );

        let plan = NewWeeklyPlan {
            focus: text("Build"),
            reflection: Some(object()),
            ..NewWeeklyPlan::new(cycle.id, 6)
        };
        let plan = round_trip(
            conn,
            plan,
            WeeklyPlanChanges {
                week: Some(5),
                ..WeeklyPlanChanges::default()
            },
        )?;
        assert_eq!(
            (plan.week, plan.is_lock_week, plan.reflection),
            (5, false, object())
        );

        let item = NewPlanItem {
            done: Some(1),
            evidence: texts("a photograph"),
            ..NewPlanItem::new(cycle.id, plan.id, task.id, 4)
        };
        let item = round_trip(
            conn,
            item,
            PlanItemChanges {
                quota: Some(3),
                ..PlanItemChanges::default()
            },
        )?;
        assert_eq!((item.quota, item.done), (3, 1));

        let session = NewChatSession {
            cycle_id: Some(cycle.id),
            context: Some(object()),
            ..NewChatSession::new("A conversation")
        };
        let session = round_trip(
            conn,
            session,
            ChatSessionChanges {
                title: text("Another"),
                ..ChatSessionChanges::default()
            },
        )?;
        assert_eq!(
            (session.cycle_id, session.context),
            (Some(cycle.id), object())
        );

        let message = NewChatMessage::new(session.id, ChatRole::Tool, "42");
        let message = round_trip(
            conn,
            message,
            ChatMessageChanges {
                meta: Some(object()),
            },
        )?;
        assert_eq!((message.role, message.meta), (ChatRole::Tool, object()));
        Ok(())
    })
}

/// A document of another shape, which only a database without the checks can hold, is an error and not a panic.
#[rstest]
fn documents_of_another_shape_are_errors(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let document = |text: &str| diesel::dsl::sql::<Jsonb>(&format!("SELECT '{text}'::jsonb"));
    let texts: Texts = document(r#"["a", "b"]"#).get_result(&mut conn)?;
    assert_eq!(texts, Texts(vec!["a".to_owned(), "b".to_owned()]));
    for other in ["{}", "[1]", "null"] {
        let read: QueryResult<Texts> = document(other).get_result(&mut conn);
        assert!(read.is_err(), "{read:?}");
    }
    let measure: Measure = document(r#"{"metric": "m", "target": 1.5}"#).get_result(&mut conn)?;
    assert_eq!(measure.target.as_f64(), Some(1.5));
    for other in ["[]", "{}", r#"{"metric": "m", "target": "1"}"#] {
        let read: QueryResult<Measure> = document(other).get_result(&mut conn);
        assert!(read.is_err(), "{read:?}");
    }
    Ok(())
}

/// Lists go page by page in the order of the keys, and a filter leaves out what it does not name.
#[rstest]
fn lists_are_filtered_and_paged(migrated_database: MigratedDatabase) -> TestResult {
    let Some((mut conn, sample)) = bound(&migrated_database)? else {
        return Ok(());
    };
    as_user(&mut conn, USER, |conn| -> TestResult {
        let mut page = Some(Page::first(5));
        let mut items = Vec::new();
        while let Some(wanted) = page {
            let listed = list(conn, &PlanItemFilter::default(), wanted)?;
            assert!(listed.rows.len() <= 5);
            items.extend(listed.rows);
            page = listed.next;
        }
        assert_eq!(items, sample.plan_items);

        let locked = WeeklyPlanFilter {
            is_lock_week: Some(true),
            cycle_id: Some(sample.cycles[0].id),
            ..WeeklyPlanFilter::default()
        };
        let weeks: Vec<_> = list(conn, &locked, Page::first(99))?
            .rows
            .iter()
            .map(|plan| plan.week)
            .collect();
        assert_eq!(weeks, [7, 8, 9, 10, 11, 12]);
        Ok(())
    })
}

/// The joins that Diesel CLI does not print, because the keys name the owner too.
#[rstest]
fn children_join_their_parents(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    let quotas: Vec<(i16, String, i16)> = schema::plan_item::table
        .inner_join(schema::weekly_plan::table)
        .inner_join(schema::task::table.inner_join(schema::goal::table))
        .filter(schema::goal::goal_type.eq(GoalType::Personal))
        .order(schema::weekly_plan::week)
        .select((
            schema::weekly_plan::week,
            schema::task::title,
            schema::plan_item::quota,
        ))
        .load(&mut conn)?;
    assert_eq!(quotas.len(), 12);
    assert_eq!(quotas[6], (7, "Run".to_owned(), 3));
    let cycles: Vec<(Cycle, Vision)> = schema::cycle::table
        .inner_join(schema::vision::table)
        .select((Cycle::as_select(), Vision::as_select()))
        .load(&mut conn)?;
    assert_eq!(
        cycles,
        [(sample.cycles[0].clone(), sample.visions[0].clone())]
    );
    let goals = Goal::belonging_to(&sample.cycles[0])
        .select(Goal::as_select())
        .load(&mut conn)?;
    assert_eq!(goals.len(), sample.goals.len());
    let messages: i64 = schema::chat_message::table
        .inner_join(schema::chat_session::table.inner_join(schema::cycle::table))
        .count()
        .get_result(&mut conn)?;
    assert_eq!(messages, 2);
    Ok(())
}

#[rstest]
fn statuses_move_by_their_rules(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, sample) = sampled(&migrated_database)?;
    as_user(&mut conn, USER, |conn| -> TestResult {
        let task = sample.tasks[0].id;
        assert_eq!(
            set_status(conn, task, TaskStatus::Done)?.status,
            TaskStatus::Done
        );
        assert!(matches!(
            set_status(conn, task, TaskStatus::Dropped),
            Err(Error::Transition { .. })
        ));
        assert_eq!(
            set_status(conn, task, TaskStatus::Open)?.status,
            TaskStatus::Open
        );
        let goal = sample.goals[0].id;
        set_status(conn, goal, GoalStatus::Achieved)?;
        let again = set_status(conn, goal, GoalStatus::Open);
        assert!(matches!(again, Err(Error::Transition { .. })), "{again:?}");

        // One cycle after the other.
        let now = &sample.cycles[0];
        let starts_on = now.ends_on.succ_opt().ok_or("the end of time")?;
        let next = create(conn, NewCycle::new(sample.visions[0].id, "Next", starts_on))?;
        let early = as_user(conn, USER, |conn| {
            set_status(conn, next.id, CycleStatus::Active)
        });
        assert_constraint(early, ConstraintKind::Unique, "cycle_one_active_key");
        set_status(conn, now.id, CycleStatus::Completed)?;
        set_status(conn, next.id, CycleStatus::Active)?;
        let back = set_status(conn, now.id, CycleStatus::Active);
        assert!(matches!(back, Err(Error::Transition { .. })), "{back:?}");
        Ok(())
    })
}

/// `updated_at` is the database's to set, whatever a statement says.
#[rstest]
fn a_change_touches_updated_at(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    for table in crate::bench::tables(&mut conn)? {
        if table == "audit_log" {
            continue;
        }
        let touched = run(
            &mut conn,
            &format!("UPDATE weeksmith.{table} SET updated_at = '2000-01-01'"),
        )?;
        assert!(touched > 0, "{table}");
        let stale = crate::bench::count(
            &mut conn,
            &format!("weeksmith.{table} WHERE updated_at <> now()"),
        )?;
        assert_eq!(stale, 0, "{table}");
    }
    Ok(())
}

/// A vision that cycles lead to stays.
#[rstest]
fn a_vision_stays_while_a_cycle_needs_it(migrated_database: MigratedDatabase) -> TestResult {
    let (mut conn, _) = sampled(&migrated_database)?;
    let deleted = run(&mut conn, "DELETE FROM weeksmith.vision");
    assert_constraint(deleted, ConstraintKind::ForeignKey, "cycle_vision_fkey");
    Ok(())
}

fn setting(conn: &mut PgConnection, name: &str) -> QueryResult<Option<String>> {
    let value: Option<String> = diesel::dsl::sql::<Nullable<Text>>(&format!(
        "SELECT nullif(current_setting('{name}', true), '')"
    ))
    .get_result(conn)?;
    Ok(value)
}

/// A connection that goes back to a pool acts for nobody: after success, after an error, and where the caller's own
/// transaction goes on.
#[rstest]
fn acting_for_a_user_ends_with_the_work(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = PgConnection::establish(migrated_database.url())?;
    let conn = &mut conn;
    let user = |conn: &mut PgConnection| setting(conn, "app.user_id");
    let agent = |conn: &mut PgConnection| setting(conn, "app.agent");
    let (one, two) = (USER.to_string(), other().to_string());

    let acted = as_user(conn, USER, user)?;
    assert_eq!(acted, Some(one.clone()));
    assert_eq!(user(conn)?, None);

    let failed: QueryResult<()> = as_user(conn, USER, |_| Err(diesel::result::Error::NotFound));
    assert!(failed.is_err());
    assert_eq!(user(conn)?, None);

    conn.transaction(|conn| -> TestResult {
        let coach = Acting::user(USER).by_agent("coach");
        coach.run(conn, |conn| -> TestResult {
            assert_eq!(agent(conn)?, Some("coach".to_owned()));
            // The one in the middle acts for somebody else, and as nobody's agent.
            as_user(conn, other(), |conn| -> TestResult {
                assert_eq!(user(conn)?, Some(two));
                assert_eq!(agent(conn)?, None);
                Ok(())
            })?;
            let failed: QueryResult<()> =
                as_user(conn, other(), |_| Err(diesel::result::Error::NotFound));
            assert!(failed.is_err());
            assert_eq!(user(conn)?, Some(one));
            assert_eq!(agent(conn)?, Some("coach".to_owned()));
            Ok(())
        })?;
        assert_eq!(user(conn)?, None);
        assert_eq!(agent(conn)?, None);
        Ok(())
    })
}

/// What failed has left nothing.
#[rstest]
fn work_that_fails_leaves_nothing(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    let failed: Result<(), Error> = as_user(&mut conn, USER, |conn| {
        create(conn, NewVision::new("A vision", "All of it"))?;
        Err(diesel::result::Error::NotFound.into())
    });
    assert!(failed.is_err());
    assert_eq!(crate::bench::count(&mut conn, "weeksmith.vision")?, 0);
    assert_eq!(crate::bench::count(&mut conn, "weeksmith.audit_log")?, 0);
    Ok(())
}
