use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{ForeignKey, MatchType, QualifiedName, ReferentialAction};
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

/// What a key says of the rows that refer, beside which they are.
fn terms(key: &ForeignKey) -> String {
    let words = |action: ReferentialAction| match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    };
    let matching = match key.match_type {
        MatchType::Simple => "",
        MatchType::Full => "MATCH FULL ",
        MatchType::Partial => "MATCH PARTIAL ",
    };
    let columns = match key.on_delete_columns.as_slice() {
        [] => String::new(),
        columns => format!(" ({})", list(columns)),
    };
    let when = match (key.deferrable, key.initially_deferred) {
        (false, _) => "",
        (true, false) => " DEFERRABLE",
        (true, true) => " DEFERRABLE INITIALLY DEFERRED",
    };
    format!(
        "{matching}ON DELETE {}{columns} ON UPDATE {}{when}",
        words(key.on_delete),
        words(key.on_update)
    )
}

/// Whether a key does not hold all rows to it: those of before it, or none while its triggers are off.
fn is_weak(key: &ForeignKey) -> bool {
    let triggers = &key.internal_triggers;
    let all = [
        triggers.on_insert,
        triggers.on_update,
        triggers.on_target_update,
        triggers.on_target_delete,
    ];
    key.not_valid || all.iter().any(|enabled| !enabled.fires())
}

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited && !key.not_enforced)
        .filter_map(|key| {
            // What is NOT ENFORCED checks nothing.
            let keys = (key.table.relation().foreign_keys.iter()).filter(|it| !it.not_enforced);
            let same = keys.filter(|other| pairs(other) == pairs(key.item()));
            let kept = same.min_by_key(|other| is_weak(other))?;
            if kept.name == key.name {
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
            if terms(kept) == terms(&key) {
                return Some(
                    finding
                        .live(format!("says again what `{}` says", kept.name))
                        .help(format!("write {}", drop(key.item()))),
                );
            }
            let acts = |key: &ForeignKey| {
                let columns = key.on_delete_columns.clone();
                (key.on_delete, columns, key.on_update)
            };
            let finding = finding
                .live(format!(
                    "says {}, and `{}` of the same columns {}",
                    terms(&key),
                    kept.name,
                    terms(kept)
                ))
                .help(format!(
                    "decide which is meant, and write {} or {}",
                    drop(key.item()),
                    drop(kept)
                ));
            Some(match acts(kept) == acts(&key) {
                true => finding,
                false => finding.severity(Severity::Error),
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

#[cfg(test)]
mod tests {
    use super::super::trial::{found, table};
    use super::*;
    use crate::catalog::Enabled;

    /// Posts with the foreign keys `a` and `b` of the same columns.
    fn posts(change: impl Fn(&mut ForeignKey, &mut ForeignKey)) -> Finding {
        let key = |name: &str| ForeignKey {
            name: name.to_owned(),
            columns: vec!["author_id".to_owned()],
            target: QualifiedName::new("public", "users"),
            target_columns: vec!["id".to_owned()],
            ..ForeignKey::default()
        };
        let (mut a, mut b) = (key("a"), key("b"));
        change(&mut a, &mut b);
        let mut posts = table("posts", []);
        posts.foreign_keys = vec![a, b];
        let mut findings = found(&KIND, [posts]);
        assert_eq!(findings.len(), 1);
        findings.remove(0)
    }

    #[test]
    fn the_better_of_two_stays() {
        let dropped = |change: fn(&mut ForeignKey)| posts(|a, _| change(a)).help;
        let first = ["write `ALTER TABLE public.posts DROP CONSTRAINT a;`"];
        assert_eq!(dropped(|a| a.not_valid = true), first);
        let off = |a: &mut ForeignKey| a.internal_triggers.on_insert = Enabled::Disabled;
        assert_eq!(dropped(off), first);
        let second = ["write `ALTER TABLE public.posts DROP CONSTRAINT b;`"];
        assert_eq!(dropped(|_| ()), second);
    }

    #[test]
    fn what_says_something_else_does_not_say_it_again() {
        let finding = posts(|a, _| a.deferrable = true);
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(
            said(&finding),
            "says ON DELETE NO ACTION ON UPDATE NO ACTION, and `a` of the same columns ON DELETE NO ACTION ON UPDATE NO ACTION DEFERRABLE"
        );
        let finding = posts(|_, b| b.match_type = MatchType::Full);
        assert!(said(&finding).starts_with("says MATCH FULL ON DELETE"));
        let finding = posts(|_, b| b.on_delete_columns = vec!["author_id".to_owned()]);
        assert_eq!(finding.severity, Severity::Error);
    }
}
