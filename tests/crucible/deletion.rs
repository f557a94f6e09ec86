//! What goes with what, and what stays because something refers to it.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::error::{ConstraintKind, Error};
use rstest::rstest;

use super::a_row_in_every_table;
use super::support::{TestResult, connect};

/// A project goes with everything in it, and with nothing of another's.
#[rstest]
fn everything_goes_with_its_project(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let first = a_row_in_every_table(conn)?;
    a_row_in_every_table(conn)?;
    let rows = |conn: &mut PgConnection| -> QueryResult<i64> {
        let count = "SELECT count(*) FROM crucible.";
        let tables = "projects problem_specs world_models runs candidates candidate_parents scenario_suites evaluations issues \
                      chat_sessions messages";
        let counts: Vec<_> = tables
            .split_whitespace()
            .map(|table| format!("({count}{table})"))
            .collect();
        diesel::select(sql::<BigInt>(&counts.join(" + "))).get_result(conn)
    };
    // Of each call: a row in each of the eleven tables, a second run and a second candidate; and three of the other project.
    assert_eq!(rows(conn)?, 2 * (13 + 3));
    let project = &first[0].1;
    diesel::sql_query(format!(
        "DELETE FROM crucible.projects WHERE id = '{project}'"
    ))
    .execute(conn)?;
    assert_eq!(rows(conn)?, 13 + 2 * 3);
    Ok(())
}

/// A run or a candidate that something refers to cannot be deleted from under it.
#[rstest]
fn what_is_referred_to_stays(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    a_row_in_every_table(conn)?;
    for what in [
        "runs",
        "candidates WHERE id IN (SELECT parent_id FROM crucible.candidate_parents)",
        "candidates WHERE id IN (SELECT candidate_id FROM crucible.evaluations)",
    ] {
        let refused = conn
            .transaction(|conn| {
                diesel::sql_query(format!("DELETE FROM crucible.{what}")).execute(conn)
            })
            .map_err(Error::from);
        let Err(Error::Constraint { kind, .. }) = refused else {
            panic!("{what}: {refused:?}");
        };
        assert_eq!(kind, ConstraintKind::ForeignKey, "{what}");
    }
    Ok(())
}
