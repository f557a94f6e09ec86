use super::words::{is_of, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "char-padded",
    severity: Severity::Note,
    summary: "a column of type `char(n)`",
    fixture: Some(rule_fixture!("char-padded")),
    found: Found::ByRule(&Rule {
        because: "A shorter value is filled up with blanks, which Diesel hands to Rust as they are and most comparisons ignore: \"ab\" is found and is not \"ab\".",
        instead: "`text`, with a check on its length where that is fixed; `uuid` for a uuid",
        default: Default::On,
        others: &[
            (
                "squawk",
                "`ban-char-field`, also for `char(1)` and `\"char\"`, which nothing pads",
            ),
            ("diesel-guard", "`char-type`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is {}, which is padded",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns().into_iter().filter(|column| {
        let is_checked = column.table.checks.iter().any(|check| {
            mentions(&check.expression, &column.name)
                && (check.expression.contains("length(") || check.expression.contains('~'))
        });
        is_of(column, "bpchar")
            && column.data_type.length.is_some_and(|length| length > 1)
            && !is_checked
    });
    columns
        .map(|column| Finding::new(&KIND, column.subject()).live(&column.data_type.sql))
        .collect()
}
