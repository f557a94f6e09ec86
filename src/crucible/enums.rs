//! The enums of PostgreSQL schema `crucible`. The labels are the variants' names in snake case.

use diesel_derive_enum::DbEnum;

/// What a chat is for.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::ChatMode"]
#[DbValueStyle = "snake_case"]
pub enum ChatMode {
    /// Settling what is to be solved.
    Setup,
    /// Understanding what came of it.
    Analysis,
}

/// Who says a message.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::MessageRole"]
#[DbValueStyle = "snake_case"]
pub enum MessageRole {
    /// A person.
    User,
    /// The system: an instruction, a notice.
    System,
    /// An agent; the message's metadata say which.
    Agent,
}

/// How finely a problem is modelled.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::SpecResolution"]
#[DbValueStyle = "snake_case"]
pub enum SpecResolution {
    /// In outline.
    Coarse,
    /// As far as the usual problem needs.
    Medium,
    /// In every detail that is known.
    Fine,
}

/// How candidates are come by.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::RunMode"]
#[DbValueStyle = "snake_case"]
pub enum RunMode {
    /// Designed from nothing.
    FullSearch,
    /// Not at all: those that there are, are evaluated.
    EvalOnly,
    /// Designed from those that a user gives.
    Seeded,
}

/// Where a run stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::RunStatus"]
#[DbValueStyle = "snake_case"]
pub enum RunStatus {
    /// Can be started.
    Created,
    /// Being executed.
    Running,
    /// Ended as asked.
    Completed,
    /// Ended without its result.
    Failed,
    /// Stopped on request.
    Cancelled,
}

/// Who had the idea of a candidate.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::CandidateOrigin"]
#[DbValueStyle = "snake_case"]
pub enum CandidateOrigin {
    /// A person.
    User,
    /// A designer.
    System,
}

/// What is held of a candidate.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::CandidateStatus"]
#[DbValueStyle = "snake_case"]
pub enum CandidateStatus {
    /// Nothing yet.
    New,
    /// It is being evaluated.
    UnderTest,
    /// It is worth going on with.
    Promising,
    /// Others do better.
    Weak,
    /// It is not to be considered any more.
    Rejected,
}

/// What an issue is about.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::IssueType"]
#[DbValueStyle = "snake_case"]
pub enum IssueType {
    /// The world model.
    Model,
    /// A constraint of the specification.
    Constraint,
    /// How candidates are judged.
    Evaluator,
    /// What they are tried on.
    Scenario,
}

/// How much an issue takes from the results.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::IssueSeverity"]
#[DbValueStyle = "snake_case"]
pub enum IssueSeverity {
    /// They hold all the same.
    Minor,
    /// Some of them do not hold.
    Important,
    /// None of them holds.
    Catastrophic,
}

/// What became of an issue.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::crucible::sql_types::ResolutionStatus"]
#[DbValueStyle = "snake_case"]
pub enum ResolutionStatus {
    /// Nothing yet.
    Open,
    /// What was wrong is right now.
    Resolved,
    /// Nothing was wrong.
    Invalidated,
}
