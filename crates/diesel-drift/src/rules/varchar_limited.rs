use super::words::{list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::catalog::query::Member;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "varchar-limited",
    severity: Severity::Note,
    summary: "a column of type `varchar(n)` without a comment that says why n",
    fixture: Some(rule_fixture!("varchar-limited")),
    found: Found::ByRule(&Rule {
        because: "A length that nobody chose is met by the first user with a long name, as an error of the database.",
        instead: "`text`, with a named check where a length is meant, or a comment that says why it is this one",
        default: Default::Off,
        others: &[("squawk", "`prefer-text-field`")],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is {}, and nothing says why",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = (linted.columns().into_iter()).filter(|column| {
        linted.is_of(column.item(), "varchar")
            && linted.base(&column.item().data_type).length.is_some()
            && !linted.has_comment(column)
    });
    let finding = |column: Member<'_, Column>| {
        let (table, name) = (column.table.name.to_sql(), list([&column.name]));
        let base = linted.base(&column.item().data_type);
        let brackets = if base.array { "[]" } else { "" };
        Finding::new(&KIND, column.subject())
            .live(&base.sql)
            .help(format!(
                "write `ALTER TABLE {table} ALTER COLUMN {name} TYPE text{brackets};`, with a named check where a length is meant; or say why it is this one: \
                 `COMMENT ON COLUMN {table}.{name} IS '…';`"
            ))
    };
    columns.map(finding).collect()
}
