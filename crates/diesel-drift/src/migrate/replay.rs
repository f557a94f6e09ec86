//! A failed migration once more, statement by statement, to find out what Diesel drops: which statement it was, the SQLSTATE,
//! and the context.
//!
//! Diesel sends a file as one simple query, and PostgreSQL rolls a failed one back as a whole, so that the database is where
//! it was before. (Sequences are not: the caller holds the error of the replay against the first one.) Everything that
//! happens here is rolled back too.

use std::ops::Range;

use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::result::{DatabaseErrorInformation, Error};
use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl, select, sql_query};
use serde::Deserialize;

use super::chain::{Direction, MigrationDir};
use super::control::{Control, copies_to_client};
use super::statements::split;

/// What the replay found.
pub(super) struct Replayed {
    /// What failed.
    pub step: Step,
    /// What PostgreSQL said.
    pub said: Said,
    /// What it did not say to Diesel.
    pub diagnosis: Option<Diagnosis>,
}

/// What Diesel does, in this order, or with the last two exchanged where it runs the file outside of a transaction.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// A statement of the file, by its index.
    Statement(usize),
    /// Diesel's entry in `__diesel_schema_migrations`.
    Record,
    /// The commit.
    Commit,
}

/// An error as Diesel hands it on.
#[derive(PartialEq, Eq)]
pub(super) struct Said {
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
}

impl Said {
    pub(super) fn of(error: &dyn DatabaseErrorInformation) -> Self {
        Self {
            message: error.message().trim_end().to_owned(),
            detail: error.details().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
        }
    }
}

/// An error as `GET STACKED DIAGNOSTICS` tells it.
pub(super) struct Diagnosis {
    pub sqlstate: String,
    pub context: Option<String>,
}

/// Runs a failed file again. None if that could do anything that is not rolled back, or if nothing fails.
pub(super) fn replay(
    connection: &mut PgConnection,
    (migration, direction): (&MigrationDir, Direction),
    sql: &str,
) -> Option<Replayed> {
    let spans = split(sql);
    let mut steps: Vec<(Step, String)> = replayable(sql, &spans, migration.run_in_transaction)?
        .map(|index| (Step::Statement(index), sql[spans[index].clone()].to_owned()))
        .collect();
    let version = migration.version.replace('\'', "''");
    let record = match direction {
        Direction::Up => {
            format!("INSERT INTO \"__diesel_schema_migrations\" (\"version\") VALUES ('{version}')")
        }
        Direction::Down => {
            format!("DELETE FROM \"__diesel_schema_migrations\" WHERE \"version\" = '{version}'")
        }
    };
    let commit = "SET CONSTRAINTS ALL IMMEDIATE".to_owned();
    let mut last = [(Step::Record, record), (Step::Commit, commit)];
    if !migration.run_in_transaction {
        last.reverse();
    }
    steps.extend(last);
    rolled_back(connection, |connection| {
        run_steps(connection, &steps).ok()?
    })
}

/// Runs something in a transaction of its own. The file may have left another one behind.
fn rolled_back<T>(
    connection: &mut PgConnection,
    run: impl FnOnce(&mut PgConnection) -> Option<T>,
) -> Option<T> {
    connection.batch_execute("ROLLBACK").ok()?;
    connection.batch_execute("BEGIN").ok()?;
    let result = run(connection);
    connection.batch_execute("ROLLBACK").ok()?;
    result
}

/// The server's version, such as `15.18`.
pub(super) fn server_version(connection: &mut PgConnection) -> Option<String> {
    let version = sql::<Text>("pg_catalog.current_setting('server_version')");
    let shown: String = rolled_back(connection, |connection| {
        select(version).get_result(connection).ok()
    })?;
    // Distributions add their own number: `15.18 (Debian 15.18-0+deb12u1)`.
    shown.split_whitespace().next().map(str::to_owned)
}

/// What PostgreSQL says about a failed file if all of it is run from inside of a function. That is always rolled back, and a
/// syntax error or a statement that commits ends it at once.
pub(super) fn diagnose_file(
    connection: &mut PgConnection,
    sql: &str,
    said: &Said,
) -> Option<Diagnosis> {
    rolled_back(connection, |connection| diagnose(connection, sql, said))
}

/// The statements of a file that can be run one by one in a transaction that is rolled back; none if that is not what the file does.
fn replayable(sql: &str, spans: &[Range<usize>], in_transaction: bool) -> Option<Range<usize>> {
    let controls: Vec<usize> = (0..spans.len())
        .filter(|&index| Control::of(&sql[spans[index].clone()]).is_some())
        .collect();
    let copies = spans
        .iter()
        .any(|span| copies_to_client(&sql[span.clone()]));
    let steps = match controls.as_slice() {
        [] => 0..spans.len(),
        // The usual `BEGIN; …; COMMIT;` of a file that was written for psql.
        [first, last] if *first == 0 && last + 1 == spans.len() => 1..*last,
        _ => return None,
    };
    // A single statement outside of a transaction commits as it goes: CREATE INDEX CONCURRENTLY, CALL.
    let commits = !in_transaction && spans.len() == 1;
    (!copies && !commits).then_some(steps)
}

fn run_steps(
    connection: &mut PgConnection,
    steps: &[(Step, String)],
) -> QueryResult<Option<Replayed>> {
    for (step, statement) in steps {
        if let Some(replayed) = run_step(connection, *step, statement)? {
            return Ok(Some(replayed));
        }
    }
    Ok(None)
}

fn run_step(
    connection: &mut PgConnection,
    step: Step,
    statement: &str,
) -> QueryResult<Option<Replayed>> {
    connection.batch_execute("SAVEPOINT diesel_drift")?;
    match connection.batch_execute(statement) {
        Ok(()) => {
            connection.batch_execute("RELEASE SAVEPOINT diesel_drift")?;
            Ok(None)
        }
        Err(Error::DatabaseError(_, said)) => {
            let said = Said::of(said.as_ref());
            connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift")?;
            let diagnosis = diagnose(connection, statement, &said);
            Ok(Some(Replayed {
                step,
                said,
                diagnosis,
            }))
        }
        Err(error) => Err(error),
    }
}

/// Runs a statement where its error can be looked at from inside, and hands the answer out in an error of its own.
const DIAGNOSE: &str = "DO $diesel_drift$
DECLARE
  state text; message text; detail text; hint text; context text;
BEGIN
  EXECUTE pg_catalog.current_setting('diesel_drift.statement');
EXCEPTION WHEN OTHERS OR ASSERT_FAILURE THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
  RAISE EXCEPTION USING MESSAGE = 'diesel_drift', DETAIL = pg_catalog.json_build_object(
    'state', state, 'message', message, 'detail', detail, 'hint', hint, 'context', context)::text;
END $diesel_drift$";

/// What [`DIAGNOSE`] answers. What an error does not have is the empty string.
#[derive(Deserialize)]
struct Answer {
    state: String,
    message: String,
    detail: String,
    hint: String,
    context: String,
}

/// None if the statement fails in another way from inside of a function, as those do that cannot run in a transaction.
fn diagnose(connection: &mut PgConnection, statement: &str, said: &Said) -> Option<Diagnosis> {
    sql_query("SELECT pg_catalog.set_config('diesel_drift.statement', $1, true)")
        .bind::<Text, _>(statement)
        .execute(connection)
        .ok()?;
    let Err(Error::DatabaseError(_, information)) = connection.batch_execute(DIAGNOSE) else {
        return None;
    };
    if information.message() != "diesel_drift" {
        return None;
    }
    let answer: Answer = serde_json::from_str(information.details()?).ok()?;
    let agrees = answer.message == said.message
        && answer.detail == said.detail.as_deref().unwrap_or_default()
        && answer.hint == said.hint.as_deref().unwrap_or_default();
    agrees.then(|| Diagnosis {
        sqlstate: answer.state,
        context: own_context(&answer.context, statement),
    })
}

/// A context without the lines that [`DIAGNOSE`] put around it; none if they are not found, as in another language than English.
fn own_context(context: &str, statement: &str) -> Option<String> {
    let (own, _) = context.rsplit_once("PL/pgSQL function inline_code_block line ")?;
    let around = format!("SQL statement \"{statement}\"");
    let own = own.trim_end();
    let own = own.strip_suffix(around.as_str()).unwrap_or(own).trim_end();
    (!own.is_empty()).then(|| own.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps_of(sql: &str, in_transaction: bool) -> Option<Range<usize>> {
        replayable(sql, &split(sql), in_transaction)
    }

    #[test]
    fn only_what_is_rolled_back_is_run_again() {
        assert_eq!(steps_of("select 1; select 2", true), Some(0..2));
        assert_eq!(steps_of("select 1; select 2", false), Some(0..2));
        assert_eq!(
            steps_of("create index concurrently i on t (a)", false),
            None
        );
        assert_eq!(steps_of("begin; select 1; commit;", true), Some(1..2));
        assert_eq!(
            steps_of("/* a */ start transaction; select 1; end", false),
            Some(1..2)
        );
        for sql in [
            "select 1; commit; select 2",
            "begin; select 1; commit; begin; select 2; commit",
            "savepoint a; select 1",
            "prepare transaction 'a'",
            "copy t from stdin",
            "COPY t TO STDOUT",
        ] {
            assert_eq!(steps_of(sql, true), None, "{sql}");
        }
        assert_eq!(
            steps_of("prepare a as select 1; copy t from '/stdin'", true),
            Some(0..2)
        );
    }

    #[test]
    fn the_context_is_the_migrations_own() {
        let around =
            "SQL statement \"select f()\"\nPL/pgSQL function inline_code_block line 5 at EXECUTE";
        let inner = "PL/pgSQL function f() line 3 at RAISE";
        assert_eq!(
            own_context(&format!("{inner}\n{around}"), "select f()").as_deref(),
            Some(inner)
        );
        assert_eq!(own_context(around, "select f()"), None);
        assert_eq!(own_context("Fehler", "select f()"), None);
    }
}
