use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration, TextFile};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::migrate::tokens;

pub static KIND: Kind = Kind {
    id: "transaction-forbidden",
    severity: Severity::Error,
    summary: "a statement that PostgreSQL refuses in a transaction, in a file that is run as one",
    fixture: Some(chain_fixture!("transaction-forbidden")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}`: {} cannot run inside a transaction block",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_migration =
        |migration| Migration::scripts(migration).flat_map(|file| of_file(migration, file));
    source.migrations.iter().flat_map(of_migration).collect()
}

fn of_file(migration: &Migration, file: &TextFile) -> Vec<Finding> {
    let statements = file.statements();
    let in_transaction = migration.run_in_transaction();
    if !in_transaction && statements.len() < 2 {
        return Vec::new();
    }
    let text = file.text().unwrap_or_default();
    let alone = match statements.len() {
        1 => "write `run_in_transaction = false` to a `metadata.toml` beside the file",
        _ if in_transaction => {
            "move it into a migration of its own, with a `metadata.toml` that says `run_in_transaction = false`: PostgreSQL runs a file \
             of several statements as one transaction"
        }
        _ => {
            "move it into a migration of its own: PostgreSQL runs a file of several statements as one transaction, whatever \
              `metadata.toml` says"
        }
    };
    statements
        .into_iter()
        .filter_map(|range| {
            let what = forbidden(text.get(range.clone())?)?;
            Some(
                Finding::new(&KIND, migration.subject())
                    .at(&file.span(range))
                    .declared(what)
                    .help(alone),
            )
        })
        .collect()
}

/// The words in which PostgreSQL refuses a statement in a transaction (`PreventInTransactionBlock` and who calls it, PostgreSQL 13 to 18);
/// none where it does not, or where that depends on more than the statement (REINDEX of a partitioned table, DROP SUBSCRIPTION).
pub(super) fn forbidden(statement: &str) -> Option<&'static str> {
    let tokens = tokens(statement);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let says = |word: &str| words.contains(&word);
    Some(match words.as_slice() {
        ["create", "unique", "index", "concurrently", ..]
        | ["create", "index", "concurrently", ..] => "CREATE INDEX CONCURRENTLY",
        ["drop", "index", "concurrently", ..] => "DROP INDEX CONCURRENTLY",
        ["reindex", rest @ ..] => return reindex(rest),
        ["alter", "table", .., "concurrently"] if says("detach") => {
            "ALTER TABLE ... DETACH CONCURRENTLY"
        }
        ["vacuum", ..] => "VACUUM",
        ["cluster"] | ["cluster", "verbose"] => "CLUSTER",
        ["create", "database", ..] => "CREATE DATABASE",
        ["drop", "database", ..] => "DROP DATABASE",
        ["alter", "database", _, "set", "tablespace", ..] => "ALTER DATABASE SET TABLESPACE",
        ["create", "tablespace", ..] => "CREATE TABLESPACE",
        ["drop", "tablespace", ..] => "DROP TABLESPACE",
        ["alter", "system", ..] => "ALTER SYSTEM",
        ["discard", "all"] => "DISCARD ALL",
        ["commit", "prepared", ..] => "COMMIT PREPARED",
        ["rollback", "prepared", ..] => "ROLLBACK PREPARED",
        ["create", "subscription", ..] if makes_slot(&words) => {
            "CREATE SUBSCRIPTION ... WITH (create_slot = true)"
        }
        ["alter", "subscription", _, "refresh", "publication", ..] => {
            "ALTER SUBSCRIPTION ... REFRESH"
        }
        [
            "alter",
            "subscription",
            _,
            "set" | "add" | "drop",
            "publication",
            ..,
        ] if !is_off(&words, "refresh") => "ALTER SUBSCRIPTION with refresh",
        _ => return None,
    })
}

fn reindex(rest: &[&str]) -> Option<&'static str> {
    let (options, rest) = match rest {
        ["(", inner @ ..] => inner.split_at(inner.iter().position(|word| *word == ")")?),
        rest => (&[][..], rest),
    };
    let asked = options.contains(&"concurrently") && !is_off_or_false(options, "concurrently");
    let rest = rest.strip_prefix(&[")"]).unwrap_or(rest);
    match rest {
        ["verbose", rest @ ..] => reindex(rest),
        _ if asked => Some("REINDEX CONCURRENTLY"),
        [_, "concurrently", ..] => Some("REINDEX CONCURRENTLY"),
        ["schema", ..] => Some("REINDEX SCHEMA"),
        ["database", ..] => Some("REINDEX DATABASE"),
        ["system", ..] => Some("REINDEX SYSTEM"),
        _ => None,
    }
}

/// Whether an option without `=` is turned off.
fn is_off_or_false(words: &[&str], option: &str) -> bool {
    (words.windows(2)).any(|pair| pair[0] == option && is_no(pair[1]))
}

/// Whether an option with `=` is turned off.
fn is_off(words: &[&str], option: &str) -> bool {
    (words.windows(3)).any(|three| three[0] == option && three[1] == "=" && is_no(three[2]))
}

fn is_no(value: &str) -> bool {
    ["false", "off", "0", "'false'", "'off'", "'0'", "none"].contains(&value)
}

fn makes_slot(words: &[&str]) -> bool {
    !["create_slot", "connect", "slot_name"]
        .iter()
        .any(|option| is_off(words, option))
}
