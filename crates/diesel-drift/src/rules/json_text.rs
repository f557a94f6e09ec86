use super::words::list;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "json-text",
    severity: Severity::Note,
    summary: "a column of type `json` instead of `jsonb`",
    fixture: Some(rule_fixture!("json-text")),
    found: Found::ByRule(&Rule {
        because: "`json` is the text as it was written: it is parsed anew by every query, no index serves it, and it has no equality, so that DISTINCT, GROUP BY and \
                  UNION fail. It is right where the very bytes count, as under a signature: then say so in a comment on the column.",
        instead: "`jsonb`",
        default: Default::On,
        others: &[("diesel-guard", "`add-json-column`, not in CREATE TABLE")],
        check,
    }),
    message: |finding| format!("column `{}` is of type json, not jsonb", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.columns().into_iter())
        .filter(|column| linted.is_of(column.item(), "json") && !linted.has_comment(column))
        .map(|column| {
            let name = list([&column.name]);
            let brackets = if linted.base(&column.item().data_type).array { "[]" } else { "" };
            Finding::new(&KIND, column.subject()).help(format!(
                "write `ALTER TABLE {} ALTER COLUMN {name} TYPE jsonb{brackets} USING {name}::jsonb{brackets};` (it rewrites the table)",
                column.table.name.to_sql()
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, domain, found_in, table};
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn a_domain_is_what_it_is_made_of() {
        let found = |comment: Option<&str>| {
            let (mut document, data_type) = domain("document", &column("", "json").data_type);
            document.comment = comment.map(str::to_owned);
            let mut events = table("events", [column("data", "json")]);
            events.columns[0].data_type = data_type;
            let catalog = Catalog {
                relations: vec![events],
                domains: vec![document],
                ..Catalog::default()
            };
            found_in(&KIND, &catalog).len()
        };
        assert_eq!(found(None), 1);
        assert_eq!(found(Some("Byte for byte as it was signed.")), 0);
    }
}
