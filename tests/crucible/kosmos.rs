//! "The schema aligns with and does not conflict with Kosmos's DB models; future integration with `kosmos/db` is feasible" (seed 3).

use std::collections::BTreeSet;
use std::error::Error;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_drift::migrate::{Chain, MigrationDir, apply, find_directory};
use diesel_drift::provision::provision;
use diesel_drift::testing::migrated_database;
use diesel_drift::{
    Expect, MigratedDatabase, Project, Report, Severity, Target, assert_snapshots, check, verify,
};
use rstest::rstest;

use super::support::{TestResult, open};
use super::{a_candidate, a_project, a_run};

const IN_PUBLIC: &str = include_str!("kosmos.sql");
const BESIDE_US: &str = include_str!("kosmos_beside_us.sql");

type Outcome<T> = Result<T, Box<dyn Error>>;

fn project() -> Outcome<Project> {
    Ok(Project::discover(env!("CARGO_MANIFEST_DIR"))?)
}

/// The same project without `[[ignore]]`.
fn project_that_ignores_nothing() -> Outcome<Project> {
    let mut project = project()?;
    assert!(!project.scope.ignores.is_empty());
    project.scope.ignores.clear();
    Ok(project)
}

/// A database of ours that Kosmos has moved into.
#[rstest::fixture]
fn shared_database(migrated_database: MigratedDatabase) -> MigratedDatabase {
    let mut conn = open(&migrated_database).unwrap();
    conn.batch_execute(IN_PUBLIC).unwrap();
    conn.batch_execute(BESIDE_US).unwrap();
    migrated_database
}

/// `schema.rs` against the database.
fn checked(project: &Project, database: &MigratedDatabase) -> Outcome<Report> {
    let url = database.url().into();
    Ok(check(project, &Target::Migrated { url }, &mut |_| {})?)
}

/// The migrations, replayed, against the database.
fn verified(project: &Project, database: &MigratedDatabase) -> Outcome<Report> {
    let options = &project.provision_options();
    let expect = Expect::Migrations { project, options };
    Ok(verify(expect, &database.url().into(), &mut |_| {})?)
}

/// The reviewed snapshots against the database.
fn held_against_snapshots(project: &Project, database: &MigratedDatabase) -> Outcome<Report> {
    let directory = &project.root.join("snapshots");
    let expect = Expect::Snapshots { project, directory };
    Ok(verify(expect, &database.url().into(), &mut |_| {})?)
}

fn found(report: &Report) -> BTreeSet<String> {
    let findings = report.findings.iter();
    findings
        .map(|finding| format!("{} {}", finding.kind.id, finding.subject))
        .collect()
}

/// The drift check, `verify` and the snapshots are silent about everything that is Kosmos's, keys and views into our tables among it.
#[rstest]
fn the_harness_is_silent_about_kosmos(shared_database: MigratedDatabase) -> TestResult {
    let project = project()?;
    for report in [
        checked(&project, &shared_database)?,
        verified(&project, &shared_database)?,
        held_against_snapshots(&project, &shared_database)?,
    ] {
        assert_eq!(found(&report), BTreeSet::new());
        assert!(
            report.suppressed.is_empty() && report.notices.is_empty(),
            "{report:?}"
        );
    }
    assert_snapshots!(env!("CARGO_MANIFEST_DIR"), shared_database.url());
    Ok(())
}

/// Without the entries of `drift.toml` the same database is full of findings: it is they that make it silent.
#[rstest]
fn without_the_entries_kosmos_is_drift(shared_database: MigratedDatabase) -> TestResult {
    let project = project_that_ignores_nothing()?;
    let report = checked(&project, &shared_database)?;
    let undeclared = ["crucible.kosmos_hypotheses", "crucible.kosmos_projects"];
    assert_eq!(
        found(&report),
        undeclared
            .map(|table| format!("table-undeclared {table}"))
            .into()
    );
    assert!(report.fails(Severity::Error));

    let expected = [
        "enum-unexpected crucible.kosmos_sync_state",
        "enum-unexpected public.experimentstatus",
        "enum-unexpected public.hypothesisstatus",
        "function-unexpected crucible.kosmos_synced()",
        "function-unexpected public.touch_experiment()",
        "sequence-unexpected crucible.kosmos_projects_id_seq",
        "sequence-unexpected crucible.kosmos_sync_numbers",
        "sequence-unexpected public.experiment_numbers",
        "sequence-unexpected public.results_id_seq",
        "table-unexpected crucible.kosmos_hypotheses",
        "table-unexpected crucible.kosmos_projects",
        "table-unexpected public.agent_records",
        "table-unexpected public.agents",
        "table-unexpected public.alembic_version",
        "table-unexpected public.experiments",
        "table-unexpected public.hypotheses",
        "table-unexpected public.papers",
        "table-unexpected public.research_sessions",
        "table-unexpected public.results",
        "table-unexpected public.runs",
        "view-unexpected crucible.kosmos_overview",
        "view-unexpected public.open_hypotheses",
        "view-unexpected public.sessions_with_projects",
    ];
    let mut expected: BTreeSet<_> = expected.map(str::to_owned).into();
    assert_eq!(found(&verified(&project, &shared_database)?), expected);
    // The schema itself is Kosmos's as well, and so it has no snapshot.
    expected.insert("schema-unexpected public".to_owned());
    let report = held_against_snapshots(&project, &shared_database)?;
    assert_eq!(found(&report), expected);
    Ok(())
}

/// None of the entries is there for nothing.
#[rstest]
fn every_entry_is_needed(shared_database: MigratedDatabase) -> TestResult {
    let project = project()?;
    for entry in 0..project.scope.ignores.len() {
        let mut without = project.clone();
        let removed = without.scope.ignores.remove(entry);
        let report = held_against_snapshots(&without, &shared_database)?;
        assert!(!report.findings.is_empty(), "{removed:?}");
    }
    Ok(())
}

/// Beside all that, what changes in a table of ours is found, and is Kosmos's prefix no cover for it.
#[rstest]
#[case(
    "ALTER TABLE crucible.runs ADD COLUMN kosmos_experiment_id text",
    "column-unexpected crucible.runs.kosmos_experiment_id"
)]
#[case(
    "ALTER TABLE crucible.runs ALTER COLUMN config DROP NOT NULL",
    "column-changed crucible.runs.config"
)]
#[case(
    "CREATE TRIGGER kosmos_sync AFTER INSERT ON crucible.runs FOR EACH ROW EXECUTE FUNCTION crucible.kosmos_synced()",
    "trigger-unexpected crucible.runs.kosmos_sync"
)]
#[case(
    "CREATE INDEX kosmos_runs ON crucible.runs (mode)",
    "index-unexpected crucible.runs.kosmos_runs"
)]
#[case(
    "ALTER TABLE crucible.runs ADD CONSTRAINT kosmos_session FOREIGN KEY (id) REFERENCES crucible.kosmos_projects (project_id)",
    "foreign-key-unexpected crucible.runs.kosmos_session"
)]
#[case(
    "ALTER TYPE crucible.run_status ADD VALUE 'paused'",
    "enum-changed crucible.run_status"
)]
#[case(
    "DROP TRIGGER candidate_parents_acyclic ON crucible.candidate_parents",
    "trigger-missing crucible.candidate_parents.candidate_parents_acyclic"
)]
#[case(
    "CREATE TABLE crucible.stray (id int PRIMARY KEY)",
    "table-unexpected crucible.stray"
)]
#[case(
    "CREATE TABLE cwom.kosmos_repos (id int PRIMARY KEY)",
    "table-unexpected cwom.kosmos_repos"
)]
fn drift_of_ours_is_found_beside_kosmos(
    shared_database: MigratedDatabase,
    #[case] drift: &str,
    #[case] finding: &str,
) -> TestResult {
    open(&shared_database)?.batch_execute(drift)?;
    let report = held_against_snapshots(&project()?, &shared_database)?;
    assert_eq!(found(&report), [finding.to_owned()].into());
    Ok(())
}

/// `check` finds it as well, as far as `schema.rs` says something of it.
#[rstest]
fn the_check_finds_drift_of_ours_beside_kosmos(shared_database: MigratedDatabase) -> TestResult {
    let drift = "ALTER TABLE crucible.runs ADD COLUMN kosmos_experiment_id text, ALTER COLUMN config DROP NOT NULL;
                 CREATE TABLE crucible.stray (id int PRIMARY KEY)";
    open(&shared_database)?.batch_execute(drift)?;
    let report = checked(&project()?, &shared_database)?;
    let expected = [
        "column-undeclared crucible.runs.kosmos_experiment_id",
        "nullability-mismatch crucible.runs.config",
        "table-undeclared crucible.stray",
    ];
    assert_eq!(found(&report), expected.map(str::to_owned).into());
    Ok(())
}

/// A key of Kosmos's into a table of ours is not one of ours: where ours is gone, it is missing, whatever leads there else; and what Kosmos's keys are
/// is nobody's business.
#[rstest]
fn foreign_keys_are_not_confused(shared_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&shared_database)?;
    conn.batch_execute(
        "ALTER TABLE crucible.kosmos_projects DROP CONSTRAINT kosmos_projects_project_id_fkey;
         ALTER TABLE public.research_sessions DROP CONSTRAINT research_sessions_project_id_fkey,
             ADD CONSTRAINT runs_project_id_fkey FOREIGN KEY (project_id) REFERENCES crucible.projects (id) ON DELETE CASCADE",
    )?;
    assert_eq!(
        found(&checked(&project()?, &shared_database)?),
        BTreeSet::new()
    );
    assert_eq!(
        found(&verified(&project()?, &shared_database)?),
        BTreeSet::new()
    );

    // Of the same name as the one of theirs that stays.
    conn.batch_execute("ALTER TABLE crucible.runs DROP CONSTRAINT runs_project_id_fkey")?;
    assert_eq!(
        found(&checked(&project()?, &shared_database)?),
        ["foreign-key-missing crucible.runs.project_id -> crucible.projects".to_owned()].into()
    );
    assert_eq!(
        found(&verified(&project()?, &shared_database)?),
        ["foreign-key-missing crucible.runs.runs_project_id_fkey".to_owned()].into()
    );
    Ok(())
}

/// Takes back what one migration made, in one transaction, as Diesel does.
fn revert(conn: &mut PgConnection, migration: &MigrationDir) -> Outcome<()> {
    let down = std::fs::read_to_string(migration.path.join("down.sql"))?;
    conn.transaction(|conn| Ok(conn.batch_execute(&down)?))
}

/// How many relations, types and functions a schema holds.
fn objects(conn: &mut PgConnection, schema: &str) -> QueryResult<i64> {
    let count = format!(
        "(SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('{schema}'))
         + (SELECT count(*) FROM pg_type WHERE typnamespace = to_regnamespace('{schema}'))
         + (SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('{schema}'))"
    );
    diesel::select(sql::<BigInt>(&count)).get_result(conn)
}

/// Our migrations run where Kosmos is already, the stores work beside it, and nothing of it is taken back with ours.
#[rstest]
fn kosmos_may_be_there_first_and_stays() -> TestResult {
    let project = project()?;
    let database = provision(&project.provision_options())?;
    let conn = &mut PgConnection::establish(database.url())?;
    conn.batch_execute(IN_PUBLIC)?;
    let before = objects(conn, "public")?;
    let directory = find_directory(
        &project.root,
        None,
        project.configured_migrations.as_deref(),
    )?;
    let chain = Chain::read(&directory)?;
    apply(conn, &chain, &mut |_, _, _| {})?;

    let ours = a_project(conn)?;
    let run = a_run(conn, ours.id)?;
    a_candidate(conn, &run, &[])?;

    for migration in chain.migrations.iter().rev() {
        revert(conn, migration)?;
    }
    conn.batch_execute("DROP TABLE public.__diesel_schema_migrations")?;
    assert_eq!(
        (objects(conn, "public")?, objects(conn, "crucible")?),
        (before, 0)
    );
    database.close()?;
    Ok(())
}

/// As long as Kosmos has something in our schema, or points to a table of ours, what it needs is not taken back.
#[rstest]
fn what_kosmos_needs_is_not_taken_back(shared_database: MigratedDatabase) -> TestResult {
    let project = project()?;
    let directory = find_directory(
        &project.root,
        None,
        project.configured_migrations.as_deref(),
    )?;
    let chain = Chain::read(&directory)?;
    let conn = &mut open(&shared_database)?;
    let named = |part: &str| {
        let mut migrations = chain.migrations.iter();
        migrations
            .find(|migration| migration.name.ends_with(part))
            .unwrap()
    };
    for part in [
        "crucible_chat",
        "crucible_issues",
        "suites_and_evaluations",
        "candidate_parents",
    ] {
        revert(conn, named(part))?;
    }
    let before = objects(conn, "crucible")?;
    for part in [
        "runs_and_candidates",
        "crucible_projects",
        "create_crucible",
    ] {
        assert!(revert(conn, named(part)).is_err(), "{part}");
    }
    assert_eq!(objects(conn, "crucible")?, before);
    Ok(())
}

/// Nothing of ours is in `public`: what `drift.toml` leaves out there is another's.
#[rstest]
fn our_migrations_make_nothing_in_public(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    // Diesel's own.
    conn.batch_execute("DROP TABLE public.__diesel_schema_migrations")?;
    assert_eq!(objects(conn, "public")?, 0);
    Ok(())
}
