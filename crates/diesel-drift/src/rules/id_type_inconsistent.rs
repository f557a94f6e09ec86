use super::words::{is_key_type, refers_to_several, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::DataType;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::BTreeMap;

pub static KIND: Kind = Kind {
    id: "id-type-inconsistent",
    severity: Severity::Warning,
    summary: "a column that is a foreign key elsewhere, and is of another type here",
    fixture: Some(rule_fixture!("id-type-inconsistent")),
    found: Found::ByRule(&Rule {
        because: "The same name means the same thing until it does not fit: values of the one overflow in the other, and a join of the two casts every row.",
        instead: "the type of the key that the others of this name refer to, and the foreign key",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("column `{}` is {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns();
    let mut referring: BTreeMap<(&str, &str), Vec<(&DataType, String)>> = BTreeMap::new();
    for column in columns.iter() {
        let table = column.table.relation();
        let is_key = column.foreign_keys().any(|key| key.columns.len() == 1);
        if is_key {
            let key = (table.name.schema.as_str(), column.item().name.as_str());
            let place = format!("{}.{}", table.name, column.name);
            referring
                .entry(key)
                .or_default()
                .push((&column.item().data_type, place));
        }
    }
    (columns.iter())
        .filter(|column| is_key_type(&column.data_type) && column.foreign_keys().next().is_none())
        .filter(|column| !refers_to_several(column))
        .filter_map(|column| {
            let key = (column.table.name.schema.as_str(), column.name.as_str());
            let others = referring.get(&key)?;
            // What the others do not agree on is no rule.
            let (first, place) = others.first()?;
            let agree = others.iter().all(|(data_type, _)| data_type == first);
            (agree && is_key_type(first) && **first != column.data_type).then(|| {
                Finding::new(&KIND, column.subject()).live(format!(
                    "{}, and {} where `{place}` is a foreign key",
                    column.data_type.sql, first.sql
                ))
            })
        })
        .collect()
}
