//! The enums of PostgreSQL schema `cwom`. The labels are the variants' names in snake case.

use diesel_derive_enum::DbEnum;

/// Whether work may start in a repository.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::RepoStatus"]
#[DbValueStyle = "snake_case"]
pub enum RepoStatus {
    /// Issues and runs may be added.
    Active,
    /// Kept for its history; takes no new work.
    Archived,
}

/// What sort of work an issue asks for.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::IssueKind"]
#[DbValueStyle = "snake_case"]
pub enum IssueKind {
    /// Something new.
    Feature,
    /// Something that does not do what it should.
    Bug,
    /// Upkeep that no user sees.
    Chore,
    /// A question; the answer is the result.
    Research,
    /// Something that is broken in production.
    Incident,
}

/// Where an issue stands.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::IssueStatus"]
#[DbValueStyle = "snake_case"]
pub enum IssueStatus {
    /// Known, not planned.
    Backlog,
    /// Understood well enough for a run.
    Ready,
    /// A run is working on it.
    InProgress,
    /// Waits for something outside of it.
    Blocked,
    /// Its acceptance is met.
    Done,
    /// Will not be done.
    Canceled,
}

/// How urgent an issue is.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::IssuePriority"]
#[DbValueStyle = "snake_case"]
pub enum IssuePriority {
    /// When nothing else is left.
    Low,
    /// In its turn.
    Medium,
    /// Before the others.
    High,
    /// Now.
    Critical,
}

/// What a constraint snapshot binds.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::ConstraintScope"]
#[DbValueStyle = "snake_case"]
pub enum ConstraintScope {
    /// Every repository.
    Organization,
    /// One repository.
    Repo,
    /// One issue.
    Issue,
    /// One run.
    Run,
}

/// What sort of rule a doctrine is.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::DoctrineKind"]
#[DbValueStyle = "snake_case"]
pub enum DoctrineKind {
    /// A belief that decisions are weighed by.
    Principle,
    /// A rule that is kept or waived on record.
    Policy,
    /// Steps in an order.
    Procedure,
    /// A shape that a solution should have.
    Pattern,
}

/// How strictly a doctrine binds, in the words of RFC 2119.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::DoctrinePriority"]
#[DbValueStyle = "snake_case"]
pub enum DoctrinePriority {
    /// No exception.
    Must,
    /// An exception needs a reason.
    Should,
    /// A suggestion.
    May,
}

/// What a run is to achieve.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::RunKind"]
#[DbValueStyle = "snake_case"]
pub enum RunKind {
    /// Change the repository.
    Implementation,
    /// Judge a change.
    Review,
    /// Prove that something holds.
    Verification,
    /// Answer a question.
    Research,
}

/// Where a run stands: ready, running, then one of the last three.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::RunStatus"]
#[DbValueStyle = "snake_case"]
pub enum RunStatus {
    /// Everything that it needs is linked.
    Ready,
    /// Being executed.
    Running,
    /// Finished as asked.
    Done,
    /// Finished without its result.
    Failed,
    /// Stopped on request.
    Canceled,
}

/// What sort of actor does something.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::ActorKind"]
#[DbValueStyle = "snake_case"]
pub enum ActorKind {
    /// A person.
    Human,
    /// A program that decides by itself.
    Agent,
    /// The system: a rule, a schedule, a migration.
    System,
}

/// What sort of result an artifact is.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::ArtifactKind"]
#[DbValueStyle = "snake_case"]
pub enum ArtifactKind {
    /// A change to the repository.
    Patch,
    /// A commit that exists in the repository.
    Commit,
    /// A change that is up for review.
    PullRequest,
    /// Text for people.
    Document,
    /// Findings of a review or a verification.
    Report,
    /// The outcome of a test run.
    TestResult,
    /// What was printed on the way.
    Log,
}
