//! Schemas.

use super::IntrospectError;
use super::common::Common;
use super::query::{Query, query};
use crate::catalog::Schema;
use diesel::PgConnection;

/// Reads the project's schemas, sorted by name.
pub(super) fn schemas(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Vec<Schema>, IntrospectError> {
    const SCHEMAS: Query = query!("schemas.sql");
    SCHEMAS.objects(connection, common)
}
