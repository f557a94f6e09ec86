//! The audit service of seed 2: an entry for each sort of change, and the two questions that are asked of the log.

use diesel::prelude::*;

use super::enums::AuditAction;
use super::models::{AuditEntry, AuditEntryId, By, Entity, TraceId};
use crate::error::Error;
use crate::json::Document;
use crate::schema::cwom::audit_log;
use crate::store::Conn;

/// Records that an entity was inserted; `after` is its row, as [`Audited::document`](super::Audited) gives it.
///
/// # Errors
/// As PostgreSQL gives them. With the commit: [`Rule::AuditUnfounded`](crate::error::Rule) where the entity was not
/// inserted, or is not what the entry says.
pub fn log_create(
    conn: &mut impl Conn,
    by: &By,
    entity: Entity,
    after: impl Into<Document>,
) -> Result<AuditEntry, Error> {
    record(
        conn,
        by,
        AuditAction::Created,
        entity,
        None,
        Some(after.into()),
    )
}

/// Records that columns of an entity changed; `before` and `after` are its row, as [`Audited::document`](super::Audited) gives it.
///
/// # Errors
/// As [`log_create`].
pub fn log_update(
    conn: &mut impl Conn,
    by: &By,
    entity: Entity,
    before: impl Into<Document>,
    after: impl Into<Document>,
) -> Result<AuditEntry, Error> {
    record(
        conn,
        by,
        AuditAction::Updated,
        entity,
        Some(before.into()),
        Some(after.into()),
    )
}

/// Records that the status of an entity changed; `before` and `after` as in [`log_update`].
///
/// # Errors
/// As [`log_create`].
pub fn log_status_change(
    conn: &mut impl Conn,
    by: &By,
    entity: Entity,
    before: impl Into<Document>,
    after: impl Into<Document>,
) -> Result<AuditEntry, Error> {
    record(
        conn,
        by,
        AuditAction::StatusChanged,
        entity,
        Some(before.into()),
        Some(after.into()),
    )
}

/// Records that an entity was linked to another; `link` is the row of the join table.
///
/// # Errors
/// As [`log_create`].
pub fn log_link(
    conn: &mut impl Conn,
    by: &By,
    entity: Entity,
    link: impl Into<Document>,
) -> Result<AuditEntry, Error> {
    record(
        conn,
        by,
        AuditAction::Linked,
        entity,
        None,
        Some(link.into()),
    )
}

/// Records that such a link was removed.
///
/// # Errors
/// As [`log_create`].
pub fn log_unlink(
    conn: &mut impl Conn,
    by: &By,
    entity: Entity,
    link: impl Into<Document>,
) -> Result<AuditEntry, Error> {
    record(
        conn,
        by,
        AuditAction::Unlinked,
        entity,
        Some(link.into()),
        None,
    )
}

/// What happened to an entity, the first thing first.
///
/// # Errors
/// [`Error::Database`] where PostgreSQL cannot be asked.
pub fn query_by_entity(conn: &mut impl Conn, entity: Entity) -> Result<Vec<AuditEntry>, Error> {
    Ok(audit_log::table
        .filter(audit_log::entity_kind.eq(entity.kind))
        .filter(audit_log::entity_id.eq(entity.id))
        .order((audit_log::ts, audit_log::id))
        .select(AuditEntry::as_select())
        .load(conn)?)
}

/// What happened in a trace, to any entity, the first thing first.
///
/// # Errors
/// [`Error::Database`] where PostgreSQL cannot be asked.
pub fn query_by_trace(conn: &mut impl Conn, trace: TraceId) -> Result<Vec<AuditEntry>, Error> {
    Ok(audit_log::table
        .filter(audit_log::trace_id.eq(trace))
        .order((audit_log::ts, audit_log::id))
        .select(AuditEntry::as_select())
        .load(conn)?)
}

fn record(
    conn: &mut impl Conn,
    by: &By,
    action: AuditAction,
    entity: Entity,
    before: Option<Document>,
    after: Option<Document>,
) -> Result<AuditEntry, Error> {
    Ok(diesel::insert_into(audit_log::table)
        .values((
            audit_log::id.eq(AuditEntryId::generate()),
            audit_log::actor_kind.eq(by.kind),
            audit_log::actor_id.eq(&by.id),
            audit_log::action.eq(action),
            audit_log::entity_kind.eq(entity.kind),
            audit_log::entity_id.eq(entity.id),
            audit_log::before.eq(before),
            audit_log::after.eq(after),
            audit_log::note.eq(&by.note),
            audit_log::trace_id.eq(by.trace),
        ))
        .returning(AuditEntry::as_returning())
        .get_result(conn)?)
}
