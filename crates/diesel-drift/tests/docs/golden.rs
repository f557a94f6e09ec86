//! Pages that were reviewed: whichever major version of PostgreSQL the tests run on, it makes the same of the same schema.
//! `make bless` writes them.

use super::support::{PAGES, live, pages_of};
use diesel_drift::docs::{Stale, compare, write};
use pretty_assertions::assert_eq;
use std::path::Path;

#[test]
fn pages_are_as_reviewed_on_every_major() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs/golden/pages");
    let stale = compare(&directory, &pages_of(&live(PAGES)), true).unwrap();
    let described: String = stale.iter().map(Stale::describe).collect();
    assert_eq!(described, "", "`make bless` writes them");
}

#[test]
fn nothing_is_written_a_second_time() {
    let directory = tempfile::tempdir().unwrap();
    let live = live(PAGES);
    let first = compare(directory.path(), &pages_of(&live), true).unwrap();
    assert_eq!(
        first.len(),
        5,
        "an index and a page for each schema with something in it"
    );
    write(&first).unwrap();
    assert_eq!(
        compare(directory.path(), &pages_of(&live), true).unwrap(),
        []
    );
}
