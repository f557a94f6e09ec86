//! What a table has against changes, as the catalog says it.

use super::Attempt;
use super::places::Place;
use crate::catalog::{Catalog, Relation, RelationKind, Trigger, TriggerEvent};

/// What some rows say of all: nothing of partitions and heirs of which none was tried, unless what refused them is the partitioned table's own.
pub(super) fn general(
    attempt: Attempt,
    catalog: &Catalog,
    table: &Relation,
    event: TriggerEvent,
    places: &[Place],
) -> Attempt {
    let Attempt::Refused(message) = attempt else {
        return attempt;
    };
    let is_covered = |heir: &&Relation| {
        // A row trigger of a partitioned table is each partition's; one of a table is not its heirs'.
        let by_whole = heir.partition_of.is_some() && guards_all(table, event);
        by_whole || places.iter().any(|place| place.relation() == heir.name)
    };
    let untried: Vec<String> = (heirs(catalog, table).into_iter())
        .filter(|heir| heir.kind != RelationKind::PartitionedTable && !is_covered(heir))
        .map(|heir| heir.name.to_string())
        .collect();
    match untried.is_empty() {
        true => Attempt::Refused(message),
        false => Attempt::Partly(message, format!("rows in {}", untried.join(", "))),
    }
}

/// The partitions of a table, and the tables that inherit from it, directly or not: their rows are its own.
pub(super) fn heirs<'a>(catalog: &'a Catalog, table: &Relation) -> Vec<&'a Relation> {
    let mut heirs: Vec<&Relation> = Vec::new();
    let mut pending = vec![&table.name];
    while let Some(parent) = pending.pop() {
        let is_heir = |relation: &&Relation| {
            let whole = relation.partition_of.as_ref();
            relation.inherits.contains(parent) || whole.is_some_and(|of| of.parent == *parent)
        };
        for heir in catalog.relations.iter().filter(is_heir) {
            if !heirs.iter().any(|known| known.name == heir.name) {
                heirs.push(heir);
                pending.push(&heir.name);
            }
        }
    }
    heirs
}

/// Whether the table has a trigger of its own that sees every such change, whatever columns or values it is about; or a rule that makes nothing of it.
fn guards_all(table: &Relation, event: TriggerEvent) -> bool {
    let is_general = |trigger: &Trigger| {
        trigger.events.contains(&event)
            && trigger.update_of.is_empty()
            && trigger.when.is_none()
            && trigger.enabled.fires()
    };
    table.triggers.iter().any(is_general) || rule_instead(table, event).is_some()
}

/// The rule that does nothing instead, whatever the row is.
pub(super) fn rule_instead(table: &Relation, event: TriggerEvent) -> Option<&str> {
    let mut rules = table.rules.iter();
    let rule = rules.find(|rule| rule.discards(event) && !rule.is_qualified());
    rule.map(|rule| rule.name.as_str())
}
