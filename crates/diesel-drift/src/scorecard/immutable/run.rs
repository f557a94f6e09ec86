//! Statements that are run and taken back, and why they fail.

use crate::catalog::{Catalog, Relation};
use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error, QueryResult};
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};

/// What a statement did, before it was taken back.
pub(super) enum Outcome {
    /// It ran, and the table holds something else.
    Changed,
    /// It ran and touched rows, and the table holds what it held.
    Unchanged,
    /// It ran and touched no row.
    Ignored,
    /// Somebody wrote down that it must fail: `RAISE`, in whatever language.
    Refused(String),
    /// It failed otherwise: a constraint that another value may satisfy, or an error of a trigger that is about something else.
    Failed(String),
}

/// Runs a statement on a table, looks at what became of its rows, and takes it back.
pub(super) fn run(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    statement: &str,
) -> QueryResult<Outcome> {
    let before = content(connection, table)?;
    let outcome = in_savepoint(connection, |connection| {
        let touched = sql_query(statement).execute(connection)?;
        Ok((touched, content(connection, table)?))
    })?;
    Ok(match outcome {
        Ok((_, after)) if after != before => Outcome::Changed,
        Ok((0, _)) => Outcome::Ignored,
        Ok(_) => Outcome::Unchanged,
        Err(Error::DatabaseError(kind, information)) => {
            let message = information.message().to_owned();
            let is_meant =
                !is_constraint(catalog, &kind, &*information) && is_raised(connection, statement)?;
            match is_meant {
                true => Outcome::Refused(message),
                false => Outcome::Failed(message),
            }
        }
        Err(error) => return Err(error),
    })
}

/// Lets what is deferred happen now, and from now on with each statement: what only a COMMIT would refuse is refused. PostgreSQL's message where that
/// fails, and then it stays deferred.
pub(super) fn settle(connection: &mut PgConnection) -> QueryResult<Result<(), String>> {
    connection.batch_execute("SAVEPOINT diesel_drift_settled")?;
    match connection.batch_execute("SET CONSTRAINTS ALL IMMEDIATE") {
        Ok(()) => Ok(Ok(())),
        Err(Error::DatabaseError(_, information)) => {
            connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_settled")?;
            Ok(Err(information.message().to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// Whether a query can be run and gives a row; PostgreSQL's message where it cannot.
pub(super) fn gives_rows(
    connection: &mut PgConnection,
    query: &str,
) -> QueryResult<Result<bool, String>> {
    let exists = format!("SELECT EXISTS ({query}) AS holds");
    let outcome = in_savepoint(connection, |connection| holds(connection, &exists))?;
    match outcome {
        Ok(gives) => Ok(Ok(gives)),
        Err(Error::DatabaseError(_, information)) => Ok(Err(information.message().to_owned())),
        Err(error) => Err(error),
    }
}

#[derive(QueryableByName)]
struct Holds {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

/// The only value of a query.
pub(super) fn holds(connection: &mut PgConnection, query: &str) -> QueryResult<bool> {
    Ok(sql_query(query).get_result::<Holds>(connection)?.holds)
}

/// Does something of which nothing is left.
fn in_savepoint<T>(
    connection: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<QueryResult<T>> {
    connection.batch_execute("SAVEPOINT diesel_drift_attempt")?;
    let done = work(connection);
    connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_attempt")?;
    Ok(done)
}

#[derive(QueryableByName)]
struct Content {
    #[diesel(sql_type = Text)]
    digest: String,
}

/// A digest of the table's rows.
fn content(connection: &mut PgConnection, table: &Relation) -> QueryResult<String> {
    let digest = format!(
        "SELECT pg_catalog.md5(COALESCE(pg_catalog.string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS digest FROM {} AS t",
        table.name.to_sql()
    );
    Ok(sql_query(digest).get_result::<Content>(connection)?.digest)
}

#[derive(QueryableByName)]
struct Raised {
    #[diesel(sql_type = Nullable<Text>)]
    raised: Option<String>,
}

/// Whether somebody wrote down that a statement fails: it is not PostgreSQL that found something missing or malformed on the way, such as a trigger that
/// wants to know who the user is.
fn is_raised(connection: &mut PgConnection, statement: &str) -> QueryResult<bool> {
    let catching = format!(
        "DO $diesel_drift$ DECLARE state text; context text; BEGIN EXECUTE '{}'; EXCEPTION WHEN OTHERS THEN \
         GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, context = PG_EXCEPTION_CONTEXT; \
         PERFORM pg_catalog.set_config('diesel_drift.raised', state || ' ' || context, true); END $diesel_drift$",
        statement.replace('\'', "''")
    );
    let raised = in_savepoint(connection, |connection| {
        connection.batch_execute(&catching)?;
        sql_query("SELECT pg_catalog.current_setting('diesel_drift.raised', true) AS raised")
            .get_result::<Raised>(connection)
    })?;
    // Where nobody can catch it, it is as it looks.
    Ok(raised
        .ok()
        .and_then(|of| of.raised)
        .is_none_or(|raised| is_meant(&raised)))
}

/// Whether an SQLSTATE, and the context behind it, are those of somebody's own error: class `P0`, or any state that a `RAISE` gave; those of other
/// languages that have no state of their own are of class 38 or 39.
fn is_meant(raised: &str) -> bool {
    let first = raised.lines().next().unwrap_or_default();
    ["P0", "38", "39"]
        .iter()
        .any(|class| raised.starts_with(class))
        || first.ends_with(" RAISE")
}

/// Whether it is a constraint that was broken. A trigger may raise the same errors, and name a constraint that is none.
fn is_constraint(
    catalog: &Catalog,
    kind: &DatabaseErrorKind,
    information: &dyn DatabaseErrorInformation,
) -> bool {
    let Some(name) = information.constraint_name() else {
        return matches!(kind, DatabaseErrorKind::NotNullViolation);
    };
    (catalog.relations.iter()).any(|relation| {
        let keys = relation.unique.iter().chain(&relation.primary_key);
        let names = (keys.map(|key| &key.name))
            .chain(relation.foreign_keys.iter().map(|key| &key.name))
            .chain(relation.checks.iter().map(|check| &check.name))
            .chain(relation.exclusions.iter().map(|exclusion| &exclusion.name))
            .chain(relation.indexes.iter().map(|index| &index.name));
        names.into_iter().any(|of| of == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_somebodys_own_where_it_is_raised() {
        for raised in [
            "P0001 PL/pgSQL function app.refuse() line 3 at RAISE\nSQL statement \"UPDATE\"",
            "23001 PL/pgSQL function app.refuse() line 3 at RAISE",
            "38000 PL/Python function \"refuse\"",
        ] {
            assert!(is_meant(raised), "{raised}");
        }
        for raised in [
            "42704 PL/pgSQL function app.log() line 3 at SQL statement",
            "55000 SQL statement \"UPDATE app.posts\"",
        ] {
            assert!(!is_meant(raised), "{raised}");
        }
    }
}
