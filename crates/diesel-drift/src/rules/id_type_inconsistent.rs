use super::words::{is_key_type, list, refers_to_several, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, DataType, QualifiedName};
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
    let mut referring: BTreeMap<(&str, &str), Vec<Referring<'_>>> = BTreeMap::new();
    for column in columns.iter() {
        let table = column.table.relation();
        let mut keys = column.foreign_keys();
        if let Some(foreign_key) = keys.find(|key| key.columns.len() == 1) {
            let key = (table.name.schema.as_str(), column.item().name.as_str());
            referring.entry(key).or_default().push(Referring {
                data_type: &column.item().data_type,
                table: &table.name,
                target: &foreign_key.target,
            });
        }
    }
    (columns.iter())
        .filter(|column| is_key_type(&column.data_type) && column.foreign_keys().next().is_none())
        .filter(|column| !refers_to_several(column))
        .filter_map(|column| {
            let key = (column.table.name.schema.as_str(), column.name.as_str());
            let others = referring.get(&key)?;
            // What the others do not agree on is no rule.
            let first = others.first()?;
            let agree = others.iter().all(|it| it.data_type == first.data_type);
            let is_other =
                agree && is_key_type(first.data_type) && *first.data_type != column.data_type;
            is_other.then(|| finding(column, first))
        })
        .collect()
}

/// A column that is a foreign key by itself.
struct Referring<'a> {
    data_type: &'a DataType,
    table: &'a QualifiedName,
    target: &'a QualifiedName,
}

fn finding(column: &Member<'_, Column>, other: &Referring<'_>) -> Finding {
    let (table, name) = (column.table.name.to_sql(), list([&column.name]));
    let (is, should) = (&column.data_type, other.data_type);
    let finding = Finding::new(&KIND, column.subject()).live(format!(
        "{}, and {} where `{}.{}` is a foreign key",
        is.sql, should.sql, other.table, column.name
    ));
    // A number is no uuid, and a wider number may not fit.
    match is_wider(should, is) {
        true => finding.help(format!(
            "write `ALTER TABLE {table} ALTER COLUMN {name} TYPE {};` and `ALTER TABLE {table} ADD FOREIGN KEY ({name}) REFERENCES {};`",
            should.sql,
            other.target.to_sql()
        )),
        false => finding,
    }
}

/// Whether every number of the `other` type is one of this type as well.
fn is_wider(data_type: &DataType, other: &DataType) -> bool {
    let width = |of: &DataType| {
        ["int2", "int4", "int8"]
            .iter()
            .position(|name| *name == of.name)
    };
    width(other).is_some() && width(other) < width(data_type)
}
