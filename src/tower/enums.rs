//! The enums of PostgreSQL schema `tower`. The labels are the variants' names in snake case.

use diesel_derive_enum::DbEnum;

/// What sort of work an agent takes.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::AgentKind"]
#[DbValueStyle = "snake_case"]
pub enum AgentKind {
    /// Turns wishes into tasks.
    Planner,
    /// Changes repositories.
    Coder,
    /// Judges changes.
    Reviewer,
    /// Runs and watches systems.
    Operator,
}

/// Whether an agent takes work.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::AgentStatus"]
#[DbValueStyle = "snake_case"]
pub enum AgentStatus {
    /// Takes the next job.
    Idle,
    /// Has a job.
    Busy,
    /// Has not been heard of for too long.
    Offline,
    /// Was switched off by a person.
    Disabled,
}

/// Whether a workflow may start.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::WorkflowStatus"]
#[DbValueStyle = "snake_case"]
pub enum WorkflowStatus {
    /// Being written; never starts.
    Draft,
    /// Starts when its trigger fires.
    Active,
    /// Kept for its history; never starts.
    Retired,
}

/// What starts a workflow.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::WorkflowTriggerKind"]
#[DbValueStyle = "snake_case"]
pub enum WorkflowTriggerKind {
    /// An event that its definition names.
    Event,
    /// A time that its definition names.
    Schedule,
    /// A person.
    Manual,
}

/// What sort of work a task is.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::TaskKind"]
#[DbValueStyle = "snake_case"]
pub enum TaskKind {
    /// Change a repository.
    CodeChange,
    /// Write for people.
    Documentation,
    /// Find something out.
    Analysis,
    /// Do something to a running system.
    Operation,
}

/// Where a task stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::TaskStatus"]
#[DbValueStyle = "snake_case"]
pub enum TaskStatus {
    /// No job has started yet.
    Queued,
    /// A job is at it.
    Running,
    /// Finished as asked.
    Succeeded,
    /// Finished without its result.
    Failed,
    /// Stopped on request.
    Canceled,
}

/// What sort of actor asks for a task.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::RequesterKind"]
#[DbValueStyle = "snake_case"]
pub enum RequesterKind {
    /// A person.
    Human,
    /// A program that decides by itself.
    Agent,
    /// The system: a rule, a schedule, a migration.
    System,
}

/// What sort of thing happened.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::EventKind"]
#[DbValueStyle = "snake_case"]
pub enum EventKind {
    /// Somebody asked for a task.
    TaskRequested,
    /// A task ended, however it ended.
    TaskFinished,
    /// An agent said that it is there.
    AgentHeartbeat,
    /// A workflow started.
    WorkflowTriggered,
    /// Something outside of the tower, told by a webhook.
    External,
}

/// What became of an event.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::EventStatus"]
#[DbValueStyle = "snake_case"]
pub enum EventStatus {
    /// Not looked at yet.
    Pending,
    /// Acted upon.
    Processed,
    /// Looked at; nothing was to be done.
    Ignored,
    /// Acting upon it failed.
    Failed,
}

/// What part of a task a job does.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::JobKind"]
#[DbValueStyle = "snake_case"]
pub enum JobKind {
    /// The work itself.
    Execute,
    /// The proof that the work is right.
    Verify,
    /// Handing the result over.
    Publish,
}

/// Where a job stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::JobStatus"]
#[DbValueStyle = "snake_case"]
pub enum JobStatus {
    /// Waits for an agent.
    Pending,
    /// An agent holds its lease.
    Claimed,
    /// Being executed.
    Running,
    /// Finished as asked.
    Succeeded,
    /// Finished without its result; another attempt is another row.
    Failed,
    /// Stopped on request.
    Canceled,
}

/// What sort of file a job leaves behind.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::tower::sql_types::ArtifactKind"]
#[DbValueStyle = "snake_case"]
pub enum ArtifactKind {
    /// What was printed on the way.
    Log,
    /// A change to a repository.
    Patch,
    /// Text for people.
    Report,
    /// Several files in one.
    Archive,
}
