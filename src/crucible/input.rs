//! What rows of PostgreSQL schema `crucible` are made and changed with. Keys, statuses and times are not told: the store
//! and the database set them. In an input `None` is the column's default; in changes it leaves the column as it is.

use derive_new::new;
use diesel::prelude::*;
use serde_json::Value;

use super::enums::*;
use super::models::*;
use crate::json::{JsonArray, JsonObject};
use crate::schema::crucible::{
    candidates, chat_sessions, evaluations, issues, messages, problem_specs, projects, runs,
    scenario_suites, world_models,
};

/// A problem domain.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = projects)]
pub struct NewProject {
    /// What the project is about, in one line; not empty.
    #[new(into)]
    pub title: String,
    /// What it is about in full, as Markdown.
    #[new(default)]
    pub description: Option<String>,
}

/// What can change in a [`Project`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = projects)]
pub struct ProjectChanges {
    /// What the project is about, in one line; not empty.
    pub title: Option<String>,
    /// What it is about in full, as Markdown; `Some(None)`: the title says it.
    pub description: Option<Option<String>>,
}

/// What is to be solved in a project, which has one specification at most.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = problem_specs)]
pub struct NewProblemSpec {
    /// Project whose problem it is.
    pub project_id: ProjectId,
    /// What a solution must keep to: objects with a name, and perhaps a weight from 0 to 100.
    #[new(default)]
    pub constraints: Option<JsonArray>,
    /// What a solution is to achieve: objects with a description.
    #[new(default)]
    pub goals: Option<JsonArray>,
    /// How finely the problem is modelled; [`SpecResolution::Medium`] by default.
    #[new(default)]
    pub resolution: Option<SpecResolution>,
    /// How the next run is to come by its candidates; [`RunMode::FullSearch`] by default.
    #[new(default)]
    pub mode: Option<RunMode>,
}

/// What can change in a [`ProblemSpec`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = problem_specs)]
pub struct ProblemSpecChanges {
    /// What a solution must keep to: objects with a name, and perhaps a weight from 0 to 100.
    pub constraints: Option<JsonArray>,
    /// What a solution is to achieve: objects with a description.
    pub goals: Option<JsonArray>,
    /// How finely the problem is modelled.
    pub resolution: Option<SpecResolution>,
    /// How the next run is to come by its candidates.
    pub mode: Option<RunMode>,
}

/// The part of the world that a project's problem is in; a project has one model at most.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = world_models)]
pub struct NewWorldModel {
    /// Project whose world it is.
    pub project_id: ProjectId,
    /// Actors, mechanisms, resources, assumptions, and whatever else the modeller finds.
    #[new(default)]
    pub model_data: Option<JsonObject>,
}

/// What can change in a [`WorldModel`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = world_models)]
pub struct WorldModelChanges {
    /// Actors, mechanisms, resources, assumptions, and whatever else the modeller finds.
    pub model_data: Option<JsonObject>,
}

/// A search for a solution; begins as [`RunStatus::Created`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = runs)]
pub struct NewRun {
    /// Project that is searched in.
    pub project_id: ProjectId,
    /// How it comes by its candidates.
    pub mode: RunMode,
    /// Budgets, options, and what it has to know of the specification as it is.
    #[new(default)]
    pub config: Option<JsonObject>,
}

/// What can change in a [`Run`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = runs)]
pub struct RunChanges {
    /// How it comes by its candidates.
    pub mode: Option<RunMode>,
    /// Budgets, options, and what it has to know of the specification as it is.
    pub config: Option<JsonObject>,
}

/// A solution that is proposed in a run, and what it is made from; begins as [`CandidateStatus::New`]. The row and its
/// lineage are written together or not at all.
#[derive(Clone, Debug, new)]
pub struct NewCandidate {
    /// Project of that run.
    pub project_id: ProjectId,
    /// Run that it is proposed in.
    pub run_id: RunId,
    /// Who had the idea.
    pub origin: CandidateOrigin,
    /// How it is meant to work, as Markdown; not empty.
    #[new(into)]
    pub mechanism_description: String,
    /// Candidates that it is made from, of any run of the project; each is named once.
    #[new(default)]
    pub parents: Vec<CandidateId>,
    /// What it is expected to do to the world model.
    #[new(default)]
    pub predicted_effects: Option<JsonObject>,
    /// What was done to it so far: objects with an actor and an action.
    #[new(default)]
    pub provenance: Option<JsonArray>,
}

/// What can change in a [`Candidate`]. Its provenance only grows: [`record`](super::record).
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = candidates)]
pub struct CandidateChanges {
    /// How it is meant to work, as Markdown; not empty.
    pub mechanism_description: Option<String>,
    /// What it is expected to do to the world model.
    pub predicted_effects: Option<JsonObject>,
    /// What its evaluations come to.
    pub scores: Option<JsonObject>,
}

/// What the candidates of a run are tried on; a run has one suite at most.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = scenario_suites)]
pub struct NewScenarioSuite {
    /// Run that tries them.
    pub run_id: RunId,
    /// The scenarios: objects with an id.
    #[new(default)]
    pub scenarios: Option<JsonArray>,
}

/// What can change in a [`ScenarioSuite`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = scenario_suites)]
pub struct ScenarioSuiteChanges {
    /// The scenarios: objects with an id.
    pub scenarios: Option<JsonArray>,
}

/// How a candidate did on a scenario; it is evaluated once on each.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = evaluations)]
pub struct NewEvaluation {
    /// Project of run and candidate.
    pub project_id: ProjectId,
    /// Run that tried it.
    pub run_id: RunId,
    /// Candidate that was tried.
    pub candidate_id: CandidateId,
    /// Id of the scenario in the suite of the run; not empty.
    #[new(into)]
    pub scenario_id: String,
    /// P: a number, or an object of its parts.
    #[new(default)]
    pub p: Option<Value>,
    /// R: a number, or an object of its parts.
    #[new(default)]
    pub r: Option<Value>,
    /// By the name of a constraint, how well it is kept to.
    #[new(default)]
    pub constraint_satisfaction: Option<JsonObject>,
    /// Why, in the words of the evaluator.
    #[new(default)]
    pub explanation: Option<String>,
}

/// What can change in an [`Evaluation`]: the verdict, not what it is about.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = evaluations)]
pub struct EvaluationChanges {
    /// P: a number, or an object of its parts; `Some(None)`: it cannot be told.
    pub p: Option<Option<Value>>,
    /// R: a number, or an object of its parts; `Some(None)`: it cannot be told.
    pub r: Option<Option<Value>>,
    /// By the name of a constraint, how well it is kept to.
    pub constraint_satisfaction: Option<JsonObject>,
    /// Why, in the words of the evaluator; `Some(None)`: nothing is said.
    pub explanation: Option<Option<String>>,
}

/// Something that is wrong; begins as [`ResolutionStatus::Open`].
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = issues)]
pub struct NewIssue {
    /// Project that it was found in.
    pub project_id: ProjectId,
    /// What it is about.
    pub type_: IssueType,
    /// How much it takes from the results.
    pub severity: IssueSeverity,
    /// What is wrong, as Markdown; not empty.
    #[new(into)]
    pub description: String,
    /// Run of the project that shows it.
    #[new(default)]
    pub run_id: Option<RunId>,
    /// Candidate of the project that shows it.
    #[new(default)]
    pub candidate_id: Option<CandidateId>,
}

/// What can change in an [`Issue`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = issues)]
pub struct IssueChanges {
    /// How much it takes from the results.
    pub severity: Option<IssueSeverity>,
    /// What is wrong, as Markdown; not empty.
    pub description: Option<String>,
    /// Run of the project that shows it; `Some(None)`: none does.
    pub run_id: Option<Option<RunId>>,
    /// Candidate of the project that shows it; `Some(None)`: none does.
    pub candidate_id: Option<Option<CandidateId>>,
}

/// A conversation in a project.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = chat_sessions)]
pub struct NewChatSession {
    /// Project that is talked about.
    pub project_id: ProjectId,
    /// What the conversation is for; [`ChatMode::Setup`] by default.
    #[new(default)]
    pub mode: Option<ChatMode>,
    /// What is talked about, in one line; not empty.
    #[new(default)]
    pub title: Option<String>,
    /// Run of the project that is talked about.
    #[new(default)]
    pub run_id: Option<RunId>,
    /// Candidate of the project that is talked about.
    #[new(default)]
    pub candidate_id: Option<CandidateId>,
}

/// What can change in a [`ChatSession`].
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = chat_sessions)]
pub struct ChatSessionChanges {
    /// What the conversation is for.
    pub mode: Option<ChatMode>,
    /// What is talked about, in one line; `Some(None)`: nobody names it.
    pub title: Option<Option<String>>,
    /// Run of the project that is talked about; `Some(None)`: none in particular.
    pub run_id: Option<Option<RunId>>,
    /// Candidate of the project that is talked about; `Some(None)`: none in particular.
    pub candidate_id: Option<Option<CandidateId>>,
}

/// Something that is said in a conversation.
#[derive(Clone, Debug, Insertable, new)]
#[diesel(table_name = messages)]
pub struct NewMessage {
    /// Conversation that it is part of.
    pub chat_session_id: ChatSessionId,
    /// Who says it.
    pub role: MessageRole,
    /// What is said, as Markdown; not empty.
    #[new(into)]
    pub content: String,
    /// About the message, for example which agent says it.
    #[new(default)]
    pub message_metadata: Option<JsonObject>,
}

/// What can change in a [`Message`]: what is said, not who says it.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = messages)]
pub struct MessageChanges {
    /// What is said, as Markdown; not empty.
    pub content: Option<String>,
    /// About the message, for example which agent says it.
    pub message_metadata: Option<JsonObject>,
}
