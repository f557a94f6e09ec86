//! Provenance (seed 3, key features: provenance tracker): it only grows, and is asked for by what its entries hold.

use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::error::Error;
use reference_models::page::Page;
use reference_models::store::{get, list};
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{TestResult, array, connect, object, open};
use super::{a_candidate, a_project, a_run};

fn with(entry: Value) -> ProvenanceFilter {
    ProvenanceFilter {
        entry: object(entry),
        project_id: None,
    }
}

fn ids(conn: &mut PgConnection, filter: &ProvenanceFilter) -> Result<Vec<CandidateId>, Error> {
    let listed = list(conn, filter, Page::first(99))?;
    Ok(listed.rows.iter().map(|row| row.id).collect())
}

#[rstest]
fn provenance_grows_at_its_end(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let candidate = a_candidate(conn, &run, &[])?;
    let designed = json!({"actor": "designer", "action": "design", "reference_ids": ["a"]});
    let ranked = json!({"actor": "ranker", "action": "ranking"});
    record(conn, candidate.id, object(designed.clone()))?;
    let changed = record(conn, candidate.id, object(ranked.clone()))?;
    assert_eq!(changed.provenance, array(json!([designed, ranked])));
    assert_eq!(get(conn, candidate.id)?, changed);
    Ok(())
}

#[rstest]
fn an_entry_says_who_did_what(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let candidate = a_candidate(conn, &run, &[])?;
    for entry in [
        json!({}),
        json!({"actor": "designer"}),
        json!({"action": "design"}),
        json!({"actor": "", "action": "design"}),
        json!({"actor": "designer", "action": ""}),
        json!({"actor": ["designer"], "action": "design"}),
    ] {
        let refused = conn.transaction(|conn| record(conn, candidate.id, object(entry.clone())));
        let Err(Error::Constraint { name, .. }) = refused else {
            panic!("{entry}: {refused:?}");
        };
        assert_eq!(name, "candidates_provenance_check", "{entry}");
    }
    Ok(())
}

#[rstest]
fn an_entry_of_nobody_is_said(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let entry = json!({"actor": "designer", "action": "design"});
    let error = record(conn, CandidateId::generate(), object(entry)).unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    Ok(())
}

fn twenty_entries(conn: &mut PgConnection, candidate: CandidateId) -> Result<(), Error> {
    for n in 0..20 {
        let entry = json!({"actor": "evaluator", "action": "eval_result", "n": n});
        record(conn, candidate, object(entry))?;
    }
    Ok(())
}

/// Two at once do not overwrite each other's entry, as two that read, add and write would.
#[rstest]
fn two_sessions_both_find_their_entry(migrated_database: MigratedDatabase) -> TestResult {
    let (mut first, mut second) = (open(&migrated_database)?, open(&migrated_database)?);
    let project = a_project(&mut first)?;
    let run = a_run(&mut first, project.id)?;
    let candidate = a_candidate(&mut first, &run, &[])?.id;
    std::thread::scope(|threads| {
        let other = threads.spawn(|| twenty_entries(&mut second, candidate));
        twenty_entries(&mut first, candidate)?;
        other.join().unwrap()
    })?;
    assert_eq!(get(&mut first, candidate)?.provenance.0.len(), 40);
    Ok(())
}

#[rstest]
fn provenance_is_asked_for_by_containment(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [project, other] = [a_project(conn)?, a_project(conn)?];
    let [run, elsewhere] = [a_run(conn, project.id)?, a_run(conn, other.id)?];
    let [designed, ranked] = [
        a_candidate(conn, &run, &[])?.id,
        a_candidate(conn, &run, &[])?.id,
    ];
    let stranger = a_candidate(conn, &elsewhere, &[])?.id;
    for (candidate, actor, action) in [
        (designed, "designer", "design"),
        (ranked, "designer", "refine"),
        (ranked, "ranker", "design"),
        (stranger, "designer", "design"),
    ] {
        let entry =
            json!({"actor": actor, "action": action, "reference_ids": [run.id.to_string()]});
        record(conn, candidate, object(entry))?;
    }
    let by_designer = with(json!({"actor": "designer"}));
    assert_eq!(ids(conn, &by_designer)?, [designed, ranked, stranger]);
    // Actor and action of one entry, not of two.
    let design = with(json!({"actor": "designer", "action": "design"}));
    assert_eq!(ids(conn, &design)?, [designed, stranger]);
    let of_project = ProvenanceFilter {
        project_id: Some(project.id),
        ..design
    };
    assert_eq!(ids(conn, &of_project)?, [designed]);
    let from_run = with(json!({"reference_ids": [run.id.to_string()], "actor": "ranker"}));
    assert_eq!(ids(conn, &from_run)?, [ranked]);
    assert_eq!(ids(conn, &with(json!({"actor": "nobody"})))?, []);
    Ok(())
}

/// By EXPLAIN of the statement that the store sends.
#[rstest]
fn provenance_is_found_by_the_index(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    diesel::sql_query(format!(
        "INSERT INTO crucible.candidates (id, project_id, run_id, origin, mechanism_description, provenance)
         SELECT gen_random_uuid(), '{}', '{}', 'system', 'x',
                jsonb_build_array(jsonb_build_object('actor', 'designer-' || n % 500, 'action', 'design'))
         FROM generate_series(1, 5000) n",
        project.id, run.id
    ))
    .execute(conn)?;
    // As autovacuum does, sooner or later.
    conn.batch_execute(
        "SELECT gin_clean_pending_list('crucible.candidates_provenance_idx'); ANALYZE crucible.candidates",
    )?;

    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&sent);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            log.lock().unwrap().push(query.to_string());
        }
    });
    assert_eq!(ids(conn, &with(json!({"actor": "designer-7"})))?.len(), 10);
    conn.set_instrumentation(None::<fn(InstrumentationEvent<'_>)>);

    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    // Diesel's debug form has the binds behind the text.
    let statement = sent.lock().unwrap()[0]
        .split(" -- binds")
        .next()
        .unwrap()
        .to_owned();
    conn.batch_execute(&format!("PREPARE sent AS {statement}"))?;
    let explain = r#"EXPLAIN EXECUTE sent ('[{"actor": "designer-7"}]', 100)"#;
    let lines: Vec<Line> = diesel::sql_query(explain).load(conn)?;
    let plan: String = lines.into_iter().map(|line| line.line + "\n").collect();
    assert!(
        plan.contains("Bitmap Index Scan on candidates_provenance_idx"),
        "{plan}"
    );
    assert!(!plan.contains("Seq Scan"), "{plan}");
    Ok(())
}
