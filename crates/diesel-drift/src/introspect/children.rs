//! Triggers, rules and policies of relations; extended statistics.

use super::IntrospectError;
use super::common::Common;
use super::query::{Query, query};
use super::relations::Relations;
use super::trigger_text::TriggerText;
use crate::catalog::{Policy, Rule, Statistics, Trigger, quote_identifier};
use diesel::sql_types::{Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct TriggerRow {
    #[diesel(sql_type = Oid)]
    relation: u32,
    #[diesel(sql_type = Nullable<Text>)]
    definition: Option<String>,
    #[diesel(sql_type = Text)]
    object: String,
}

/// Adds triggers, rules and policies to their relations.
pub(super) fn read(
    connection: &mut PgConnection,
    relations: &mut Relations,
) -> Result<(), IntrospectError> {
    const TRIGGERS: Query = query!("triggers.sql");
    const RULES: Query = query!("rules.sql");
    const POLICIES: Query = query!("policies.sql");

    for row in TRIGGERS.rows::<TriggerRow>(connection)? {
        if let Some(entry) = relations.entry_mut(row.relation) {
            let mut trigger: Trigger = TRIGGERS.part(&row.object)?;
            if let Some(definition) = row.definition {
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
    for (relation, rule) in RULES.parts::<Rule>(connection)? {
        if let Some(entry) = relations.entry_mut(relation) {
            entry.relation.rules.push(rule);
        }
    }
    for (relation, mut policy) in POLICIES.parts::<Policy>(connection)? {
        if let Some(entry) = relations.entry_mut(relation) {
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
    const STATISTICS: Query = query!("statistics.sql");
    let mut statistics: Vec<Statistics> = STATISTICS.objects(connection, common)?;
    statistics.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(statistics)
}
