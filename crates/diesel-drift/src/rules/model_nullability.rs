use super::words::{list, said};
use super::{Default, Rule, rule_fixture};
use crate::compare::is_view;
use crate::declared::{Derive, Model};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "model-nullability",
    severity: Severity::Error,
    summary: "a struct's field that cannot hold a null which its column can; a note the other way round",
    fixture: Some(rule_fixture!("model-nullability", rust)),
    found: Found::ByRule(&Rule {
        because: "The first row with a null there fails to load, and with it the whole query.",
        instead: "`Option<…>` in the struct and `Nullable<…>` in `table!`, or NOT NULL in the database",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("column `{}`: {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (model, table, relation) in linted.models_of_tables() {
        // Of views PostgreSQL does not know.
        if !model.is_read() || model.is_generic || is_view(relation.kind) {
            continue;
        }
        for field in &model.fields {
            let name = field.column_in(table).map(|column| column.name.as_str());
            let (Some(column), None, Some(holds_null)) = (
                name.and_then(|name| relation.column(name)),
                &field.read_as,
                field.nullable,
            ) else {
                continue;
            };
            let is_nullable = linted.is_nullable(column, relation);
            let (severity, what) = match (holds_null, is_nullable) {
                (false, true) => (Severity::Error, "the database has nulls there"),
                (true, false) if is_only_read(model) => {
                    (Severity::Note, "the database never has a null there")
                }
                _ => continue,
            };
            let subject = Subject::Column(relation.name.clone(), column.name.clone());
            let finding = Finding::new(&KIND, subject)
                .severity(severity)
                .attribute(&model.rust_name)
                .at(&field.span)
                .live(format!(
                    "`{}::{}` is `{}`, and {what}",
                    model.rust_name, field.rust_name, field.type_text
                ));
            findings.push(match holds_null {
                true => finding.help("write the type without `Option`"),
                false => finding.help(format!(
                    "write `Option<…>` in the struct and `Nullable<…>` in `table!`, or, where no null is meant, \
                     `ALTER TABLE {} ALTER COLUMN {} SET NOT NULL;`",
                    relation.name.to_sql(),
                    list([&column.name])
                )),
            });
        }
    }
    findings
}

/// An `Option` of what is written means "leave it alone".
fn is_only_read(model: &Model) -> bool {
    !model.derives_any(&[Derive::Insertable, Derive::AsChangeset])
}
