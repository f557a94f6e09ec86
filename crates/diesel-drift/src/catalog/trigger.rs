//! Triggers (`pg_trigger`) and rules (`pg_rewrite`).

use super::fact::ColumnName;
use super::{QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Trigger {
    /// `tgname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `tgtype`.
    pub timing: TriggerTiming,
    /// `tgtype`, in PostgreSQL's order.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<TriggerEvent>")]
    pub events: Vec<TriggerEvent>,
    /// `tgattr`, by name, sorted: the columns that `UPDATE OF` is limited to.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<ColumnName>")]
    pub update_of: Vec<String>,
    /// `tgtype`.
    #[serde(skip_serializing_if = "is_default")]
    pub for_each_row: bool,
    /// `tgqual`, from `pg_get_triggerdef`.
    #[serde(skip_serializing_if = "is_default")]
    pub when: Option<String>,
    /// `tgfoid`.
    #[serde(skip_serializing_if = "is_default")]
    pub function: QualifiedName,
    /// `tgargs`.
    #[serde(skip_serializing_if = "is_default")]
    pub arguments: Vec<String>,
    /// `tgoldtable`.
    #[serde(skip_serializing_if = "is_default")]
    pub old_table: Option<String>,
    /// `tgnewtable`.
    #[serde(skip_serializing_if = "is_default")]
    pub new_table: Option<String>,
    /// `tgconstraint`: made by `CREATE CONSTRAINT TRIGGER`.
    #[serde(skip_serializing_if = "is_default")]
    pub constraint: bool,
    /// `tgconstrrelid` of a constraint trigger.
    #[serde(skip_serializing_if = "is_default")]
    pub references: Option<QualifiedName>,
    /// `tgdeferrable`.
    #[serde(skip_serializing_if = "is_default")]
    pub deferrable: bool,
    /// `tginitdeferred`.
    #[serde(skip_serializing_if = "is_default")]
    pub initially_deferred: bool,
    /// `tgenabled`.
    #[serde(skip_serializing_if = "is_default")]
    pub enabled: Enabled,
    /// `tgparentid`: it is the parent's of a partition, and told only because it is enabled otherwise.
    #[serde(skip_serializing_if = "is_default")]
    pub inherited: bool,
    /// `pg_depend` of kind `x`: extensions with which it is dropped, sorted.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub depends_on_extensions: Vec<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_trigger.tgtype`: when, as seen from the change.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TriggerTiming {
    /// Bit 2.
    #[default]
    Before,
    /// Neither bit.
    After,
    /// Bit 64.
    InsteadOf,
}

/// `pg_trigger.tgtype`: which change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TriggerEvent {
    /// Bit 4.
    Insert,
    /// Bit 8.
    Delete,
    /// Bit 16.
    Update,
    /// Bit 32.
    Truncate,
}

/// `pg_trigger.tgenabled`, `pg_event_trigger.evtenabled`, `pg_rewrite.ev_enabled`: for which `session_replication_role` it fires.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Enabled {
    /// `O`: `origin` and `local`.
    #[default]
    #[serde(alias = "O")]
    Origin,
    /// `D`: none.
    #[serde(alias = "D")]
    Disabled,
    /// `R`: `replica`.
    #[serde(alias = "R")]
    Replica,
    /// `A`: any.
    #[serde(alias = "A")]
    Always,
}

impl Enabled {
    /// Whether it fires in a session like an application's, whose `session_replication_role` is `origin`.
    #[must_use]
    pub fn fires(self) -> bool {
        matches!(self, Self::Origin | Self::Always)
    }
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// `rulename`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: String,
    /// `pg_get_ruledef`: event, qualification, `INSTEAD`, actions.
    #[serde(skip_serializing_if = "is_default")]
    pub definition: String,
    /// `ev_enabled`.
    #[serde(skip_serializing_if = "is_default")]
    pub enabled: Enabled,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl Rule {
    /// Whether it leaves changes of that sort undone: `DO INSTEAD NOTHING`. With a `WHERE`, it does so for [some rows](Self::is_qualified) only.
    #[must_use]
    pub fn discards(&self, event: TriggerEvent) -> bool {
        let on = match event {
            TriggerEvent::Insert => " ON INSERT TO ",
            TriggerEvent::Update => " ON UPDATE TO ",
            TriggerEvent::Delete => " ON DELETE TO ",
            // There are no rules for it.
            TriggerEvent::Truncate => return false,
        };
        self.enabled.fires()
            && self.definition.contains(on)
            && self.definition.contains(" DO INSTEAD NOTHING")
    }

    /// Whether it is for some rows only.
    #[must_use]
    pub fn is_qualified(&self) -> bool {
        self.definition.contains(" WHERE ")
    }
}
