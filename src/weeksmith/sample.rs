//! A user in the middle of a cycle, for development and tests: `seeds/weeksmith.sql`, which is the only place that says
//! what there is, as typed rows.

use diesel::prelude::*;
use uuid::uuid;

use super::acting::as_user;
use super::models::*;
use crate::error::Error;
use crate::schema::weeksmith::{
    audit_log, chat_message, chat_session, cycle, goal, plan_item, task, vision, weekly_plan,
};
use crate::store::Conn;

/// The file.
pub const SQL: &str = include_str!("../../seeds/weeksmith.sql");

/// The user whom all of it belongs to.
pub const USER: UserId = UserId(uuid!("019b8b74-1800-7000-8000-000000000001"));

/// All rows of the user, each list in the order of the keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Where the user wants to be.
    pub visions: Vec<Vision>,
    /// The cycle that the user is in.
    pub cycles: Vec<Cycle>,
    /// One goal of each type.
    pub goals: Vec<Goal>,
    /// What is done for them.
    pub tasks: Vec<Task>,
    /// Twelve weeks.
    pub weekly_plans: Vec<WeeklyPlan>,
    /// Every task in every week.
    pub plan_items: Vec<PlanItem>,
    /// One conversation.
    pub chat_sessions: Vec<ChatSession>,
    /// What was said in it.
    pub chat_messages: Vec<ChatMessage>,
    /// An entry of an agent, and what the trigger wrote.
    pub audit_entries: Vec<AuditEntry>,
}

/// Adds what is missing of the sample, as [`USER`], and reads all rows of that user. What was changed or added since stays so.
///
/// # Errors
/// [`Error::Constraint`] where other rows of the user are in the way, such as another active cycle; [`Error::Database`]
/// where PostgreSQL cannot be asked.
pub fn load(conn: &mut impl Conn) -> Result<Sample, Error> {
    as_user(conn, USER, |conn| {
        conn.batch_execute(SQL)?;
        read(conn)
    })
}

/// Reads the rows of [`USER`], in the order of their keys.
macro_rules! rows {
    ($conn:ident, $($table:ident as $row:ty),+ $(,)?) => {
        ($($table::table
            .filter($table::user_id.eq(USER))
            .order($table::id)
            .select(<$row>::as_select())
            .load($conn)?,)+)
    };
}

fn read(conn: &mut impl Conn) -> Result<Sample, Error> {
    let (visions, cycles, goals, tasks, weekly_plans, plan_items) = rows!(
        conn,
        vision as Vision,
        cycle as Cycle,
        goal as Goal,
        task as Task,
        weekly_plan as WeeklyPlan,
        plan_item as PlanItem,
    );
    let (chat_sessions, chat_messages, audit_entries) = rows!(
        conn,
        chat_session as ChatSession,
        chat_message as ChatMessage,
        audit_log as AuditEntry,
    );
    Ok(Sample {
        visions,
        cycles,
        goals,
        tasks,
        weekly_plans,
        plan_items,
        chat_sessions,
        chat_messages,
        audit_entries,
    })
}
