use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, TextFile};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::migrate::tokens;
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
        .filter_map(|range| Some((control(text.get(range.clone())?)?, range)))
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
            .find(|(control, _)| *control == Control::End)?;
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

#[derive(Clone, Copy, PartialEq)]
enum Control {
    Begin,
    End,
}

/// What a statement does to the transaction that it is run in. Savepoints do nothing to it, and what is not written as PostgreSQL writes it
/// (the `END` of a body that lost its beginning) is no statement.
fn control(statement: &str) -> Option<Control> {
    const FILL: [&str; 5] = ["work", "transaction", "and", "no", "chain"];
    let tokens = tokens(statement);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["begin", ..] | ["start", "transaction", ..] => Some(Control::Begin),
        ["commit" | "end" | "rollback" | "abort", rest @ ..] => {
            let whole = rest.iter().all(|word| FILL.contains(word));
            whole.then_some(Control::End)
        }
        ["prepare", "transaction", ..] => Some(Control::End),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Control, control};

    #[test]
    fn what_ends_a_transaction_is_known_and_savepoints_are_not_it() {
        for end in [
            "COMMIT",
            "commit work",
            "END TRANSACTION",
            "rollback and no chain",
            "ABORT",
            "PREPARE TRANSACTION 'x'",
        ] {
            assert!(control(end) == Some(Control::End), "{end}");
        }
        for begin in [
            "BEGIN",
            "begin isolation level serializable",
            "START TRANSACTION",
        ] {
            assert!(control(begin) == Some(Control::Begin), "{begin}");
        }
        for other in [
            "ROLLBACK TO before",
            "ROLLBACK WORK TO SAVEPOINT before",
            "COMMIT PREPARED 'x'",
            "END $$",
            "END IF",
            "RELEASE before",
            "SELECT 'COMMIT'",
        ] {
            assert!(control(other).is_none(), "{other}");
        }
    }
}
