//! The kinds that a chain of migrations shows without a database: one file each, and one line in [`CHAIN_KINDS`].

mod directory_second;
mod down_empty;
mod down_missing;
mod encoding_unreadable;
mod file_unread;
mod irreversible_unused;
mod metadata_misread;
mod migration_deleted;
mod migration_edited;
mod migration_late;
mod migration_reordered;
mod migration_unlocked;
mod order_misleading;
mod syntax_error;
mod transaction_ended;
mod transaction_forbidden;
mod up_empty;
mod up_missing;
mod version_duplicate;
mod version_malformed;
mod version_style;

use super::{chain_fixture, side};
use crate::chain::{Migration, TextFile};
use crate::finding::{Finding, Kind};
use crate::subject::Subject;
use crate::text::toml_string;
use std::collections::BTreeMap;

/// The kinds of a chain, in the order in which `diesel-drift kinds` lists them: those with a fixture that is a pair of projects.
pub static CHAIN_KINDS: &[&Kind] = &[
    &version_duplicate::KIND,
    &version_malformed::KIND,
    &version_style::KIND,
    &order_misleading::KIND,
    &up_missing::KIND,
    &up_empty::KIND,
    &down_missing::KIND,
    &down_empty::KIND,
    &file_unread::KIND,
    &directory_second::KIND,
    &encoding_unreadable::KIND,
    &syntax_error::KIND,
    &metadata_misread::KIND,
    &transaction_forbidden::KIND,
    &transaction_ended::KIND,
    &irreversible_unused::KIND,
    &migration_edited::KIND,
    &migration_deleted::KIND,
    &migration_late::KIND,
    &migration_unlocked::KIND,
    &migration_reordered::KIND,
];

/// What Diesel says when it runs a file without a statement: of an empty one its own words, of others libpq's.
fn words_for_nothing(file: &TextFile) -> &'static str {
    match file.text() {
        Some("") => "Attempted to run an empty migration.",
        _ => "Received an empty query",
    }
}

/// Of what several records say of one migration, the most severe, and of equal ones the first: it is one mistake.
fn once(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut by_subject: BTreeMap<Subject, Finding> = BTreeMap::new();
    for finding in findings {
        match by_subject.get(&finding.subject) {
            Some(known) if known.severity >= finding.severity => {}
            _ => {
                by_subject.insert(finding.subject.clone(), finding);
            }
        }
    }
    by_subject.into_values().collect()
}

fn declare_irreversible(migration: &Migration) -> String {
    format!(
        "write what undoes it, or declare in drift.toml that nothing does:\n[[irreversible]]\nmigration = {}\nreason = \"…\"",
        toml_string(&migration.name)
    )
}

#[cfg(test)]
mod tests {
    use crate::chain::{ChainSource, Content, Migration, Record, TextFile, Was, find};
    use std::collections::BTreeMap;

    fn migration(name: &str, sql: &str) -> Migration {
        let file = TextFile {
            path: format!("migrations/{name}/up.sql").into(),
            content: Content::Text(sql.to_owned()),
            checksum: String::new(),
        };
        Migration {
            name: name.to_owned(),
            version: name.split('_').next().unwrap().to_owned(),
            files: BTreeMap::from([("up.sql".to_owned(), file)]),
            unreadable: None,
        }
    }

    fn record(name: &str, migrations: &[Migration]) -> Record {
        let was = |migration: &Migration| (migration.name.clone(), Was::of(migration));
        let now: BTreeMap<_, _> = migrations.iter().map(was).collect();
        Record {
            name: name.to_owned(),
            is_lock: name == "migrations.lock",
            before: now.clone(),
            now,
        }
    }

    /// What is found of the kinds that hold a chain against records.
    fn found(migrations: Vec<Migration>, records: Vec<Record>) -> Vec<String> {
        let source = ChainSource {
            migrations,
            records,
            ..ChainSource::default()
        };
        let of_records = ["migration-late", "migration-edited", "migration-deleted"];
        (find(&source).iter())
            .filter(|finding| of_records.contains(&finding.kind.id))
            .map(|finding| format!("{} {}", finding.severity, finding.message()))
            .collect()
    }

    #[test]
    fn what_two_records_say_of_one_migration_is_told_once() {
        let old = [
            migration("1_a", "SELECT 1;"),
            migration("2_gone", "SELECT 2;"),
            migration("9_z", "SELECT 9;"),
        ];
        let records = ["migrations.lock", "main"].map(|name| record(name, &old));
        let now = vec![
            migration("1_a", "SELECT 10;"),
            migration("5_late", "SELECT 5;"),
            migration("9_z", "SELECT 9;"),
        ];
        assert_eq!(
            found(now, records.to_vec()),
            [
                "error migration `1_a` was edited: `up.sql` is not as in migrations.lock",
                "error migration `2_gone` of migrations.lock is gone",
                "warning migration `5_late` is new, and older than `9_z` in migrations.lock",
            ]
        );
    }

    #[test]
    fn what_was_renamed_is_found_by_its_version_and_by_what_it_does() {
        let old = [
            migration("1_a", "SELECT 1;"),
            migration("2_b", "SELECT 2;"),
            migration("3_c", "SELECT 3;"),
        ];
        let now = vec![migration("1_x", "SELECT 1;"), migration("4_b", "select 2;")];
        assert_eq!(
            found(now, vec![record("main", &old)]),
            [
                "note migration `1_a` of main is called `1_x` now",
                "error migration `2_b` of main is called `4_b` now",
                "error migration `3_c` of main is gone",
            ]
        );
    }
}
