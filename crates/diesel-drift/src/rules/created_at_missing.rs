use super::words::{keeps_records, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::RelationKind;
use crate::catalog::query::{Selection, Table};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use std::collections::BTreeMap;

pub static KIND: Kind = Kind {
    id: "created-at-missing",
    severity: Severity::Note,
    summary: "a table without `created_at` or `updated_at` where nearly every other has it, or one that no default fills",
    fixture: Some(rule_fixture!("created-at-missing")),
    found: Found::ByRule(&Rule {
        because: "When a row came and when it changed last is what is asked first when something is wrong, and it cannot be found out later.",
        instead: "`created_at timestamptz NOT NULL DEFAULT now()`",
        default: Default::Off,
        others: &[(
            "active_record_doctor",
            "`table_without_timestamps`, for every table",
        )],
        check,
    }),
    message: |finding| match finding.subject {
        Subject::Column(..) => format!(
            "column `{}` has no default, and {}",
            finding.subject,
            said(finding)
        ),
        _ => format!("table `{}` has no {}", finding.subject, said(finding)),
    },
};

const NAMES: [&str; 2] = ["created_at", "updated_at"];

/// So many tables make a habit.
const HABIT: usize = 5;

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let mut by_schema: BTreeMap<String, Vec<Table<'_>>> = BTreeMap::new();
    let tables: Selection<Table<'_>> = linted.tables();
    for table in tables.into_iter().filter(is_entity) {
        by_schema
            .entry(table.name.schema.clone())
            .or_default()
            .push(table);
    }
    (by_schema.values())
        .flat_map(|tables| {
            NAMES
                .into_iter()
                .flat_map(move |name| of_name(name, tables))
        })
        .collect()
}

fn of_name(name: &'static str, tables: &[Table<'_>]) -> Vec<Finding> {
    let (with, without): (Vec<_>, Vec<_>) = tables
        .iter()
        .partition(|table| table.column(name).is_some());
    if with.len() < HABIT || with.len() * 5 < tables.len() * 4 {
        return Vec::new();
    }
    let fills = |table: &&Table<'_>| {
        table
            .column(name)
            .is_some_and(|column| column.default.is_some() || column.generated.is_some())
    };
    let (filled, bare): (Vec<&Table<'_>>, Vec<_>) = with.iter().partition(|table| fills(table));
    let missing = without.into_iter().map(|table| {
        Finding::new(&KIND, Subject::Relation(table.name.clone())).live(format!(
            "`{name}`, which {} of the {} others have",
            with.len(),
            tables.len() - 1
        )).help(format!(
            "write `ALTER TABLE {} ADD COLUMN {name} timestamptz NOT NULL DEFAULT now();`: rows that are there get the time of the migration",
            table.name.to_sql()
        ))
    });
    let is_habit = filled.len() * 4 >= with.len() * 3;
    let unfilled = bare
        .iter()
        .filter(|table| is_habit && table.triggers.is_empty())
        .map(|table| {
            Finding::new(&KIND, Subject::Column(table.name.clone(), name.to_owned()))
                .live(format!("that of {} other tables has one", filled.len()))
                .help(format!(
                    "write `ALTER TABLE {} ALTER COLUMN {name} SET DEFAULT now();`",
                    table.name.to_sql()
                ))
        });
    missing.chain(unfilled).collect()
}

/// Whether a table is of things, rather than of what joins or extends them.
fn is_entity(table: &Table<'_>) -> bool {
    let refers = |column: &String| {
        table
            .foreign_keys
            .iter()
            .any(|key| key.columns.contains(column))
    };
    let key = table.primary_key.as_ref();
    matches!(
        table.kind,
        RelationKind::Table | RelationKind::PartitionedTable
    ) && table.columns.len() > 3
        // An entry of a log has a time of its own, and never changes.
        && !keeps_records(&table.name.name)
        && key.is_some_and(|key| !key.columns.iter().all(refers))
}
