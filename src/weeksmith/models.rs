//! The rows of PostgreSQL schema `weeksmith`: what users want, what they plan for it week by week, and what was said and
//! changed on the way.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::documents::{Measure, Texts};
use super::enums::*;
use crate::id::ids;
use crate::json::JsonObject;
use crate::schema::weeksmith::{
    audit_log, chat_message, chat_session, cycle, goal, plan_item, task, vision, weekly_plan,
};

ids! {
    /// A user, as the system that authenticates them knows them; there is no table of users here.
    UserId
    /// Key of a vision.
    VisionId
    /// Key of a cycle.
    CycleId
    /// Key of a goal.
    GoalId
    /// Key of a task.
    TaskId
    /// Key of a weekly plan.
    WeeklyPlanId
    /// Key of a plan item.
    PlanItemId
    /// Key of an entry of the audit log.
    AuditEntryId
    /// Key of a conversation.
    ChatSessionId
    /// Key of a message.
    ChatMessageId
}

/// Where users want to be in some years; what their cycles lead to.
///
/// One row of `weeksmith.vision` (seed 4).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = vision, check_for_backend(diesel::pg::Pg))]
pub struct Vision {
    /// Primary key: a UUID v7 that the application makes.
    pub id: VisionId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// The vision in one line.
    pub title: String,
    /// The vision in full, as Markdown.
    pub statement: String,
    /// JSON array of strings: what it rests on.
    pub pillars: Texts,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// Twelve weeks that users plan as one; at most one a user is active.
///
/// One row of `weeksmith.cycle` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = cycle, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Vision, foreign_key = vision_id))]
pub struct Cycle {
    /// Primary key: a UUID v7 that the application makes.
    pub id: CycleId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Vision that the cycle leads to; cannot be deleted while a cycle needs it.
    pub vision_id: VisionId,
    /// Name for people.
    pub title: String,
    /// Where it stands.
    pub status: CycleStatus,
    /// First day of week 1.
    pub starts_on: NaiveDate,
    /// Last day of week 12, 83 days after the first; the database computes it.
    pub ends_on: NaiveDate,
    /// Whether the quotas of weeks 7 to 12 are locked once they are planned.
    pub locks_enforced: bool,
    /// JSON object: what was learnt, written when the cycle ends.
    pub review: JsonObject,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// What users want to have reached when a cycle ends: one goal of each type.
///
/// One row of `weeksmith.goal` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = goal, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Cycle, foreign_key = cycle_id))]
pub struct Goal {
    /// Primary key: a UUID v7 that the application makes.
    pub id: GoalId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Cycle that the goal is for; the goal goes with it.
    pub cycle_id: CycleId,
    /// Which of the two goals of its cycle it is.
    pub goal_type: GoalType,
    /// Where it stands.
    pub status: GoalStatus,
    /// The goal in one line.
    pub title: String,
    /// The goal in full, as Markdown.
    pub description: String,
    /// JSON object that says when it is reached: metric (string) and target (number), and what else is to be said.
    pub measure: Measure,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// What users do, week by week, to reach a goal.
///
/// One row of `weeksmith.task` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = task, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Goal, foreign_key = goal_id))]
pub struct Task {
    /// Primary key: a UUID v7 that the application makes.
    pub id: TaskId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Cycle of its goal.
    pub cycle_id: CycleId,
    /// Goal that the task is for; the task goes with it.
    pub goal_id: GoalId,
    /// Where it stands.
    pub status: TaskStatus,
    /// What is done, in one line.
    pub title: String,
    /// What quotas of it are counted in.
    pub unit: String,
    /// JSON array of strings: how it is done.
    pub steps: Texts,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// What is meant to be done in one week of a cycle.
///
/// One row of `weeksmith.weekly_plan` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = weekly_plan, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Cycle, foreign_key = cycle_id))]
pub struct WeeklyPlan {
    /// Primary key: a UUID v7 that the application makes.
    pub id: WeeklyPlanId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Cycle that the week is of; the plan goes with it.
    pub cycle_id: CycleId,
    /// Number of the week in its cycle, from 1 to 12.
    pub week: i16,
    /// Whether it is one of weeks 7 to 12, whose quotas are locked where the cycle enforces it; the database computes it.
    pub is_lock_week: bool,
    /// What the week is about, in one line.
    pub focus: String,
    /// JSON object: how the week went, written when it ends.
    pub reflection: JsonObject,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// How often a task is to be done in a week, and how often it was.
///
/// One row of `weeksmith.plan_item` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = plan_item, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(WeeklyPlan, foreign_key = weekly_plan_id))]
#[diesel(belongs_to(Task, foreign_key = task_id))]
pub struct PlanItem {
    /// Primary key: a UUID v7 that the application makes.
    pub id: PlanItemId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Cycle of both its plan and its task.
    pub cycle_id: CycleId,
    /// Plan that the item is part of; the item goes with it.
    pub weekly_plan_id: WeeklyPlanId,
    /// Task that is to be done; the item goes with it.
    pub task_id: TaskId,
    /// How often it is to be done, in the unit of its task; 1 at least.
    pub quota: i16,
    /// How often it was done; may be more than the quota.
    pub done: i16,
    /// JSON array of strings: what shows that it was done.
    pub evidence: Texts,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// Who changed what, and what it looked like before and after. Append-only: a trigger refuses everything but INSERT.
///
/// One row of `weeksmith.audit_log` (seed 4).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg))]
pub struct AuditEntry {
    /// Primary key: a UUID v7 that the trigger or the application makes.
    pub id: AuditEntryId,
    /// User that the changed row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// When it was done: the time of the transaction.
    pub ts: DateTime<Utc>,
    /// What sort of actor did it.
    pub actor_kind: ActorKind,
    /// Which one: the id of a user, the name of an agent, a role of the database.
    pub actor_id: String,
    /// What was done.
    pub action: AuditAction,
    /// Which table the entity lives in.
    pub entity_table: AuditEntity,
    /// Its primary key. No foreign key: the entry outlives the entity.
    pub entity_id: Uuid,
    /// The entity before, as a JSON object; null where it was created.
    pub before: Option<JsonObject>,
    /// The entity after, as a JSON object; null where it was deleted.
    pub after: Option<JsonObject>,
    /// Why, in the words of the actor; null where nothing was said.
    pub note: Option<String>,
}

/// Conversations of users with the assistant.
///
/// One row of `weeksmith.chat_session` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = chat_session, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Cycle, foreign_key = cycle_id))]
pub struct ChatSession {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ChatSessionId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Cycle that it is about, and goes with; null where it is about none.
    pub cycle_id: Option<CycleId>,
    /// Name for people.
    pub title: String,
    /// JSON object that the assistant was given to begin with.
    pub context: JsonObject,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}

/// What was said in a conversation; in the order of the keys.
///
/// One row of `weeksmith.chat_message` (seed 4).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = chat_message, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(ChatSession, foreign_key = chat_session_id))]
pub struct ChatMessage {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ChatMessageId,
    /// User that the row belongs to; the current one where none is given.
    pub user_id: UserId,
    /// Conversation that it is part of; the message goes with it.
    pub chat_session_id: ChatSessionId,
    /// Who said it.
    pub role: ChatRole,
    /// What was said, as Markdown.
    pub content: String,
    /// JSON object for facts that no column has yet, such as the model that answered; nothing in the system may depend on
    /// its keys.
    pub meta: JsonObject,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; a trigger sets it.
    pub updated_at: DateTime<Utc>,
}
