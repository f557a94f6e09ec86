//! `src/schema.rs` is what the migrations make.

#[test]
fn schema_rs_and_the_migrations_agree() {
    diesel_drift::assert_no_drift!();
}
