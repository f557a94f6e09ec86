use super::words::member_subject;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Enabled, ForeignKey};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-disabled",
    severity: Severity::Error,
    summary: "a foreign key whose triggers are switched off",
    fixture: Some(rule_fixture!("foreign-key-disabled")),
    found: Found::ByRule(&Rule {
        because: "The key is in every listing and holds nothing: rows that point nowhere get in, and deletes leave them behind. \
                  `DISABLE TRIGGER ALL` did it, for a bulk load perhaps, and nothing switched it on again.",
        instead: "`ALTER TABLE … ENABLE TRIGGER ALL`, after the rows were checked: drop the key and add it again",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` is not enforced: its triggers are disabled",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let of_tables = linted.tables().foreign_keys().into_iter();
    // `DISABLE TRIGGER ALL` of a partition is that one's alone; that of its parent is said there.
    let of_partitions = (linted.partitions().foreign_keys().into_iter())
        .filter(|key| !is_disabled_in_parent(key, linted));
    (of_tables.chain(of_partitions))
        .filter(|key| is_disabled(key))
        .map(|key| {
            let triggers = &key.internal_triggers;
            let own = [triggers.on_insert, triggers.on_update];
            let of_target = [triggers.on_target_update, triggers.on_target_delete];
            let tables = [(own, &key.table.name), (of_target, &key.target)];
            let statements: Vec<String> = (tables.into_iter())
                .filter(|(triggers, _)| triggers.iter().any(is_off))
                .map(|(_, table)| format!("`ALTER TABLE {} ENABLE TRIGGER ALL;`", table.to_sql()))
                .collect();
            Finding::new(&KIND, member_subject(&key)).help(format!(
                "write {}; rows that came in meanwhile are held to it only when the key is dropped and added again",
                statements.join(" and ")
            ))
        })
        .collect()
}

/// Whether a trigger fires for nobody but a replica.
fn is_off(enabled: &Enabled) -> bool {
    matches!(enabled, Enabled::Disabled | Enabled::Replica)
}

fn is_disabled(key: &ForeignKey) -> bool {
    let triggers = &key.internal_triggers;
    [
        triggers.on_insert,
        triggers.on_update,
        triggers.on_target_update,
        triggers.on_target_delete,
    ]
    .iter()
    .any(is_off)
}

fn is_disabled_in_parent(key: &Member<'_, ForeignKey>, linted: &Linted<'_>) -> bool {
    let parent =
        (key.table.partition_of.as_ref()).and_then(|partition| linted.relation(&partition.parent));
    parent.is_some_and(|parent| {
        (parent.foreign_keys.iter()).any(|other| {
            (&other.columns, &other.target) == (&key.columns, &key.target) && is_disabled(other)
        })
    })
}
