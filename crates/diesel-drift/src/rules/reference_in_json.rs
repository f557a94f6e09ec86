use super::words::{checks_of, keeps_records, names_of_tables, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Table};
use crate::catalog::{Column, QualifiedName, Relation};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::{BTreeSet, HashSet};

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
        others: &[],
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
    let joins = joins(linted);
    (linted.columns().into_iter())
        .filter(|column| column.generated.is_none() && !keeps_records(&column.table.name.name))
        .filter_map(|column| {
            let target = meant(&column, linted)?;
            let finding = Finding::new(&KIND, column.subject()).live(target.to_string());
            let is_json = ["json", "jsonb"].contains(&column.data_type.name.as_str());
            Some(
                match is_json && !joins.contains(&pair(&column.table.relation().name, target)) {
                    true => finding,
                    false => finding.severity(Severity::Note),
                },
            )
        })
        .collect()
}

/// The table that a column of documents or of an array is named after.
fn meant<'a>(column: &Member<'a, Column>, linted: &Linted<'a>) -> Option<&'a QualifiedName> {
    let data_type = &column.data_type;
    let is_json = ["json", "jsonb"].contains(&data_type.name.as_str()) && !data_type.array;
    let is_array = data_type.array && ["int4", "int8", "uuid"].contains(&data_type.name.as_str());
    let ending = ENDINGS
        .iter()
        .find(|ending| column.name.ends_with(**ending))?;
    let names = names_of_tables(column.name.strip_suffix(ending)?);
    // A check that reads its elements shows that they are an object's parts, not references.
    let is_document = checks_of(column.table.relation(), &column.name)
        .any(|check| check.expression.contains("->"));
    let own = &column.table.relation().name;
    let is_meant = |table: &&Relation| {
        let key = table.primary_key.as_ref();
        table.name != *own && key.is_some_and(|key| key.columns.len() == 1)
    };
    let mut meant = (names.iter())
        .filter_map(|name| linted.relation(&QualifiedName::new(&own.schema, name)))
        .filter(is_meant);
    match (is_json || is_array) && !is_document {
        true => meant.next().map(|table| &table.name),
        false => None,
    }
}

type Pair<'a> = (&'a QualifiedName, &'a QualifiedName);

fn pair<'a>(a: &'a QualifiedName, b: &'a QualifiedName) -> Pair<'a> {
    (a.min(b), a.max(b))
}

/// The tables that a third one joins: a column with references between those is a copy for reading.
fn joins<'a>(linted: &Linted<'a>) -> HashSet<Pair<'a>> {
    let of_table = |table: Table<'a>| {
        let targets: BTreeSet<_> = (table.relation().foreign_keys.iter())
            .map(|key| &key.target)
            .collect();
        let pairs = |a: &'a QualifiedName| {
            let targets = targets.clone();
            targets.into_iter().map(move |b| pair(a, b))
        };
        targets.iter().flat_map(|a| pairs(a)).collect::<Vec<_>>()
    };
    linted.tables().into_iter().flat_map(of_table).collect()
}
