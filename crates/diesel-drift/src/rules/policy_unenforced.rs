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
    // A partition has no policy from its parent.
    (linted.tables().into_iter().chain(linted.partitions()))
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

#[cfg(test)]
mod tests {
    use super::super::trial::{found, table};
    use super::*;
    use crate::catalog::{Partition, Policy};

    #[test]
    fn a_partition_has_policies_of_its_own() {
        let part = |row_security: bool| {
            let mut part = table("notes_2026", []);
            part.partition_of = Some(Partition::default());
            part.policies.push(Policy::default());
            part.row_security = row_security;
            found(&KIND, [part]).len()
        };
        assert_eq!((part(false), part(true)), (1, 0));
    }
}
