use super::words::{checks_of, is_of, list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::catalog::query::Member;
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

/// A uuid as text.
const UUID: u32 = 36;

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns().into_iter().filter(|column| {
        let is_checked = checks_of(column.table.relation(), &column.name)
            .any(|check| check.expression.contains("length(") || check.expression.contains('~'));
        is_of(column, "bpchar")
            && column.data_type.length.is_some_and(|length| length > 1)
            && !is_checked
    });
    let finding = |column: Member<'_, Column>| {
        let name = list([&column.name]);
        let brackets = if column.data_type.array { "[]" } else { "" };
        let to = |data_type: &str| {
            format!(
                "`ALTER TABLE {} ALTER COLUMN {name} TYPE {data_type}{brackets}",
                column.table.name.to_sql()
            )
        };
        let help = match column.data_type.length {
            Some(UUID) => format!(
                "write {};`, or, where these are uuids, {} USING {name}::uuid{brackets};`",
                to("text"),
                to("uuid")
            ),
            _ => format!(
                "write {};`, and a check on its length where that is fixed",
                to("text")
            ),
        };
        Finding::new(&KIND, column.subject())
            .live(&column.data_type.sql)
            .help(help)
    };
    columns.map(finding).collect()
}
