//! What a table has against changes, as the catalog says it.

use super::Attempt;
use crate::catalog::{Enabled, Relation, RelationKind, Trigger, TriggerEvent};

/// What one row says of all: nothing of the other partitions, unless what refused it is the whole table's.
pub(super) fn general(attempt: Attempt, table: &Relation, event: TriggerEvent) -> Attempt {
    match attempt {
        Attempt::Refused(message)
            if table.kind == RelationKind::PartitionedTable && !guards_all(table, event) =>
        {
            Attempt::Partly(message, "rows of other partitions".to_owned())
        }
        attempt => attempt,
    }
}

/// Whether the table has a trigger of its own that sees every such change, whatever columns or values it is about; or a rule that makes nothing of it.
pub(super) fn guards_all(table: &Relation, event: TriggerEvent) -> bool {
    let is_general = |trigger: &Trigger| {
        trigger.events.contains(&event)
            && trigger.update_of.is_empty()
            && trigger.when.is_none()
            && matches!(trigger.enabled, Enabled::Origin | Enabled::Always)
    };
    table.triggers.iter().any(is_general) || rule_instead(table, event).is_some()
}

/// The rule that does nothing instead, whatever the row is.
pub(super) fn rule_instead(table: &Relation, event: TriggerEvent) -> Option<&str> {
    let word = match event {
        TriggerEvent::Update => "ON UPDATE ",
        TriggerEvent::Delete => "ON DELETE ",
        TriggerEvent::Insert | TriggerEvent::Truncate => return None,
    };
    let rule = table.rules.iter().find(|rule| {
        let definition = &rule.definition;
        definition.contains(word)
            && definition.contains("DO INSTEAD NOTHING")
            && !definition.contains("WHERE")
    });
    rule.map(|rule| rule.name.as_str())
}
