//! Roles that migrations grant to and do not make: on a server of the harness's own.

use super::{Made, Refusal};
use crate::catalog::quote_identifier;
use diesel::result::Error;
use diesel::sql_types::{Array, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};

#[derive(QueryableByName)]
struct RoleRow {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Makes those of `roles` that the server lacks, without the right to log in. A server that the user named is left as it is:
/// roles would stay there.
pub(super) fn make(made: &Made, roles: &[String]) -> Result<(), Refusal> {
    if roles.is_empty() || made.provider == "server" {
        return Ok(());
    }
    let refused = |reason: String| Refusal {
        provider: made.provider,
        reason: format!("the roles of `[provision] roles` could not be made: {reason}"),
        advice: "see that drift.toml names each as PostgreSQL allows it".to_owned(),
    };
    let mut connection = made.libpq.connect().map_err(refused)?;
    let failed = |error: Error| refused(error.to_string());
    for RoleRow { name } in missing(&mut connection, roles).map_err(failed)? {
        let created = sql_query(format!("CREATE ROLE {} NOLOGIN", quote_identifier(&name)))
            .execute(&mut connection);
        if let Err(error) = created {
            // Where a server is shared, another process may have been first.
            let is_there = missing(&mut connection, &[name]).is_ok_and(|names| names.is_empty());
            if !is_there {
                return Err(failed(error));
            }
        }
    }
    Ok(())
}

fn missing(connection: &mut PgConnection, roles: &[String]) -> Result<Vec<RoleRow>, Error> {
    sql_query(
        "SELECT DISTINCT wanted.name FROM pg_catalog.unnest($1) AS wanted (name) \
         WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = wanted.name)",
    )
    .bind::<Array<Text>, _>(roles)
    .load(connection)
}
