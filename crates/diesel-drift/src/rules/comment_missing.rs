use super::words::list;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "comment-missing",
    severity: Severity::Note,
    summary: "a table or column without a comment",
    fixture: Some(rule_fixture!("comment-missing")),
    found: Found::ByRule(&Rule {
        because: "Who is new finds out what it means by reading all the code that writes it.",
        instead: "`COMMENT ON … IS …`, which `diesel print-schema` carries into schema.rs",
        default: Default::Off,
        others: &[],
        check,
    }),
    message: |finding| format!("`{}` has no comment", finding.subject),
};

/// Columns that say by their names what they are.
const PLAIN: [&str; 3] = ["id", "created_at", "updated_at"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let is_blank =
        |comment: &Option<String>| comment.as_deref().is_none_or(|text| text.trim().is_empty());
    let tables = (linted.tables().into_iter())
        .filter(|table| is_blank(&table.comment))
        .map(|table| {
            let name = &table.relation().name;
            Finding::new(&KIND, Subject::Relation(name.clone())).help(format!(
                "write `COMMENT ON TABLE {} IS '…';`, which `diesel print-schema` carries into schema.rs",
                name.to_sql()
            ))
        });
    let columns = (linted.columns().into_iter())
        .filter(|column| is_blank(&column.comment) && !PLAIN.contains(&column.name.as_str()))
        // What it refers to says what it is.
        .filter(|column| column.foreign_keys().next().is_none())
        .map(|column| {
            Finding::new(&KIND, column.subject()).help(format!(
                "write `COMMENT ON COLUMN {}.{} IS '…';`, which `diesel print-schema` carries into schema.rs",
                column.table.name.to_sql(),
                list([&column.name])
            ))
        });
    tables.chain(columns).collect()
}
