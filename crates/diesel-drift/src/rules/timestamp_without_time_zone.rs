use super::words::{by_schema, is_of, list, said, schema_subject};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::catalog::query::Member;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "timestamp-without-time-zone",
    severity: Severity::Warning,
    summary: "timestamps without time zone that are filled with the time of the session; a note for others",
    fixture: Some(rule_fixture!("timestamp-without-time-zone")),
    found: Found::ByRule(&Rule {
        because: "`timestamp` is what a clock on some wall showed, and not which wall. Where `now()` is its default, two sessions with another `TimeZone` store two \
                  values for the same moment, and the hour that is repeated in autumn cannot be told apart.",
        instead: "`timestamptz` (Diesel's `Timestamptz`), which takes the same 8 bytes; or `DEFAULT (now() AT TIME ZONE 'utc')`",
        default: Default::On,
        others: &[
            (
                "squawk",
                "`prefer-timestamp-tz`, also where the default is in UTC",
            ),
            ("diesel-guard", "`timestamp-type`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "schema `{}` has timestamps without time zone{}",
            finding.subject,
            said(finding)
        )
    },
};

/// What PostgreSQL writes for the time of a session.
const LOCAL: [&str; 6] = [
    "now()",
    "CURRENT_TIMESTAMP",
    "LOCALTIMESTAMP",
    "transaction_timestamp()",
    "statement_timestamp()",
    "clock_timestamp()",
];

/// What names of columns, and comments, say where local time is meant.
const MEANT: [&str; 6] = ["local", "wall", "opens", "closes", "naive", "utc"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns: Vec<_> = (linted.columns().into_iter())
        .filter(|column| is_of(column, "timestamp") && !is_meant(column))
        .collect();
    let (wrong, rest): (Vec<_>, Vec<_>) =
        columns.into_iter().partition(|column| takes_local(column));
    let wrong = (by_schema(&KIND, wrong.iter().copied()).into_iter()).map(|finding| {
        let mut columns = wrong.iter();
        let of_schema = |column: &&Member<'_, Column>| schema_subject(&column.table.name.schema) == finding.subject;
        match columns.find(of_schema) {
            Some(column) => {
                let (table, name) = (column.table.name.to_sql(), list([&column.name]));
                finding.help(format!(
                    "write `ALTER TABLE {table} ALTER COLUMN {name} TYPE timestamptz USING {name} AT TIME ZONE 'UTC';`, with the zone in which the \
                     values were written (it rewrites the table), and so for each"
                ))
            }
            None => finding,
        }
    });
    let wrong = wrong.map(|finding| worded(finding, " whose default depends on the session's,"));
    let rest = (by_schema(&KIND, rest).into_iter())
        .map(|finding| worded(finding, "").severity(Severity::Note));
    wrong.chain(rest).collect()
}

/// A level of `drift.toml` must not change what is said: the words are the finding's own.
fn worded(finding: Finding, words: &str) -> Finding {
    let text = format!("{words} in {}", said(&finding));
    finding.live(text)
}

/// Whether its default depends on the session's time zone.
fn takes_local(column: &Column) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    let default = default
        .strip_suffix("::timestamp without time zone")
        .unwrap_or(default);
    let inner = default
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    LOCAL.contains(&inner.unwrap_or(default))
}

fn is_meant(column: &Column) -> bool {
    let said = column.comment.as_deref().unwrap_or_default().to_lowercase();
    MEANT
        .iter()
        .any(|word| said.contains(word) || column.name.split('_').any(|part| part == *word))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, table};
    use super::*;

    fn with_default(default: &str) -> Column {
        Column {
            default: Some(default.to_owned()),
            ..column("created_at", "timestamp")
        }
    }

    #[test]
    fn defaults_that_depend_on_the_session_are_known() {
        for local in [
            "now()",
            "CURRENT_TIMESTAMP",
            "LOCALTIMESTAMP",
            "clock_timestamp()",
            "(now())::timestamp without time zone",
        ] {
            assert!(takes_local(&with_default(local)), "{local}");
        }
        for plain in [
            "(now() AT TIME ZONE 'utc'::text)",
            "timezone('utc'::text, now())",
            "'2020-01-01 00:00:00'::timestamp without time zone",
        ] {
            assert!(!takes_local(&with_default(plain)), "{plain}");
        }
    }

    #[test]
    fn a_schema_is_told_once() {
        let findings = found(
            &KIND,
            ["a", "b"].map(|name| {
                table(
                    name,
                    [with_default("now()"), column("read_at", "timestamp")],
                )
            }),
        );
        let told: Vec<_> = (findings.iter())
            .map(|it| (it.severity, said(it)))
            .collect();
        let wrong =
            " whose default depends on the session's, in 2 columns: a.created_at, b.created_at";
        let rest = " in 2 columns: a.read_at, b.read_at";
        assert_eq!(told, [(Severity::Warning, wrong), (Severity::Note, rest)]);
    }
}
