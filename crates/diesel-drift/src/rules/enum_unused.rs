use super::words::mentions;
use super::{Default, Rule, rule_fixture};
use crate::catalog::{Catalog, DataType, EnumType};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "enum-unused",
    severity: Severity::Note,
    summary: "an enum that nothing uses",
    fixture: Some(rule_fixture!("enum-unused")),
    found: Found::ByRule(&Rule {
        because: "Whoever adds a label to it wonders why nothing changes: a migration that replaced it forgot to drop it, or the column is text.",
        instead: "`DROP TYPE`, or the column that it was made for",
        default: Default::On,
        check,
    }),
    message: |finding| format!("enum `{}` is used by nothing", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let catalog = linted.catalog();
    let texts = texts(catalog);
    let rust: Vec<&str> = linted
        .comparison
        .sql_types()
        .map(|sql_type| sql_type.name.as_str())
        .collect();
    (catalog.enums.iter())
        .filter(|item| !is_typed(item, catalog) && !rust.contains(&item.name.name.as_str()))
        .filter(|item| !texts.iter().any(|text| mentions(text, &item.name.name)))
        .map(|item| {
            Finding::new(&KIND, Subject::Type(item.name.clone()))
                .help(format!("write `DROP TYPE {};`", item.name.to_sql()))
        })
        .collect()
}

/// Whether something is of the type.
fn is_typed(item: &EnumType, catalog: &Catalog) -> bool {
    let is = |data_type: &DataType| {
        data_type.schema == item.name.schema && data_type.name == item.name.name
    };
    let relations = (catalog.relations.iter()).flat_map(|relation| &relation.columns);
    let composites = (catalog.composites.iter()).flat_map(|composite| &composite.attributes);
    relations.map(|column| &column.data_type).any(is)
        || composites.map(|attribute| &attribute.data_type).any(is)
        || catalog.domains.iter().any(|domain| is(&domain.base))
}

/// What may name it: bodies, definitions, signatures. Whatever is doubtful counts as a use.
fn texts(catalog: &Catalog) -> Vec<String> {
    // Its own entry and the tables' columns are told apart above; every other text of the catalog counts.
    let without = Catalog {
        enums: Vec::new(),
        ..catalog.clone()
    };
    let mut texts = Vec::new();
    collect(
        &serde_json::to_value(&without).unwrap_or_default(),
        &mut texts,
    );
    texts
}

/// Fields that hold names of columns and tables, which are no uses of a type of that name.
const NAMES: [&str; 7] = [
    "name",
    "comment",
    "column",
    "columns",
    "target_columns",
    "include",
    "update_of",
];

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => {
            for (field, value) in fields {
                match (value, NAMES.contains(&field.as_str())) {
                    (_, false) => collect(value, texts),
                    // A table's columns have defaults.
                    (Value::Array(values), true) => {
                        (values.iter().filter(|value| value.is_object()))
                            .for_each(|value| collect(value, texts));
                    }
                    (_, true) => {}
                }
            }
        }
        _ => {}
    }
}
