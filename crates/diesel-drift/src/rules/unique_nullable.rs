use super::index_redundant::is_stronger;
use super::words::{checks_of, list, member_subject, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Index, IndexTerm, MatchType, quote_identifier};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "unique-nullable",
    severity: Severity::Warning,
    summary: "a unique key over several columns of which one may be null; a note where that is an identifier that not every row has",
    fixture: Some(rule_fixture!("unique-nullable")),
    found: Found::ByRule(&Rule {
        because: "Null is equal to nothing, so that rows with a null there never collide: the same pair gets in as often as somebody likes, and \
                  ON CONFLICT never sees it.",
        instead: "`NULLS NOT DISTINCT` (PostgreSQL 15), or one unique index `WHERE … IS NOT NULL` and another, without the column, `WHERE … IS NULL`, or \
                  NOT NULL on the column",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "unique key `{}` does not hold where {} is null",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().indexes().into_iter())
        .filter(|index| index.unique && index.columns.len() > 1)
        .filter(|index| !index.nulls_not_distinct)
        // Rows that fewer of its columns keep apart never meet in it: it is what a foreign key points to.
        .filter(|index| {
            let table = index.table.relation();
            let mut others = table.indexes.iter();
            !others.any(|other| is_stronger(other, index.item(), table, linted))
        })
        .filter_map(|index| {
            let nullable = nullable(&index, linted);
            // "Unique if given" is meant where every column may be left out together.
            if nullable.is_empty() || is_meant(&index, &nullable) {
                return None;
            }
            let names: Vec<String> = nullable.iter().map(|name| list([name])).collect();
            let finding = Finding::new(&KIND, member_subject(&index)).live(names.join(" or "));
            let finding = match is_if_given(&index, &nullable) {
                true => finding.severity(Severity::Note),
                false => finding,
            };
            Some(
                match remedy(&index, &nullable, linted.live.server_version) {
                    Some(sql) => finding.help(sql),
                    None => finding,
                },
            )
        })
        .collect()
}

/// The key's columns that may be null.
fn nullable<'a>(index: &Member<'a, Index>, linted: &Linted<'a>) -> Vec<&'a str> {
    let table = index.table.relation();
    (index.item().columns.iter())
        .filter_map(|column| match &column.term {
            IndexTerm::Column(name) => table.column(name),
            IndexTerm::Expression(_) => None,
        })
        .filter(|column| linted.takes_null(column, table))
        .map(|column| column.name.as_str())
        // What the predicate says of a column, it says of its nulls: `IS NOT NULL`, or what is not true of null.
        .filter(|name| {
            let predicate = index.item().predicate.as_deref();
            !predicate.is_some_and(|predicate| mentions(predicate, name))
        })
        .collect()
}

/// What to write, where it can be said.
fn remedy(index: &Member<'_, Index>, nullable: &[&str], server_version: u32) -> Option<String> {
    let names = (index.columns.iter()).map(|column| match &column.term {
        IndexTerm::Column(name) => Some(name),
        IndexTerm::Expression(_) => None,
    });
    let names: Vec<&String> = names.collect::<Option<_>>()?;
    let table = index.table.name.to_sql();
    if index.method.is_some() {
        // `WITHOUT OVERLAPS`, in PostgreSQL 18: nulls are always distinct there.
        let columns = nullable
            .iter()
            .map(|column| format!("ALTER COLUMN {} SET NOT NULL", list([column])));
        let columns: Vec<String> = columns.collect();
        return Some(format!(
            "write `ALTER TABLE {table} {};`",
            columns.join(", ")
        ));
    }
    match (&index.constraint, nullable) {
        (Some(constraint), _) if server_version >= 150_000 => {
            let name = list([constraint]);
            Some(format!(
                "write `ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} UNIQUE NULLS NOT DISTINCT ({});`, or say with NOT NULL or a \
                 partial index what a null means",
                list(names)
            ))
        }
        (_, [column]) => {
            let rest = list(names.into_iter().filter(|name| name != column));
            let rows = (index.predicate.iter()).map(|predicate| format!("{predicate} AND "));
            Some(format!(
                "write `CREATE UNIQUE INDEX ON {table} ({rest}) WHERE {}{} IS NULL;`, which holds the rows that this one lets in, or NOT NULL",
                rows.collect::<String>(),
                list([column])
            ))
        }
        _ => None,
    }
}

/// Whether the columns are more likely unique if given: an identifier of somebody else's within what the row belongs to, or a key of which
/// everything may be left out.
fn is_if_given(index: &Member<'_, Index>, nullable: &[&str]) -> bool {
    let keys = &index.table.foreign_keys;
    let refers = |column: &str| {
        keys.iter()
            .any(|key| key.columns.iter().any(|it| it == column))
    };
    let mut others = (index.columns.iter()).filter_map(|column| match &column.term {
        IndexTerm::Column(name) if nullable.contains(&name.as_str()) => None,
        IndexTerm::Column(name) => Some(refers(name)),
        IndexTerm::Expression(_) => Some(false),
    });
    nullable.iter().all(|column| !refers(column)) && others.all(|refers| refers)
}

/// Whether the schema shows that null was thought of.
fn is_meant(index: &Member<'_, Index>, nullable: &[&str]) -> bool {
    // All given or none: what refers by them together says so.
    let is_full = (index.table.foreign_keys.iter()).any(|key| {
        key.match_type == MatchType::Full
            && nullable
                .iter()
                .all(|column| key.columns.iter().any(|name| name == column))
    });
    is_full || nullable.iter().all(|column| is_thought_of(index, column))
}

/// Whether another unique index is for the rows where a column is null, a check asks whether it is, or it is a flag: true once, null for all
/// others.
fn is_thought_of(index: &Member<'_, Index>, column: &str) -> bool {
    let table = index.table.relation();
    let asks =
        |sql: &str, what: &str| sql.contains(&format!("({} IS {what})", quote_identifier(column)));
    let other = (table.indexes.iter()).any(|other| {
        other.unique
            && (other.predicate.as_deref()).is_some_and(|predicate| asks(predicate, "NULL"))
    });
    let checked = checks_of(table, column).any(|check| {
        let sql = &check.expression;
        let is_counted = sql.contains("num_nonnulls") || sql.contains("num_nulls");
        asks(sql, "NULL") || asks(sql, "NOT NULL") || is_counted
    });
    let coalesced = (table.indexes.iter()).any(|other| {
        other.unique
            && other.columns.iter().any(|term| match &term.term {
                IndexTerm::Expression(text) => {
                    text.to_lowercase().contains("coalesce(") && mentions(text, column)
                }
                IndexTerm::Column(_) => false,
            })
    });
    let is_flag = table
        .column(column)
        .is_some_and(|it| it.data_type.name == "bool");
    other || checked || coalesced || is_flag
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found_in, index, table};
    use super::*;
    use crate::catalog::{Catalog, Check, Domain, ForeignKey, QualifiedName};

    fn accounts(domain: &str, columns: &[&str]) -> Vec<Finding> {
        let mut accounts = table(
            "accounts",
            [column("name", "text"), column("domain", "text")],
        );
        accounts.columns[0].not_null = true;
        accounts.columns[1].data_type.schema = "public".into();
        accounts.columns[1].data_type.name = domain.to_owned();
        accounts.indexes.push(Index {
            unique: true,
            ..index("accounts_idx", columns)
        });
        let host = Domain {
            name: QualifiedName::new("public", "host"),
            not_null: true,
            ..Domain::default()
        };
        let catalog = Catalog {
            relations: vec![accounts],
            domains: vec![host],
            ..Catalog::default()
        };
        found_in(&KIND, &catalog)
    }

    #[test]
    fn one_column_that_may_be_null_is_unique_if_given() {
        assert_eq!(accounts("text", &["domain"]), []);
    }

    #[test]
    fn a_domain_keeps_null_out() {
        assert_eq!(accounts("host", &["name", "domain"]), []);
    }

    #[test]
    fn an_index_of_some_rows_is_one_too() {
        let of_rows = |predicate: &str| {
            let mut items = table("items", [column("name", "text"), column("domain", "text")]);
            items.columns[0].not_null = true;
            items.indexes.push(Index {
                unique: true,
                predicate: Some(predicate.to_owned()),
                ..index("items_idx", &["name", "domain"])
            });
            let catalog = Catalog {
                relations: vec![items],
                ..Catalog::default()
            };
            found_in(&KIND, &catalog)
        };
        let findings = of_rows("(deleted_at IS NULL)");
        let sql = "write `CREATE UNIQUE INDEX ON public.items (name) WHERE (deleted_at IS NULL) AND domain IS NULL;`";
        assert!(
            findings[0].help[0].starts_with(sql),
            "{:?}",
            findings[0].help
        );
        for thought_of in [
            "((deleted_at IS NULL) AND (domain IS NOT NULL))",
            "(domain <> ''::text)",
            "(domain IS NULL)",
        ] {
            assert_eq!(of_rows(thought_of), [], "{thought_of}");
        }
    }

    #[test]
    fn an_identifier_within_what_the_row_belongs_to_is_unique_if_given() {
        let severity = |nullable: usize, key: &str| {
            let mut items = table("items", [column("org_id", "int8"), column("code", "text")]);
            items.columns[1 - nullable].not_null = true;
            items.foreign_keys.push(ForeignKey {
                columns: vec![key.to_owned()],
                ..ForeignKey::default()
            });
            items.indexes.push(Index {
                unique: true,
                ..index("items_idx", &["org_id", "code"])
            });
            let catalog = Catalog {
                relations: vec![items],
                ..Catalog::default()
            };
            found_in(&KIND, &catalog)[0].severity
        };
        assert_eq!(severity(1, "org_id"), Severity::Note);
        // Whose it is, is not known; or it does not belong to anything.
        assert_eq!(severity(0, "org_id"), Severity::Warning);
        assert_eq!(severity(1, "code"), Severity::Warning);
    }

    #[test]
    fn what_fewer_columns_keep_apart_never_collides() {
        let found = |shorter: &[&str]| {
            let mut items = table("items", [column("id", "int8"), column("tenant", "text")]);
            items.columns[0].not_null = true;
            for columns in [shorter, &["id", "tenant"]] {
                items.indexes.push(Index {
                    unique: true,
                    ..index(&columns.join("_"), columns)
                });
            }
            let catalog = Catalog {
                relations: vec![items],
                ..Catalog::default()
            };
            found_in(&KIND, &catalog).len()
        };
        assert_eq!(found(&["id"]), 0);
        assert_eq!(found(&["other"]), 1);
    }

    #[test]
    fn a_flag_and_a_check_say_what_null_means() {
        let found = |flag: &str, check: &str| {
            let mut items = table("items", [column("owner", "text"), column("chosen", flag)]);
            items.columns[0].not_null = true;
            items.checks.push(Check {
                expression: check.to_owned(),
                ..Check::default()
            });
            items.indexes.push(Index {
                unique: true,
                ..index("items_idx", &["owner", "chosen"])
            });
            let catalog = Catalog {
                relations: vec![items],
                ..Catalog::default()
            };
            found_in(&KIND, &catalog).len()
        };
        assert_eq!(found("text", "(owner <> ''::text)"), 1);
        assert_eq!(found("bool", "(owner <> ''::text)"), 0);
        assert_eq!(
            found("text", "((owner = 'a'::text) OR (chosen IS NOT NULL))"),
            0
        );
        assert_eq!(
            found("text", "((owner = 'a'::text) OR (rechosen IS NOT NULL))"),
            1
        );
    }

    #[test]
    fn what_is_missing_is_said_in_sql() {
        let findings = accounts("text", &["name", "domain"]);
        let sql = "CREATE UNIQUE INDEX ON public.accounts (name) WHERE domain IS NULL;";
        assert!(findings[0].help[0].contains(sql), "{:?}", findings[0].help);
    }
}
