use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, Record};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "migration-edited",
    severity: Severity::Error,
    summary: "a migration that is not what it was when it was released or merged: databases that have it do not run it again",
    fixture: Some(chain_fixture!("migration-edited")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` was edited: {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_record = |record| {
        source
            .migrations
            .iter()
            .filter_map(move |migration| of_migration(record, migration))
    };
    super::once(source.records.iter().flat_map(of_record))
}

fn of_migration(record: &Record, migration: &Migration) -> Option<Finding> {
    let edit = record.before.get(&migration.name)?.edit(migration)?;
    // Somebody did it there, and it is here because that was merged.
    if let Some(now) = record.now.get(&migration.name).filter(|_| !record.is_lock)
        && now.edit(migration).is_none()
    {
        return None;
    }
    let severity = (edit.files.iter())
        .map(|(file, only_comments)| match (*file, only_comments) {
            (_, true) => Severity::Note,
            ("down.sql", false) => Severity::Warning,
            (_, false) => Severity::Error,
        })
        .max()?;
    let files: Vec<String> = (edit.files.iter())
        .map(|(file, only_comments)| match only_comments {
            true => format!("the comments or white space of `{file}`"),
            false => format!("`{file}`"),
        })
        .collect();
    let verb = if files.len() == 1 && !files[0].starts_with("the") {
        "is"
    } else {
        "are"
    };
    let help = match severity {
        Severity::Note => "it does the same",
        Severity::Warning => {
            "databases that have it revert it otherwise now than when it was released"
        }
        Severity::Error => {
            "a database that has it is not changed any more, and a fresh one is made otherwise: put it back, and write a new migration"
        }
    };
    let finding = Finding::new(&KIND, migration.subject())
        .severity(severity)
        .declared(format!(
            "{} {verb} not as in {}",
            files.join(" and "),
            record.name
        ))
        .help(help);
    let finding = match record.is_lock {
        true => finding.help("if it is meant, and no database has it: `diesel-drift chain --lock`"),
        false => finding,
    };
    let shown = edit
        .files
        .first()
        .and_then(|(file, _)| migration.files.get(*file));
    Some(match shown {
        Some(file) if file.text().is_some() => finding.at(&file.whole()),
        _ => finding,
    })
}
