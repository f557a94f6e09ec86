//! Which migrations a database says were applied to it (`__diesel_schema_migrations`).

use super::IntrospectError;
use super::query::{Query, query};
use crate::catalog::{BOOKKEEPING, QualifiedName};
use crate::subject::Subject;
use diesel::sql_types::{Bool, Text};
use diesel::{PgConnection, QueryableByName};

/// What a database says of the migrations that were applied to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// There is no such table: nothing was applied, or by something else than Diesel.
    NoTable,
    /// There is one, and it cannot be read; a sentence says why.
    Unreadable(String),
    /// What it holds, by version.
    Versions(Vec<AppliedVersion>),
}

/// One row of `__diesel_schema_migrations`.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct AppliedVersion {
    /// `version`.
    #[diesel(sql_type = Text)]
    pub version: String,
    /// `run_on`, in UTC where the column has a time zone (Diesel's own has none).
    #[diesel(sql_type = Text)]
    pub run_on: String,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Found {
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Bool)]
    genuine: bool,
    #[diesel(sql_type = Bool)]
    readable: bool,
    #[diesel(sql_type = Bool)]
    filtered: bool,
}

/// Reads the record; inside of the transaction that reads the catalog, so that both are of one moment.
pub(super) fn read(
    connection: &mut PgConnection,
    search_path: &[String],
) -> Result<Applied, IntrospectError> {
    const FOUND: Query = query!("bookkeeping.sql");
    let found: Vec<Found> = FOUND.rows(connection)?;
    let first_on_path =
        (search_path.iter()).find_map(|schema| found.iter().find(|table| table.schema == *schema));
    let table = match (first_on_path, &found[..]) {
        (Some(table), _) | (None, [table]) => table,
        (None, []) => return Ok(Applied::NoTable),
        (None, several) => {
            let places: Vec<_> = several.iter().map(Found::shown).collect();
            return Ok(Applied::Unreadable(format!(
                "there are {}, and none is in the connection's search_path: set it in the URL \
                 (`?options=-csearch_path%3D…`)",
                places.join(" and ")
            )));
        }
    };
    if let Some(reason) = table.reason() {
        return Ok(Applied::Unreadable(format!("{}: {reason}", table.shown())));
    }
    let rows = diesel::sql_query(format!(
        "SELECT version::pg_catalog.text, run_on::pg_catalog.text FROM {} ORDER BY version COLLATE \"C\"",
        table.name().to_sql()
    ));
    const VERSIONS: Query = Query {
        file: BOOKKEEPING,
        text: "",
        of: None,
    };
    VERSIONS.load(rows, connection).map(Applied::Versions)
}

impl Found {
    fn name(&self) -> QualifiedName {
        QualifiedName::new(&self.schema, BOOKKEEPING)
    }

    fn shown(&self) -> String {
        Subject::Relation(self.name()).to_string()
    }

    /// Why it is not read.
    fn reason(&self) -> Option<String> {
        if !self.genuine {
            Some("it is not the table that Diesel makes".to_owned())
        } else if !self.readable {
            let table = self.name().to_sql();
            Some(format!(
                "the role may not read it: `GRANT SELECT ON {table} TO …;`, and USAGE on its schema"
            ))
        } else if self.filtered {
            Some("row-level security may hide a part of it from the role".to_owned())
        } else {
            None
        }
    }
}
