use super::{Default, Rule, rule_fixture};
use crate::catalog::QualifiedName;
use crate::catalog::query::Named;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "definer-search-path",
    severity: Severity::Warning,
    summary: "a function with its owner's rights whose names the caller decides",
    fixture: Some(rule_fixture!("definer-search-path")),
    found: Found::ByRule(&Rule {
        because: "Whoever calls it sets the search path, and with it which tables, functions and operators its names are: a table of the caller's is read, a function of \
                  the caller's is run, with the rights of the owner.",
        instead: "`SET search_path = pg_catalog, pg_temp` in the function's definition, and every other name with its schema",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "function `{}` is SECURITY DEFINER without a search_path of its own",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.catalog().routines().into_iter())
        .filter(|routine| routine.security_definer && !["c", "internal"].contains(&routine.language.as_str()))
        // A body in standard SQL is bound when it is made.
        .filter(|routine| routine.sql_body.is_none())
        .filter(|routine| routine.settings.get("search_path").is_none_or(|path| path.contains("$user")))
        .map(|routine| {
            let name = QualifiedName::new(routine.schema(), routine.name()).to_sql();
            Finding::new(&KIND, Subject::Object(routine.object())).help(format!(
                "write `ALTER FUNCTION {name}{} SET search_path = pg_catalog, pg_temp;`, and every other name in it with its schema",
                routine.signature
            ))
        })
        .collect()
}
