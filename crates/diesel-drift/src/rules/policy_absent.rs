use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "policy-absent",
    severity: Severity::Note,
    summary: "a table with row-level security and no policy",
    fixture: Some(rule_fixture!("policy-absent")),
    found: Found::ByRule(&Rule {
        because: "Everybody but the owner sees an empty table, without an error. It may be meant: then say so in a comment on the table.",
        instead: "a policy, or a comment on the table",
        default: Default::On,
        others: &[("splinter", "0008 `rls_enabled_no_policy`")],
        check,
    }),
    message: |finding| {
        format!(
            "table `{}` has row-level security and no policy: {} sees a row",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter(|table| table.row_security && table.policies.is_empty() && table.comment.is_none())
        .map(|table| {
            let who = match table.force_row_security {
                true => "nobody",
                false => "only its owner",
            };
            let finding = Finding::new(&KIND, Subject::Relation(table.name.clone())).live(who);
            finding.help(format!(
                "write a policy, or, where it is meant, say so: `COMMENT ON TABLE {} IS '…';`",
                table.name.to_sql()
            ))
        })
        .collect()
}
