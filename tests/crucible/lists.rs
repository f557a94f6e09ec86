//! Pages, and what is not there.

use diesel_drift::MigratedDatabase;
use diesel_drift::testing::migrated_database;
use reference_models::crucible::*;
use reference_models::page::Page;
use reference_models::store::{create, get, list, update};
use rstest::rstest;

use super::a_project;
use super::support::{TestResult, connect};

/// What is not there is said with its table and key, by whichever operation.
#[rstest]
fn what_is_not_there_is_said(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let nobody = ProjectId::generate();
    let changes = ProjectChanges {
        title: Some("x".to_owned()),
        ..ProjectChanges::default()
    };
    for error in [get(conn, nobody), update(conn, nobody, changes)] {
        let error = error.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("crucible.projects has no row {nobody}")
        );
    }
    Ok(())
}

/// A conversation is read page by page, in the order in which it was held.
#[rstest]
fn messages_are_listed_in_pages(migrated_database: MigratedDatabase) -> TestResult {
    let conn = &mut connect(&migrated_database)?;
    let project = a_project(conn)?;
    let chat = create(conn, NewChatSession::new(project.id))?;
    for n in 0..5 {
        create(
            conn,
            NewMessage::new(chat.id, MessageRole::User, n.to_string()),
        )?;
    }
    let filter = MessageFilter {
        chat_session_id: Some(chat.id),
        ..MessageFilter::default()
    };
    let mut next = Some(Page::first(2));
    let mut said = Vec::new();
    while let Some(page) = next {
        let listed = list(conn, &filter, page)?;
        said.push(
            listed
                .rows
                .into_iter()
                .map(|row| row.content)
                .collect::<Vec<_>>(),
        );
        next = listed.next;
    }
    assert_eq!(said, [vec!["0", "1"], vec!["2", "3"], vec!["4"]]);
    Ok(())
}
