use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, Enabled, TriggerEvent, TriggerTiming};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::BTreeMap;

pub static KIND: Kind = Kind {
    id: "updated-at-stale",
    severity: Severity::Warning,
    summary: "an `updated_at` without the trigger that keeps it on the other tables",
    fixture: Some(rule_fixture!("updated-at-stale")),
    found: Found::ByRule(&Rule {
        because: "Everybody has learnt that `updated_at` looks after itself, and here it says for ever when the row was made: caches and exports that ask for what changed \
                  miss every update.",
        instead: "the trigger that the other tables have",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is kept by no trigger, and {}",
            finding.subject,
            said(finding)
        )
    },
};

/// What such columns are called.
const NAMES: [&str; 4] = ["updated_at", "modified_at", "last_updated_at", "updated"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let mut by_name: BTreeMap<(String, String), Vec<Member<'_, Column>>> = BTreeMap::new();
    for column in linted.tables().columns() {
        if NAMES.contains(&column.name.as_str()) && column.data_type.name.starts_with("timestamp") {
            let key = (column.table.name.schema.clone(), column.name.clone());
            by_name.entry(key).or_default().push(column);
        }
    }
    by_name
        .into_values()
        .flat_map(|columns| of_name(&columns))
        .collect()
}

/// The columns that have none, where so many of the others have one that it is a habit.
fn of_name(columns: &[Member<'_, Column>]) -> Vec<Finding> {
    let (kept, stale): (Vec<_>, Vec<_>) = columns.iter().partition(|column| is_kept(column));
    let is_habit = kept.len() >= 2 && kept.len() * 4 >= columns.len() * 3;
    let finding = |column: &&Member<'_, Column>| {
        Finding::new(&KIND, column.subject())
            .live(format!("that of {} other tables is", kept.len()))
    };
    match is_habit {
        true => stale.iter().map(finding).collect(),
        false => Vec::new(),
    }
}

/// Whether a trigger runs before each update and can set it.
fn is_kept(column: &Member<'_, Column>) -> bool {
    column.table.triggers.iter().any(|trigger| {
        trigger.timing == TriggerTiming::Before
            && trigger.for_each_row
            && trigger.events.contains(&TriggerEvent::Update)
            && !matches!(trigger.enabled, Enabled::Disabled)
    })
}
