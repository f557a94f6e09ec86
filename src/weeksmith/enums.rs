//! The enums of PostgreSQL schema `weeksmith`. The labels are the variants' names in snake case.

use diesel_derive_enum::DbEnum;

/// Where a cycle stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::CycleStatus"]
#[DbValueStyle = "snake_case"]
pub enum CycleStatus {
    /// Its weeks can be planned; it has not begun.
    Planned,
    /// The one that the user is in; there is at most one.
    Active,
    /// Lived to its end.
    Completed,
    /// Given up before its end.
    Abandoned,
}

/// Which of the two goals of a cycle a goal is: a cycle has one of each, 1+1.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::GoalType"]
#[DbValueStyle = "snake_case"]
pub enum GoalType {
    /// Of the user's work.
    Professional,
    /// Of the rest of the user's life.
    Personal,
}

/// Where a goal stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::GoalStatus"]
#[DbValueStyle = "snake_case"]
pub enum GoalStatus {
    /// Worked for.
    Open,
    /// Its measure reached its target.
    Achieved,
    /// The cycle ended before.
    Missed,
    /// No longer wanted.
    Dropped,
}

/// Where a task stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::TaskStatus"]
#[DbValueStyle = "snake_case"]
pub enum TaskStatus {
    /// Can be planned.
    Open,
    /// Nothing of it is left to do.
    Done,
    /// No longer wanted.
    Dropped,
}

/// What sort of actor changed something.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::ActorKind"]
#[DbValueStyle = "snake_case"]
pub enum ActorKind {
    /// A person.
    Human,
    /// A program that decides by itself.
    Agent,
    /// The system: a rule, a schedule, a migration.
    System,
}

/// What was done to an entity.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::AuditAction"]
#[DbValueStyle = "snake_case"]
pub enum AuditAction {
    /// It was inserted: there is an after and no before.
    Created,
    /// Something in it was changed: there are both.
    Updated,
    /// It was deleted: there is a before and no after.
    Deleted,
}

/// Which table an audited entity lives in: those whose changes are recorded.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::AuditEntity"]
#[DbValueStyle = "snake_case"]
pub enum AuditEntity {
    /// `weeksmith.vision`.
    Vision,
    /// `weeksmith.cycle`.
    Cycle,
    /// `weeksmith.goal`.
    Goal,
    /// `weeksmith.task`.
    Task,
    /// `weeksmith.weekly_plan`.
    WeeklyPlan,
    /// `weeksmith.plan_item`.
    PlanItem,
}

/// Who speaks in a conversation.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::weeksmith::sql_types::ChatRole"]
#[DbValueStyle = "snake_case"]
pub enum ChatRole {
    /// The application, which tells the assistant how to be.
    System,
    /// The user.
    User,
    /// The assistant.
    Assistant,
    /// A program that the assistant called.
    Tool,
}
