use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "timestamp-without-time-zone",
    severity: Severity::Note,
    summary: "a column of type `timestamp` that says nothing of a time zone",
    fixture: Some(rule_fixture!("timestamp-without-time-zone")),
    found: Found::ByRule(&Rule {
        because: "The same value is another moment for every session with another `TimeZone`: now() is stored as the local time of whoever \
                  wrote it, and the hour that is repeated in autumn cannot be told apart.",
        instead: "`timestamptz` (Diesel's `Timestamptz`), which takes the same 8 bytes",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is a timestamp without time zone",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().columns().into_iter())
        .filter(|column| {
            column.data_type.schema == "pg_catalog" && column.data_type.name == "timestamp"
        })
        .map(|column| Finding::new(&KIND, column.subject()))
        .collect()
}
