//! What rows of PostgreSQL schema `weeksmith` are made and changed with. Keys, owners, statuses and times are not told: the
//! store and the database set them. In an input `None` is the column's default; in changes it leaves the column as it is.

use chrono::NaiveDate;
use derive_new::new;
use diesel::prelude::*;
use uuid::Uuid;

use super::documents::{Measure, Texts};
use super::enums::*;
use super::models::*;
use crate::json::JsonObject;
use crate::schema::weeksmith::{
    audit_log, chat_message, chat_session, cycle, goal, plan_item, task, vision, weekly_plan,
};

/// A vision.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = vision)]
pub struct NewVision {
    /// The vision in one line.
    #[new(into)]
    pub title: String,
    /// The vision in full, as Markdown.
    #[new(into)]
    pub statement: String,
    /// JSON array of strings: what it rests on.
    #[new(default)]
    pub pillars: Option<Texts>,
}

/// What can change in a [`Vision`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = vision)]
pub struct VisionChanges {
    /// The vision in one line.
    pub title: Option<String>,
    /// The vision in full, as Markdown.
    pub statement: Option<String>,
    /// JSON array of strings: what it rests on.
    pub pillars: Option<Texts>,
}

/// Twelve weeks; begins as [`CycleStatus::Planned`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = cycle)]
pub struct NewCycle {
    /// Vision that the cycle leads to; cannot be deleted while a cycle needs it.
    pub vision_id: VisionId,
    /// Name for people.
    #[new(into)]
    pub title: String,
    /// First day of week 1.
    pub starts_on: NaiveDate,
    /// Whether the quotas of weeks 7 to 12 are locked once they are planned.
    #[new(default)]
    pub locks_enforced: Option<bool>,
    /// JSON object: what was learnt, written when the cycle ends.
    #[new(default)]
    pub review: Option<JsonObject>,
}

/// What can change in a [`Cycle`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = cycle)]
pub struct CycleChanges {
    /// Vision that the cycle leads to; cannot be deleted while a cycle needs it.
    pub vision_id: Option<VisionId>,
    /// Name for people.
    pub title: Option<String>,
    /// First day of week 1.
    pub starts_on: Option<NaiveDate>,
    /// Whether the quotas of weeks 7 to 12 are locked once they are planned.
    pub locks_enforced: Option<bool>,
    /// JSON object: what was learnt, written when the cycle ends.
    pub review: Option<JsonObject>,
}

/// A goal of a cycle; begins as [`GoalStatus::Open`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = goal)]
pub struct NewGoal {
    /// Cycle that the goal is for; the goal goes with it.
    pub cycle_id: CycleId,
    /// Which of the two goals of its cycle it is.
    pub goal_type: GoalType,
    /// The goal in one line.
    #[new(into)]
    pub title: String,
    /// JSON object that says when it is reached: metric (string) and target (number), and what else is to be said.
    pub measure: Measure,
    /// The goal in full, as Markdown.
    #[new(default)]
    pub description: Option<String>,
}

/// What can change in a [`Goal`]; not its type, because the other goal has the other one.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = goal)]
pub struct GoalChanges {
    /// The goal in one line.
    pub title: Option<String>,
    /// The goal in full, as Markdown.
    pub description: Option<String>,
    /// JSON object that says when it is reached: metric (string) and target (number), and what else is to be said.
    pub measure: Option<Measure>,
}

/// A task for a goal; begins as [`TaskStatus::Open`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = task)]
pub struct NewTask {
    /// Cycle of its goal.
    pub cycle_id: CycleId,
    /// Goal that the task is for; the task goes with it.
    pub goal_id: GoalId,
    /// What is done, in one line.
    #[new(into)]
    pub title: String,
    /// What quotas of it are counted in.
    #[new(default)]
    pub unit: Option<String>,
    /// JSON array of strings: how it is done.
    #[new(default)]
    pub steps: Option<Texts>,
}

/// What can change in a [`Task`]; its goal may become the other one of its cycle.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = task)]
pub struct TaskChanges {
    /// Goal that the task is for; the task goes with it.
    pub goal_id: Option<GoalId>,
    /// What is done, in one line.
    pub title: Option<String>,
    /// What quotas of it are counted in.
    pub unit: Option<String>,
    /// JSON array of strings: how it is done.
    pub steps: Option<Texts>,
}

/// The plan of one week.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = weekly_plan)]
pub struct NewWeeklyPlan {
    /// Cycle that the week is of; the plan goes with it.
    pub cycle_id: CycleId,
    /// Number of the week in its cycle, from 1 to 12.
    pub week: i16,
    /// What the week is about, in one line.
    #[new(default)]
    pub focus: Option<String>,
    /// JSON object: how the week went, written when it ends.
    #[new(default)]
    pub reflection: Option<JsonObject>,
}

/// What can change in a [`WeeklyPlan`]; its number, where quotas are not locked.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = weekly_plan)]
pub struct WeeklyPlanChanges {
    /// Number of the week in its cycle, from 1 to 12.
    pub week: Option<i16>,
    /// What the week is about, in one line.
    pub focus: Option<String>,
    /// JSON object: how the week went, written when it ends.
    pub reflection: Option<JsonObject>,
}

/// A quota of a task in a week.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = plan_item)]
pub struct NewPlanItem {
    /// Cycle of both its plan and its task.
    pub cycle_id: CycleId,
    /// Plan that the item is part of; the item goes with it.
    pub weekly_plan_id: WeeklyPlanId,
    /// Task that is to be done; the item goes with it.
    pub task_id: TaskId,
    /// How often it is to be done, in the unit of its task; 1 at least.
    pub quota: i16,
    /// How often it was done; may be more than the quota.
    #[new(default)]
    pub done: Option<i16>,
    /// JSON array of strings: what shows that it was done.
    #[new(default)]
    pub evidence: Option<Texts>,
}

/// What can change in a [`PlanItem`]; plan and quota, where quotas are not locked.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = plan_item)]
pub struct PlanItemChanges {
    /// Plan that the item is part of; the item goes with it.
    pub weekly_plan_id: Option<WeeklyPlanId>,
    /// How often it is to be done, in the unit of its task; 1 at least.
    pub quota: Option<i16>,
    /// How often it was done; may be more than the quota.
    pub done: Option<i16>,
    /// JSON array of strings: what shows that it was done.
    pub evidence: Option<Texts>,
}

/// An entry that no trigger writes: something that was changed elsewhere, or before there was a log.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = audit_log)]
pub struct NewAuditEntry {
    /// What sort of actor did it.
    pub actor_kind: ActorKind,
    /// Which one: the id of a user, the name of an agent, a role of the database.
    #[new(into)]
    pub actor_id: String,
    /// What was done.
    pub action: AuditAction,
    /// Which table the entity lives in.
    pub entity_table: AuditEntity,
    /// Its primary key. No foreign key: the entry outlives the entity.
    pub entity_id: Uuid,
    /// The entity before, as a JSON object; null where it was created.
    #[new(default)]
    pub before: Option<JsonObject>,
    /// The entity after, as a JSON object; null where it was deleted.
    #[new(default)]
    pub after: Option<JsonObject>,
    /// Why, in the words of the actor; null where nothing was said.
    #[new(default)]
    pub note: Option<String>,
}

/// A conversation.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = chat_session)]
pub struct NewChatSession {
    /// Name for people.
    #[new(into)]
    pub title: String,
    /// Cycle that it is about, and goes with; null where it is about none.
    #[new(default)]
    pub cycle_id: Option<CycleId>,
    /// JSON object that the assistant was given to begin with.
    #[new(default)]
    pub context: Option<JsonObject>,
}

/// What can change in a [`ChatSession`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = chat_session)]
pub struct ChatSessionChanges {
    /// Name for people.
    pub title: Option<String>,
    /// JSON object that the assistant was given to begin with.
    pub context: Option<JsonObject>,
}

/// Something that was said.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = chat_message)]
pub struct NewChatMessage {
    /// Conversation that it is part of; the message goes with it.
    pub chat_session_id: ChatSessionId,
    /// Who said it.
    pub role: ChatRole,
    /// What was said, as Markdown.
    #[new(into)]
    pub content: String,
    /// JSON object for facts that no column has yet, such as the model that answered; nothing in the system may depend on
    /// its keys.
    #[new(default)]
    pub meta: Option<JsonObject>,
}

/// What can change in a [`ChatMessage`]: what is known about it, not what was said.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = chat_message)]
pub struct ChatMessageChanges {
    /// JSON object for facts that no column has yet, such as the model that answered; nothing in the system may depend on
    /// its keys.
    pub meta: Option<JsonObject>,
}
