use super::words::{is_of, list, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::catalog::query::Member;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "primary-key-int4",
    severity: Severity::Note,
    summary: "a primary key of 4 bytes or less that is counted up",
    fixture: Some(rule_fixture!("primary-key-int4")),
    found: Found::ByRule(&Rule {
        because: "After 2,147,483,647 numbers, failed inserts and ON CONFLICT included, every INSERT fails, and to widen the column rewrites the table and each \
                  that refers to it, under a lock.",
        instead: "`bigint`",
        default: Default::On,
        others: &[
            ("squawk", "`prefer-bigint-over-int`, for every column"),
            (
                "diesel-guard",
                "`short-primary-key`, for each column of a key",
            ),
            (
                "database_consistency",
                "`PrimaryKeyTypeChecker`, for every type but bigint and uuid",
            ),
            ("active_record_doctor", "`short_primary_key_type`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "primary key `{}` can run out of numbers: it is {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns().into_iter().filter(|column| {
        let key = column.table.primary_key.as_ref();
        let is_key = key.is_some_and(|key| key.columns == [column.name.clone()]);
        let is_counted = column.identity.is_some() || linted.is_serial(column);
        let is_checked =
            (column.table.checks.iter()).any(|check| mentions(&check.expression, &column.name));
        is_key
            && is_counted
            && !is_checked
            && (is_of(column, "int4") || is_of(column, "int2"))
            && column.foreign_keys().next().is_none()
    });
    let finding = |column: Member<'_, Column>| {
        Finding::new(&KIND, column.subject())
            .live(&column.data_type.sql)
            .help(format!(
                "write `ALTER TABLE {} ALTER COLUMN {} TYPE bigint;`, and so for each column that refers to it",
                column.table.name.to_sql(),
                list([&column.name])
            ))
    };
    columns.map(finding).collect()
}
