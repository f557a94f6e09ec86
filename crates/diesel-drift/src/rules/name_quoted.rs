use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Named;
use crate::catalog::{must_be_quoted, quote_identifier};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "name-quoted",
    severity: Severity::Note,
    summary: "a table, column or enum that has to be quoted: a reserved word, or capital letters",
    fixture: Some(rule_fixture!("name-quoted")),
    found: Found::ByRule(&Rule {
        because: "Who writes it without quotes gets an error, or, with `user`, an answer about something else: `SELECT user` is who is connected.",
        instead: "a name of lower-case letters, digits and `_` that is no reserved word",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("`{}` has to be written {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let quoted = |name: &str, subject: Subject| {
        must_be_quoted(name).then(|| Finding::new(&KIND, subject).live(quote_identifier(name)))
    };
    let tables = (linted.tables().into_iter()).filter_map(|table| {
        quoted(
            table.name(),
            Subject::Relation(table.relation().name.clone()),
        )
    });
    let columns =
        (linted.columns().into_iter()).filter_map(|column| quoted(&column.name, column.subject()));
    let enums = (linted.catalog().enums.iter())
        .filter_map(|item| quoted(&item.name.name, Subject::Type(item.name.clone())));
    tables.chain(columns).chain(enums).collect()
}
