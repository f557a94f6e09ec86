use super::words::{list, said};
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "policy-unenforced",
    severity: Severity::Error,
    summary: "a table with policies whose row-level security is off",
    fixture: Some(rule_fixture!("policy-unenforced")),
    found: Found::ByRule(&Rule {
        because: "The policies are there for everybody to read, and nobody is held to them: each role that may read the table reads every row.",
        instead: "`ALTER TABLE … ENABLE ROW LEVEL SECURITY`",
        default: Default::On,
        others: &[(
            "splinter",
            "0007 `policy_exists_rls_disabled`, not for partitioned tables",
        )],
        check,
    }),
    message: |finding| {
        format!(
            "table `{}` has policies ({}), and its row-level security is off",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter(|table| !table.policies.is_empty() && !table.row_security)
        .map(|table| {
            Finding::new(&KIND, Subject::Relation(table.name.clone()))
                .live(list(table.policies.iter().map(|policy| &policy.name)))
                .help(format!(
                    "write `ALTER TABLE {} ENABLE ROW LEVEL SECURITY;`",
                    table.name.to_sql()
                ))
        })
        .collect()
}
