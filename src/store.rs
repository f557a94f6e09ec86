//! What every store does. A room's `store.rs` says which keys, inputs and filters there are, with the macros of this
//! module; what is particular to a room is written there.
//!
//! Every function takes the connection that the caller has, pooled or not, and works inside the caller's transaction.
//! The type of the key or of the input says which table is meant: `get(conn, run_id)` is a [`Run`](crate::cwom::Run).
//!
//! Tables whose changes are recorded are written through [`crate::audit`], the others through the functions here; the
//! types allow nothing else.

use diesel::connection::LoadConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use crate::error::Error;
use crate::page::{Listed, Page};
use crate::status::Status;

/// A connection to PostgreSQL: `PgConnection`, or one that a pool lends.
pub trait Conn: LoadConnection<Backend = Pg> {}
impl<C: LoadConnection<Backend = Pg>> Conn for C {}

/// The key of a table's rows.
pub trait Key: Copy + Into<Uuid> {
    /// A row of the table.
    type Row;
    /// The table, with its schema.
    const TABLE: &'static str;
    /// The key of a row.
    fn of(row: &Self::Row) -> Self;
    /// The row, locked against other writers until the transaction ends if `lock` says so.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    fn find<C: Conn>(self, conn: &mut C, lock: bool) -> QueryResult<Self::Row>;
}

/// A key of a table whose writer records nothing: it has no audit log, or a trigger writes it.
pub trait Unaudited: Key {}

/// What a row is made from.
pub trait New {
    /// The key of the row that is made.
    type Key: Key;
    /// What has to be told beside: nothing, or the trace for tables that are audited.
    type Context;
    /// Inserts the row.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn insert<C: Conn>(self, conn: &mut C, context: Self::Context) -> QueryResult<RowOf<Self>>;
}

/// The row that an input makes.
pub type RowOf<N> = <<N as New>::Key as Key>::Row;

/// What can be changed in a row; `None` leaves a column as it is. A table of which nothing may change has none.
pub trait Changes {
    /// The key of the row that is changed.
    type Key: Key;
    /// As [`New::Context`].
    type Context;
    /// Updates the row.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn apply<C: Conn>(
        self,
        conn: &mut C,
        key: Self::Key,
        context: Self::Context,
    ) -> QueryResult<<Self::Key as Key>::Row>;
}

/// Which rows are listed; what is `None` does not filter.
pub trait Filter {
    /// The key of the rows.
    type Key: Key;
    /// At most `limit` rows after a key, by ascending key.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn load<C: Conn>(
        &self,
        conn: &mut C,
        after: Option<Self::Key>,
        limit: i64,
    ) -> QueryResult<Vec<<Self::Key as Key>::Row>>;
}

/// A table whose rows have a status with a rule.
pub trait HasStatus: Key {
    /// The status.
    type Status: Status;
    /// As [`New::Context`].
    type Context;
    /// The status that a row has.
    fn status(row: &Self::Row) -> Self::Status;
    /// Updates the status, and the times that go with it.
    ///
    /// # Errors
    /// As Diesel and PostgreSQL give them.
    fn set_status<C: Conn>(
        self,
        conn: &mut C,
        to: Self::Status,
        context: Self::Context,
    ) -> QueryResult<Self::Row>;
}

/// Inserts a row.
///
/// # Errors
/// [`Error::Constraint`] and [`Error::Rule`] where the database refuses the row.
pub fn create<N: New<Context = ()>>(conn: &mut impl Conn, new: N) -> Result<RowOf<N>, Error>
where
    N::Key: Unaudited,
{
    Ok(new.insert(conn, ())?)
}

/// The row with a key.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub fn get<K: Key>(conn: &mut impl Conn, key: K) -> Result<K::Row, Error> {
    key.find(conn, false).map_err(|error| missing(key, error))
}

/// One page of the rows that a filter lets through, by ascending key.
///
/// # Errors
/// [`Error::Database`] where PostgreSQL cannot be asked.
pub fn list<F: Filter>(
    conn: &mut impl Conn,
    filter: &F,
    page: Page<F::Key>,
) -> Result<Listed<<F::Key as Key>::Row, F::Key>, Error> {
    let rows = filter.load(conn, page.after, page.fetch())?;
    Ok(Listed::of(rows, page, F::Key::of))
}

/// Changes a row.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Constraint`] and [`Error::Rule`] where the database refuses the change;
/// [`Error::Database`] where nothing is to be changed.
pub fn update<H: Changes<Context = ()>>(
    conn: &mut impl Conn,
    key: H::Key,
    changes: H,
) -> Result<<H::Key as Key>::Row, Error>
where
    H::Key: Unaudited,
{
    changes
        .apply(conn, key, ())
        .map_err(|error| missing(key, error))
}

/// Moves a row to another status.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Transition`] where that status may not follow.
pub fn set_status<K: HasStatus<Context = ()> + Unaudited>(
    conn: &mut impl Conn,
    key: K,
    to: K::Status,
) -> Result<K::Row, Error> {
    conn.transaction(|conn| {
        let row = locked(conn, key)?;
        may_follow::<K>(&row, to)?;
        Ok(key.set_status(conn, to, ())?)
    })
}

/// The row with a key, locked until the transaction ends.
pub(crate) fn locked<K: Key>(conn: &mut impl Conn, key: K) -> Result<K::Row, Error> {
    key.find(conn, true).map_err(|error| missing(key, error))
}

/// Says which row is missing.
pub(crate) fn missing<K: Key>(key: K, error: diesel::result::Error) -> Error {
    match error {
        diesel::result::Error::NotFound => Error::NotFound {
            table: K::TABLE,
            id: key.into(),
        },
        other => other.into(),
    }
}

/// Whether a row may have another status.
pub(crate) fn may_follow<K: HasStatus>(row: &K::Row, to: K::Status) -> Result<(), Error> {
    let from = K::status(row);
    if from.next().contains(&to) {
        return Ok(());
    }
    let allowed: Vec<String> = from.next().iter().map(|next| format!("{next:?}")).collect();
    Err(Error::Transition {
        table: K::TABLE,
        id: K::of(row).into(),
        from: format!("{from:?}"),
        to: format!("{to:?}"),
        allowed: if allowed.is_empty() {
            "nothing, it is final".to_owned()
        } else {
            allowed.join(", ")
        },
    })
}

/// Declares the keys of tables: `keys! { crucible::projects: ProjectId => Project; … }`; with `unaudited`, of tables that are
/// written with this module.
macro_rules! keys {
    (unaudited $($schema:ident::$table:ident: $key:ident => $row:ident;)+) => {
        $crate::store::keys! { $($schema::$table: $key => $row;)+ }
        $(impl $crate::store::Unaudited for $key {})+
    };
    ($($schema:ident::$table:ident: $key:ident => $row:ident;)+) => {$(
        impl $crate::store::Key for $key {
            type Row = $row;
            const TABLE: &'static str = concat!(stringify!($schema), ".", stringify!($table));

            fn of(row: &$row) -> Self {
                row.id
            }

            fn find<C: $crate::store::Conn>(self, conn: &mut C, lock: bool) -> diesel::QueryResult<$row> {
                let row = $crate::schema::$schema::$table::table.find(self).select($row::as_select());
                if lock { row.for_update().first(conn) } else { row.first(conn) }
            }
        }
    )+};
}

/// Declares inputs: `new! { crucible::projects: ProjectId from NewProject; … }`. With `traced`, the trace of the change is
/// stored as well.
macro_rules! new {
    (@row $schema:ident::$table:ident, $key:ident, $new:ident, $context:ty, |$trace:pat_param| $($more:expr)?) => {
        impl $crate::store::New for $new {
            type Key = $key;
            type Context = $context;

            fn insert<C: $crate::store::Conn>(
                self,
                conn: &mut C,
                $trace: $context,
            ) -> diesel::QueryResult<$crate::store::RowOf<Self>> {
                use $crate::schema::$schema::$table;
                diesel::insert_into($table::table)
                    .values((self, $table::id.eq($key::generate()), $($more)?))
                    .returning(<$crate::store::RowOf<Self>>::as_returning())
                    .get_result(conn)
            }
        }
    };
    ($($schema:ident::$table:ident: $key:ident from $new:ident;)+) => {$(
        $crate::store::new!(@row $schema::$table, $key, $new, (), |()|);
    )+};
    (traced $($schema:ident::$table:ident: $key:ident from $new:ident;)+) => {$(
        $crate::store::new!(
            @row $schema::$table, $key, $new, Option<$crate::audit::TraceId>,
            |trace| $crate::schema::$schema::$table::trace_id.eq(trace)
        );
    )+};
}

/// Declares what can be changed: `changes! { crucible::projects: ProjectId by ProjectChanges; … }`; `traced` as in `new!`.
macro_rules! changes {
    (@row $schema:ident::$table:ident, $key:ident, $changes:ident, $context:ty, |$trace:pat_param| $($more:expr)?) => {
        impl $crate::store::Changes for $changes {
            type Key = $key;
            type Context = $context;

            fn apply<C: $crate::store::Conn>(
                self,
                conn: &mut C,
                key: $key,
                $trace: $context,
            ) -> diesel::QueryResult<<$key as $crate::store::Key>::Row> {
                use $crate::schema::$schema::$table;
                diesel::update($table::table.find(key))
                    .set((self, $($more)?))
                    .returning(<<$key as $crate::store::Key>::Row>::as_returning())
                    .get_result(conn)
            }
        }
    };
    ($($schema:ident::$table:ident: $key:ident by $changes:ident;)+) => {$(
        $crate::store::changes!(@row $schema::$table, $key, $changes, (), |()|);
    )+};
    (traced $($schema:ident::$table:ident: $key:ident by $changes:ident;)+) => {$(
        $crate::store::changes!(
            @row $schema::$table, $key, $changes, Option<$crate::audit::TraceId>,
            |trace| $crate::schema::$schema::$table::trace_id.eq(trace)
        );
    )+};
}

/// Declares filters by equality: `filters! { crucible::runs: RunId in RunFilter { project_id: ProjectId, … } … }`.
macro_rules! filters {
    ($($schema:ident::$table:ident: $key:ident in $filter:ident { $($column:ident: $value:ty),* $(,)? })+) => {$(
        #[doc = concat!("Which rows of `", stringify!($schema), ".", stringify!($table), "` are listed; `None` does not filter.")]
        #[derive(Clone, Debug, Default)]
        pub struct $filter {
            $(
                #[doc = concat!("Only rows with this `", stringify!($column), "`.")]
                pub $column: Option<$value>,
            )*
        }

        impl $crate::store::Filter for $filter {
            type Key = $key;

            fn load<C: $crate::store::Conn>(
                &self,
                conn: &mut C,
                after: Option<$key>,
                limit: i64,
            ) -> diesel::QueryResult<Vec<<$key as $crate::store::Key>::Row>> {
                use $crate::schema::$schema::$table;
                let mut query = $table::table
                    .select(<<$key as $crate::store::Key>::Row>::as_select())
                    .order($table::id)
                    .limit(limit)
                    .into_boxed::<diesel::pg::Pg>();
                $(if let Some(value) = &self.$column {
                    query = query.filter($table::$column.eq(value));
                })*
                if let Some(after) = after {
                    query = query.filter($table::id.gt(after));
                }
                query.load(conn)
            }
        }
    )+};
}

/// Declares statuses: `statuses! { crucible::issues: IssueId is IssueStatus; … }`. `traced` as in `new!`; `timed` where
/// `started_at` and `finished_at` go with an [`Execution`](crate::status::Execution).
macro_rules! statuses {
    (@row $schema:ident::$table:ident, $key:ident, $column:ident: $status:ident, $context:ty, |$trace:pat_param, $to:ident| $($more:expr),*) => {
        impl $crate::store::HasStatus for $key {
            type Status = $status;
            type Context = $context;

            fn status(row: &Self::Row) -> $status {
                row.$column
            }

            fn set_status<C: $crate::store::Conn>(
                self,
                conn: &mut C,
                $to: $status,
                $trace: $context,
            ) -> diesel::QueryResult<Self::Row> {
                use $crate::schema::$schema::$table;
                diesel::update($table::table.find(self))
                    .set(($table::$column.eq($to), $($more),*))
                    .returning(Self::Row::as_returning())
                    .get_result(conn)
            }
        }
    };
    (@timed $schema:ident::$table:ident, $key:ident, $status:ident, $context:ty, |$trace:pat_param| $($more:expr)?) => {
        $crate::store::statuses!(
            @row $schema::$table, $key, status: $status, $context, |$trace, to|
            (to == <$status as $crate::status::Execution>::RUNNING)
                .then(|| $crate::schema::$schema::$table::started_at.eq(diesel::dsl::now)),
            $crate::status::Status::is_final(to)
                .then(|| $crate::schema::$schema::$table::finished_at.eq(diesel::dsl::now))
            $(, $more)?
        );
    };
    ($($schema:ident::$table:ident: $key:ident is $status:ident;)+) => {$(
        $crate::store::statuses!(@row $schema::$table, $key, status: $status, (), |(), to|);
    )+};
    (timed $($schema:ident::$table:ident: $key:ident is $status:ident;)+) => {$(
        $crate::store::statuses!(@timed $schema::$table, $key, $status, (), |()|);
    )+};
    (traced $($schema:ident::$table:ident: $key:ident is $status:ident;)+) => {$(
        $crate::store::statuses!(
            @row $schema::$table, $key, status: $status, Option<$crate::audit::TraceId>,
            |trace, to| $crate::schema::$schema::$table::trace_id.eq(trace)
        );
    )+};
    (traced timed $($schema:ident::$table:ident: $key:ident is $status:ident;)+) => {$(
        $crate::store::statuses!(
            @timed $schema::$table, $key, $status, Option<$crate::audit::TraceId>,
            |trace| $crate::schema::$schema::$table::trace_id.eq(trace)
        );
    )+};
}

pub(crate) use {changes, filters, keys, new, statuses};
