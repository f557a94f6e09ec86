//! The store of schema `weeksmith`. Rows are read and written with [`crate::store`], [`as_user`](super::as_user): the
//! database knows the owner from there, and a trigger writes the audit log. Here is which tables there are, and what may
//! follow what.
//!
//! # Errors
//! A second goal of a type breaks the constraint `goal_cycle_id_goal_type_key`, a second active cycle
//! `cycle_one_active_key`; a quota that is locked and a plan that is missing are
//! [`Rule::QuotaLocked`](crate::error::Rule::QuotaLocked) and [`Rule::PlanMissing`](crate::error::Rule::PlanMissing); a
//! row that refers to another user's breaks a foreign key.

use diesel::prelude::*;
use uuid::Uuid;

use super::enums::*;
use super::input::*;
use super::models::*;
use crate::schema::weeksmith::{
    chat_message, chat_session, cycle, goal, plan_item, task, vision, weekly_plan,
};
use crate::status::transitions;
use crate::store::{changes, filters, keys, new, statuses};

// What Diesel CLI does not print, because these keys name the owner as well: the joins by id, which say the same.
diesel::joinable!(cycle -> vision (vision_id));
diesel::joinable!(goal -> cycle (cycle_id));
diesel::joinable!(task -> goal (goal_id));
diesel::joinable!(weekly_plan -> cycle (cycle_id));
diesel::joinable!(plan_item -> weekly_plan (weekly_plan_id));
diesel::joinable!(plan_item -> task (task_id));
diesel::joinable!(chat_session -> cycle (cycle_id));
diesel::joinable!(chat_message -> chat_session (chat_session_id));

keys! { unaudited
    weeksmith::vision: VisionId => Vision;
    weeksmith::cycle: CycleId => Cycle;
    weeksmith::goal: GoalId => Goal;
    weeksmith::task: TaskId => Task;
    weeksmith::weekly_plan: WeeklyPlanId => WeeklyPlan;
    weeksmith::plan_item: PlanItemId => PlanItem;
    weeksmith::audit_log: AuditEntryId => AuditEntry;
    weeksmith::chat_session: ChatSessionId => ChatSession;
    weeksmith::chat_message: ChatMessageId => ChatMessage;
}

new! {
    weeksmith::vision: VisionId from NewVision;
    weeksmith::cycle: CycleId from NewCycle;
    weeksmith::goal: GoalId from NewGoal;
    weeksmith::task: TaskId from NewTask;
    weeksmith::weekly_plan: WeeklyPlanId from NewWeeklyPlan;
    weeksmith::plan_item: PlanItemId from NewPlanItem;
    weeksmith::audit_log: AuditEntryId from NewAuditEntry;
    weeksmith::chat_session: ChatSessionId from NewChatSession;
    weeksmith::chat_message: ChatMessageId from NewChatMessage;
}

changes! {
    weeksmith::vision: VisionId by VisionChanges;
    weeksmith::cycle: CycleId by CycleChanges;
    weeksmith::goal: GoalId by GoalChanges;
    weeksmith::task: TaskId by TaskChanges;
    weeksmith::weekly_plan: WeeklyPlanId by WeeklyPlanChanges;
    weeksmith::plan_item: PlanItemId by PlanItemChanges;
    weeksmith::chat_session: ChatSessionId by ChatSessionChanges;
    weeksmith::chat_message: ChatMessageId by ChatMessageChanges;
}

filters! {
    weeksmith::vision: VisionId in VisionFilter { user_id: UserId }
    weeksmith::cycle: CycleId in CycleFilter { user_id: UserId, vision_id: VisionId, status: CycleStatus }
    weeksmith::goal: GoalId in GoalFilter { user_id: UserId, cycle_id: CycleId, goal_type: GoalType, status: GoalStatus }
    weeksmith::task: TaskId in TaskFilter { user_id: UserId, cycle_id: CycleId, goal_id: GoalId, status: TaskStatus }
    weeksmith::weekly_plan: WeeklyPlanId in WeeklyPlanFilter {
        user_id: UserId, cycle_id: CycleId, week: i16, is_lock_week: bool
    }
    weeksmith::plan_item: PlanItemId in PlanItemFilter {
        user_id: UserId, cycle_id: CycleId, weekly_plan_id: WeeklyPlanId, task_id: TaskId
    }
    weeksmith::audit_log: AuditEntryId in AuditEntryFilter {
        user_id: UserId, action: AuditAction, entity_table: AuditEntity, entity_id: Uuid, actor_id: String
    }
    weeksmith::chat_session: ChatSessionId in ChatSessionFilter { user_id: UserId, cycle_id: CycleId }
    weeksmith::chat_message: ChatMessageId in ChatMessageFilter {
        user_id: UserId, chat_session_id: ChatSessionId, role: ChatRole
    }
}

statuses! {
    weeksmith::cycle: CycleId is CycleStatus;
    weeksmith::goal: GoalId is GoalStatus;
    weeksmith::task: TaskId is TaskStatus;
}

transitions! { CycleStatus {
    Planned => [Active, Abandoned],
    Active => [Completed, Abandoned],
    Completed => [],
    Abandoned => [],
} }

transitions! { GoalStatus {
    Open => [Achieved, Missed, Dropped],
    Achieved => [],
    Missed => [],
    Dropped => [],
} }

transitions! { TaskStatus {
    Open => [Done, Dropped],
    Done => [Open],
    Dropped => [Open],
} }
