//! Whether rows that must never change can be changed: an UPDATE and a DELETE that must fail are run, and everything is rolled back.

use super::lookup;
use crate::catalog::{
    Catalog, Column, Enabled, QualifiedName, Relation, RelationKind, Trigger, TriggerEvent,
    quote_identifier,
};
use crate::roundtrip::{Known, Seeds, another_value, put_rows};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error, QueryResult};
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query};
use std::collections::BTreeSet;
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
        /// Whether `TRUNCATE` is carried out.
        is_truncated: bool,
    },
}

/// What became of a statement that must fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// It failed, or did nothing: PostgreSQL's message.
    Refused(String),
    /// It failed, but not for all: PostgreSQL's message, and what was not tried.
    Partly(String, String),
    /// It was carried out; for these columns, where there are any.
    CarriedOut(Vec<String>),
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
    if let Err(reason) = give_rows(connection, catalog, table, seeds)? {
        return Ok(Trial::Untried(format!("no row could be made: {reason}")));
    }
    let truncate = format!("TRUNCATE {}", table.name.to_sql());
    Ok(Trial::Tried {
        is_truncated: matches!(run(connection, catalog, &truncate)?, Outcome::Rows(_)),
        update: general(
            update(connection, catalog, table)?,
            table,
            TriggerEvent::Update,
        ),
        delete: general(
            delete(connection, catalog, table)?,
            table,
            TriggerEvent::Delete,
        ),
    })
}

/// Gives the table rows: its own and those that it refers to, so that nothing refers to them; where that fails, all that can be had.
fn give_rows(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    seeds: &Seeds,
) -> QueryResult<Result<(), String>> {
    let needed = ancestors(catalog, table);
    let known = &mut Known::default();
    connection.batch_execute("SAVEPOINT diesel_drift_card")?;
    let without = put_rows(connection, catalog, &|name| needed.contains(name), known)?;
    if has_rows(connection, table)? {
        return Ok(Ok(()));
    }
    connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_card")?;
    seeds.run(connection)?;
    put_rows(connection, catalog, &|_| true, &mut Known::default())?;
    Ok(match has_rows(connection, table)? {
        true => Ok(()),
        false => {
            Err((without.into_values().next()).unwrap_or_else(|| "nothing says why".to_owned()))
        }
    })
}

/// A table and all that it refers to, directly or not.
fn ancestors<'a>(catalog: &'a Catalog, table: &'a Relation) -> BTreeSet<&'a QualifiedName> {
    let mut needed = BTreeSet::new();
    let mut pending = vec![table];
    while let Some(next) = pending.pop() {
        if needed.insert(&next.name) {
            let targets = next.foreign_keys.iter().map(|key| &key.target);
            let relations = catalog.relations.iter();
            let targets: Vec<&QualifiedName> = targets.collect();
            pending.extend(relations.filter(|relation| targets.contains(&&relation.name)));
        }
    }
    needed
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn has_rows(connection: &mut PgConnection, table: &Relation) -> QueryResult<bool> {
    let table = table.name.to_sql();
    let count: Count = sql_query(format!(
        "SELECT count(*) AS count FROM (SELECT FROM {table} LIMIT 1) AS one"
    ))
    .get_result(connection)?;
    Ok(count.count > 0)
}

/// What one row says of all: nothing of the other partitions, unless what refused it is the whole table's.
fn general(attempt: Attempt, table: &Relation, event: TriggerEvent) -> Attempt {
    match attempt {
        Attempt::Refused(message)
            if table.kind == RelationKind::PartitionedTable && !guards_all(table, event) =>
        {
            Attempt::Partly(message, "rows of other partitions".to_owned())
        }
        attempt => attempt,
    }
}

/// Whether the table has a trigger of its own that sees every such change, whatever columns or values it is about; or a rule that makes nothing of it.
fn guards_all(table: &Relation, event: TriggerEvent) -> bool {
    let is_general = |trigger: &Trigger| {
        trigger.events.contains(&event)
            && trigger.update_of.is_empty()
            && trigger.when.is_none()
            && matches!(trigger.enabled, Enabled::Origin | Enabled::Always)
    };
    table.triggers.iter().any(is_general) || rule_instead(table, event).is_some()
}

/// The rule that does nothing instead, whatever the row is.
fn rule_instead(table: &Relation, event: TriggerEvent) -> Option<&str> {
    let word = match event {
        TriggerEvent::Update => "ON UPDATE ",
        TriggerEvent::Delete => "ON DELETE ",
        TriggerEvent::Insert | TriggerEvent::Truncate => return None,
    };
    let rule = table.rules.iter().find(|rule| {
        let definition = &rule.definition;
        definition.contains(word)
            && definition.contains("DO INSTEAD NOTHING")
            && !definition.contains("WHERE")
    });
    rule.map(|rule| rule.name.as_str())
}

/// Gives each column of one row another value, and none.
fn update(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
) -> QueryResult<Attempt> {
    if let Some(rule) = rule_instead(table, TriggerEvent::Update) {
        return Ok(Attempt::Refused(format!(
            "rule {rule} does nothing instead"
        )));
    }
    let (mut changed, mut refused, mut unknown) = (Vec::new(), None, None);
    let mut untried = Vec::new();
    for column in table.columns.iter().filter(|column| can_change(column)) {
        let mut statements = Vec::new();
        if let Some(values) = other_values(catalog, table, column) {
            match run(connection, catalog, &values)? {
                // What is no value of the type says nothing about the row.
                Outcome::Refused(message) => unknown = unknown.or(Some(message)),
                Outcome::Rows(_) | Outcome::Constraint(_) => {
                    statements.push(change(table, column, &values));
                }
            }
        }
        if !column.not_null {
            statements.push(clear(table, column));
        }
        let mut is_known = false;
        for statement in statements {
            match run(connection, catalog, &statement)? {
                // Without another value to give, nothing was tried.
                Outcome::Rows(0) => {}
                Outcome::Rows(_) => {
                    is_known = true;
                    changed.push(column.name.clone());
                    break;
                }
                Outcome::Refused(message) => {
                    is_known = true;
                    refused = refused.or(Some(message));
                }
                Outcome::Constraint(message) => unknown = unknown.or(Some(message)),
            }
        }
        if !is_known {
            untried.push(column.name.clone());
        }
    }
    Ok(match (changed.is_empty(), refused) {
        (false, _) => Attempt::CarriedOut(changed),
        (true, Some(message)) if untried.is_empty() || guards_all(table, TriggerEvent::Update) => {
            Attempt::Refused(message)
        }
        (true, Some(message)) => Attempt::Partly(message, untried.join(", ")),
        (true, None) => Attempt::Unknown(
            unknown.unwrap_or_else(|| "no column could be given another value".to_owned()),
        ),
    })
}

/// Whether an UPDATE may name the column: what PostgreSQL makes itself is refused for another reason.
fn can_change(column: &Column) -> bool {
    column.generated.is_none() && column.identity.is_none()
}

/// An UPDATE that takes a column's value from one row.
fn clear(table: &Relation, column: &Column) -> String {
    let name = quote_identifier(&column.name);
    let table = table.name.to_sql();
    format!(
        "UPDATE {table} AS t SET {name} = NULL FROM \
         (SELECT tableoid AS of, ctid AS at FROM {table} WHERE {name} IS NOT NULL LIMIT 1) AS other \
         WHERE t.tableoid = other.of AND t.ctid = other.at"
    )
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
fn change(table: &Relation, column: &Column, values: &str) -> String {
    let name = quote_identifier(&column.name);
    let table = table.name.to_sql();
    format!(
        "UPDATE {table} AS t SET {name} = other.value FROM \
         (SELECT o.tableoid AS of, o.ctid AS at, v.value FROM (SELECT tableoid, ctid, {name} FROM {table} LIMIT 1) AS o, ({values}) AS v \
         WHERE v.value::text IS DISTINCT FROM o.{name}::text LIMIT 1) AS other \
         WHERE t.tableoid = other.of AND t.ctid = other.at"
    )
}

fn delete(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
) -> QueryResult<Attempt> {
    if let Some(rule) = rule_instead(table, TriggerEvent::Delete) {
        return Ok(Attempt::Refused(format!(
            "rule {rule} does nothing instead"
        )));
    }
    let statement = format!("DELETE FROM {}", table.name.to_sql());
    Ok(match run(connection, catalog, &statement)? {
        Outcome::Rows(0) => match changes(connection, table, &statement)? {
            // A trigger that keeps the row may have emptied it.
            true => Attempt::CarriedOut(Vec::new()),
            false => Attempt::Refused("nothing is deleted".to_owned()),
        },
        Outcome::Rows(_) => Attempt::CarriedOut(Vec::new()),
        Outcome::Refused(message) => Attempt::Refused(message),
        Outcome::Constraint(message) => Attempt::Unknown(message),
    })
}

#[derive(QueryableByName)]
struct Content {
    #[diesel(sql_type = Text)]
    digest: String,
}

/// Whether the table holds something else after a statement, which is taken back.
fn changes(connection: &mut PgConnection, table: &Relation, statement: &str) -> QueryResult<bool> {
    let digest = format!(
        "SELECT pg_catalog.md5(COALESCE(pg_catalog.string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS digest FROM {} AS t",
        table.name.to_sql()
    );
    let content = |connection: &mut PgConnection| -> QueryResult<String> {
        Ok(sql_query(&digest).get_result::<Content>(connection)?.digest)
    };
    let before = content(connection)?;
    connection.batch_execute("SAVEPOINT diesel_drift_attempt")?;
    let after = sql_query(statement)
        .execute(connection)
        .and_then(|_| content(connection));
    connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_attempt")?;
    Ok(before != after?)
}

/// What a statement did, before it was taken back.
enum Outcome {
    Rows(usize),
    /// Something was in its way that is there for that.
    Refused(String),
    /// A constraint was, which the next value may satisfy.
    Constraint(String),
}

fn run(connection: &mut PgConnection, catalog: &Catalog, statement: &str) -> QueryResult<Outcome> {
    connection.batch_execute("SAVEPOINT diesel_drift_attempt")?;
    let outcome = sql_query(statement).execute(connection);
    connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_attempt")?;
    match outcome {
        Ok(rows) => Ok(Outcome::Rows(rows)),
        Err(Error::DatabaseError(kind, information)) => {
            let message = information.message().to_owned();
            Ok(match is_constraint(catalog, &kind, &*information) {
                true => Outcome::Constraint(message),
                false => Outcome::Refused(message),
            })
        }
        Err(error) => Err(error),
    }
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
