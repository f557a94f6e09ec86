//! Join tables: each link is a row, so that "all runs governed by doctrine X" is one query.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::{ConstraintSnapshot, ContextPacket, DoctrineRef, Issue, Run};
use crate::schema::cwom::{
    context_packet_doctrine_refs, issue_constraint_snapshots, issue_context_packets,
    issue_doctrine_refs, run_context_packets, run_doctrine_refs,
};

/// Which context packets an issue refers to, its own and those of other issues.
///
/// One row of `cwom.issue_context_packets` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = issue_context_packets, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(issue_id, context_packet_id))]
#[diesel(belongs_to(Issue, foreign_key = issue_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = context_packet_id))]
pub struct IssueContextPacket {
    /// Issue that refers; the link goes with it.
    pub issue_id: Uuid,
    /// Packet that is referred to; cannot be deleted while a link needs it.
    pub context_packet_id: Uuid,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// Which doctrines govern an issue.
///
/// One row of `cwom.issue_doctrine_refs` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = issue_doctrine_refs, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(issue_id, doctrine_ref_id))]
#[diesel(belongs_to(Issue, foreign_key = issue_id))]
#[diesel(belongs_to(DoctrineRef, foreign_key = doctrine_ref_id))]
pub struct IssueDoctrineRef {
    /// Issue that is governed; the link goes with it.
    pub issue_id: Uuid,
    /// Doctrine that governs; cannot be deleted while a link needs it.
    pub doctrine_ref_id: Uuid,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// Which constraint snapshots bind an issue.
///
/// One row of `cwom.issue_constraint_snapshots` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = issue_constraint_snapshots, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(issue_id, constraint_snapshot_id))]
#[diesel(belongs_to(Issue, foreign_key = issue_id))]
#[diesel(belongs_to(ConstraintSnapshot, foreign_key = constraint_snapshot_id))]
pub struct IssueConstraintSnapshot {
    /// Issue that is bound; the link goes with it.
    pub issue_id: Uuid,
    /// Snapshot that binds; cannot be deleted while a link needs it.
    pub constraint_snapshot_id: Uuid,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// Which context packets a run was given.
///
/// One row of `cwom.run_context_packets` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = run_context_packets, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(run_id, context_packet_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = context_packet_id))]
pub struct RunContextPacket {
    /// Run that was given the packet; the link goes with it.
    pub run_id: Uuid,
    /// Packet that it was given; cannot be deleted while a link needs it.
    pub context_packet_id: Uuid,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// Which doctrines govern a run.
///
/// One row of `cwom.run_doctrine_refs` (seed 1).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = run_doctrine_refs, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(run_id, doctrine_ref_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(DoctrineRef, foreign_key = doctrine_ref_id))]
pub struct RunDoctrineRef {
    /// Run that is governed; the link goes with it.
    pub run_id: Uuid,
    /// Doctrine that governs; cannot be deleted while a link needs it.
    pub doctrine_ref_id: Uuid,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}

/// Which doctrines a context packet hands on.
///
/// One row of `cwom.context_packet_doctrine_refs` (seed 2).
#[derive(
    Associations, Clone, Debug, Identifiable, Insertable, PartialEq, Queryable, Selectable,
)]
#[diesel(table_name = context_packet_doctrine_refs, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(context_packet_id, doctrine_ref_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = context_packet_id))]
#[diesel(belongs_to(DoctrineRef, foreign_key = doctrine_ref_id))]
pub struct ContextPacketDoctrineRef {
    /// Packet that hands on; the link goes with it.
    pub context_packet_id: Uuid,
    /// Doctrine that is handed on; cannot be deleted while a link needs it.
    pub doctrine_ref_id: Uuid,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<Uuid>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed; the application sets it with every change.
    pub updated_at: DateTime<Utc>,
}
