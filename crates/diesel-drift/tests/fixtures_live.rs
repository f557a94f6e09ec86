//! The committed catalogs of the fixtures are what a server says.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/fixture.rs"]
mod fixture;

use diesel_drift::provision::{Options, provision};
use fixture::Fixture;
use pretty_assertions::assert_eq;

#[test]
fn the_catalogs_are_what_a_server_says() {
    let database = provision(&Options::from_env()).unwrap();
    for fixture in Fixture::all() {
        for (side, live) in fixture.read_live(database.url()) {
            assert_eq!(
                live.catalog,
                fixture.live(side).catalog,
                "{} {side:?}",
                fixture.id
            );
        }
    }
}
