use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{ForeignKey, QualifiedName, ReferentialAction};
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
        others: &[],
        check,
    }),
    message: |finding| format!("foreign key `{}` {}", finding.subject, said(finding)),
};

/// What happens to the rows that refer.
fn actions(key: &ForeignKey) -> String {
    let words = |action: ReferentialAction| match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    };
    format!(
        "ON DELETE {} ON UPDATE {}",
        words(key.on_delete),
        words(key.on_update)
    )
}

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited && !key.not_enforced)
        .filter_map(|key| {
            // What is NOT ENFORCED checks nothing.
            let mut keys = (key.table.relation().foreign_keys.iter()).filter(|it| !it.not_enforced);
            let first = keys.find(|other| pairs(other) == pairs(key.item()))?;
            if first.name == key.name {
                return None;
            }
            let table = key.table.name.to_sql();
            let drop = |key: &ForeignKey| {
                format!(
                    "`ALTER TABLE {table} DROP CONSTRAINT {};`",
                    list([&key.name])
                )
            };
            let finding = Finding::new(&KIND, member_subject(&key));
            let acts = |key: &ForeignKey| (key.on_delete, key.on_update);
            Some(match acts(first) == acts(&key) {
                true => finding
                    .live(format!("says again what `{}` says", first.name))
                    .help(format!("write {}", drop(key.item()))),
                false => finding
                    .severity(Severity::Error)
                    .live(format!(
                        "says {}, and `{}` of the same columns {}",
                        actions(&key),
                        first.name,
                        actions(first)
                    ))
                    .help(format!(
                        "decide which is meant, and write {} or {}",
                        drop(key.item()),
                        drop(first)
                    )),
            })
        })
        .collect()
}

/// What a key ties to what, in no order.
fn pairs(key: &ForeignKey) -> (&QualifiedName, Vec<(&String, &String)>) {
    let mut pairs: Vec<_> = key.columns.iter().zip(&key.target_columns).collect();
    pairs.sort();
    (&key.target, pairs)
}
