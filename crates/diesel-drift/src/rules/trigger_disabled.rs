use super::words::{list, member_subject};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Enabled;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "trigger-disabled",
    severity: Severity::Warning,
    summary: "a trigger that does not fire",
    fixture: Some(rule_fixture!("trigger-disabled")),
    found: Found::ByRule(&Rule {
        because: "Whoever reads the schema believes in it: what it keeps up to date goes stale without a word, what it forbids is allowed.",
        instead: "`ENABLE TRIGGER`, or drop it",
        default: Default::On,
        check,
    }),
    message: |finding| format!("trigger `{}` is disabled", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().triggers().into_iter())
        .filter(|trigger| matches!(trigger.enabled, Enabled::Disabled | Enabled::Replica))
        .map(|trigger| {
            let table = trigger.table.name.to_sql();
            let name = list([&trigger.name]);
            Finding::new(&KIND, member_subject(&trigger)).help(format!(
                "write `ALTER TABLE {table} ENABLE TRIGGER {name};` or `DROP TRIGGER {name} ON {table};`"
            ))
        })
        .collect()
}
