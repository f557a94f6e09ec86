use super::words::{list, member_subject, said};
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
        others: &[],
        check,
    }),
    message: |finding| format!("trigger `{}` {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().triggers().into_iter())
        .filter(|trigger| matches!(trigger.enabled, Enabled::Disabled | Enabled::Replica))
        .map(|trigger| {
            let table = trigger.table.name.to_sql();
            let name = list([&trigger.name]);
            let fires = match trigger.enabled {
                Enabled::Replica => "fires only where `session_replication_role` is `replica`",
                _ => "is disabled",
            };
            let finding = Finding::new(&KIND, member_subject(&trigger)).live(fires);
            finding.help(format!(
                "write `ALTER TABLE {table} ENABLE TRIGGER {name};` or `DROP TRIGGER {name} ON {table};`"
            ))
        })
        .collect()
}
