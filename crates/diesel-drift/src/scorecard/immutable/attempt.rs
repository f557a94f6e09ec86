//! An UPDATE of each column of each row, a DELETE of each, and a TRUNCATE, which must fail.

use super::Attempt;
use super::guards::rule_instead;
use super::places::Place;
use super::run::{Outcome, gives_rows, run};
use crate::catalog::{Catalog, Column, Identity, Relation, TriggerEvent, quote_identifier};
use crate::roundtrip::another_value;
use diesel::PgConnection;
use diesel::result::QueryResult;

/// Gives each column of each row another value, and none.
pub(super) fn update(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    places: &[Place],
) -> QueryResult<Attempt> {
    if let Some(rule) = rule_instead(table, TriggerEvent::Update) {
        return Ok(Attempt::Refused(format!(
            "rule {rule} does nothing instead"
        )));
    }
    let mut seen = Seen::default();
    // What PostgreSQL makes of other columns, nobody can say.
    let columns = table.columns.iter().filter(|of| of.generated.is_none());
    for column in columns {
        seen.column(connection, catalog, table, column, places)?;
    }
    Ok(seen.judged())
}

/// What became of the columns so far.
#[derive(Default)]
struct Seen {
    changed: Vec<String>,
    /// What refused a column that was changed in another row.
    otherwise: Option<String>,
    refused: Option<String>,
    failed: Option<String>,
    untried: Vec<String>,
}

/// What became of a column of one row.
enum Verdict {
    Changed,
    Refused(String),
    Unknown,
}

impl Seen {
    fn column(
        &mut self,
        connection: &mut PgConnection,
        catalog: &Catalog,
        table: &Relation,
        column: &Column,
        places: &[Place],
    ) -> QueryResult<()> {
        let mut values = other_values(catalog, table, column);
        if let Some(query) = &values
            && let Err(message) = gives_rows(connection, query)?
        {
            // What is no value of the type says nothing about the row.
            self.failed = self.failed.take().or(Some(message));
            values = None;
        }
        let (mut is_changed, mut refused) = (false, None);
        // A trigger for the whole statement needs no row.
        for at in conditions(places) {
            let changes = changes(table, column, values.as_deref(), &at);
            match self.row(connection, catalog, table, &changes)? {
                Verdict::Changed => is_changed = true,
                Verdict::Refused(message) => refused = refused.or(Some(message)),
                Verdict::Unknown => {}
            }
        }
        match (is_changed, refused) {
            (true, refused) => {
                self.changed.push(column.name.clone());
                self.otherwise = self.otherwise.take().or(refused);
            }
            (false, Some(message)) => self.refused = self.refused.take().or(Some(message)),
            (false, None) => self.untried.push(column.name.clone()),
        }
        Ok(())
    }

    /// The first change that goes through, or what refuses all of them.
    fn row(
        &mut self,
        connection: &mut PgConnection,
        catalog: &Catalog,
        table: &Relation,
        changes: &[Change],
    ) -> QueryResult<Verdict> {
        let mut verdict = Verdict::Unknown;
        for change in changes {
            if change.is_same && matches!(verdict, Verdict::Refused(_)) {
                continue;
            }
            let has_row = gives_rows(connection, &change.row)?.unwrap_or(false);
            let refused = match run(connection, catalog, table, &change.update)? {
                Outcome::Changed if !change.is_same => return Ok(Verdict::Changed),
                Outcome::Unchanged if has_row && !change.is_same => "nothing is changed".to_owned(),
                Outcome::Ignored if has_row => "nothing is changed".to_owned(),
                Outcome::Refused(message) => message,
                Outcome::Failed(message) => {
                    self.failed = self.failed.take().or(Some(message));
                    continue;
                }
                // There was nothing to change, or nothing in it is the column's doing.
                Outcome::Changed | Outcome::Unchanged | Outcome::Ignored => continue,
            };
            if matches!(verdict, Verdict::Unknown) {
                verdict = Verdict::Refused(refused);
            }
        }
        Ok(verdict)
    }

    fn judged(self) -> Attempt {
        match (self.changed.is_empty(), self.refused) {
            (false, _) => Attempt::CarriedOut {
                columns: self.changed,
                otherwise: self.otherwise,
            },
            (true, Some(message)) if self.untried.is_empty() => Attempt::Refused(message),
            (true, Some(message)) => Attempt::Partly(message, self.untried.join(", ")),
            (true, None) => Attempt::Unknown(
                (self.failed)
                    .unwrap_or_else(|| "no column could be given another value".to_owned()),
            ),
        }
    }
}

/// Which row a statement is about, as a condition on `t`; any where there is none.
fn conditions(places: &[Place]) -> Vec<String> {
    match places {
        [] => vec!["true".to_owned()],
        places => places.iter().map(Place::condition).collect(),
    }
}

/// An UPDATE, and the query that finds its row and value.
struct Change {
    row: String,
    update: String,
    /// It gives the column the value that it has. What refuses that refuses any; what lets it through may be about the difference.
    is_same: bool,
}

/// All that is tried with a column of a row, which `at` finds.
fn changes(table: &Relation, column: &Column, values: Option<&str>, at: &str) -> Vec<Change> {
    let name = quote_identifier(&column.name);
    let table = table.name.to_sql();
    let change = |is_same, value: &str, also: &str| Change {
        row: format!("SELECT FROM {table} AS t WHERE {at}{also}"),
        update: format!("UPDATE {table} AS t SET {name} = {value} WHERE {at}{also}"),
        is_same,
    };
    let another = values.map(|values| {
        let other = format!(
            "(SELECT v.value FROM ({values}) AS v WHERE v.value::text IS DISTINCT FROM t.{name}::text LIMIT 1)"
        );
        change(false, &other, &format!(" AND EXISTS {other}"))
    });
    let clear =
        (!column.not_null).then(|| change(false, "NULL", &format!(" AND t.{name} IS NOT NULL")));
    match column.identity {
        // It takes no other value.
        Some(Identity::Always) => vec![change(false, "DEFAULT", "")],
        _ => (another.into_iter().chain(clear))
            .chain([change(true, &format!("t.{name}"), "")])
            .collect(),
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

/// Deletes each row by itself: one that is guarded says nothing of the others.
pub(super) fn delete(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    places: &[Place],
) -> QueryResult<Attempt> {
    if let Some(rule) = rule_instead(table, TriggerEvent::Delete) {
        return Ok(Attempt::Refused(format!(
            "rule {rule} does nothing instead"
        )));
    }
    let name = table.name.to_sql();
    let (mut is_deleted, mut refused, mut failed) = (false, None, None);
    // Rows that refer to each other go together or not at all.
    let together = (!places.is_empty()).then(|| "true".to_owned());
    for at in conditions(places).into_iter().chain(together) {
        if is_deleted && at == "true" {
            continue;
        }
        let statement = format!("DELETE FROM {name} AS t WHERE {at}");
        match run(connection, catalog, table, &statement)? {
            Outcome::Changed => is_deleted = true,
            Outcome::Unchanged | Outcome::Ignored if !places.is_empty() => {
                refused = refused.or(Some("nothing is deleted".to_owned()));
            }
            Outcome::Unchanged | Outcome::Ignored => {}
            Outcome::Refused(message) => refused = refused.or(Some(message)),
            Outcome::Failed(message) => failed = failed.or(Some(message)),
        }
    }
    Ok(match (is_deleted, refused, failed) {
        (true, otherwise, _) => Attempt::CarriedOut {
            columns: Vec::new(),
            otherwise,
        },
        (false, Some(message), None) => Attempt::Refused(message),
        (false, Some(message), Some(failed)) => {
            Attempt::Partly(message, format!("rows of which “{failed}” is said"))
        }
        (false, None, failed) => {
            Attempt::Unknown(failed.unwrap_or_else(|| "there is no row".to_owned()))
        }
    })
}

/// Empties the table, and with it those that refer to it: that they do is no guard.
pub(super) fn truncate(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
) -> QueryResult<Attempt> {
    let statement = format!("TRUNCATE {} CASCADE", table.name.to_sql());
    Ok(match run(connection, catalog, table, &statement)? {
        Outcome::Changed | Outcome::Unchanged | Outcome::Ignored => Attempt::CarriedOut {
            columns: Vec::new(),
            otherwise: None,
        },
        Outcome::Refused(message) => Attempt::Refused(message),
        Outcome::Failed(message) => Attempt::Unknown(message),
    })
}
