use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "policy-absent",
    severity: Severity::Note,
    summary: "a table with row-level security and no policy that lets a row through",
    fixture: Some(rule_fixture!("policy-absent")),
    found: Found::ByRule(&Rule {
        because: "Everybody but the owner sees an empty table, without an error; a RESTRICTIVE policy only takes away from what others allow. It may be meant: then say so in a comment on the table.",
        instead: "a permissive policy, or a comment on the table",
        default: Default::On,
        others: &[("splinter", "0008 `rls_enabled_no_policy`")],
        check,
    }),
    message: |finding| {
        format!(
            "table `{}` has row-level security and {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter(|table| table.row_security && table.comment.is_none())
        .filter(|table| table.policies.iter().all(|policy| policy.restrictive))
        .map(|table| {
            let what = match table.policies.is_empty() {
                true => "no policy",
                false => "only policies that restrict what no other allows",
            };
            // Neither is ever held to policies.
            let who = match table.force_row_security {
                true => "nobody but a superuser or a role with BYPASSRLS",
                false => "only its owner, a superuser or a role with BYPASSRLS",
            };
            let finding = Finding::new(&KIND, Subject::Relation(table.name.clone()))
                .live(format!("{what}: {who} sees a row"));
            finding.help(format!(
                "write a permissive policy, or, where it is meant, say so: `COMMENT ON TABLE {} IS '…';`",
                table.name.to_sql()
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{found, table};
    use super::*;
    use crate::catalog::Policy;

    #[test]
    fn what_restricts_lets_nothing_through() {
        let with = |restrictive: &[bool]| -> Vec<Finding> {
            let mut notes = table("notes", []);
            notes.row_security = true;
            notes.force_row_security = true;
            notes.policies = (restrictive.iter())
                .map(|restrictive| Policy {
                    restrictive: *restrictive,
                    ..Policy::default()
                })
                .collect();
            found(&KIND, [notes])
        };
        assert_eq!(with(&[true, false]), []);
        assert_eq!(
            said(&with(&[true])[0]),
            "only policies that restrict what no other allows: nobody but a superuser or a role with BYPASSRLS sees a row"
        );
        assert!(said(&with(&[])[0]).starts_with("no policy: "));
    }
}
