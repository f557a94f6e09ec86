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
        .map(|key| Finding::new(&KIND, member_subject(&key)))
        .collect()
}
