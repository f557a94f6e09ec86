use super::words::definers;
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

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
        others: &[(
            "splinter",
            "0011 `function_search_path_mutable`, for every function, also with its caller's rights",
        )],
        check,
    }),
    message: |finding| {
        format!(
            "`{}` is SECURITY DEFINER without a search_path of its own",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    definers(linted.catalog())
        .filter(|(routine, ..)| !["c", "internal"].contains(&routine.language.as_str()))
        // A body in standard SQL is bound when it is made.
        .filter(|(routine, ..)| routine.sql_body.is_none())
        .filter(|(routine, ..)| routine.settings.get("search_path").is_none_or(|path| path.contains("$user")))
        .map(|(_, subject, called)| {
            Finding::new(&KIND, subject).help(format!(
                "write `ALTER {called} SET search_path = pg_catalog, pg_temp;`, and every other name in it with its schema"
            ))
        })
        .collect()
}
