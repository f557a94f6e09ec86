//! Writing audited tables: the change and its entry, both or neither.

use diesel::prelude::*;

use super::enums::AuditEntityKind;
use super::models::{By, Entity, TraceId};
use super::service::{log_create, log_status_change, log_update};
use crate::error::Error;
use crate::json::Document;
use crate::store::{Changes, Conn, HasStatus, Key, New, RowOf, locked, may_follow, missing};

/// A key of a table whose changes are recorded.
pub trait Audited: Key {
    /// The table's name in the log.
    const KIND: AuditEntityKind;
    /// The row as PostgreSQL writes it as JSON, which is what the log keeps; locked as by [`Key::find`] if `lock` says so.
    ///
    /// # Errors
    /// `NotFound` where there is no such row.
    fn document<C: Conn>(self, conn: &mut C, lock: bool) -> QueryResult<Document>;

    /// What the log calls the row.
    fn entity(self) -> Entity {
        Entity {
            kind: Self::KIND,
            id: self.into(),
        }
    }
}

/// Inserts a row and its entry.
///
/// # Errors
/// [`Error::Constraint`] and [`Error::Rule`] where the database refuses the row.
pub fn create<N: New<Context = Option<TraceId>>>(
    conn: &mut impl Conn,
    by: &By,
    new: N,
) -> Result<RowOf<N>, Error>
where
    N::Key: Audited,
{
    conn.transaction(|conn| {
        let row = new.insert(conn, by.trace)?;
        let key = N::Key::of(&row);
        let after = key.document(conn, false)?;
        log_create(conn, by, key.entity(), after)?;
        Ok(row)
    })
}

/// Changes a row and records it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Constraint`] and [`Error::Rule`] where the database refuses the change.
pub fn update<H: Changes<Context = Option<TraceId>>>(
    conn: &mut impl Conn,
    by: &By,
    key: H::Key,
    changes: H,
) -> Result<<H::Key as Key>::Row, Error>
where
    H::Key: Audited,
{
    conn.transaction(|conn| {
        let before = key
            .document(conn, true)
            .map_err(|error| missing(key, error))?;
        let row = changes.apply(conn, key, by.trace)?;
        let after = key.document(conn, false)?;
        log_update(conn, by, key.entity(), before, after)?;
        Ok(row)
    })
}

/// Moves a row to another status and records it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Transition`] where that status may not follow.
pub fn set_status<K: HasStatus<Context = Option<TraceId>> + Audited>(
    conn: &mut impl Conn,
    by: &By,
    key: K,
    to: K::Status,
) -> Result<K::Row, Error> {
    conn.transaction(|conn| {
        let row = locked(conn, key)?;
        may_follow::<K>(&row, to)?;
        let before = key.document(conn, false)?;
        let row = key.set_status(conn, to, by.trace)?;
        let after = key.document(conn, false)?;
        log_status_change(conn, by, key.entity(), before, after)?;
        Ok(row)
    })
}

/// Declares the keys of audited tables, and their names in the log: `audited! { cwom::repos: RepoId => Repo as Repo; … }`.
macro_rules! audited {
    ($($schema:ident::$table:ident: $key:ident => $row:ident as $kind:ident;)+) => {
        $crate::store::keys! { $($schema::$table: $key => $row;)+ }
        $(impl $crate::audit::Audited for $key {
            const KIND: $crate::audit::AuditEntityKind = $crate::audit::AuditEntityKind::$kind;

            fn document<C: $crate::store::Conn>(
                self,
                conn: &mut C,
                lock: bool,
            ) -> diesel::QueryResult<$crate::json::Document> {
                let document = $crate::schema::$schema::$table::table.find(self).select(
                    diesel::dsl::sql::<diesel::sql_types::Jsonb>(concat!(
                        "to_jsonb(", stringify!($table), ")"
                    )),
                );
                if lock { document.for_update().first(conn) } else { document.first(conn) }
            }
        })+
    };
}

pub(crate) use audited;
