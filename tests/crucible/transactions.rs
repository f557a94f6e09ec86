//! "Proper session management and transaction handling" (seed 3, work log).

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::error::Error;
use reference_models::page::Page;
use reference_models::schema::crucible::projects;
use reference_models::store::{create, get, list, set_status, update};
use rstest::rstest;

use super::support::{TestResult, open};
use super::{a_candidate, a_project, a_run};

/// Every operation of the store, in a transaction of the caller's that rolls back: nothing is left.
#[rstest]
fn what_the_caller_rolls_back_leaves_nothing(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let kept = a_project(conn)?;
    let rolled_back = conn.transaction::<(), Error, _>(|conn| {
        let changes = ProjectChanges {
            title: Some("Changed".to_owned()),
            ..ProjectChanges::default()
        };
        update(conn, kept.id, changes)?;
        let run = a_run(conn, kept.id)?;
        let parent = a_candidate(conn, &run, &[])?;
        let child = a_candidate(conn, &run, &[parent.id])?;
        set_status(conn, run.id, RunStatus::Running)?;
        let entry = [("actor", "designer"), ("action", "design")];
        record(conn, child.id, entry.into_iter().collect())?;
        assert_eq!(
            list(conn, &RunFilter::default(), Page::first(9))?
                .rows
                .len(),
            1
        );
        Err(Error::Database(diesel::result::Error::RollbackTransaction))
    });
    assert!(rolled_back.is_err());
    assert_eq!(get(conn, kept.id)?, kept);
    assert_eq!(
        list(conn, &ProjectFilter::default(), Page::first(9))?.rows,
        [kept]
    );
    assert_eq!(list(conn, &RunFilter::default(), Page::first(9))?.rows, []);
    assert_eq!(
        list(conn, &CandidateFilter::default(), Page::first(9))?.rows,
        []
    );
    Ok(())
}

/// An error that the store sees itself leaves the caller's transaction as it was; one of PostgreSQL's is the caller's to roll back, to a
/// savepoint if there is one.
#[rstest]
fn the_caller_goes_on_after_an_error(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    conn.transaction::<(), Error, _>(|conn| {
        let project = a_project(conn)?;
        let run = a_run(conn, project.id)?;
        assert!(set_status(conn, run.id, RunStatus::Failed).is_err());
        assert!(get(conn, RunId::generate()).is_err());
        let empty = conn.transaction(|conn| create(conn, NewProject::new("")));
        assert!(matches!(empty, Err(Error::Constraint { .. })), "{empty:?}");
        // A candidate and its lineage have a savepoint of their own.
        let orphan = a_candidate(conn, &run, &[CandidateId::generate()]);
        assert!(
            matches!(orphan, Err(Error::Constraint { .. })),
            "{orphan:?}"
        );
        a_candidate(conn, &run, &[])?;
        Ok(())
    })?;
    assert_eq!(
        list(conn, &CandidateFilter::default(), Page::first(9))?
            .rows
            .len(),
        1
    );
    Ok(())
}

/// `updated_at` is the database's, for every table, whatever a statement says.
#[rstest]
fn updated_at_cannot_be_told(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let project = a_project(conn)?;
    diesel::update(projects::table)
        .set(projects::updated_at.eq(sql("'epoch'")))
        .execute(conn)?;
    let touched = get(conn, project.id)?;
    assert_eq!(touched.created_at, project.created_at);
    assert!(touched.updated_at > project.updated_at);
    let every_table = "NOT EXISTS (
        SELECT FROM information_schema.columns c WHERE table_schema = 'crucible' AND column_name = 'updated_at' AND NOT EXISTS (
            SELECT FROM pg_trigger t WHERE t.tgname = c.table_name || '_touch' AND t.tgrelid = ('crucible.' || c.table_name)::regclass
                   AND t.tgfoid = 'crucible.touch_updated_at'::regproc))";
    assert!(diesel::select(sql::<Bool>(every_table)).get_result::<bool>(conn)?);
    Ok(())
}
