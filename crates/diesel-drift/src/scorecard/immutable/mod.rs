//! Whether rows that must never change can be changed: an UPDATE and a DELETE that must fail are run, and everything is rolled back.

mod attempt;
mod guards;
mod places;
mod rows;
mod run;

use super::lookup;
use crate::catalog::{Catalog, Relation, TriggerEvent};
use crate::roundtrip::Seeds;
use attempt::{delete, truncate, update};
use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::QueryResult;
use guards::general;
use places::places;
use rows::give_rows;
use run::holds;
use std::path::Path;

/// What became of attempts to change a table's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// There is no such table: what the name means instead, as the rest of a sentence.
    Absent(String),
    /// They could not be made, and why.
    Untried(String),
    /// They were made.
    Tried {
        /// `UPDATE`.
        update: Attempt,
        /// `DELETE`.
        delete: Attempt,
        /// `TRUNCATE … CASCADE`.
        truncate: Attempt,
    },
}

/// What became of a statement that must fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// It failed, or did nothing: PostgreSQL's message.
    Refused(String),
    /// It failed, but not for all: PostgreSQL's message, and what was not tried.
    Partly(String, String),
    /// It was carried out.
    CarriedOut {
        /// For these columns, where it is about columns.
        columns: Vec<String>,
        /// What refused it for other rows: PostgreSQL's message.
        otherwise: Option<String>,
    },
    /// It failed for a reason that says nothing about other rows: PostgreSQL's message.
    Unknown(String),
}

/// Tries the tables that are called so.
pub(super) fn try_all(
    connection: &mut PgConnection,
    catalog: &Catalog,
    names: &[String],
    root: &Path,
) -> Vec<(String, Trial)> {
    let seeds = match names {
        [] => Seeds::default(),
        _ => Seeds::read(root),
    };
    let mut trial = |name: &String| {
        let table = match lookup::table(catalog, name) {
            Ok(table) => table,
            Err(what) => return Trial::Absent(what),
        };
        let tried = in_transaction(connection, catalog, table.relation(), &seeds);
        tried.unwrap_or_else(|error| Trial::Untried(error.to_string()))
    };
    (names.iter())
        .map(|name| (name.clone(), trial(name)))
        .collect()
}

fn in_transaction(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    seeds: &Seeds,
) -> QueryResult<Trial> {
    AnsiTransactionManager::begin_transaction(connection)?;
    let tried = tried(connection, catalog, table, seeds);
    AnsiTransactionManager::rollback_transaction(connection)?;
    tried
}

fn tried(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    seeds: &Seeds,
) -> QueryResult<Trial> {
    let name = table.name.to_sql();
    if let Some(reason) = hindrance(connection, &name)? {
        return Ok(Trial::Untried(reason));
    }
    // Before there are rows whose deferred triggers are still to come, with which PostgreSQL empties nothing.
    let truncate = truncate(connection, catalog, table)?;
    let rows = give_rows(connection, catalog, table, seeds)?;
    let places = places(connection, table)?;
    let seen = |attempt, event| general(attempt, catalog, table, event, &places);
    let update = update(connection, catalog, table, &places)?;
    let update = seen(update, TriggerEvent::Update);
    let delete = delete(connection, catalog, table, &places)?;
    let delete = seen(delete, TriggerEvent::Delete);
    // Without a row, what guards the whole table still says no.
    if let Err(reason) = rows
        && [&update, &delete]
            .iter()
            .any(|of| !matches!(of, Attempt::Refused(_)))
    {
        return Ok(Trial::Untried(reason));
    }
    Ok(Trial::Tried {
        update,
        delete,
        truncate,
    })
}

/// What keeps the role that tries from rows of any table of the kind, and so says nothing about this one.
fn hindrance(connection: &mut PgConnection, table: &str) -> QueryResult<Option<String>> {
    let literal = table.replace('\'', "''");
    let is_hidden = format!("SELECT pg_catalog.row_security_active('{literal}') AS holds");
    let lacks = ["UPDATE", "DELETE"].map(|privilege| {
        format!("SELECT NOT pg_catalog.has_table_privilege('{literal}', '{privilege}') AS holds")
    });
    if holds(connection, &is_hidden)? {
        return Ok(Some(
            "row-level security hides rows from the role that tries it, and not from a superuser"
                .to_owned(),
        ));
    }
    for lacks in lacks {
        if holds(connection, &lacks)? {
            return Ok(Some(
                "the role that tries it has no privilege to change any row, which others may have"
                    .to_owned(),
            ));
        }
    }
    Ok(None)
}
