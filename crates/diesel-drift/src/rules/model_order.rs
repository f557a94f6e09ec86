use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::declared::{Derive, Field, Model, Table};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "model-order",
    severity: Severity::Warning,
    summary: "a struct that reads a row by position, and has its fields in another order than `table!`",
    fixture: Some(rule_fixture!("model-order", rust)),
    found: Found::ByRule(&Rule {
        because: "`Queryable` alone goes by position, and the types fit: loading the whole table puts one column's values into the other's field, and nothing says so.",
        instead: "`#[derive(Selectable)]` beside it and `.select(Model::as_select())`, or the fields in the order of `table!`",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "a struct that reads `{}` has its fields in another order: {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.models_of_tables())
        .filter(|(model, ..)| goes_by_position(model))
        .filter_map(|(model, table, relation)| {
            let (field, there) = swapped(model, table)?;
            let finding = Finding::new(&KIND, Subject::Relation(relation.name.clone()))
                .attribute(&model.rust_name)
                .at(&field.span);
            Some(finding.live(format!(
                "`{}::{}` stands where `table!` has `{there}`, and both are `{}`",
                model.rust_name, field.rust_name, field.type_text
            )))
        })
        .collect()
}

/// Whether nothing but the place of a field says what is read into it.
fn goes_by_position(model: &Model) -> bool {
    let is_plain = |field: &Field| {
        !field.embed && !field.is_expression && !field.conditional && field.read_as.is_none()
    };
    model.derives_any(&[Derive::Queryable])
        && !model.derives_any(&[Derive::Selectable, Derive::HasQuery])
        && !model.is_tuple
        && !model.is_generic
        && !model.conditional
        && model.fields.iter().all(is_plain)
}

/// The first field that stands where another column is, where every field that does could hold that column: what does not fit does not compile.
fn swapped<'a>(model: &'a Model, table: &'a Table) -> Option<(&'a Field, &'a str)> {
    let columns: Vec<&str> = (table.columns.iter())
        .map(|column| column.rust_name.as_str())
        .collect();
    let of_column =
        |name: &str| (model.fields.iter()).find(|field| field.column.as_deref() == Some(name));
    let fields: Option<Vec<&Field>> = columns.iter().map(|name| of_column(name)).collect();
    let fields = fields.filter(|_| columns.len() == model.fields.len())?;
    let mut displaced = Vec::new();
    for ((field, expected), name) in model.fields.iter().zip(fields).zip(columns) {
        if field.column.as_deref() == Some(name) {
            continue;
        }
        if field.type_text != expected.type_text {
            return None;
        }
        displaced.push((field, name));
    }
    displaced.into_iter().next()
}
