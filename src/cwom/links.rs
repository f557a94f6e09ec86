//! Join tables: each link is a row, so that "all runs governed by doctrine X" is one query (seed 1).

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::models::*;
use crate::audit::{self, Audited, By, TraceId};
use crate::error::Error;
use crate::json::JsonObject;
use crate::page::{Listed, Page};
use crate::schema::cwom::{
    constraint_snapshots, context_packet_doctrine_refs, context_packets, doctrine_refs,
    issue_constraint_snapshots, issue_context_packets, issue_doctrine_refs, issues,
    run_context_packets, run_doctrine_refs, runs,
};
use crate::store::{Conn, Key};

/// Which context packets an issue refers to, its own and those of other issues.
///
/// One row of `cwom.issue_context_packets` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = issue_context_packets, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(issue_id, context_packet_id))]
#[diesel(belongs_to(Issue, foreign_key = issue_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = context_packet_id))]
pub struct IssueContextPacket {
    /// Issue that refers; the link goes with it.
    pub issue_id: IssueId,
    /// Packet that is referred to; cannot be deleted while a link needs it.
    pub context_packet_id: ContextPacketId,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because a link never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Which doctrines govern an issue.
///
/// One row of `cwom.issue_doctrine_refs` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = issue_doctrine_refs, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(issue_id, doctrine_ref_id))]
#[diesel(belongs_to(Issue, foreign_key = issue_id))]
#[diesel(belongs_to(DoctrineRef, foreign_key = doctrine_ref_id))]
pub struct IssueDoctrineRef {
    /// Issue that is governed; the link goes with it.
    pub issue_id: IssueId,
    /// Doctrine that governs; cannot be deleted while a link needs it.
    pub doctrine_ref_id: DoctrineRefId,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because a link never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Which constraint snapshots bind an issue.
///
/// One row of `cwom.issue_constraint_snapshots` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = issue_constraint_snapshots, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(issue_id, constraint_snapshot_id))]
#[diesel(belongs_to(Issue, foreign_key = issue_id))]
#[diesel(belongs_to(ConstraintSnapshot, foreign_key = constraint_snapshot_id))]
pub struct IssueConstraintSnapshot {
    /// Issue that is bound; the link goes with it.
    pub issue_id: IssueId,
    /// Snapshot that binds; cannot be deleted while a link needs it.
    pub constraint_snapshot_id: ConstraintSnapshotId,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because a link never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Which context packets a run was given.
///
/// One row of `cwom.run_context_packets` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = run_context_packets, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(run_id, context_packet_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = context_packet_id))]
pub struct RunContextPacket {
    /// Run that was given the packet; the link goes with it.
    pub run_id: RunId,
    /// Packet that it was given; cannot be deleted while a link needs it.
    pub context_packet_id: ContextPacketId,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because a link never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Which doctrines govern a run.
///
/// One row of `cwom.run_doctrine_refs` (seed 1).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = run_doctrine_refs, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(run_id, doctrine_ref_id))]
#[diesel(belongs_to(Run, foreign_key = run_id))]
#[diesel(belongs_to(DoctrineRef, foreign_key = doctrine_ref_id))]
pub struct RunDoctrineRef {
    /// Run that is governed; the link goes with it.
    pub run_id: RunId,
    /// Doctrine that governs; cannot be deleted while a link needs it.
    pub doctrine_ref_id: DoctrineRefId,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because a link never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// Which doctrines a context packet hands on.
///
/// One row of `cwom.context_packet_doctrine_refs` (seed 2).
#[derive(Associations, Clone, Debug, Identifiable, PartialEq, Queryable, Selectable)]
#[diesel(table_name = context_packet_doctrine_refs, check_for_backend(diesel::pg::Pg))]
#[diesel(primary_key(context_packet_id, doctrine_ref_id))]
#[diesel(belongs_to(ContextPacket, foreign_key = context_packet_id))]
#[diesel(belongs_to(DoctrineRef, foreign_key = doctrine_ref_id))]
pub struct ContextPacketDoctrineRef {
    /// Packet that hands on; the link goes with it.
    pub context_packet_id: ContextPacketId,
    /// Doctrine that is handed on; cannot be deleted while a link needs it.
    pub doctrine_ref_id: DoctrineRefId,
    /// Trace that the change came from; the same id in `audit_log` and in tower; null where nothing was traced.
    pub trace_id: Option<TraceId>,
    /// When the row was inserted.
    pub created_at: DateTime<Utc>,
    /// Always `created_at`, because a link never changes; there for readers that expect it of every table.
    pub updated_at: DateTime<Utc>,
}

/// A row that another row can be linked to: implemented by the key that owns the link, for the key that it leads to.
pub trait LinksTo<Right: Key>: Audited {
    /// The row of the join table.
    type Link;
    /// Inserts the link.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn insert<C: Conn>(
        self,
        conn: &mut C,
        right: Right,
        trace: Option<TraceId>,
    ) -> QueryResult<Self::Link>;
    /// Deletes the link; how many rows went.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn delete<C: Conn>(self, conn: &mut C, right: Right) -> QueryResult<usize>;
    /// The link as the audit log has it: the join table and both keys.
    fn told(self, right: Right) -> JsonObject;
    /// The join table, with its schema.
    const JOIN_TABLE: &'static str;
}

/// A row that is linked with others, whichever of the two owns the link.
pub trait Related<Other: Key>: Key {
    /// At most `limit` rows that are linked with this one, after a key, by ascending key.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn related<C: Conn>(
        self,
        conn: &mut C,
        after: Option<Other>,
        limit: i64,
    ) -> QueryResult<Vec<Other::Row>>;
}

/// Links two rows and records it under the first.
///
/// # Errors
/// [`Error::Constraint`] where they are linked already, or one of them is not there.
pub fn link<L: LinksTo<R>, R: Key>(
    conn: &mut impl Conn,
    by: &By,
    left: L,
    right: R,
) -> Result<L::Link, Error> {
    conn.transaction(|conn| {
        let link = left.insert(conn, right, by.trace)?;
        audit::log_link(conn, by, left.entity(), left.told(right))?;
        Ok(link)
    })
}

/// Removes a link and records it under the first row.
///
/// # Errors
/// [`Error::NotFound`] where they are not linked.
pub fn unlink<L: LinksTo<R>, R: Key>(
    conn: &mut impl Conn,
    by: &By,
    left: L,
    right: R,
) -> Result<(), Error> {
    conn.transaction(|conn| {
        if left.delete(conn, right)? == 0 {
            return Err(Error::NotFound {
                table: L::JOIN_TABLE,
                id: left.into(),
            });
        }
        audit::log_unlink(conn, by, left.entity(), left.told(right))?;
        Ok(())
    })
}

/// One page of the rows that are linked with a row: `related::<RunId, _>(conn, doctrine_id, page)` is "all runs governed by
/// doctrine X" (seed 1), one query that the join table's index serves.
///
/// # Errors
/// [`Error::Database`] where PostgreSQL cannot be asked.
pub fn related<Other: Key, K: Related<Other>>(
    conn: &mut impl Conn,
    key: K,
    page: Page<Other>,
) -> Result<Listed<Other::Row, Other>, Error> {
    let rows = key.related(conn, page.after, page.fetch())?;
    Ok(Listed::of(rows, page, Other::of))
}

/// Declares join tables: which column of which key, owner first.
macro_rules! links {
    ($($join:ident => $link:ident {
        $left:ident: $left_key:ident of $left_table:ident,
        $right:ident: $right_key:ident of $right_table:ident $(,)?
    })+) => {$(
        impl LinksTo<$right_key> for $left_key {
            type Link = $link;
            const JOIN_TABLE: &'static str = concat!("cwom.", stringify!($join));

            fn insert<C: Conn>(self, conn: &mut C, right: $right_key, trace: Option<TraceId>) -> QueryResult<$link> {
                diesel::insert_into($join::table)
                    .values(($join::$left.eq(self), $join::$right.eq(right), $join::trace_id.eq(trace)))
                    .returning($link::as_returning())
                    .get_result(conn)
            }

            fn delete<C: Conn>(self, conn: &mut C, right: $right_key) -> QueryResult<usize> {
                diesel::delete($join::table.find((self, right))).execute(conn)
            }

            fn told(self, right: $right_key) -> JsonObject {
                JsonObject::from_iter([
                    ("link", stringify!($join).to_owned()),
                    (stringify!($left), self.to_string()),
                    (stringify!($right), right.to_string()),
                ])
            }
        }

        links!(@related $join, $left_key by $left, $right_key by $right of $right_table);
        links!(@related $join, $right_key by $right, $left_key by $left of $left_table);
    )+};
    (@related $join:ident, $key:ident by $column:ident, $other:ident by $other_column:ident of $other_table:ident) => {
        impl Related<$other> for $key {
            fn related<C: Conn>(
                self,
                conn: &mut C,
                after: Option<$other>,
                limit: i64,
            ) -> QueryResult<Vec<<$other as Key>::Row>> {
                let mut query = $other_table::table
                    .inner_join($join::table)
                    .filter($join::$column.eq(self))
                    .select(<$other as Key>::Row::as_select())
                    .order($join::$other_column)
                    .limit(limit)
                    .into_boxed::<diesel::pg::Pg>();
                if let Some(after) = after {
                    query = query.filter($join::$other_column.gt(after));
                }
                query.load(conn)
            }
        }
    };
}

links! {
    issue_context_packets => IssueContextPacket {
        issue_id: IssueId of issues, context_packet_id: ContextPacketId of context_packets,
    }
    issue_doctrine_refs => IssueDoctrineRef {
        issue_id: IssueId of issues, doctrine_ref_id: DoctrineRefId of doctrine_refs,
    }
    issue_constraint_snapshots => IssueConstraintSnapshot {
        issue_id: IssueId of issues, constraint_snapshot_id: ConstraintSnapshotId of constraint_snapshots,
    }
    run_context_packets => RunContextPacket {
        run_id: RunId of runs, context_packet_id: ContextPacketId of context_packets,
    }
    run_doctrine_refs => RunDoctrineRef {
        run_id: RunId of runs, doctrine_ref_id: DoctrineRefId of doctrine_refs,
    }
    context_packet_doctrine_refs => ContextPacketDoctrineRef {
        context_packet_id: ContextPacketId of context_packets, doctrine_ref_id: DoctrineRefId of doctrine_refs,
    }
}
