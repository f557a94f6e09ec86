use super::words::{definers, list, said};
use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "definer-search-path",
    severity: Severity::Warning,
    summary: "a function with its owner's rights whose names the caller decides; a note where only temporary tables can take their place",
    fixture: Some(rule_fixture!("definer-search-path")),
    found: Found::ByRule(&Rule {
        because: "Whoever calls it sets the search path, and with it which tables, functions and operators its names are: a table of the caller's is read, a function of \
                  the caller's is run, with the rights of the owner. Where the path is fixed and `pg_temp` is not its last entry, PostgreSQL looks for tables and types among \
                  the session's temporary ones first, which everybody may make: their triggers run with the rights of the owner as well.",
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
            "`{}` is SECURITY DEFINER {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    definers(linted.catalog())
        .filter(|(routine, ..)| !["c", "internal"].contains(&routine.language.as_str()))
        // A body in standard SQL is bound when it is made.
        .filter(|(routine, ..)| routine.sql_body.is_none())
        .filter_map(|(routine, subject, called)| {
            let path = routine.settings.get("search_path").map(|path| schemas(path));
            let finding = Finding::new(&KIND, subject);
            match path {
                Some(path) if !path.iter().any(|schema| schema == "$user") => {
                    (!is_safe(&path)).then(|| {
                        let own = path.iter().filter(|schema| *schema != TEMPORARY);
                        finding
                            .severity(Severity::Note)
                            .live("and looks among the caller's temporary tables first: `pg_temp` is not the last of its search_path")
                            .help(format!(
                                "write `ALTER {called} SET search_path = {}, pg_temp;`",
                                list(own)
                            ))
                    })
                }
                fixed => Some(
                    finding
                        .live(match fixed {
                            Some(_) => "with a search_path that its caller decides: `$user` is in it",
                            None => "without a search_path of its own",
                        })
                        .help(format!(
                            "write `ALTER {called} SET search_path = pg_catalog, pg_temp;`, and every other name in it with its schema"
                        )),
                ),
            }
        })
        .collect()
}

/// The session's temporary tables and types. Where a path does not name it, it comes first.
const TEMPORARY: &str = "pg_temp";

/// The schemas of a search path, as `proconfig` holds it: `pg_catalog, "Mine"`.
fn schemas(path: &str) -> Vec<String> {
    let raw = |entry: &str| {
        let inner = entry
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        inner.map_or_else(|| entry.to_owned(), |inner| inner.replace("\"\"", "\""))
    };
    let mut quoted = false;
    let ends = |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    let entries = path.split(ends).map(|entry| raw(entry.trim()));
    entries.filter(|entry| !entry.is_empty()).collect()
}

/// Whether no temporary table can take the place of one that is meant. Where nothing but PostgreSQL's own is found without a schema, all else is written with one.
fn is_safe(path: &[String]) -> bool {
    let is_own = |schema: &String| schema == "pg_catalog" || schema == TEMPORARY;
    path.last().is_some_and(|last| last == TEMPORARY) || path.iter().all(is_own)
}

#[cfg(test)]
mod tests {
    use super::super::trial::found_in;
    use super::*;
    use crate::catalog::{Catalog, QualifiedName, Routine};

    fn with_path(path: &str) -> Vec<Severity> {
        let routine = Routine {
            name: QualifiedName::new("public", "purge"),
            signature: "()".to_owned(),
            language: "plpgsql".to_owned(),
            security_definer: true,
            settings: [("search_path".to_owned(), path.to_owned())].into(),
            ..Routine::default()
        };
        let catalog = Catalog {
            functions: vec![routine],
            ..Catalog::default()
        };
        let findings = found_in(&KIND, &catalog);
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn temporary_tables_are_looked_at_last() {
        for path in [
            "app, pg_temp",
            "pg_catalog, \"My app\", pg_temp",
            "pg_catalog",
            "\"\"",
            "",
        ] {
            assert_eq!(with_path(path), [], "{path}");
        }
        for path in [
            "app",
            "public, pg_catalog",
            "pg_temp, app",
            "app, \"$users\"",
        ] {
            assert_eq!(with_path(path), [Severity::Note], "{path}");
        }
    }

    #[test]
    fn who_calls_decides_what_user_is() {
        for path in ["\"$user\", public", "\"$user\", public, pg_temp"] {
            assert_eq!(with_path(path), [Severity::Warning], "{path}");
        }
    }

    #[test]
    fn a_note_says_the_whole_path() {
        let path = "pg_temp, \"a\"\"b, c\", app";
        assert_eq!(schemas(path), ["pg_temp", "a\"b, c", "app"]);
    }
}
