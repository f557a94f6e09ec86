//! PostgreSQL's one-letter codes (`"char"`) as the catalog's enums.

use crate::catalog::{Enabled, MatchType, Persistence, ReferentialAction, RelationKind, Storage};
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::CChar;

/// Reads an enum from the letters of a column; another letter is an error, because it would be a newer server's.
macro_rules! letters {
    ($type:ty, $column:literal, { $($letter:literal => $variant:ident),+ $(,)? }) => {
        impl FromSql<CChar, Pg> for $type {
            fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                match <u8 as FromSql<CChar, Pg>>::from_sql(bytes)? {
                    $($letter => Ok(Self::$variant),)+
                    other => Err(unknown($column, other).into()),
                }
            }
        }

        impl Queryable<CChar, Pg> for $type {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

/// The sentence about a letter that has no meaning here.
pub(super) fn unknown(column: &str, letter: u8) -> String {
    format!(
        "{column} holds `{}`, which this release does not know; the server may be newer than it",
        letter.escape_ascii()
    )
}

letters!(RelationKind, "pg_class.relkind", {
    b'r' => Table,
    b'p' => PartitionedTable,
    b'v' => View,
    b'm' => MaterializedView,
    b'f' => ForeignTable,
});

letters!(Persistence, "pg_class.relpersistence", {
    b'p' => Permanent,
    b'u' => Unlogged,
});

letters!(MatchType, "pg_constraint.confmatchtype", {
    b's' => Simple,
    b'f' => Full,
    b'p' => Partial,
});

letters!(ReferentialAction, "pg_constraint.confupdtype or confdeltype", {
    b'a' => NoAction,
    b'r' => Restrict,
    b'c' => Cascade,
    b'n' => SetNull,
    b'd' => SetDefault,
});

letters!(Storage, "pg_attribute.attstorage", {
    b'p' => Plain,
    b'e' => External,
    b'x' => Extended,
    b'm' => Main,
});

letters!(Enabled, "pg_trigger.tgenabled", {
    b'O' => Origin,
    b'D' => Disabled,
    b'R' => Replica,
    b'A' => Always,
});
