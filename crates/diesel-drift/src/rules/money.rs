use super::words::list;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "money",
    severity: Severity::Warning,
    summary: "a column of type `money`",
    fixture: Some(rule_fixture!("money")),
    found: Found::ByRule(&Rule {
        because: "What is stored is a number of the smallest unit that the server's `lc_monetary` has: under another setting, or after a restore elsewhere, the same \
                  bytes are another amount. It knows no currency.",
        instead: "`numeric(12, 2)`, or a `bigint` of cents, with the currency beside it",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("column `{}` is of type money", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.columns().into_iter())
        .filter(|column| linted.is_of(column.item(), "money"))
        .map(|column| {
            let finding = Finding::new(&KIND, column.subject());
            let name = list([&column.name]);
            let brackets = if linted.base(&column.item().data_type).array { "[]" } else { "" };
            finding.help(format!(
                "write `ALTER TABLE {} ALTER COLUMN {name} TYPE numeric{brackets} USING {name}::numeric{brackets};`, under the `lc_monetary` \
                 under which the values were written; and the currency beside it",
                column.table.name.to_sql()
            ))
        })
        .collect()
}
