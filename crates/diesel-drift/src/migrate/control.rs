//! The statements that control transactions.

use super::statements::{has_word, leading_words, tokens};

/// What a statement does to the transaction that it is run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// It begins one.
    Begin,
    /// It ends it, and what was done stays.
    Commit,
    /// It ends it, and what was done is gone, or waits to be committed elsewhere.
    Abandon,
    /// It sets a savepoint, or goes back to one: the transaction goes on.
    Savepoint,
}

impl Control {
    /// What a statement does; none where it does nothing to a transaction, and where it is not written as PostgreSQL writes it (the `END` of
    /// a body that lost its beginning).
    pub(crate) fn of(statement: &str) -> Option<Self> {
        const FILL: [&str; 5] = ["work", "transaction", "and", "no", "chain"];
        // Bodies are long, and no statement of these is.
        let first = leading_words(statement, 1);
        let first = first.first().map(String::as_str).unwrap_or_default();
        if !WORDS.contains(&first) {
            return None;
        }
        let tokens = tokens(statement);
        let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let is_whole = |rest: &[&str]| rest.iter().all(|word| FILL.contains(word));
        match words.as_slice() {
            ["begin", ..] | ["start", "transaction", ..] => Some(Self::Begin),
            ["commit" | "end", rest @ ..] if is_whole(rest) => Some(Self::Commit),
            ["rollback" | "abort", rest @ ..] if is_whole(rest) => Some(Self::Abandon),
            ["prepare", "transaction", ..] => Some(Self::Abandon),
            ["savepoint" | "release", ..]
            | ["rollback", "to", ..]
            | ["rollback", "work" | "transaction", "to", ..] => Some(Self::Savepoint),
            _ => None,
        }
    }
}

/// The words with which they begin.
const WORDS: [&str; 9] = [
    "begin",
    "start",
    "commit",
    "end",
    "rollback",
    "abort",
    "prepare",
    "savepoint",
    "release",
];

/// Whether a statement leaves the connection in the middle of a copy.
pub(crate) fn copies_to_client(statement: &str) -> bool {
    leading_words(statement, 1) == ["copy"]
        && (has_word(statement, "stdin") || has_word(statement, "stdout"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_transaction_is_known_and_savepoints_are_not_it() {
        for (what, statements) in [
            (
                Some(Control::Begin),
                &[
                    "BEGIN",
                    "begin isolation level serializable",
                    "/* a */ START TRANSACTION",
                ][..],
            ),
            (
                Some(Control::Commit),
                &[
                    "COMMIT",
                    "commit work",
                    "END TRANSACTION",
                    "commit and chain",
                ],
            ),
            (
                Some(Control::Abandon),
                &["rollback and no chain", "ABORT", "PREPARE TRANSACTION 'x'"],
            ),
            (
                Some(Control::Savepoint),
                &[
                    "SAVEPOINT before",
                    "ROLLBACK TO before",
                    "ROLLBACK WORK TO SAVEPOINT before",
                    "RELEASE before",
                ],
            ),
            (
                None,
                &[
                    "COMMIT PREPARED 'x'",
                    "END $$",
                    "END IF",
                    "SELECT 'COMMIT'",
                    "PREPARE a AS SELECT 1",
                    "start",
                ],
            ),
        ] {
            for statement in statements {
                assert_eq!(Control::of(statement), what, "{statement}");
            }
        }
    }

    #[test]
    fn only_copies_from_and_to_the_client_are_copies_to_it() {
        assert!(copies_to_client("COPY t FROM stdin"));
        assert!(copies_to_client("copy t to STDOUT"));
        assert!(!copies_to_client("copy t from '/stdin'"));
    }
}
