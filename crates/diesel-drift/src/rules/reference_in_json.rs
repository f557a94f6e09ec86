use super::words::{mentions, names_of_tables, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::catalog::query::{Member, Table};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "reference-in-json",
    severity: Severity::Warning,
    summary: "references to a table that are kept only in JSON, or in an array",
    fixture: Some(rule_fixture!("reference-in-json")),
    found: Found::ByRule(&Rule {
        because: "Nothing keeps what they refer to there, no join finds them without unfolding every row, and the question from the other side \
                  (\"all posts with this tag\") reads the whole table.",
        instead: "a join table with a foreign key to each side",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` keeps references to `{}` where no foreign key can hold them",
            finding.subject,
            said(finding)
        )
    },
};

/// How columns with references are called: what stands behind the table's name.
const ENDINGS: [&str; 5] = ["_ids", "_id", "_refs", "_ref", "_uuids"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().columns().into_iter())
        .filter(|column| column.generated.is_none())
        .filter_map(|column| {
            let target = meant(&column, linted)?;
            let finding = Finding::new(&KIND, column.subject()).live(target.name.to_string());
            let is_json = ["json", "jsonb"].contains(&column.data_type.name.as_str());
            Some(
                match is_json && !is_joined(&column.table, &target, linted) {
                    true => finding,
                    false => finding.severity(Severity::Note),
                },
            )
        })
        .collect()
}

/// The table that a column of documents or of an array is named after.
fn meant<'a>(column: &Member<'a, Column>, linted: &Linted<'a>) -> Option<Table<'a>> {
    let data_type = &column.data_type;
    let is_json = ["json", "jsonb"].contains(&data_type.name.as_str()) && !data_type.array;
    let is_array = data_type.array && ["int4", "int8", "uuid"].contains(&data_type.name.as_str());
    let ending = ENDINGS
        .iter()
        .find(|ending| column.name.ends_with(**ending))?;
    let names = names_of_tables(column.name.strip_suffix(ending)?);
    // A check that reads its elements shows that they are an object's parts, not references.
    let is_document = (column.table.checks.iter())
        .any(|check| mentions(&check.expression, &column.name) && check.expression.contains("->"));
    let is_meant = |table: &Table<'_>| {
        table.name.schema == column.table.name.schema
            && table.name != column.table.name
            && names.contains(&table.name.name)
            && table
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns.len() == 1)
    };
    match (is_json || is_array) && !is_document {
        true => linted.tables().into_iter().find(is_meant),
        false => None,
    }
}

/// Whether a third table joins the two: then the column is a copy for reading.
fn is_joined(table: &Table<'_>, target: &Table<'_>, linted: &Linted<'_>) -> bool {
    linted.tables().into_iter().any(|join| {
        let refers = |to: &Table<'_>| join.foreign_keys.iter().any(|key| key.target == to.name);
        refers(table) && refers(target)
    })
}
