//! An UPDATE of each column and a DELETE, which must fail.

use super::Attempt;
use super::guards::{guards_all, rule_instead};
use super::run::{Outcome, gives_rows, run};
use crate::catalog::{Catalog, Column, Relation, TriggerEvent, quote_identifier};
use crate::roundtrip::another_value;
use diesel::PgConnection;
use diesel::result::QueryResult;

/// Gives each column of one row another value, and none.
pub(super) fn update(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
) -> QueryResult<Attempt> {
    if let Some(rule) = rule_instead(table, TriggerEvent::Update) {
        return Ok(Attempt::Refused(format!(
            "rule {rule} does nothing instead"
        )));
    }
    let mut seen = Seen::default();
    for column in table.columns.iter().filter(|column| can_change(column)) {
        seen.column(connection, catalog, table, column)?;
    }
    let Seen {
        changed,
        refused,
        failed,
        untried,
    } = seen;
    Ok(match (changed.is_empty(), refused) {
        (false, _) => Attempt::CarriedOut(changed),
        (true, Some(message)) if untried.is_empty() || guards_all(table, TriggerEvent::Update) => {
            Attempt::Refused(message)
        }
        (true, Some(message)) => Attempt::Partly(message, untried.join(", ")),
        (true, None) => Attempt::Unknown(
            failed.unwrap_or_else(|| "no column could be given another value".to_owned()),
        ),
    })
}

/// What became of the columns so far.
#[derive(Default)]
struct Seen {
    changed: Vec<String>,
    refused: Option<String>,
    failed: Option<String>,
    untried: Vec<String>,
}

impl Seen {
    fn column(
        &mut self,
        connection: &mut PgConnection,
        catalog: &Catalog,
        table: &Relation,
        column: &Column,
    ) -> QueryResult<()> {
        let mut changes = Vec::new();
        if let Some(values) = other_values(catalog, table, column) {
            match gives_rows(connection, &values)? {
                // What is no value of the type says nothing about the row.
                Err(message) => self.failed = self.failed.take().or(Some(message)),
                Ok(_) => changes.push(change(table, column, &values)),
            }
        }
        if !column.not_null {
            changes.push(clear(table, column));
        }
        let mut is_known = false;
        for Change { row, update } in changes {
            // A trigger for the whole statement needs no row.
            let has_row = gives_rows(connection, &row)?.unwrap_or(false);
            match run(connection, catalog, table, &update)? {
                Outcome::Changed => {
                    self.changed.push(column.name.clone());
                    return Ok(());
                }
                Outcome::Unchanged if !has_row => {}
                Outcome::Unchanged => {
                    is_known = true;
                    let silent = "nothing is changed".to_owned();
                    self.refused = self.refused.take().or(Some(silent));
                }
                Outcome::Refused(message) => {
                    is_known = true;
                    self.refused = self.refused.take().or(Some(message));
                }
                Outcome::Failed(message) => self.failed = self.failed.take().or(Some(message)),
            }
        }
        if !is_known {
            self.untried.push(column.name.clone());
        }
        Ok(())
    }
}

/// An UPDATE, and the query that finds its row and value.
struct Change {
    row: String,
    update: String,
}

/// Whether an UPDATE may name the column: what PostgreSQL makes itself is refused for another reason.
fn can_change(column: &Column) -> bool {
    column.generated.is_none() && column.identity.is_none()
}

/// An UPDATE that takes a column's value from one row.
fn clear(table: &Relation, column: &Column) -> Change {
    let name = quote_identifier(&column.name);
    let table = table.name.to_sql();
    let row = format!(
        "SELECT o.tableoid AS of, o.ctid AS at FROM {table} AS o WHERE o.{name} IS NOT NULL LIMIT 1"
    );
    Change {
        update: format!(
            "UPDATE {table} AS t SET {name} = NULL FROM ({row}) AS other \
             WHERE t.tableoid = other.of AND t.ctid = other.at"
        ),
        row,
    }
}

/// A query for values that a column may have, other than those of made rows, which are numbered from 1 to 3.
fn other_values(catalog: &Catalog, table: &Relation, column: &Column) -> Option<String> {
    let key = (table.foreign_keys.iter()).find(|key| key.columns.contains(&column.name));
    Some(match key {
        Some(key) => {
            let place = key.columns.iter().position(|of| *of == column.name)?;
            let target = quote_identifier(key.target_columns.get(place)?);
            format!(
                "SELECT p.{target} AS value FROM {} AS p",
                key.target.to_sql()
            )
        }
        None => format!(
            "SELECT {} AS value FROM pg_catalog.generate_series(4, 9) AS g (n)",
            another_value(catalog, table, column)?
        ),
    })
}

/// An UPDATE of one row that gives a column another value.
fn change(table: &Relation, column: &Column, values: &str) -> Change {
    let name = quote_identifier(&column.name);
    let table = table.name.to_sql();
    let row = format!(
        "SELECT o.tableoid AS of, o.ctid AS at, v.value FROM \
         (SELECT tableoid, ctid, {name} FROM {table} LIMIT 1) AS o, ({values}) AS v \
         WHERE v.value::text IS DISTINCT FROM o.{name}::text LIMIT 1"
    );
    Change {
        update: format!(
            "UPDATE {table} AS t SET {name} = other.value FROM ({row}) AS other \
             WHERE t.tableoid = other.of AND t.ctid = other.at"
        ),
        row,
    }
}

/// Deletes all rows, if there are any.
pub(super) fn delete(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
) -> QueryResult<Attempt> {
    if let Some(rule) = rule_instead(table, TriggerEvent::Delete) {
        return Ok(Attempt::Refused(format!(
            "rule {rule} does nothing instead"
        )));
    }
    let name = table.name.to_sql();
    let has_rows = gives_rows(connection, &format!("SELECT FROM {name}"))?.unwrap_or(false);
    Ok(
        match run(connection, catalog, table, &format!("DELETE FROM {name}"))? {
            Outcome::Changed => Attempt::CarriedOut(Vec::new()),
            Outcome::Unchanged if has_rows => Attempt::Refused("nothing is deleted".to_owned()),
            Outcome::Unchanged => Attempt::Unknown("there is no row".to_owned()),
            Outcome::Refused(message) => Attempt::Refused(message),
            Outcome::Failed(message) => Attempt::Unknown(message),
        },
    )
}
