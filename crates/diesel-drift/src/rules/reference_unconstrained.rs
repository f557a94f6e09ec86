use super::words::{list, names_of_tables, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Table};
use crate::catalog::{Column, QualifiedName};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::BTreeSet;

pub static KIND: Kind = Kind {
    id: "reference-unconstrained",
    severity: Severity::Warning,
    summary: "a column that refers to a table without a foreign key; a note where only its name says so",
    fixture: Some(rule_fixture!("reference-unconstrained")),
    found: Found::ByRule(&Rule {
        because: "Nothing keeps what it refers to there: after a delete the row points nowhere, or, worse, a new row gets the old number.",
        instead: "`FOREIGN KEY … REFERENCES …`, or a comment on the column that says what it is",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` refers to `{}` without a foreign key",
            finding.subject,
            said(finding)
        )
    },
};

/// Names of tables that keep what others had, on purpose.
const RECORDS: [&str; 10] = [
    "audit",
    "log",
    "history",
    "archive",
    "event",
    "deleted",
    "tombstone",
    "staging",
    "tmp",
    "import",
];

/// What beside a column makes it refer to several tables.
const DISCRIMINATORS: [&str; 4] = ["type", "kind", "table", "class"];

/// What such a column is called where its discriminator is just `type` or `kind`.
const ANYTHING: [&str; 9] = [
    "object", "subject", "target", "owner", "item", "entity", "resource", "record", "ref",
];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.tables().columns();
    (columns.iter())
        .filter(|column| may_refer(column))
        .filter_map(|column| {
            let (target, severity) = of_siblings(column, &columns)
                .map(|target| (target, Severity::Warning))
                .or_else(|| Some((of_name(column, linted)?, Severity::Note)))?;
            let table = column.table.name.to_sql();
            let finding = Finding::new(&KIND, column.subject())
                .severity(severity)
                .live(target.to_string());
            Some(finding.help(format!(
                "write `ALTER TABLE {table} ADD FOREIGN KEY ({}) REFERENCES {};`, or say in a comment on the column what it is",
                list([&column.name]),
                target.to_sql()
            )))
        })
        .collect()
}

fn may_refer(column: &Member<'_, Column>) -> bool {
    let Some(stem) = column.name.strip_suffix("_id") else {
        return false;
    };
    let table = column.table;
    let has = |name: &str| table.column(name).is_some();
    let several = DISCRIMINATORS
        .iter()
        .any(|word| has(&format!("{stem}_{word}")))
        || ANYTHING.contains(&stem) && DISCRIMINATORS.iter().any(|word| has(word));
    let keeps_records = RECORDS.iter().any(|word| {
        table
            .name
            .name
            .split('_')
            .any(|part| part.starts_with(word))
    });
    is_key_type(column)
        && column.generated.is_none()
        && column.comment.is_none()
        && column.foreign_keys().next().is_none()
        && !several
        && !keeps_records
}

fn is_key_type(column: &Column) -> bool {
    let data_type = &column.data_type;
    !data_type.array && ["int2", "int4", "int8", "uuid"].contains(&data_type.name.as_str())
}

/// The table to which the columns of that name and type in two or more other tables refer, all of them.
fn of_siblings(
    column: &Member<'_, Column>,
    columns: &crate::catalog::query::Selection<Member<'_, Column>>,
) -> Option<QualifiedName> {
    let siblings = columns.iter().filter(|other| {
        other.name == column.name
            && other.data_type == column.data_type
            && other.table.name != column.table.name
            && other.table.name.schema == column.table.name.schema
    });
    let mut tables = 0;
    let mut targets = BTreeSet::new();
    for sibling in siblings {
        let mut keys = sibling
            .foreign_keys()
            .filter(|key| key.columns.len() == 1)
            .peekable();
        tables += usize::from(keys.peek().is_some());
        targets.extend(keys.map(|key| &key.target));
    }
    match (tables, targets.len()) {
        (2.., 1) => targets
            .pop_first()
            .filter(|target| **target != column.table.name)
            .cloned(),
        _ => None,
    }
}

/// The only table of the schema that its name may mean, whose key is of its type.
fn of_name(column: &Member<'_, Column>, linted: &Linted<'_>) -> Option<QualifiedName> {
    let names = names_of_tables(column.name.strip_suffix("_id")?);
    let is_meant = |table: &Table<'_>| {
        let key = table.primary_key.as_ref().map(|key| key.columns.as_slice());
        let key = match key {
            Some([name]) => table.column(name),
            _ => None,
        };
        table.name.schema == column.table.name.schema
            && table.name != column.table.name
            && names.contains(&table.name.name)
            && key.is_some_and(|key| key.data_type == column.data_type)
    };
    let tables = linted.tables();
    let mut meant = tables.iter().filter(|table| is_meant(table));
    match (meant.next(), meant.next()) {
        (Some(table), None) => Some(table.name.clone()),
        _ => None,
    }
}
