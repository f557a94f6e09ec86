use super::words::member_subject;
use super::{Default, Rule, rule_fixture};
use crate::catalog::Enabled;
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
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| {
            let triggers = &key.internal_triggers;
            [
                triggers.on_insert,
                triggers.on_update,
                triggers.on_target_update,
                triggers.on_target_delete,
            ]
            .iter()
            .any(|enabled| matches!(enabled, Enabled::Disabled | Enabled::Replica))
        })
        .map(|key| {
            let is_off = |enabled: &Enabled| matches!(enabled, Enabled::Disabled | Enabled::Replica);
            let triggers = &key.internal_triggers;
            let own = is_off(&triggers.on_insert) || is_off(&triggers.on_update);
            let of_target = is_off(&triggers.on_target_update) || is_off(&triggers.on_target_delete);
            let tables = [(own, &key.table.name), (of_target, &key.target)];
            let statements: Vec<String> = (tables.into_iter())
                .filter(|(is_off, _)| *is_off)
                .map(|(_, table)| format!("`ALTER TABLE {} ENABLE TRIGGER ALL;`", table.to_sql()))
                .collect();
            Finding::new(&KIND, member_subject(&key)).help(format!(
                "write {}; rows that came in meanwhile are held to it only when the key is dropped and added again",
                statements.join(" and ")
            ))
        })
        .collect()
}
