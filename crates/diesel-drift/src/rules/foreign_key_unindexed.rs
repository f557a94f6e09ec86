use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{ForeignKey, Index, IndexTerm, ReferentialAction, Relation, quote_identifier};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::cmp::Reverse;

pub static KIND: Kind = Kind {
    id: "foreign-key-unindexed",
    severity: Severity::Warning,
    summary: "a foreign key that no index of its table can serve; a note where a delete changes no rows there",
    fixture: Some(rule_fixture!("foreign-key-unindexed")),
    found: Found::ByRule(&Rule {
        because: "Each DELETE of a row that the key points to, and each UPDATE of that row's key, reads the whole referencing table while it \
                  holds its locks.",
        instead: "an index that begins with the key's columns, in any order",
        default: Default::On,
        others: &[
            (
                "splinter",
                "0001 `unindexed_foreign_keys`, in the order of the key's columns only",
            ),
            (
                "database_consistency",
                "`MissingIndexChecker`, for associations",
            ),
            (
                "active_record_doctor",
                "`unindexed_foreign_keys`, also for columns that are only called `…_id`",
            ),
        ],
        check,
    }),
    message: |finding| format!("foreign key `{}` {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let keys = linted.tables().foreign_keys();
    (keys.iter())
        .filter(|key| is_asked(key) && !is_said_of_another(key))
        .filter_map(|key| {
            let columns = list(&key.columns);
            let served = best(key, linted.relation(&key.target));
            let finding = Finding::new(&KIND, member_subject(key)).help(format!(
                "write `CREATE INDEX ON {} ({columns});`",
                key.table.name.to_sql()
            ));
            match served {
                Some((Served::Whole, _)) => None,
                Some((Served::Partly, index)) => {
                    Some(finding.severity(Severity::Note).live(format!(
                        "({columns}) is served only in part, by index `{}`",
                        index.name
                    )))
                }
                Some((Served::Not, _)) | None => Some(
                    (finding.severity(severity(key)))
                        .live(format!("({columns}) has no index that can serve it")),
                ),
            }
        })
        .collect()
}

/// Whether a key is looked at: its parent's is said there, and what is not enforced looks for no rows.
pub(crate) fn is_asked(key: &ForeignKey) -> bool {
    !key.inherited && !key.not_enforced
}

/// The index that serves a key best, and how well.
pub(crate) fn best<'a>(
    key: &Member<'a, ForeignKey>,
    target: Option<&Relation>,
) -> Option<(Served, &'a Index)> {
    (key.table.relation().indexes.iter())
        .map(|index| (served(index, key, target), index))
        .max_by_key(|(served, _)| *served)
}

/// A delete that changes the rows that refer has to find them each time; one that refuses does so as well, and is rarer.
fn severity(key: &ForeignKey) -> Severity {
    match key.on_delete {
        ReferentialAction::NoAction | ReferentialAction::Restrict => Severity::Note,
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => {
            Severity::Warning
        }
    }
}

/// Whether one index would serve another key of the same columns as well, for which it is said: of several the gravest, of those the first.
fn is_said_of_another(key: &Member<'_, ForeignKey>) -> bool {
    let same = |other: &&ForeignKey| {
        other.columns.len() == key.columns.len()
            && is_asked(other)
            && (other.columns.iter()).all(|column| key.columns.contains(column))
    };
    let said = (key.table.foreign_keys.iter().filter(same))
        .min_by_key(|other| (Reverse(severity(other)), &other.name));
    said.is_some_and(|said| said.name != key.name)
}

/// How well an index finds the rows of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Served {
    /// Not at all.
    Not,
    /// It begins with some of the key's columns, of which many rows may have the same.
    Partly,
    /// All of them, and no others.
    Whole,
}

/// Whether an index finds the rows of a key: its first columns are the key's, in whatever order; or some of them, where those alone say which row is
/// meant (`(id)` of `(id, tenant_id)`). One over a part of the rows does where that part is those whose key is not null, because no others are
/// asked for. Of methods that are not PostgreSQL's own nothing is known, so that they do.
pub(super) fn served(index: &Index, key: &ForeignKey, target: Option<&Relation>) -> Served {
    let leading: Vec<&String> = (index.columns.iter())
        .map_while(|column| match &column.term {
            IndexTerm::Column(name) if column.collation.is_none() => Some(name),
            _ => None,
        })
        .take_while(|name| key.columns.contains(name))
        .collect();
    let finds = match index.method.as_deref().unwrap_or("btree") {
        "hash" => leading.len() == 1 && index.columns.len() == 1,
        method => !["brin", "gin", "spgist"].contains(&method),
    };
    let of_all = (index.predicate.as_deref()).is_none_or(|predicate| is_not_null(predicate, key));
    if index.invalid || !finds || !of_all || leading.is_empty() {
        return Served::Not;
    }
    let covers = |name: &String| leading.contains(&name);
    match key.columns.iter().all(covers) || names_one_row(key, &leading, target) {
        true => Served::Whole,
        false => Served::Partly,
    }
}

/// Whether some of a key's columns are enough to know the row that is meant: what they refer to is a key of the target by itself.
fn names_one_row(key: &ForeignKey, columns: &[&String], target: Option<&Relation>) -> bool {
    let meant: Vec<&String> = (key.columns.iter().zip(&key.target_columns))
        .filter(|(own, _)| columns.contains(own))
        .map(|(_, other)| other)
        .collect();
    target.is_some_and(|target| {
        let mut keys = target.primary_key.iter().chain(&target.unique);
        keys.any(|unique| {
            !unique.columns.is_empty() && unique.columns.iter().all(|name| meant.contains(&name))
        })
    })
}

/// Whether a predicate asks for nothing but that columns of the key are not null.
fn is_not_null(predicate: &str, key: &ForeignKey) -> bool {
    let said: Vec<String> = (key.columns.iter())
        .map(|column| format!("({} IS NOT NULL)", quote_identifier(column)))
        .collect();
    let whole = predicate
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let all = |text: &str| {
        text.split(" AND ")
            .all(|part| said.iter().any(|said| said == part))
    };
    all(predicate) || whole.is_some_and(all)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, index, table};
    use super::*;
    use crate::catalog::{Key, QualifiedName};

    /// Documents of tenants: the key carries the tenant along.
    fn documents(indexed: &[&str], on_delete: ReferentialAction) -> Vec<Finding> {
        let mut users = table("users", [column("id", "int8"), column("tenant_id", "int8")]);
        users.primary_key = Some(Key {
            columns: vec!["id".into()],
            ..Key::default()
        });
        let columns = ["id", "author_id", "tenant_id"].map(|name| column(name, "int8"));
        let mut documents = table("documents", columns);
        documents.foreign_keys.push(ForeignKey {
            name: "documents_author_id_fkey".into(),
            columns: vec!["author_id".into(), "tenant_id".into()],
            target: QualifiedName::new("public", "users"),
            target_columns: vec!["id".into(), "tenant_id".into()],
            on_delete,
            ..ForeignKey::default()
        });
        documents.indexes.push(index("documents_idx", indexed));
        found(&KIND, [users, documents])
    }

    #[test]
    fn an_index_on_what_is_unique_in_the_target_serves_the_whole_key() {
        let cascade = ReferentialAction::Cascade;
        assert_eq!(documents(&["author_id"], cascade), []);
        assert_eq!(documents(&["tenant_id", "author_id", "id"], cascade), []);
    }

    #[test]
    fn an_index_on_the_rest_serves_it_in_part() {
        let findings = documents(&["tenant_id", "id"], ReferentialAction::Cascade);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].severity, Severity::Note);
        assert!(findings[0].message().contains("only in part"));
    }

    #[test]
    fn a_delete_that_changes_rows_is_a_warning_and_one_that_refuses_a_note() {
        for (action, severity) in [
            (ReferentialAction::Cascade, Severity::Warning),
            (ReferentialAction::NoAction, Severity::Note),
        ] {
            assert_eq!(documents(&["id"], action)[0].severity, severity);
        }
    }
}
