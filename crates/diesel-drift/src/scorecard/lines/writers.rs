//! Which functions of the database write a table, as far as their texts say it.

use crate::catalog::{Catalog, QualifiedName, Routine};
use crate::migrate::uncommented;
use std::collections::BTreeSet;

/// Whether a function has an INSERT into a table, itself or in those that it calls.
pub(super) fn writes(catalog: &Catalog, function: &Routine, table: &QualifiedName) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![function];
    while let Some(next) = pending.pop() {
        if !seen.insert((&next.name, &next.signature)) {
            continue;
        }
        let text = Text::of(next);
        if text.inserts_into(catalog, next, table) {
            return true;
        }
        let routines = catalog.functions.iter().chain(&catalog.procedures);
        pending.extend(routines.filter(|routine| text.calls(&routine.name)));
    }
    false
}

/// What a routine is written as: words, and the signs between them that matter here.
struct Text {
    tokens: Vec<String>,
}

impl Text {
    fn of(routine: &Routine) -> Self {
        let body = (routine.body.as_deref()).or(routine.sql_body.as_deref());
        let lower = uncommented(body.unwrap_or_default())
            .to_lowercase()
            .replace('"', "");
        let mut tokens: Vec<String> = Vec::new();
        let mut is_word = false;
        for letter in lower.chars() {
            let joins = letter.is_alphanumeric() || ['_', '.', '$'].contains(&letter);
            match tokens.last_mut() {
                Some(last) if joins && is_word => last.push(letter),
                _ if letter.is_whitespace() => {}
                _ => tokens.push(letter.to_string()),
            }
            is_word = joins;
        }
        Self { tokens }
    }

    fn inserts_into(&self, catalog: &Catalog, routine: &Routine, table: &QualifiedName) -> bool {
        let targets = (self.tokens.windows(3))
            .filter(|three| three[..2] == ["insert", "into"])
            .map(|three| three[2].as_str());
        let name = table.name.to_lowercase();
        targets.into_iter().any(|target| match target {
            // `EXECUTE format('INSERT INTO %I', 'log')`: what it is stands elsewhere.
            "%" | "'" => (self.tokens.iter()).any(|token| bare(token) == name),
            _ => {
                bare(target) == name
                    && match target.rsplit_once('.') {
                        Some((schema, _)) => schema == table.schema.to_lowercase(),
                        None => is_found(catalog, routine, table),
                    }
            }
        })
    }

    fn calls(&self, routine: &QualifiedName) -> bool {
        let (schema, name) = (routine.schema.to_lowercase(), routine.name.to_lowercase());
        (self.tokens.windows(2)).any(|two| {
            two[1] == "("
                && bare(&two[0]) == name
                && (two[0].rsplit_once('.')).is_none_or(|(of, _)| of == schema)
        })
    }
}

/// A name without its schema.
fn bare(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, bare)| bare)
}

/// Whether a table is what its bare name means in a routine: the first in the `search_path` that the routine sets. Where it sets none, one of the
/// routine's own schema, or the only one.
fn is_found(catalog: &Catalog, routine: &Routine, table: &QualifiedName) -> bool {
    let called: Vec<&QualifiedName> = (catalog.relations.iter())
        .map(|relation| &relation.name)
        .filter(|name| name.name.to_lowercase() == table.name.to_lowercase())
        .collect();
    let Some(path) = routine.settings.get("search_path") else {
        return routine.name.schema == table.schema || called.len() < 2;
    };
    let schemas = path.split(',').map(|schema| schema.trim().replace('"', ""));
    let first = schemas
        .into_iter()
        .find(|schema| called.iter().any(|name| name.schema == *schema));
    first.as_deref() == Some(&table.schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Relation;

    fn routine(name: &str, path: Option<&str>, body: &str) -> Routine {
        let (schema, name) = name.split_once('.').unwrap();
        let settings = path.map(|path| ("search_path".to_owned(), path.to_owned()));
        Routine {
            name: QualifiedName::new(schema, name),
            body: Some(body.to_owned()),
            settings: settings.into_iter().collect(),
            ..Routine::default()
        }
    }

    /// Whether the first of some routines writes `app.Audit_Log`; `others` are more tables.
    fn is_writer(routines: Vec<Routine>, others: &[(&str, &str)]) -> bool {
        let table = QualifiedName::new("app", "Audit_Log");
        let names = others
            .iter()
            .map(|(schema, name)| QualifiedName::new(*schema, *name));
        let catalog = Catalog {
            relations: (names.chain([table.clone()]))
                .map(|name| Relation {
                    name,
                    ..Relation::default()
                })
                .collect(),
            functions: routines,
            ..Catalog::default()
        };
        writes(&catalog, &catalog.functions[0], &table)
    }

    const BARE: &str = "BEGIN\n  INSERT INTO audit_log(ts) VALUES (now()); END";

    #[rstest::rstest]
    #[case("insert into \"Audit_Log\" values (1)", true)]
    #[case("INSERT INTO app.audit_log(ts) VALUES (1)", true)]
    #[case("INSERT INTO other.audit_log VALUES (1)", false)]
    #[case("INSERT INTO audit_logs VALUES (1)", false)]
    #[case("-- INSERT INTO audit_log\nNULL", false)]
    #[case("SELECT 'insert'; UPDATE audit_log SET x = 1", false)]
    #[case("EXECUTE format('INSERT INTO %I VALUES (1)', 'audit_log')", true)]
    #[case("EXECUTE 'INSERT INTO ' || quote_ident('audit_log')", true)]
    #[case("EXECUTE format('INSERT INTO %I VALUES (1)', 'users')", false)]
    fn an_insert_is_seen_in_a_body(#[case] body: &str, #[case] expected: bool) {
        assert_eq!(is_writer(vec![routine("app.f", None, body)], &[]), expected);
    }

    #[rstest::rstest]
    #[case("public.f", Some("app"), &[("public", "audit_log")], true)]
    #[case("public.f", Some("public, \"app\""), &[("public", "audit_log")], false)]
    #[case("app.f", Some("public, pg_temp"), &[("public", "audit_log")], false)]
    #[case("public.f", Some("public, app"), &[], true)]
    #[case("public.f", Some(""), &[], false)]
    #[case("public.f", None, &[], true)]
    #[case("public.f", None, &[("other", "audit_log")], false)]
    #[case("app.f", None, &[("other", "audit_log")], true)]
    fn a_bare_name_is_looked_for_in_the_search_path(
        #[case] name: &str,
        #[case] path: Option<&str>,
        #[case] others: &[(&str, &str)],
        #[case] expected: bool,
    ) {
        assert_eq!(is_writer(vec![routine(name, path, BARE)], others), expected);
    }

    #[test]
    fn what_a_function_calls_is_followed() {
        let helper = || routine("audit.write", None, BARE);
        let called = |body: &str| is_writer(vec![routine("app.f", None, body), helper()], &[]);
        assert!(called("BEGIN PERFORM audit.write(NEW); RETURN NEW; END"));
        assert!(called("BEGIN PERFORM write (NEW); RETURN NEW; END"));
        assert!(!called("BEGIN PERFORM other.write(NEW); RETURN NEW; END"));
        assert!(!called("BEGIN x := audit.write; RETURN NEW; END"));
        // One that calls itself ends.
        assert!(!called("BEGIN PERFORM app.f(); END"));
    }
}
