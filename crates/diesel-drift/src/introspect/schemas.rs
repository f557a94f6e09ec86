//! Schemas and extensions.

use super::IntrospectError;
use super::common::Common;
use super::query::{Query, query};
use crate::catalog::{Extension, Schema};
use diesel::sql_types::{Nullable, Text};
use diesel::{PgConnection, QueryableByName};

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ExtensionRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

/// Reads the project's schemas, sorted by name.
pub(super) fn schemas(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Vec<Schema>, IntrospectError> {
    const SCHEMAS: Query = query!("schemas.sql");
    let mut schemas: Vec<Schema> = SCHEMAS.objects(connection, common)?;
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(schemas)
}

/// Reads the installed extensions, sorted by name.
pub(super) fn extensions(connection: &mut PgConnection) -> Result<Vec<Extension>, IntrospectError> {
    const EXTENSIONS: Query = query!("extensions.sql");
    let mut extensions: Vec<_> = EXTENSIONS
        .rows::<ExtensionRow>(connection)?
        .into_iter()
        .map(|row| Extension {
            name: row.name,
            schema: row.schema,
            version: row.version,
            comment: row.comment,
        })
        .collect();
    extensions.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(extensions)
}
