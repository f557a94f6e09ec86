use super::words::schema_subject;
use super::{Default, Rule, rule_fixture};
use crate::catalog::quote_identifier;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "schema-public-create",
    severity: Severity::Warning,
    summary: "a schema in which everybody may make objects",
    fixture: Some(rule_fixture!("schema-public-create")),
    found: Found::ByRule(&Rule {
        because: "Any role of the server can put a function or a table there that takes the place of one that others call by its bare name.",
        instead: "`REVOKE CREATE ON SCHEMA … FROM PUBLIC`",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "schema `{}` lets everybody create objects in it",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.catalog().schemas.iter())
        .filter(|schema| {
            let public = schema.privileges.0.get("PUBLIC");
            // Only what deviates is kept, so that the default of `public` before PostgreSQL 15 is no finding.
            public.is_some_and(|public| {
                public.iter().any(|what| {
                    // `CREATE GRANTED BY ann` is one, `REVOKED CREATE` none.
                    ["CREATE", "ALL"].contains(&what.split(' ').next().unwrap_or_default())
                })
            })
        })
        .map(|schema| {
            Finding::new(&KIND, schema_subject(&schema.name)).help(format!(
                "write `REVOKE CREATE ON SCHEMA {} FROM PUBLIC;`",
                quote_identifier(&schema.name)
            ))
        })
        .collect()
}
