use super::words::{list, member_subject};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Named};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "constraint-unvalidated",
    severity: Severity::Warning,
    summary: "a check or foreign key that old rows were never held to",
    fixture: Some(rule_fixture!("constraint-unvalidated")),
    found: Found::ByRule(&Rule {
        because: "NOT VALID is the first half of adding a constraint without a long lock. Without the second half, rows of before may break it, and \
                  the planner may not trust it.",
        instead: "`ALTER TABLE … VALIDATE CONSTRAINT …`, in a migration of its own: it takes no lock that stops writes",
        default: Default::On,
        others: &[
            (
                "squawk",
                "`constraint-missing-not-valid` asks for NOT VALID, and not for the second half",
            ),
            ("diesel-guard", "asks for NOT VALID as well"),
        ],
        check,
    }),
    message: |finding| {
        let what = match finding.subject {
            Subject::Column(..) => "NOT NULL of column",
            _ => "constraint",
        };
        format!(
            "{what} `{}` was never validated: old rows may break it",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let tables = || linted.tables();
    let checks = (tables().checks().into_iter())
        .filter(|check| check.not_valid && !check.not_enforced && !check.inherited)
        .map(finding);
    let keys = (tables().foreign_keys().into_iter())
        .filter(|key| key.not_valid && !key.not_enforced && !key.inherited)
        .map(finding);
    let columns = (linted.columns().into_iter())
        .filter(|column| column.not_null_not_valid)
        .map(|column| {
            let own = || format!("{}_{}_not_null", column.table.name.name, column.name);
            let name = (column.not_null_constraint.name.clone()).unwrap_or_else(own);
            Finding::new(&KIND, column.subject()).help(format!(
                "write `ALTER TABLE {} VALIDATE CONSTRAINT {};`",
                column.table.name.to_sql(),
                list([name])
            ))
        });
    checks.chain(keys).chain(columns).collect()
}

fn finding<T>(member: Member<'_, T>) -> Finding
where
    for<'m> Member<'m, T>: Named,
{
    Finding::new(&KIND, member_subject(&member)).help(format!(
        "write `ALTER TABLE {} VALIDATE CONSTRAINT {};`",
        member.table.name.to_sql(),
        list([member.name()])
    ))
}
