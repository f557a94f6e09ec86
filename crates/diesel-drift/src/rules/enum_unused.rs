use super::words::{is_part_of_word, mentions};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{Catalog, fields_of_names};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use std::collections::HashSet;

pub static KIND: Kind = Kind {
    id: "enum-unused",
    severity: Severity::Note,
    summary: "an enum that nothing uses",
    fixture: Some(rule_fixture!("enum-unused")),
    found: Found::ByRule(&Rule {
        because: "Whoever adds a label to it wonders why nothing changes: a migration that replaced it forgot to drop it, or the column is text.",
        instead: "`DROP TYPE`, or the column that it was made for",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("enum `{}` is used by nothing", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let catalog = linted.catalog();
    let texts = texts(catalog);
    // Each word of the schema once, not each text for each enum.
    let words: HashSet<&str> = (texts.iter())
        .flat_map(|text| text.split(|c| !is_part_of_word(c)))
        .collect();
    let is_named = |name: &str| match name.chars().all(is_part_of_word) {
        true => words.contains(name),
        false => texts.iter().any(|text| mentions(text, name)),
    };
    let typed = typed(catalog);
    let rust: HashSet<&str> = (linted.comparison.sql_types())
        .map(|sql_type| sql_type.name.as_str())
        .collect();
    (catalog.enums.iter())
        .filter(|item| !typed.contains(&(&*item.name.schema, &*item.name.name)))
        .filter(|item| !rust.contains(&*item.name.name) && !is_named(&item.name.name))
        .map(|item| {
            Finding::new(&KIND, Subject::Type(item.name.clone()))
                .help(format!("write `DROP TYPE {};`", item.name.to_sql()))
        })
        .collect()
}

/// The types of columns, attributes and domains.
fn typed(catalog: &Catalog) -> HashSet<(&str, &str)> {
    let columns = (catalog.relations.iter()).flat_map(|relation| &relation.columns);
    let attributes = (catalog.composites.iter()).flat_map(|composite| &composite.attributes);
    (columns.map(|column| &column.data_type))
        .chain(attributes.map(|attribute| &attribute.data_type))
        .chain(catalog.domains.iter().map(|domain| &domain.base))
        .map(|data_type| (&*data_type.schema, &*data_type.name))
        .collect()
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

/// Whether a field holds what is no use of a type of that name: an object's own name, what is said of it, names of columns and roles.
fn is_of_names(field: &str) -> bool {
    ["name", "comment"].contains(&field) || fields_of_names().contains(field)
}

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => {
            for (field, value) in fields {
                match (value, is_of_names(field)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, ForeignKey, Index, IndexColumn, IndexTerm, Relation, Trigger};

    /// A column that is called like an enum is no use of it, in whatever field it is named; an expression that says it is one.
    #[test]
    fn the_name_of_a_column_or_a_role_is_no_use_of_a_type() {
        let all = |name: &str| vec![name.to_owned()];
        let catalog = Catalog {
            relations: vec![Relation {
                owner: Some("owner_of_it".into()),
                columns: vec![Column {
                    name: "own".into(),
                    default: Some("'a'::by_default".into()),
                    ..Column::default()
                }],
                foreign_keys: vec![ForeignKey {
                    columns: all("referring"),
                    target_columns: all("referred"),
                    on_delete_columns: all("set_null"),
                    ..ForeignKey::default()
                }],
                indexes: vec![Index {
                    columns: ["indexed", "lower(by_index)"]
                        .map(|text| IndexColumn {
                            term: match text.contains('(') {
                                true => IndexTerm::Expression(text.into()),
                                false => IndexTerm::Column(text.into()),
                            },
                            ..IndexColumn::default()
                        })
                        .into(),
                    include: all("included"),
                    ..Index::default()
                }],
                triggers: vec![Trigger {
                    update_of: all("updated"),
                    when: Some("new.a = 'b'::by_trigger".into()),
                    ..Trigger::default()
                }],
                ..Relation::default()
            }],
            ..Catalog::default()
        };
        let texts = texts(&catalog);
        let is_used = |name: &str| texts.iter().any(|text| mentions(text, name));
        for name in [
            "own",
            "referring",
            "referred",
            "set_null",
            "indexed",
            "included",
            "updated",
            "owner_of_it",
        ] {
            assert!(!is_used(name), "{name}");
        }
        for name in ["by_default", "by_index", "by_trigger"] {
            assert!(is_used(name), "{name}");
        }
    }
}
