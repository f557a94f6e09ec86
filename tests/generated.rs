//! What is generated from the catalog and committed is current: `make bless` writes it.

mod support;

use diesel_drift::MigratedDatabase;
use diesel_drift::compare::Scope;
use diesel_drift::testing::migrated_database;
use diesel_drift::types::{Model, TypesOptions, typescript};
use rstest::rstest;
use support::{TestResult, catalog};

/// `docs/models/`: "a first-pass domain schema exists and is documented (ERD or equivalent)" (seed 3).
#[test]
fn the_pages_of_the_models_are_current() {
    diesel_drift::assert_docs!();
}

/// `types/weeksmith.ts`: "schema shared via generated types/Zod schemas available to front-end" (seed 4). That it compiles, and
/// lets the rows of the sample through, is tested with the command.
#[rstest]
fn the_types_of_the_front_end_are_current(migrated_database: MigratedDatabase) -> TestResult {
    let options = TypesOptions {
        schemas: vec!["weeksmith".to_owned()],
        zod: true,
        ..TypesOptions::default()
    };
    let model = Model::new(
        &catalog(&migrated_database)?,
        &Scope::default(),
        &options.schemas,
    )?;
    let committed = include_str!("../types/weeksmith.ts");
    assert!(
        typescript(&model, &options) == committed,
        "types/weeksmith.ts is not current: run `make bless`"
    );
    Ok(())
}
