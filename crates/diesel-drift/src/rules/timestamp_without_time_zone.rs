use super::words::{is_of, list, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "timestamp-without-time-zone",
    severity: Severity::Warning,
    summary: "a `timestamp` without time zone that is filled with the time of the session; a note for others",
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
            "column `{}` is a timestamp without time zone{}",
            finding.subject,
            said(finding)
        )
    },
};

/// What PostgreSQL writes for the time of a session.
const LOCAL: [&str; 7] = [
    "now",
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "LOCALTIMESTAMP",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
];

/// What names of columns, and comments, say where local time is meant.
const MEANT: [&str; 6] = ["local", "wall", "opens", "closes", "naive", "utc"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.columns().into_iter())
        .filter(|column| is_of(column, "timestamp") && !is_meant(column))
        .map(|column| {
            let finding = Finding::new(&KIND, column.subject());
            let (table, name) = (column.table.name.to_sql(), list([&column.name]));
            let finding = match takes_local(&column) {
                true => finding.live(", and its default depends on the session's"),
                false => finding.severity(Severity::Note),
            };
            match column.data_type.array {
                true => finding,
                false => finding.help(format!(
                    "write `ALTER TABLE {table} ALTER COLUMN {name} TYPE timestamptz USING {name} AT TIME ZONE 'UTC';`, with the zone in which the \
                     values were written (it rewrites the table)"
                )),
            }
        })
        .collect()
}

/// Whether its default depends on the session's time zone: it is made of a moment, and no zone is named.
fn takes_local(column: &Column) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    let names_zone = default.contains(" AT TIME ZONE ") || default.contains("timezone(");
    !names_zone && LOCAL.iter().any(|local| mentions(default, local))
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
            "CURRENT_TIMESTAMP(3)",
            "date_trunc('second'::text, now())",
            "CURRENT_DATE",
        ] {
            assert!(takes_local(&with_default(local)), "{local}");
        }
        for plain in [
            "(now() AT TIME ZONE 'utc'::text)",
            "timezone('utc'::text, now())",
            "'2020-01-01 00:00:00'::timestamp without time zone",
            "app.known_at()",
        ] {
            assert!(!takes_local(&with_default(plain)), "{plain}");
        }
    }

    #[test]
    fn a_default_makes_it_a_warning() {
        let columns = [with_default("now()"), column("read_at", "timestamp")];
        let found = found(&KIND, [table("a", columns)]);
        let severities: Vec<_> = found.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Warning, Severity::Note]);
    }
}
