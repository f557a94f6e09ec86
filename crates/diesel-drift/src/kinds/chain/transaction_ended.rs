use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, TextFile};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::migrate::{Control, tokens};
use std::ops::Range;

pub static KIND: Kind = Kind {
    id: "transaction-ended",
    severity: Severity::Error,
    summary: "a statement that ends the transaction in which Diesel runs the file, or begins one that nothing ends",
    fixture: Some(chain_fixture!("transaction-ended")),
    found: Found::InChain(check),
    message: |finding| match finding.attribute {
        Some(_) => format!(
            "migration `{}`: nothing commits what {} begins, so that Diesel's record of it is lost with it",
            finding.subject,
            side(&finding.declared)
        ),
        None => format!(
            "migration `{}`: {} ends the transaction in which Diesel runs the file",
            finding.subject,
            side(&finding.declared)
        ),
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_migration =
        |migration| Migration::scripts(migration).filter_map(|file| of_file(migration, file));
    source.migrations.iter().flat_map(of_migration).collect()
}

/// The first of a file: what follows from it is no second mistake.
fn of_file(migration: &Migration, file: &TextFile) -> Option<Finding> {
    let text = file.text()?;
    let controls: Vec<(Control, Range<usize>)> = (file.statements().into_iter())
        .filter_map(|range| Some((Control::of(text.get(range.clone())?)?, range)))
        .filter(|(control, _)| *control != Control::Savepoint)
        .collect();
    let finding = |range: &Range<usize>| {
        let words: Vec<String> = tokens(&text[range.clone()])
            .iter()
            .take(2)
            .map(|word| word.to_uppercase())
            .collect();
        Finding::new(&KIND, migration.subject())
            .at(&file.span(range.clone()))
            .declared(words.join(" "))
    };
    if migration.run_in_transaction() {
        let (_, range) = controls
            .iter()
            .find(|(control, _)| *control != Control::Begin)?;
        let finding = finding(range).help(
            "what comes before it stays even if the migration fails later, and Diesel 2.3 fails on it after it has been applied \
             (\"Cannot perform this operation outside of a transaction\")",
        );
        return Some(finding.help(
            "remove it and its `BEGIN`: Diesel commits by itself; or set `run_in_transaction = false` in a `metadata.toml` beside the file",
        ));
    }
    match controls.last() {
        Some((Control::Begin, range)) => Some(
            finding(range)
                .attribute("open")
                .help("write `COMMIT;` at the end, or leave out both `BEGIN` and `run_in_transaction = false`"),
        ),
        _ => None,
    }
}
