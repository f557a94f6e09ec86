//! The store of schema `crucible`. Rows are read and written with [`crate::store`]: seed 3 asks for no audit log. Here is which tables
//! there are, and what may follow what; what candidates are made from is in [`Relatives`](super::Relatives).

use diesel::dsl::now;
use diesel::prelude::*;

use super::enums::*;
use super::input::*;
use super::models::*;
use crate::schema::crucible::{
    candidate_parents, candidates, chat_sessions, evaluations, issues, runs,
};
use crate::status::{Execution, Status, transitions};
use crate::store::{Conn, HasStatus, changes, filters, keys, new, statuses};

// What Diesel CLI does not print: joins along keys over two columns. Each of these keys holds the project as well, so that no row of
// one project refers to another's.
diesel::joinable!(candidate_parents -> candidates (candidate_id));
diesel::joinable!(candidates -> runs (run_id));
diesel::joinable!(chat_sessions -> candidates (candidate_id));
diesel::joinable!(chat_sessions -> runs (run_id));
diesel::joinable!(evaluations -> candidates (candidate_id));
diesel::joinable!(evaluations -> runs (run_id));
diesel::joinable!(issues -> candidates (candidate_id));
diesel::joinable!(issues -> runs (run_id));

keys! { unaudited
    crucible::projects: ProjectId => Project;
    crucible::problem_specs: ProblemSpecId => ProblemSpec;
    crucible::world_models: WorldModelId => WorldModel;
    crucible::runs: RunId => Run;
    crucible::candidates: CandidateId => Candidate;
    crucible::scenario_suites: ScenarioSuiteId => ScenarioSuite;
    crucible::evaluations: EvaluationId => Evaluation;
    crucible::issues: IssueId => Issue;
    crucible::chat_sessions: ChatSessionId => ChatSession;
    crucible::messages: MessageId => Message;
}

new! {
    crucible::projects: ProjectId from NewProject;
    crucible::problem_specs: ProblemSpecId from NewProblemSpec;
    crucible::world_models: WorldModelId from NewWorldModel;
    crucible::runs: RunId from NewRun;
    crucible::scenario_suites: ScenarioSuiteId from NewScenarioSuite;
    crucible::evaluations: EvaluationId from NewEvaluation;
    crucible::issues: IssueId from NewIssue;
    crucible::chat_sessions: ChatSessionId from NewChatSession;
    crucible::messages: MessageId from NewMessage;
}

changes! {
    crucible::projects: ProjectId by ProjectChanges;
    crucible::problem_specs: ProblemSpecId by ProblemSpecChanges;
    crucible::world_models: WorldModelId by WorldModelChanges;
    crucible::runs: RunId by RunChanges;
    crucible::candidates: CandidateId by CandidateChanges;
    crucible::scenario_suites: ScenarioSuiteId by ScenarioSuiteChanges;
    crucible::evaluations: EvaluationId by EvaluationChanges;
    crucible::issues: IssueId by IssueChanges;
    crucible::chat_sessions: ChatSessionId by ChatSessionChanges;
    crucible::messages: MessageId by MessageChanges;
}

filters! {
    crucible::projects: ProjectId in ProjectFilter { title: String }
    crucible::problem_specs: ProblemSpecId in ProblemSpecFilter { project_id: ProjectId }
    crucible::world_models: WorldModelId in WorldModelFilter { project_id: ProjectId }
    crucible::runs: RunId in RunFilter { project_id: ProjectId, mode: RunMode, status: RunStatus }
    crucible::candidates: CandidateId in CandidateFilter {
        project_id: ProjectId, run_id: RunId, origin: CandidateOrigin, status: CandidateStatus
    }
    crucible::scenario_suites: ScenarioSuiteId in ScenarioSuiteFilter { run_id: RunId }
    crucible::evaluations: EvaluationId in EvaluationFilter {
        project_id: ProjectId, run_id: RunId, candidate_id: CandidateId, scenario_id: String
    }
    crucible::issues: IssueId in IssueFilter {
        project_id: ProjectId, run_id: RunId, candidate_id: CandidateId, type_: IssueType, severity: IssueSeverity,
        resolution_status: ResolutionStatus
    }
    crucible::chat_sessions: ChatSessionId in ChatSessionFilter {
        project_id: ProjectId, run_id: RunId, candidate_id: CandidateId, mode: ChatMode
    }
    crucible::messages: MessageId in MessageFilter { chat_session_id: ChatSessionId, role: MessageRole }
}

statuses! {
    crucible::candidates: CandidateId is CandidateStatus;
}

statuses! { timed
    crucible::runs: RunId is RunStatus;
}

// Its column has a name of its own, and so has the time that goes with it.
impl HasStatus for IssueId {
    type Status = ResolutionStatus;
    type Context = ();

    fn status(row: &Issue) -> ResolutionStatus {
        row.resolution_status
    }

    fn set_status<C: Conn>(self, conn: &mut C, to: ResolutionStatus, (): ()) -> QueryResult<Issue> {
        diesel::update(issues::table.find(self))
            .set((
                issues::resolution_status.eq(to),
                to.is_final().then(|| issues::resolved_at.eq(now)),
            ))
            .returning(Issue::as_returning())
            .get_result(conn)
    }
}

transitions! { RunStatus {
    Created => [Running, Cancelled],
    Running => [Completed, Failed, Cancelled],
    Completed => [],
    Failed => [],
    Cancelled => [],
} }

impl Execution for RunStatus {
    const RUNNING: Self = Self::Running;
}

transitions! { CandidateStatus {
    New => [UnderTest, Rejected],
    UnderTest => [Promising, Weak, Rejected],
    Promising => [UnderTest, Weak, Rejected],
    Weak => [UnderTest, Promising, Rejected],
    Rejected => [],
} }

transitions! { ResolutionStatus {
    Open => [Resolved, Invalidated],
    Resolved => [],
    Invalidated => [],
} }
