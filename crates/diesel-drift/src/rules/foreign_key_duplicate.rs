use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::ForeignKey;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-duplicate",
    severity: Severity::Warning,
    summary: "two foreign keys of the same columns to the same columns; an error where they act differently",
    fixture: Some(rule_fixture!("foreign-key-duplicate")),
    found: Found::ByRule(&Rule {
        because: "Each row is checked twice. Where the two say different things ON DELETE or ON UPDATE, the one that was made first wins, so that a \
                  restored dump may delete what the old database refused to.",
        instead: "one of the two",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` says again what `{}` says",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited)
        .filter_map(|key| {
            let keys = &key.table.relation().foreign_keys;
            let first = keys
                .iter()
                .find(|other| pairs(other) == pairs(key.item()))?;
            if first.name == key.name {
                return None;
            }
            let acts = |key: &ForeignKey| (key.on_delete, key.on_update);
            let finding = Finding::new(&KIND, member_subject(&key))
                .live(&first.name)
                .help(format!(
                    "write `ALTER TABLE {} DROP CONSTRAINT {};`",
                    key.table.name.to_sql(),
                    list([&key.name])
                ));
            Some(match acts(first) == acts(&key) {
                true => finding,
                false => finding.severity(Severity::Error),
            })
        })
        .collect()
}

/// What a key ties to what, in no order.
fn pairs(key: &ForeignKey) -> (&crate::catalog::QualifiedName, Vec<(&String, &String)>) {
    let mut pairs: Vec<_> = key.columns.iter().zip(&key.target_columns).collect();
    pairs.sort();
    (&key.target, pairs)
}
