use super::words::{checks_of, list, said};
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
        let checks_length = |sql: &String| sql.contains("length(") || sql.contains('~');
        let is_checked = checks_of(column.table.relation(), &column.name)
            .any(|check| checks_length(&check.expression));
        let mut of_domains = (linted.made_of(&column.data_type)).flat_map(|domain| &domain.checks);
        linted.is_of(column.item(), "bpchar")
            && (linted.base(&column.item().data_type).length).is_some_and(|length| length > 1)
            && !is_checked
            && !of_domains.any(|check| checks_length(&check.expression))
    });
    let finding = |column: Member<'_, Column>| {
        let name = list([&column.name]);
        let base = linted.base(&column.item().data_type);
        let brackets = if base.array { "[]" } else { "" };
        let to = |data_type: &str| {
            format!(
                "`ALTER TABLE {} ALTER COLUMN {name} TYPE {data_type}{brackets}",
                column.table.name.to_sql()
            )
        };
        let help = match base.length {
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
            .live(&base.sql)
            .help(help)
    };
    columns.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, domain, found_in, table};
    use super::*;
    use crate::catalog::{Catalog, DataType, DomainCheck};

    #[test]
    fn a_domain_is_what_it_is_made_of() {
        let found = |check: &str| {
            let base = DataType {
                length: Some(2),
                ..column("", "bpchar").data_type
            };
            let (mut country, data_type) = domain("country", &base);
            country.checks.push(DomainCheck {
                expression: check.to_owned(),
                ..DomainCheck::default()
            });
            let mut cities = table("cities", [column("country", "text")]);
            cities.columns[0].data_type = data_type;
            let catalog = Catalog {
                relations: vec![cities],
                domains: vec![country],
                ..Catalog::default()
            };
            found_in(&KIND, &catalog).len()
        };
        assert_eq!(found("(VALUE <> ''::bpchar)"), 1);
        assert_eq!(found("(length(VALUE) = 2)"), 0);
    }
}
