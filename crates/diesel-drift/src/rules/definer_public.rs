use super::words::{definers, list, said};
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "definer-public",
    severity: Severity::Warning,
    summary: "a function with its owner's rights that everybody may call; a note where its schema is not for everybody",
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
            "`{}` is SECURITY DEFINER, and {} may call it",
            finding.subject,
            said(finding)
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
        .filter_map(|(routine, subject, called)| {
            let finding = Finding::new(&KIND, subject)
                .help(format!("write `REVOKE EXECUTE ON {called} FROM PUBLIC;`"));
            let schema = &routine.name.schema;
            match users(schema, linted) {
                Users::All => Some(finding.live("everybody")),
                Users::Some => Some(finding.severity(Severity::Note).live(format!(
                    "each role with USAGE on its schema {}",
                    list([schema])
                ))),
                Users::Nobody => None,
            }
        })
        .collect()
}

/// Who may use the names of a schema, beside its owner.
enum Users {
    All,
    Some,
    Nobody,
}

/// As its privileges say; `public` is for everybody unless that was taken back.
fn users(name: &str, linted: &Linted<'_>) -> Users {
    let schema = (linted.catalog().schemas.iter()).find(|schema| schema.name == name);
    let said = |role: &str| schema.and_then(|schema| schema.privileges.0.get(role));
    let word = |what: &String, of: usize| what.split(' ').nth(of).map(str::to_owned);
    let is_usage =
        |word: Option<String>| word.is_some_and(|word| ["USAGE", "ALL"].contains(&word.as_str()));
    let grants = |role: &str| {
        let mut what = said(role).into_iter().flatten();
        what.any(|what| is_usage(word(what, 0)))
    };
    let is_revoked = || {
        let mut what = said("PUBLIC").into_iter().flatten();
        what.any(|what| word(what, 0).as_deref() == Some("REVOKED") && is_usage(word(what, 1)))
    };
    let mut roles = schema
        .into_iter()
        .flat_map(|schema| schema.privileges.0.keys());
    match () {
        () if grants("PUBLIC") || name == "public" && !is_revoked() => Users::All,
        () if roles.any(|role| !["PUBLIC", "OWNER"].contains(&role.as_str()) && grants(role)) => {
            Users::Some
        }
        () => Users::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::found_in;
    use super::*;
    use crate::catalog::{Catalog, Privileges, QualifiedName, Routine, Schema};

    fn found_where(schema: &str, role: &str, what: &str) -> Vec<Severity> {
        let privileges = Privileges([(role.to_owned(), [what.to_owned()].into())].into());
        let catalog = Catalog {
            schemas: vec![Schema {
                name: schema.to_owned(),
                privileges,
                ..Schema::default()
            }],
            functions: vec![Routine {
                name: QualifiedName::new(schema, "purge"),
                security_definer: true,
                ..Routine::default()
            }],
            ..Catalog::default()
        };
        let findings = found_in(&KIND, &catalog);
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn whoever_may_not_use_the_schema_cannot_call_it() {
        let (all, some) = ([Severity::Warning], [Severity::Note]);
        assert_eq!(found_where("public", "ann", "USAGE"), all);
        assert_eq!(found_where("public", "PUBLIC", "REVOKED USAGE"), []);
        assert_eq!(found_where("private", "PUBLIC", "CREATE"), []);
        assert_eq!(found_where("private", "PUBLIC", "USAGE"), all);
        assert_eq!(found_where("private", "PUBLIC", "ALL"), all);
        assert_eq!(found_where("private", "ann", "USAGE GRANTED BY bob"), some);
        assert_eq!(found_where("private", "OWNER", "USAGE"), []);
    }
}
