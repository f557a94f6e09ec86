//! The rows of PostgreSQL schema `crucible`: what is to be solved, what was tried and how it did, what was said about it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::enums::*;
use crate::id::ids;
use crate::json::{JsonArray, JsonObject};
use crate::schema::crucible::{
    candidates, chat_sessions, evaluations, issues, messages, problem_specs, projects, runs,
    scenario_suites, world_models,
};

ids! {
    /// Key of a [`Project`].
    ProjectId
    /// Key of a [`ProblemSpec`].
    ProblemSpecId
    /// Key of a [`WorldModel`].
    WorldModelId
    /// Key of a [`Run`].
    RunId
    /// Key of a [`Candidate`].
    CandidateId
    /// Key of a [`ScenarioSuite`].
    ScenarioSuiteId
    /// Key of an [`Evaluation`].
    EvaluationId
    /// Key of an [`Issue`].
    IssueId
    /// Key of a [`ChatSession`].
    ChatSessionId
    /// Key of a [`Message`].
    MessageId
}

/// Problem domains, each with everything that was said, modelled and tried in it. All of it goes with its project.
///
/// One row of `crucible.projects` (seed 3).
#[derive(Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = projects, check_for_backend(diesel::pg::Pg))]
pub struct Project {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ProjectId,
    /// What the project is about, in one line.
    pub title: String,
    /// What it is about in full, as Markdown; null where the title says it.
    pub description: Option<String>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What is to be solved in a project, as its chat has settled it so far.
///
/// One row of `crucible.problem_specs` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = problem_specs, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
pub struct ProblemSpec {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ProblemSpecId,
    /// Project whose problem it is; has one at most, and the specification goes with it.
    pub project_id: ProjectId,
    /// JSON array of objects: what a solution must keep to. Each has a name, and may have a weight from 0 to 100.
    pub constraints: JsonArray,
    /// JSON array of objects: what a solution is to achieve. Each has a description.
    pub goals: JsonArray,
    /// How finely the problem is modelled.
    pub resolution: SpecResolution,
    /// How the next run is to come by its candidates.
    pub mode: RunMode,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// The part of the world that a project's problem is in, as it is understood so far.
///
/// One row of `crucible.world_models` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = world_models, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
pub struct WorldModel {
    /// Primary key: a UUID v7 that the application makes.
    pub id: WorldModelId,
    /// Project whose world it is; has one at most, and the model goes with it.
    pub project_id: ProjectId,
    /// JSON object: actors, mechanisms, resources, assumptions, and whatever else the modeller finds. Its keys are the
    /// modeller's; a graph may be made of it later.
    pub model_data: JsonObject,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Searches for a solution of a project's problem: candidates are designed, tried on scenarios, and ranked.
///
/// One row of `crucible.runs` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = runs, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
pub struct Run {
    /// Primary key: a UUID v7 that the application makes.
    pub id: RunId,
    /// Project that is searched in; the run goes with it.
    pub project_id: ProjectId,
    /// How it comes by its candidates.
    pub mode: RunMode,
    /// JSON object that it is started with: budgets, options, and what it has to know of the specification as it was.
    pub config: JsonObject,
    /// Where it stands.
    pub status: RunStatus,
    /// When it began to run; null before that, and where it was cancelled before that.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, however it ended; null before that.
    pub finished_at: Option<DateTime<Utc>>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Solutions that were proposed in a run. What they were made from is a matter of [`Relatives`](super::Relatives).
///
/// One row of `crucible.candidates` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = candidates, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
pub struct Candidate {
    /// Primary key: a UUID v7 that the application makes.
    pub id: CandidateId,
    /// Project of that run; the candidate goes with it.
    pub project_id: ProjectId,
    /// Run that it was proposed in; cannot be deleted while a candidate needs it.
    pub run_id: RunId,
    /// Who had the idea.
    pub origin: CandidateOrigin,
    /// How it is meant to work, as Markdown.
    pub mechanism_description: String,
    /// JSON object: what it is expected to do to the world model.
    pub predicted_effects: JsonObject,
    /// JSON object of what its evaluations come to: P, R, I and how well it keeps to each constraint. Empty before that.
    pub scores: JsonObject,
    /// JSON array of objects, oldest first: what was done to it. Each has an actor and an action, and may say when and
    /// from which other rows.
    pub provenance: JsonArray,
    /// What is held of it.
    pub status: CandidateStatus,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What the candidates of a run are tried on.
///
/// One row of `crucible.scenario_suites` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = scenario_suites, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
pub struct ScenarioSuite {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ScenarioSuiteId,
    /// Run that tries them; has one suite at most, which goes with it.
    pub run_id: RunId,
    /// JSON array of objects: the scenarios. Each has an id, which evaluations name.
    pub scenarios: JsonArray,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// How a candidate did on a scenario.
///
/// One row of `crucible.evaluations` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = evaluations, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(Candidate, foreign_key = candidate_id))]
pub struct Evaluation {
    /// Primary key: a UUID v7 that the application makes.
    pub id: EvaluationId,
    /// Project of run and candidate; the evaluation goes with it.
    pub project_id: ProjectId,
    /// Run that tried it. Not always the one that proposed the candidate: a run may evaluate those of earlier ones.
    pub run_id: RunId,
    /// Candidate that was tried.
    pub candidate_id: CandidateId,
    /// Id of the scenario in the suite of the run; a candidate is evaluated once on each.
    pub scenario_id: String,
    /// P, how well it is predicted to do: a JSON number, or an object of its parts; null where it could not be told.
    pub p: Option<Value>,
    /// R, what it takes in resources: a JSON number, or an object of its parts; null where it could not be told.
    pub r: Option<Value>,
    /// JSON object: by the name of a constraint, how well it is kept to.
    pub constraint_satisfaction: JsonObject,
    /// Why, in the words of the evaluator; null where nothing was said.
    pub explanation: Option<String>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What somebody, or the system itself, found wrong with a model, a constraint, an evaluator or a scenario.
///
/// One row of `crucible.issues` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = issues, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(Candidate, foreign_key = candidate_id))]
pub struct Issue {
    /// Primary key: a UUID v7 that the application makes.
    pub id: IssueId,
    /// Project that it was found in; the issue goes with it.
    pub project_id: ProjectId,
    /// Run of the project that shows it; null where none does.
    pub run_id: Option<RunId>,
    /// Candidate of the project that shows it; null where none does.
    pub candidate_id: Option<CandidateId>,
    /// What it is about.
    pub type_: IssueType,
    /// How much it takes from the results.
    pub severity: IssueSeverity,
    /// What is wrong, as Markdown.
    pub description: String,
    /// What became of it.
    pub resolution_status: ResolutionStatus,
    /// When it was resolved or found to be none; null while it is open.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// Conversations in a project.
///
/// One row of `crucible.chat_sessions` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = chat_sessions, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(Project, foreign_key = project_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(Candidate, foreign_key = candidate_id))]
pub struct ChatSession {
    /// Primary key: a UUID v7 that the application makes.
    pub id: ChatSessionId,
    /// Project that is talked about; the conversation goes with it.
    pub project_id: ProjectId,
    /// Run of the project that is talked about; null where it is none in particular.
    pub run_id: Option<RunId>,
    /// Candidate of the project that is talked about; null where it is none in particular.
    pub candidate_id: Option<CandidateId>,
    /// What is talked about, in one line; null while nobody named it.
    pub title: Option<String>,
    /// What the conversation is for.
    pub mode: ChatMode,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}

/// What was said in a conversation, in the order of its keys.
///
/// One row of `crucible.messages` (seed 3).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::pg::Pg))]
#[diesel(belongs_to(ChatSession, foreign_key = chat_session_id))]
pub struct Message {
    /// Primary key: a UUID v7 that the application makes.
    pub id: MessageId,
    /// Conversation that it is part of; the message goes with it.
    pub chat_session_id: ChatSessionId,
    /// Who says it.
    pub role: MessageRole,
    /// What is said, as Markdown.
    pub content: String,
    /// JSON object about the message, for example which agent says it. Named so because the ORM of seed 3 keeps the name
    /// `metadata` for itself.
    pub message_metadata: JsonObject,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed: the time of that transaction.
    pub updated_at: DateTime<Utc>,
}
