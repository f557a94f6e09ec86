//! What the migrations make is what was reviewed.

#[test]
fn the_catalog_is_as_reviewed() {
    diesel_drift::assert_snapshots!();
}
