//! Triggers, rules and policies of relations; extended statistics.

use super::IntrospectError;
use super::common::Common;
use super::query::{Query, query};
use super::relations::Relations;
use super::trigger_text::TriggerText;
use crate::catalog::{Policy, Rule, Statistics, Trigger, quote_identifier};
use diesel::PgConnection;

/// Adds triggers, rules and policies to their relations.
pub(super) fn read(
    connection: &mut PgConnection,
    relations: &mut Relations,
    common: &Common,
) -> Result<(), IntrospectError> {
    const TRIGGERS: Query = query!("triggers.sql");
    const RULES: Query = query!("rules.sql", of "pg_rewrite");
    const POLICIES: Query = query!("policies.sql", of "pg_policy");

    for part in TRIGGERS.parts::<Trigger>(connection, common)? {
        if let Some(entry) = relations.entry_mut(part.relation) {
            let mut trigger = part.object;
            if let Some(definition) = part.text {
                let text = TriggerText::of(&definition).ok_or_else(|| {
                    IntrospectError::inconsistent(format!(
                        "the definition of trigger {} on {} is not understood: {definition}",
                        trigger.name, entry.relation.name
                    ))
                })?;
                trigger.when = text.when.map(str::to_owned);
                trigger.arguments = text.arguments;
            }
            entry.relation.triggers.push(trigger);
        }
    }
    for part in RULES.parts::<Rule>(connection, common)? {
        if let Some(entry) = relations.entry_mut(part.relation) {
            entry.relation.rules.push(part.object);
        }
    }
    for part in POLICIES.parts::<Policy>(connection, common)? {
        if let Some(entry) = relations.entry_mut(part.relation) {
            let mut policy = part.object;
            for role in &mut policy.roles {
                *role = quote_identifier(role);
            }
            policy.roles.sort();
            entry.relation.policies.push(policy);
        }
    }
    Ok(())
}

/// Reads the project's extended statistics, sorted by name.
pub(super) fn statistics(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Vec<Statistics>, IntrospectError> {
    const STATISTICS: Query = query!("statistics.sql", of "pg_statistic_ext");
    STATISTICS.objects(connection, common)
}
