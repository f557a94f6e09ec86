use super::words::{checks_of, list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{Column, Relation};
use crate::declared::Field;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "enum-as-text",
    severity: Severity::Note,
    summary: "a Rust enum whose column is free text in the database",
    fixture: Some(rule_fixture!("enum-as-text", rust)),
    found: Found::ByRule(&Rule {
        because: "The compiler knows every value, the database none: what a script, another service or an older release writes there fails when Rust reads it.",
        instead: "a PostgreSQL enum, or a check that lists the values",
        default: Default::On,
        others: &[("database_consistency", "EnumTypeChecker, of models' enums")],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` holds the Rust enum `{}`, and any text",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (model, table, relation) in linted.models_of_tables() {
        for field in &model.fields {
            let name = type_name(field);
            let Some(held) = linted.text_enums.iter().find(|held| held.rust_name == name) else {
                continue;
            };
            let column = (field.column_in(table)).and_then(|column| relation.column(&column.name));
            let Some(column) = column.filter(|column| is_free(column, relation)) else {
                continue;
            };
            let subject = Subject::Column(relation.name.clone(), column.name.clone());
            // Several structs have the column.
            if findings
                .iter()
                .rev()
                .any(|finding| finding.subject == subject)
            {
                continue;
            }
            findings.push(Finding::new(&KIND, subject).at(&held.span).live(name).help(format!(
                "write `ALTER TABLE {} ADD CHECK ({} IN (…))` with the values that `{name}` has",
                relation.name.to_sql(),
                list([&column.name])
            )));
        }
    }
    findings
}

/// The last name of a field's type, that inside an `Option` where it is one.
fn type_name(field: &Field) -> &str {
    let text = field.type_text.trim();
    let inner = text
        .strip_prefix("Option<")
        .and_then(|text| text.strip_suffix('>'));
    let text = inner.unwrap_or(text);
    text.rsplit("::").next().unwrap_or(text).trim()
}

/// Whether nothing in the database says which values there are.
fn is_free(column: &Column, relation: &Relation) -> bool {
    let is_text = ["text", "varchar"].contains(&column.data_type.name.as_str());
    let is_checked = checks_of(relation, &column.name).next().is_some();
    let refers = (relation.foreign_keys.iter()).any(|key| key.columns.contains(&column.name));
    is_text && !is_checked && !refers
}
