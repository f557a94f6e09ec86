use super::words::{quoted_text, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, Trigger, TriggerEvent};
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
        others: &[],
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
    for column in linted.columns() {
        if NAMES.contains(&column.name.as_str()) && column.data_type.name.starts_with("timestamp") {
            let key = (column.table.name.schema.clone(), column.name.clone());
            by_name.entry(key).or_default().push(column);
        }
    }
    by_name
        .into_values()
        .flat_map(|columns| of_name(&columns, linted))
        .collect()
}

/// The columns that have none, where so many of the others have one that it is a habit.
fn of_name(columns: &[Member<'_, Column>], linted: &Linted<'_>) -> Vec<Finding> {
    let (kept, stale): (Vec<_>, Vec<_>) = columns.iter().partition(|column| is_kept(column));
    // A trigger that never names the column shows no habit, and may yet set it.
    let shown = kept
        .iter()
        .filter(|column| is_named(column, linted))
        .count();
    let is_habit = shown >= 2 && shown * 4 >= (columns.len() - 1) * 3;
    let example = kept.iter().find_map(|column| of_others(column, linted));
    let finding = |column: &Member<'_, Column>| {
        let finding = Finding::new(&KIND, column.subject())
            .live(format!("that of {} other tables is", kept.len()));
        match example {
            Some(trigger) => finding.help(remedy(column, trigger)),
            None => finding,
        }
    };
    match is_habit {
        true => stale.iter().map(finding).collect(),
        false => Vec::new(),
    }
}

/// A trigger that keeps the column of another table, and that any table can have.
fn of_others<'a>(column: &Member<'a, Column>, linted: &Linted<'_>) -> Option<&'a Trigger> {
    let mut triggers = column.table.relation().triggers.iter();
    triggers.find(|trigger| {
        linted.may_set(trigger, TriggerEvent::Update, &column.name)
            && trigger.when.is_none()
            && trigger.update_of.is_empty()
            && trigger.events == [TriggerEvent::Update]
    })
}

/// The same trigger for another table.
fn remedy(column: &Member<'_, Column>, trigger: &Trigger) -> String {
    let arguments: Vec<String> = (trigger.arguments.iter())
        .map(|argument| quoted_text(argument))
        .collect();
    format!(
        "write `CREATE TRIGGER keep_{} BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION {}({});`",
        column.name,
        column.table.name.to_sql(),
        trigger.function.to_sql(),
        arguments.join(", ")
    )
}

/// Whether a trigger runs before each update and can set it.
fn is_kept(column: &Member<'_, Column>) -> bool {
    let mut triggers = column.table.triggers.iter();
    column.generated.is_some()
        || triggers.any(|trigger| Linted::may_change(trigger, TriggerEvent::Update))
}

/// Whether the function of such a trigger names it.
fn is_named(column: &Member<'_, Column>, linted: &Linted<'_>) -> bool {
    let mut triggers = column.table.triggers.iter();
    triggers.any(|trigger| linted.may_set(trigger, TriggerEvent::Update, &column.name))
}
