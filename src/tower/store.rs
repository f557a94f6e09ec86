//! The store of schema `tower`. Rows are read with [`crate::store`] and written with [`crate::audit`], under the names
//! that the log has for them; here is which tables there are, and what may follow what.

use diesel::prelude::*;

use super::enums::*;
use super::input::*;
use super::models::*;
use crate::audit::{TraceId, audited};
use crate::cwom::IssueId;
use crate::schema::cwom::issues;
use crate::schema::tower::{events, tasks};
use crate::status::{Execution, transitions};
use crate::store::{Conn, HasStatus, changes, filters, new, statuses};

// What Diesel CLI cannot print, because it prints one PostgreSQL schema at a time: the join from one to another.
diesel::joinable!(tasks -> issues (cwom_issue_id));
diesel::allow_tables_to_appear_in_same_query!(tasks, issues);

audited! {
    tower::agents: AgentId => Agent as Agent;
    tower::workflows: WorkflowId => Workflow as Workflow;
    tower::tasks: TaskId => Task as Task;
    tower::events: EventId => Event as Event;
    tower::jobs: JobId => Job as Job;
    tower::artifacts: ArtifactId => Artifact as TowerArtifact;
}

new! { traced
    tower::agents: AgentId from NewAgent;
    tower::workflows: WorkflowId from NewWorkflow;
    tower::tasks: TaskId from NewTask;
    tower::events: EventId from NewEvent;
    tower::jobs: JobId from NewJob;
    tower::artifacts: ArtifactId from NewArtifact;
}

changes! { traced
    tower::agents: AgentId by AgentChanges;
    tower::workflows: WorkflowId by WorkflowChanges;
    tower::tasks: TaskId by TaskChanges;
    tower::events: EventId by EventChanges;
    tower::jobs: JobId by JobChanges;
    tower::artifacts: ArtifactId by ArtifactChanges;
}

filters! {
    tower::agents: AgentId in AgentFilter { name: String, kind: AgentKind, status: AgentStatus }
    tower::workflows: WorkflowId in WorkflowFilter { name: String, version: i32, status: WorkflowStatus }
    tower::tasks: TaskId in TaskFilter {
        workflow_id: WorkflowId, assigned_agent_id: AgentId, cwom_issue_id: IssueId, status: TaskStatus, idempotency_key: String
    }
    tower::events: EventId in EventFilter {
        kind: EventKind, status: EventStatus, task_id: TaskId, workflow_id: WorkflowId, agent_id: AgentId
    }
    tower::jobs: JobId in JobFilter { task_id: TaskId, agent_id: AgentId, status: JobStatus }
    tower::artifacts: ArtifactId in ArtifactFilter { job_id: JobId, kind: ArtifactKind }
}

statuses! { traced
    tower::agents: AgentId is AgentStatus;
    tower::workflows: WorkflowId is WorkflowStatus;
}

statuses! { traced timed
    tower::tasks: TaskId is TaskStatus;
    tower::jobs: JobId is JobStatus;
}

// An event has one time of its own, which goes with leaving `Pending`.
impl HasStatus for EventId {
    type Status = EventStatus;
    type Context = Option<TraceId>;

    fn status(row: &Event) -> EventStatus {
        row.status
    }

    fn set_status<C: Conn>(
        self,
        conn: &mut C,
        to: EventStatus,
        trace: Option<TraceId>,
    ) -> QueryResult<Event> {
        diesel::update(events::table.find(self))
            .set((
                events::status.eq(to),
                events::processed_at.eq(diesel::dsl::now),
                events::trace_id.eq(trace),
            ))
            .returning(Event::as_returning())
            .get_result(conn)
    }
}

transitions! { AgentStatus {
    Idle => [Busy, Offline, Disabled],
    Busy => [Idle, Offline, Disabled],
    Offline => [Idle, Disabled],
    Disabled => [Offline],
} }

transitions! { WorkflowStatus {
    Draft => [Active, Retired],
    Active => [Retired],
    Retired => [],
} }

transitions! { TaskStatus {
    Queued => [Running, Canceled],
    Running => [Succeeded, Failed, Canceled],
    Succeeded => [],
    Failed => [],
    Canceled => [],
} }

impl Execution for TaskStatus {
    const RUNNING: Self = Self::Running;
}

transitions! { EventStatus {
    Pending => [Processed, Ignored, Failed],
    Processed => [],
    Ignored => [],
    Failed => [Processed, Ignored],
} }

transitions! { JobStatus {
    Pending => [Claimed, Canceled],
    Claimed => [Running, Pending, Canceled],
    Running => [Succeeded, Failed, Canceled],
    Succeeded => [],
    Failed => [],
    Canceled => [],
} }

impl Execution for JobStatus {
    const RUNNING: Self = Self::Running;
}
