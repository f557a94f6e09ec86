use super::words::{by_schema, is_of, list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::catalog::query::Member;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "timestamp-without-time-zone",
    severity: Severity::Warning,
    summary: "a `timestamp` that is filled with the time of the session; a note for others",
    fixture: Some(rule_fixture!("timestamp-without-time-zone")),
    found: Found::ByRule(&Rule {
        because: "The default is the local time of whoever inserts: the same moment is stored as another value by a session with another `TimeZone`, and the hour that \
                  is repeated in autumn cannot be told apart.",
        instead: "`timestamptz` (Diesel's `Timestamptz`), which takes the same 8 bytes; or `DEFAULT (now() AT TIME ZONE 'utc')`",
        default: Default::On,
        check,
    }),
    message: |finding| match finding.subject {
        Subject::Column(..) => format!(
            "column `{}` is a timestamp without time zone, and its default {} is another value in every time zone",
            finding.subject,
            said(finding)
        ),
        _ => format!(
            "schema `{}` has timestamps without time zone: {}",
            finding.subject,
            said(finding)
        ),
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
    let columns: Vec<_> = (linted.tables().columns().into_iter())
        .filter(|column| is_of(column, "timestamp") && !is_meant(column))
        .collect();
    let (wrong, rest): (Vec<_>, Vec<_>) =
        columns.into_iter().partition(|column| takes_local(column));
    let wrong = wrong.into_iter().map(|column| {
        let finding = Finding::new(&KIND, column.subject()).live(column.default.clone().unwrap_or_default());
        finding.help(format!(
            "write `ALTER TABLE {} ALTER COLUMN {} TYPE timestamptz USING {1} AT TIME ZONE 'UTC';`, with the zone in which it was written",
            column.table.name.to_sql(),
            list([&column.name])
        ))
    });
    let rest = (by_schema(&KIND, rest).into_iter()).map(|finding| finding.severity(Severity::Note));
    wrong.chain(rest).collect()
}

/// Whether its default depends on the session's time zone.
fn takes_local(column: &Member<'_, Column>) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    let bare = default
        .strip_suffix("::timestamp without time zone")
        .unwrap_or(default);
    let bare = bare.trim_start_matches('(').trim_end_matches(')');
    LOCAL
        .iter()
        .any(|local| bare.trim_end_matches("()") == local.trim_end_matches("()"))
        && !default.contains("AT TIME ZONE")
        && !default.contains("timezone(")
}

fn is_meant(column: &Column) -> bool {
    let said = column.comment.as_deref().unwrap_or_default().to_lowercase();
    MEANT
        .iter()
        .any(|word| said.contains(word) || column.name.split('_').any(|part| part == *word))
}
