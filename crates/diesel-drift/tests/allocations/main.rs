//! What reading and comparing a catalog asks of memory: counted, because a time says little about another machine.

// A test may panic; Clippy excuses only what stands in a function that is marked as one.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../examples/bench/generated.rs"]
#[allow(dead_code, reason = "`make bench` uses the rest")]
mod generated;

use allocation_counter::{AllocationInfo, measure};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::introspect::{Wanted, introspect};
use diesel_drift::provision::{Options, provision};
use diesel_drift::{Project, declared, kinds};

/// What is allocated while the catalog of so many tables is read, and compared with what is declared.
fn allocated(tables: usize) -> AllocationInfo {
    let directory = tempfile::tempdir().unwrap();
    generated::write_project(directory.path(), tables).unwrap();
    let project = Project::discover(directory.path()).unwrap();
    let reading = declared::read(&project.root, &project.schemas).unwrap();
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    for batch in generated::batches(tables) {
        connection.batch_execute(&batch).unwrap();
    }
    measure(|| {
        let live = introspect(&mut connection, &Wanted::of(&reading)).unwrap();
        assert_eq!(live.catalog.relations.len(), tables);
        assert_eq!(kinds::compare(&reading, &live, &project.scope), []);
    })
}

/// A table costs no more among many than among few, neither in allocations nor in what is held at once.
#[test]
fn what_a_table_costs_does_not_grow_with_their_number() {
    let (few, many) = (allocated(500), allocated(1_000));
    let (few_total, many_total) = (few.count_total, many.count_total);
    assert!(many_total <= 2 * few_total, "{few_total}, {many_total}");
    assert!(
        many.bytes_max <= 2 * few.bytes_max,
        "{}, {}",
        few.bytes_max,
        many.bytes_max
    );
    // 10 columns, 3 indexes, 3 constraints.
    assert!(many_total <= 1_000 * 300, "{many_total} for 1,000 tables");
    assert!(
        many.bytes_max <= 1_000 * 16 * 1024,
        "{} bytes for 1,000 tables",
        many.bytes_max
    );
}
