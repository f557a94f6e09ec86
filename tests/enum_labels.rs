//! Every enum reads and writes every label that PostgreSQL has.

mod support;

use diesel::dsl::{select, sql};
use diesel::prelude::*;
use diesel::sql_types::Array;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::{audit, crucible, cwom, schema, tower, weeksmith};
use rstest::rstest;
use support::{TestResult, connect};

/// Reads all labels as the Rust enum, and holds what the Rust enum writes against PostgreSQL's own list.
macro_rules! assert_labels {
    ($conn:ident, $schema:ident, $name:ident, $pg:literal) => {
        assert_labels!($conn, $schema in $schema, $name, $pg)
    };
    ($conn:ident, $room:ident in $schema:ident, $name:ident, $pg:literal) => {{
        type Labels = Array<schema::$schema::sql_types::$name>;
        let live = || sql::<Labels>(concat!("enum_range(NULL::", $pg, ")"));
        let read: Vec<$room::$name> = select(live()).get_result(&mut $conn)?;
        assert!(!read.is_empty(), $pg);
        let written = read.into_sql::<Labels>();
        assert!(
            select(written.eq(live())).get_result::<bool>(&mut $conn)?,
            $pg
        );
    }};
}

#[rstest]
fn every_label_is_read_and_written(migrated_database: MigratedDatabase) -> TestResult {
    let mut conn = connect(&migrated_database)?;
    assert_labels!(conn, cwom, RepoStatus, "cwom.repo_status");
    assert_labels!(conn, cwom, IssueKind, "cwom.issue_kind");
    assert_labels!(conn, cwom, IssueStatus, "cwom.issue_status");
    assert_labels!(conn, cwom, IssuePriority, "cwom.issue_priority");
    assert_labels!(conn, cwom, ConstraintScope, "cwom.constraint_scope");
    assert_labels!(conn, cwom, DoctrineKind, "cwom.doctrine_kind");
    assert_labels!(conn, cwom, DoctrinePriority, "cwom.doctrine_priority");
    assert_labels!(conn, cwom, RunKind, "cwom.run_kind");
    assert_labels!(conn, cwom, RunStatus, "cwom.run_status");
    assert_labels!(conn, cwom, ActorKind, "cwom.actor_kind");
    assert_labels!(conn, cwom, ArtifactKind, "cwom.artifact_kind");
    assert_labels!(conn, audit in cwom, AuditAction, "cwom.audit_action");
    assert_labels!(conn, audit in cwom, AuditEntityKind, "cwom.audit_entity_kind");
    assert_labels!(conn, tower, AgentKind, "tower.agent_kind");
    assert_labels!(conn, tower, AgentStatus, "tower.agent_status");
    assert_labels!(conn, tower, WorkflowStatus, "tower.workflow_status");
    assert_labels!(
        conn,
        tower,
        WorkflowTriggerKind,
        "tower.workflow_trigger_kind"
    );
    assert_labels!(conn, tower, TaskKind, "tower.task_kind");
    assert_labels!(conn, tower, TaskStatus, "tower.task_status");
    assert_labels!(conn, tower, RequesterKind, "tower.requester_kind");
    assert_labels!(conn, tower, EventKind, "tower.event_kind");
    assert_labels!(conn, tower, EventStatus, "tower.event_status");
    assert_labels!(conn, tower, JobKind, "tower.job_kind");
    assert_labels!(conn, tower, JobStatus, "tower.job_status");
    assert_labels!(conn, tower, ArtifactKind, "tower.artifact_kind");
    assert_labels!(conn, crucible, ChatMode, "crucible.chat_mode");
    assert_labels!(conn, crucible, MessageRole, "crucible.message_role");
    assert_labels!(conn, crucible, SpecResolution, "crucible.spec_resolution");
    assert_labels!(conn, crucible, RunMode, "crucible.run_mode");
    assert_labels!(conn, crucible, RunStatus, "crucible.run_status");
    assert_labels!(conn, crucible, CandidateOrigin, "crucible.candidate_origin");
    assert_labels!(conn, crucible, CandidateStatus, "crucible.candidate_status");
    assert_labels!(conn, crucible, IssueType, "crucible.issue_type");
    assert_labels!(conn, crucible, IssueSeverity, "crucible.issue_severity");
    assert_labels!(
        conn,
        crucible,
        ResolutionStatus,
        "crucible.resolution_status"
    );
    assert_labels!(conn, weeksmith, CycleStatus, "weeksmith.cycle_status");
    assert_labels!(conn, weeksmith, GoalType, "weeksmith.goal_type");
    assert_labels!(conn, weeksmith, GoalStatus, "weeksmith.goal_status");
    assert_labels!(conn, weeksmith, TaskStatus, "weeksmith.task_status");
    assert_labels!(conn, weeksmith, ActorKind, "weeksmith.actor_kind");
    assert_labels!(conn, weeksmith, AuditAction, "weeksmith.audit_action");
    assert_labels!(conn, weeksmith, AuditEntity, "weeksmith.audit_entity");
    assert_labels!(conn, weeksmith, ChatRole, "weeksmith.chat_role");
    Ok(())
}
