//! What these tests share: two users, roles that policies bind, and errors as they are.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_drift::MigratedDatabase;
use reference_models::error::{ConstraintKind, Error, Rule};
use reference_models::weeksmith::sample::{self, Sample, USER};
use reference_models::weeksmith::{UserId, as_user};

use crate::support::{TestResult, connect};

pub type Boxed<T> = Result<T, Box<dyn std::error::Error>>;

/// Ids of the sample begin with this, and those of the other user's copy of it with the other.
const PREFIXES: [&str; 2] = ["019b8b74-1800-", "019b8b74-1801-"];

/// Somebody else.
pub fn other() -> UserId {
    UserId(theirs(&USER.to_string()).parse().unwrap())
}

/// The same with the other user's ids.
pub fn theirs(text: &str) -> String {
    text.replace(PREFIXES[0], PREFIXES[1])
}

/// A connection with the sample, in a transaction that acts for its user and is never committed.
pub fn sampled(database: &MigratedDatabase) -> Boxed<(PgConnection, Sample)> {
    let mut conn = connect(database)?;
    let sample = sample::load(&mut conn)?;
    act_for(&mut conn, Some(USER))?;
    Ok((conn, sample))
}

/// The same as a role that policies bind, with the same rows of another user beside; it acts for nobody. `None` where no
/// such role can be had.
pub fn bound(database: &MigratedDatabase) -> Boxed<Option<(PgConnection, Sample)>> {
    let mut conn = connect(database)?;
    if !bind(&mut conn)? {
        return Ok(None);
    }
    as_user(&mut conn, other(), |conn| {
        conn.batch_execute(&theirs(sample::SQL))
    })?;
    let sample = sample::load(&mut conn)?;
    Ok(Some((conn, sample)))
}

/// Whom the rest of the transaction acts for.
pub fn act_for(conn: &mut PgConnection, user: Option<UserId>) -> QueryResult<()> {
    let user = user.map(|user| user.to_string()).unwrap_or_default();
    conn.batch_execute(&format!("SET LOCAL app.user_id = '{user}'"))
}

/// Whether policies do not bind the transaction's role.
pub fn is_exempt(conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::dsl::sql::<Bool>(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )
    .get_result(conn)
}

/// Makes the transaction's role one that policies bind, with what an application needs. It is gone with the transaction.
pub fn bind(conn: &mut PgConnection) -> Boxed<bool> {
    if !is_exempt(conn)? {
        return Ok(true);
    }
    let role = format!("app_{}", uuid::Uuid::now_v7().simple());
    let bound = conn.transaction(|conn| {
        conn.batch_execute(&format!(
            "CREATE ROLE {role};
             GRANT {role} TO current_user;
             GRANT USAGE ON SCHEMA weeksmith TO {role};
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA weeksmith TO {role};
             SET LOCAL ROLE {role};"
        ))
    });
    match bound {
        Ok(()) => Ok(true),
        Err(error) => {
            eprintln!(
                "skipped: policies do not bind the server's role, and it cannot make one that they do: {error}"
            );
            Ok(false)
        }
    }
}

/// Executes SQL in a savepoint, so that the transaction goes on after an error.
pub fn run(conn: &mut PgConnection, sql: &str) -> Result<usize, Error> {
    conn.transaction(|conn| Ok(diesel::sql_query(sql).execute(conn)?))
}

/// The texts that a query returns.
pub fn texts(conn: &mut PgConnection, sql: &str) -> QueryResult<Vec<String>> {
    diesel::dsl::sql::<Text>(sql).load(conn)
}

/// How many rows a query returns.
pub fn count(conn: &mut PgConnection, from: &str) -> QueryResult<i64> {
    diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("SELECT count(*) FROM {from}"))
        .get_result(conn)
}

/// The tables of the schema, from the catalog.
pub fn tables(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    texts(
        conn,
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = 'weeksmith'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
    )
}

/// SQLSTATE, constraint and hint of the error that a statement ends with, as every client but Diesel sees them.
pub fn diagnostics(conn: &mut PgConnection, sql: &str) -> QueryResult<Vec<String>> {
    conn.batch_execute(&format!(
        "DO $test$
         DECLARE constraint_name text; hint text;
         BEGIN
             {sql};
             PERFORM set_config('test.error', 'none', true);
         EXCEPTION WHEN OTHERS THEN
             GET STACKED DIAGNOSTICS constraint_name = CONSTRAINT_NAME, hint = PG_EXCEPTION_HINT;
             PERFORM set_config('test.error', concat_ws(E'\\n', SQLSTATE, constraint_name, hint), true);
         END $test$"
    ))?;
    let told: String =
        diesel::dsl::sql::<Text>("SELECT current_setting('test.error')").get_result(conn)?;
    Ok(told.lines().map(str::to_owned).collect())
}

/// Fails unless a trigger has refused by this rule, with a hint.
#[track_caller]
pub fn assert_rule<T: std::fmt::Debug>(result: Result<T, Error>, expected: Rule) {
    match result {
        Err(Error::Rule {
            rule,
            hint: Some(hint),
            ..
        }) if rule == expected => {
            assert!(!hint.is_empty());
        }
        other => panic!("expected {expected:?}, found {other:?}"),
    }
}

/// Fails unless the named constraint has refused.
#[track_caller]
pub fn assert_constraint<T: std::fmt::Debug>(
    result: Result<T, Error>,
    expected: ConstraintKind,
    expected_name: &str,
) {
    match result {
        Err(Error::Constraint { kind, name, .. }) if kind == expected => {
            assert_eq!(name, expected_name);
        }
        other => panic!("expected {expected:?} {expected_name}, found {other:?}"),
    }
}

/// Fails unless a policy has refused.
#[track_caller]
pub fn assert_forbidden<T: std::fmt::Debug>(result: Result<T, Error>) {
    match result {
        Err(Error::Forbidden(_)) => {}
        other => panic!("expected a policy to refuse, found {other:?}"),
    }
}

/// Fails unless the list is as written, one a line.
#[track_caller]
pub fn assert_lines(found: &[String], expected: &str) -> TestResult {
    let expected: Vec<_> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(found, expected, "found:\n{}", found.join("\n"));
    Ok(())
}
