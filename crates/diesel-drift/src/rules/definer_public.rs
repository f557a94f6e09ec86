use super::{Default, Rule, rule_fixture};
use crate::catalog::QualifiedName;
use crate::catalog::query::Named;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "definer-public",
    severity: Severity::Warning,
    summary: "a function with its owner's rights that everybody may call",
    fixture: Some(rule_fixture!("definer-public")),
    found: Found::ByRule(&Rule {
        because: "PostgreSQL lets PUBLIC execute every new function: with SECURITY DEFINER, each role of the server does there what only the owner may.",
        instead: "`REVOKE EXECUTE … FROM PUBLIC`, and a GRANT to those who need it",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "function `{}` is SECURITY DEFINER, and everybody may call it",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.catalog().routines().into_iter())
        .filter(|routine| routine.security_definer)
        // Nobody can call those of triggers.
        .filter(|routine| {
            !["trigger", "event_trigger"].contains(&routine.returns.as_deref().unwrap_or_default())
        })
        .filter(|routine| {
            let public = routine.privileges.0.get("PUBLIC");
            public.is_none_or(|public| {
                !public
                    .iter()
                    .any(|what| what == "REVOKED EXECUTE" || what == "REVOKED ALL")
            })
        })
        .map(|routine| {
            let name = QualifiedName::new(routine.schema(), routine.name()).to_sql();
            Finding::new(&KIND, Subject::Object(routine.object())).help(format!(
                "write `REVOKE EXECUTE ON FUNCTION {name}{} FROM PUBLIC;`",
                routine.signature
            ))
        })
        .collect()
}
