//! Rules in a project's own tests: `assert_lint!`, and a question to the catalog.

use super::project::Project;
use diesel_drift::introspect::Live;
use diesel_drift::testing;
use std::fs;

const VISITS: &str = "CREATE TABLE visits (page text NOT NULL);";

#[test]
fn a_broken_rule_fails_and_what_is_known_does_not() {
    let project = Project::new(VISITS);
    let message = testing::lint(project.path(), None).unwrap_err();
    assert!(
        message.starts_with(
            "the schema breaks rules\n\nwarning[primary-key-absent]: table `public.visits`"
        ),
        "{message}"
    );
    let file = project.path().join("base.toml");
    let entry = "[[known]]\nrule = \"primary-key-absent\"\nsubject = \"public.visits\"\n\
                 owner = \"ann\"\nreason = \"old\"\nuntil = 2999-12-31\n";
    fs::write(&file, entry).unwrap();
    diesel_drift::assert_lint!(project.path(), baseline = "base.toml");
    fs::write(&file, entry.replace("ann", "")).unwrap();
    let message = testing::lint(project.path(), Some("base.toml".as_ref())).unwrap_err();
    assert!(
        message.starts_with("the schema could not be held to the rules: base.toml:4: "),
        "{message}"
    );
}

#[test]
fn a_test_asks_the_catalog_of_a_migrated_database() {
    let project = Project::new(VISITS);
    let database = testing::database_in(project.path()).unwrap();
    let live = Live::of_database(&database.url().into(), &mut |_| {}).unwrap();
    let columns = || live.catalog.tables().columns();
    assert_eq!(columns().must("be set", |column| column.not_null), Ok(()));
    let message = columns().must("have a default", |column| column.default.is_some());
    assert_eq!(
        message.unwrap_err(),
        "columns must have a default; 1 of 1 do not:\n  public.visits.page"
    );
    database.close().unwrap();
}
