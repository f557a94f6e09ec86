use super::words::definers;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "definer-public",
    severity: Severity::Warning,
    summary: "a function with its owner's rights that everybody may call",
    fixture: Some(rule_fixture!("definer-public")),
    found: Found::ByRule(&Rule {
        because: "PostgreSQL lets PUBLIC execute every new function: with SECURITY DEFINER, each role of the server does there what only the owner may.",
        instead: "`REVOKE EXECUTE … FROM PUBLIC`, and a GRANT to those who need it",
        default: Default::On,
        others: &[(
            "splinter",
            "0028 and 0029, for the roles `anon` and `authenticated`",
        )],
        check,
    }),
    message: |finding| {
        format!(
            "`{}` is SECURITY DEFINER, and everybody may call it",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    definers(linted.catalog())
        // Nobody can call those of triggers.
        .filter(|(routine, ..)| {
            !["trigger", "event_trigger"].contains(&routine.returns.as_deref().unwrap_or_default())
        })
        .filter(|(routine, ..)| {
            let public = routine.privileges.0.get("PUBLIC");
            // There is but one privilege.
            public.is_none_or(|public| public.iter().any(|what| !what.starts_with("REVOKED ")))
        })
        .map(|(_, subject, called)| {
            Finding::new(&KIND, subject)
                .help(format!("write `REVOKE EXECUTE ON {called} FROM PUBLIC;`"))
        })
        .collect()
}
