use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{Enabled, ObjectPath, Relation, class};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "trigger-disabled",
    severity: Severity::Warning,
    summary: "a trigger that does not fire; an error where it holds rows to a constraint",
    fixture: Some(rule_fixture!("trigger-disabled")),
    found: Found::ByRule(&Rule {
        because: "Whoever reads the schema believes in it: what it keeps up to date goes stale without a word, what it forbids is allowed.",
        instead: "`ENABLE TRIGGER`, or drop it",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        let what = match &finding.subject {
            Subject::Object(object) if object.class != &class::TRIGGER => {
                "the trigger that holds deferrable key"
            }
            _ => "trigger",
        };
        format!("{what} `{}` {}", finding.subject, said(finding))
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let of_tables = linted.tables().triggers().into_iter();
    // One that a partition has from its parent is told only where it is enabled otherwise.
    let triggers = of_tables.chain(linted.partitions().triggers());
    let triggers = triggers
        .filter(|trigger| is_off(trigger.enabled))
        .map(|trigger| {
            let table = trigger.table.name.to_sql();
            let name = list([&trigger.name]);
            let finding =
                Finding::new(&KIND, member_subject(&trigger)).live(fires(trigger.enabled));
            let drop = match trigger.inherited {
                true => String::new(),
                false => format!(" or `DROP TRIGGER {name} ON {table};`"),
            };
            let finding = finding.help(format!(
                "write `ALTER TABLE {table} ENABLE TRIGGER {name};`{drop}"
            ));
            match trigger.constraint {
                true => finding.severity(Severity::Error),
                false => finding,
            }
        });
    let relations = linted.tables().into_iter().chain(linted.partitions());
    let keys = relations.flat_map(|table| unchecked(table.relation()));
    triggers.chain(keys).collect()
}

fn is_off(enabled: Enabled) -> bool {
    matches!(enabled, Enabled::Disabled | Enabled::Replica)
}

fn fires(enabled: Enabled) -> &'static str {
    match enabled {
        Enabled::Replica => "fires only where `session_replication_role` is `replica`",
        _ => "is disabled",
    }
}

/// Deferrable keys whose own trigger is off: it alone looks for what collides at the end of a transaction.
fn unchecked(table: &Relation) -> Vec<Finding> {
    let keys = (table.primary_key.iter()).map(|key| (key, &class::PRIMARY_KEY));
    let keys = keys.chain(
        table
            .unique
            .iter()
            .map(|key| (key, &class::UNIQUE_CONSTRAINT)),
    );
    let keys = keys.map(|(key, class)| (&key.name, key.recheck, class));
    let exclusions =
        (table.exclusions.iter()).map(|key| (&key.name, key.recheck, &class::EXCLUSION_CONSTRAINT));
    (keys.chain(exclusions))
        .filter(|(_, recheck, _)| is_off(*recheck))
        .map(|(name, recheck, class)| {
            let subject = Subject::Object(ObjectPath {
                schema: Some(table.name.schema.clone()),
                name: table.name.name.clone(),
                signature: String::new(),
                child: Some(name.clone()),
                class,
            });
            Finding::new(&KIND, subject)
                .severity(Severity::Error)
                .live(fires(recheck))
                .help(format!(
                    "write `ALTER TABLE {} ENABLE TRIGGER ALL;`, and look for duplicates that came in meanwhile",
                    table.name.to_sql()
                ))
        })
        .collect()
}
