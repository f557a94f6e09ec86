//! Rows that there are many of: read by the places of their columns, in the order in which the server sends them.

use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::row::{Field, NamedRow, Row};

/// A struct whose fields are the columns of a `.sql` file, in its order. Diesel's own `QueryableByName` looks every column of
/// every row up by its name. A column whose name is none for a field is named after it: `data_type "type": Oid => u32`.
macro_rules! row {
    ($(#[$meta:meta])* $visibility:vis struct $row:ident {
        $($(#[$field_meta:meta])* $field_visibility:vis $field:ident $($column:literal)?: $sql:ty => $type:ty,)+
    }) => {
        $(#[$meta])*
        $visibility struct $row {
            $($(#[$field_meta])* $field_visibility $field: $type,)+
        }

        impl diesel::deserialize::QueryableByName<diesel::pg::Pg> for $row {
            fn build<'row>(
                row: &impl diesel::row::NamedRow<'row, diesel::pg::Pg>,
            ) -> diesel::deserialize::Result<Self> {
                let mut place = 0..;
                Ok(Self {
                    $($field: {
                        let name = $crate::introspect::row::name!($field $($column)?);
                        $crate::introspect::row::field::<$sql, $type>(row, &mut place, name)?
                    },)+
                })
            }
        }
    };
}
pub(super) use row;

/// The name of a column.
macro_rules! name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $column:literal) => {
        $column
    };
}
pub(super) use name;

/// The next column of a row, which is called `name`: every test of a debug build sees to it.
pub(super) fn field<'row, Sql, T: FromSql<Sql, Pg>>(
    row: &impl NamedRow<'row, Pg>,
    places: &mut impl Iterator<Item = usize>,
    name: &str,
) -> deserialize::Result<T> {
    let place = places.next().unwrap_or_default();
    let field = Row::get(row, place).ok_or_else(|| format!("column `{name}` is missing"))?;
    debug_assert_eq!(field.field_name(), Some(name), "at place {place}");
    T::from_nullable_sql(field.value())
}
