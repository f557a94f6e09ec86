//! The enums of the audit log. The labels are the variants' names in snake case.

use diesel_derive_enum::DbEnum;

/// What was done to an entity.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::AuditAction"]
#[DbValueStyle = "snake_case"]
pub enum AuditAction {
    /// The entity was inserted.
    Created,
    /// Some of its columns changed.
    Updated,
    /// Only its status changed.
    StatusChanged,
    /// It was linked to another entity.
    Linked,
    /// Such a link was removed.
    Unlinked,
    /// The entity was deleted.
    Deleted,
}

/// Which table an audited entity lives in; a label without a prefix is a table of schema cwom, or the only table of
/// its name.
#[derive(Clone, Copy, DbEnum, Debug, Eq, Hash, PartialEq)]
#[ExistingTypePath = "crate::schema::cwom::sql_types::AuditEntityKind"]
#[DbValueStyle = "snake_case"]
pub enum AuditEntityKind {
    /// `cwom.repos`
    Repo,
    /// `cwom.issues`
    Issue,
    /// `cwom.context_packets`
    ContextPacket,
    /// `cwom.constraint_snapshots`
    ConstraintSnapshot,
    /// `cwom.doctrine_refs`
    DoctrineRef,
    /// `cwom.runs`
    Run,
    /// `cwom.artifacts`
    Artifact,
    /// `tower.events`
    Event,
    /// `tower.workflows`
    Workflow,
    /// `tower.agents`
    Agent,
    /// `tower.tasks`
    Task,
    /// `tower.jobs`
    Job,
    /// `tower.artifacts`
    TowerArtifact,
}
