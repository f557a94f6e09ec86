//! Candidate lineage (seed 3, MVP criteria): kept free of cycles, and asked for both ways.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};
use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::error::{Error, Rule};
use reference_models::page::Page;
use reference_models::store::list;
use rstest::rstest;

use super::support::{TestResult, connect, open};
use super::{a_candidate, a_project, a_run};

fn ids(conn: &mut PgConnection, relatives: Relatives) -> Result<Vec<CandidateId>, Error> {
    let listed = list(conn, &relatives, Page::first(99))?;
    Ok(listed.rows.iter().map(|row| row.id).collect())
}

/// Two founders, a child of both, and two grandchildren, of which one is also the first founder's child; of two runs.
fn a_family(conn: &mut PgConnection) -> Result<[CandidateId; 5], Error> {
    let project = a_project(conn)?;
    let [early, late] = [a_run(conn, project.id)?, a_run(conn, project.id)?];
    let [ann, bob] = [
        a_candidate(conn, &early, &[])?.id,
        a_candidate(conn, &early, &[])?.id,
    ];
    let cid = a_candidate(conn, &late, &[ann, bob])?.id;
    let dan = a_candidate(conn, &late, &[cid])?.id;
    let eve = a_candidate(conn, &late, &[cid, ann])?.id;
    Ok([ann, bob, cid, dan, eve])
}

#[rstest]
fn lineage_is_asked_for_both_ways_and_all_the_way(
    migrated_database: MigratedDatabase,
) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [ann, bob, cid, dan, eve] = a_family(conn)?;
    a_family(conn)?;
    for (relatives, expected) in [
        (Relatives::Parents(eve), vec![ann, cid]),
        (Relatives::Parents(ann), vec![]),
        (Relatives::Children(ann), vec![cid, eve]),
        (Relatives::Children(dan), vec![]),
        (Relatives::Ancestors(dan), vec![ann, bob, cid]),
        (Relatives::Ancestors(ann), vec![]),
        (Relatives::Descendants(bob), vec![cid, dan, eve]),
        (Relatives::Descendants(eve), vec![]),
        (Relatives::Descendants(CandidateId::generate()), vec![]),
    ] {
        assert_eq!(ids(conn, relatives)?, expected, "{relatives:?}");
    }
    Ok(())
}

#[rstest]
fn lineage_is_listed_in_pages(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [_, bob, cid, dan, eve] = a_family(conn)?;
    let of_bob = Relatives::Descendants(bob);
    let first = list(conn, &of_bob, Page::first(2))?;
    assert_eq!(
        first.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        [cid, dan]
    );
    let second = list(conn, &of_bob, first.next.unwrap())?;
    assert_eq!(
        second.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        [eve]
    );
    assert!(second.next.is_none());
    Ok(())
}

/// A candidate whose lineage cannot be written is not written either.
#[rstest]
fn a_candidate_and_its_parents_are_one_change(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut open(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let parent = a_candidate(conn, &run, &[])?;
    for parents in [[parent.id, CandidateId::generate()], [parent.id, parent.id]] {
        let refused = a_candidate(conn, &run, &parents);
        assert!(
            matches!(refused, Err(Error::Constraint { .. })),
            "{refused:?}"
        );
    }
    let all = list(conn, &CandidateFilter::default(), Page::first(9))?;
    assert_eq!(all.rows, std::slice::from_ref(&parent));
    let child = a_candidate(conn, &run, &[parent.id])?;
    assert_eq!(ids(conn, Relatives::Parents(child.id))?, [parent.id]);
    Ok(())
}

#[rstest]
fn a_cycle_is_refused_with_its_rule(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [ann, bob, cid, dan, _] = a_family(conn)?;
    add_parent(conn, bob, ann)?;
    for parent in [bob, cid, dan] {
        let refused = conn.transaction(|conn| add_parent(conn, ann, parent));
        let Err(Error::Rule {
            rule, table, hint, ..
        }) = refused
        else {
            panic!("{refused:?}");
        };
        assert_eq!(
            (rule, table.as_str()),
            (Rule::LineageCycle, "candidate_parents")
        );
        assert!(hint.unwrap().starts_with("A parent is older"));
    }
    let itself = conn.transaction(|conn| add_parent(conn, ann, ann));
    let Err(Error::Constraint { name, .. }) = itself else {
        panic!("{itself:?}");
    };
    assert_eq!(name, "candidate_parents_itself_check");
    assert_eq!(ids(conn, Relatives::Ancestors(bob))?, [ann]);
    Ok(())
}

/// Also where one statement changes a link that is there, or brings the whole cycle. psql and other clients see the SQLSTATE.
#[rstest]
fn sqlstate_cr001_is_what_other_clients_see(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [_, bob, _, _, eve] = a_family(conn)?;
    for statement in [
        format!("UPDATE crucible.candidate_parents SET parent_id = '{eve}' WHERE parent_id = '{bob}'"),
        "DELETE FROM crucible.candidate_parents;
         INSERT INTO crucible.candidate_parents (candidate_id, parent_id, project_id)
         SELECT a.id, b.id, a.project_id FROM crucible.candidates a JOIN crucible.candidates b ON a.id <> b.id"
            .to_owned(),
    ] {
        let block = format!(
            "DO $$ BEGIN {statement}; RAISE 'no error'; EXCEPTION WHEN SQLSTATE 'CR001' THEN NULL; END $$"
        );
        diesel::sql_query(block).execute(conn)?;
    }
    Ok(())
}

#[rstest]
fn parents_are_of_the_same_project(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [ann, ..] = a_family(conn)?;
    let [stranger, ..] = a_family(conn)?;
    let refused = add_parent(conn, ann, stranger);
    let Err(Error::Constraint { name, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(name, "candidate_parents_parent_id_project_id_fkey");
    Ok(())
}

/// Two candidates without relatives, committed.
fn two_candidates(
    database: &MigratedDatabase,
) -> Result<[CandidateId; 2], Box<dyn std::error::Error>> {
    let conn = &mut open(database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    Ok([
        a_candidate(conn, &run, &[])?.id,
        a_candidate(conn, &run, &[])?.id,
    ])
}

/// Two sessions that each add one half of a cycle: the second waits for the first, and is refused when it has committed.
#[rstest]
fn two_sessions_cannot_close_a_cycle_together(migrated_database: MigratedDatabase) -> TestResult {
    let [ann, bob] = two_candidates(&migrated_database)?;
    let (mut first, mut second) = (open(&migrated_database)?, open(&migrated_database)?);
    let pid: i32 = diesel::select(sql::<Integer>("pg_backend_pid()")).get_result(&mut second)?;
    let waiting = std::thread::scope(|threads| -> Result<bool, Box<dyn std::error::Error>> {
        let mut handle = None;
        let waiting = first.transaction::<_, Box<dyn std::error::Error>, _>(|first| {
            add_parent(first, ann, bob)?;
            let other = handle.insert(threads.spawn(|| add_parent(&mut second, bob, ann)));
            let lock = format!(
                "EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND locktype = 'advisory' AND NOT granted)"
            );
            while !other.is_finished() {
                if diesel::select(sql::<Bool>(&lock)).get_result::<bool>(first)? {
                    return Ok(true);
                }
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Ok(false)
        })?;
        let refused = handle.unwrap().join().unwrap();
        assert!(
            matches!(
                refused,
                Err(Error::Rule {
                    rule: Rule::LineageCycle,
                    ..
                })
            ),
            "{refused:?}"
        );
        Ok(waiting)
    })?;
    assert!(waiting, "the second session did not wait for the first");
    Ok(())
}

/// In `SERIALIZABLE` neither sees the other's half, and PostgreSQL lets only one of them commit.
#[rstest]
fn two_serializable_sessions_cannot_either(migrated_database: MigratedDatabase) -> TestResult {
    let [ann, bob] = two_candidates(&migrated_database)?;
    let (mut first, mut second) = (open(&migrated_database)?, open(&migrated_database)?);
    let refused = second
        .build_transaction()
        .serializable()
        .run::<(), Error, _>(|second| {
            // Its snapshot is taken here, before the other half is committed.
            assert_eq!(ids(second, Relatives::Parents(ann))?, []);
            first
                .build_transaction()
                .serializable()
                .run::<(), Error, _>(|first| add_parent(first, ann, bob))?;
            add_parent(second, bob, ann)
        });
    assert!(refused.is_err());
    let conn = &mut open(&migrated_database)?;
    assert_eq!(ids(conn, Relatives::Ancestors(ann))?, [bob]);
    assert_eq!(ids(conn, Relatives::Ancestors(bob))?, []);
    Ok(())
}

/// `REPEATABLE READ` could not tell, and says so.
#[rstest]
fn repeatable_read_is_refused(migrated_database: MigratedDatabase) -> TestResult {
    let [ann, bob] = two_candidates(&migrated_database)?;
    let refused = open(&migrated_database)?
        .build_transaction()
        .repeatable_read()
        .run::<(), Error, _>(|conn| add_parent(conn, ann, bob));
    let Err(Error::Database(error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(error.to_string().contains("REPEATABLE READ"), "{error}");
    Ok(())
}

/// Whatever came in around the trigger: a replica, or one who has switched it off.
#[rstest]
fn queries_end_on_a_cycle_as_well(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let [ann, bob, cid, dan, eve] = a_family(conn)?;
    diesel::sql_query(
        "ALTER TABLE crucible.candidate_parents DISABLE TRIGGER candidate_parents_acyclic",
    )
    .execute(conn)?;
    add_parent(conn, ann, eve)?;
    assert_eq!(ids(conn, Relatives::Ancestors(ann))?, [ann, bob, cid, eve]);
    assert_eq!(
        ids(conn, Relatives::Descendants(ann))?,
        [ann, cid, dan, eve]
    );
    diesel::sql_query(
        "ALTER TABLE crucible.candidate_parents ENABLE TRIGGER candidate_parents_acyclic",
    )
    .execute(conn)?;
    let refused = add_parent(conn, bob, eve);
    assert!(matches!(refused, Err(Error::Rule { .. })), "{refused:?}");
    Ok(())
}

/// Of thirty thousand rows only those are read that the lineage is, both ways: by PostgreSQL's own count, while the store asks.
#[rstest]
fn lineage_is_read_by_index(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let run = a_run(conn, project.id)?;
    let mut line = vec![a_candidate(conn, &run, &[])?.id];
    for generation in 0..20 {
        line.push(a_candidate(conn, &run, &line[generation..])?.id);
    }
    // Rows by the thousand, as SQL: pairs.
    conn.batch_execute(&format!(
        "ALTER TABLE crucible.candidate_parents DISABLE TRIGGER candidate_parents_acyclic;
         WITH made AS (
             INSERT INTO crucible.candidates (id, project_id, run_id, origin, mechanism_description)
             SELECT gen_random_uuid(), '{0}', '{1}', 'system', n::text FROM generate_series(1, 20000) n
             RETURNING id, mechanism_description::int AS n
         )
         INSERT INTO crucible.candidate_parents (candidate_id, parent_id, project_id)
         SELECT child.id, parent.id, '{0}' FROM made child JOIN made parent ON parent.n = child.n - 1 WHERE child.n % 2 = 0;
         ANALYZE crucible.candidates, crucible.candidate_parents",
        project.id, run.id
    ))?;
    // Of tables and of indexes: what a scan returned.
    let rows_read = |conn: &mut PgConnection| -> QueryResult<i64> {
        let returned = "(SELECT sum(pg_stat_get_xact_tuples_returned(oid))::bigint FROM pg_class \
                         WHERE relnamespace = 'crucible'::regnamespace)";
        diesel::select(sql::<BigInt>(returned)).get_result(conn)
    };
    for (relatives, count) in [
        (Relatives::Children(line[0]), 1),
        (Relatives::Descendants(line[0]), 20),
        (Relatives::Parents(line[20]), 1),
        (Relatives::Ancestors(line[20]), 20),
    ] {
        let before = rows_read(conn)?;
        assert_eq!(ids(conn, relatives)?.len(), count, "{relatives:?}");
        let read = rows_read(conn)? - before;
        assert!((2..=100).contains(&read), "{relatives:?} reads {read} rows");
    }
    Ok(())
}
