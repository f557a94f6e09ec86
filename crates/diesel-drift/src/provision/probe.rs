//! Asking a server what it is.

use diesel::dsl::sql;
use diesel::sql_types::Integer;
use diesel::{PgConnection, RunQueryDsl};

/// `server_version_num` of the server behind `connection`.
pub(super) fn server_version(connection: &mut PgConnection) -> Result<u32, String> {
    diesel::select(sql::<Integer>(
        "current_setting('server_version_num')::int4",
    ))
    .get_result::<i32>(connection)
    .map(i32::unsigned_abs)
    .map_err(|error| format!("the server did not say its version: {error}"))
}

/// `150018` as people write it: `15.18`. Before 10 a version had three parts.
pub(super) fn readable_version(number: u32) -> String {
    match number {
        100_000.. => format!("{}.{}", number / 10_000, number % 10_000),
        _ => format!(
            "{}.{}.{}",
            number / 10_000,
            number / 100 % 100,
            number % 100
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::readable_version;

    #[test]
    fn versions_read_as_people_write_them() {
        assert_eq!(readable_version(150_018), "15.18");
        assert_eq!(readable_version(180_000), "18.0");
        assert_eq!(readable_version(90_624), "9.6.24");
    }
}
