use super::index_duplicate::{Targets, drops, is_somebody_s, is_spare, key_of};
use super::words::{member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Index, IndexColumn, IndexTerm, QualifiedName, Relation};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "index-redundant",
    severity: Severity::Note,
    summary: "an index whose columns are the first of another one's, or a unique one that says less than another",
    fixture: Some(rule_fixture!("index-redundant")),
    found: Found::ByRule(&Rule {
        because: "The longer index serves every query that this one does; every write pays for both. A slim index beside a wide one may be meant. And where `a` is \
                  unique, that `(a, b)` is says nothing more: it is there for a query, or for an `ON CONFLICT (a, b)`, or for nothing.",
        instead: "the longer one alone, of unique ones the shorter; or a comment on the index that says why it is there",
        default: Default::On,
        others: &[
            ("database_consistency", "`RedundantIndexChecker`"),
            ("active_record_doctor", "`extraneous_indexes`"),
        ],
        check,
    }),
    message: |finding| format!("index `{}` {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let targets = Targets::of(linted);
    (linted.tables().indexes().into_iter())
        .filter_map(|index| match index.unique {
            false => beginning(&index),
            true => weaker(&index, linted, &targets),
        })
        .collect()
}

fn beginning(index: &Member<'_, Index>) -> Option<Finding> {
    if !is_spare(index) || index.comment.is_some() {
        return None;
    }
    let indexes = &index.table.relation().indexes;
    let longer = indexes.iter().find(|other| begins(index.item(), other))?;
    let name = QualifiedName::new(&index.table.name.schema, &index.name).to_sql();
    Some(
        Finding::new(&KIND, member_subject(index))
            .live(format!("is the beginning of `{}`", longer.name))
            .help(format!(
                "write `DROP INDEX {name};`, or, if it is there for its size, say so: `COMMENT ON INDEX {name} IS '…';`"
            )),
    )
}

/// A unique index that another one makes unique: fewer of its columns are. What a foreign key points to, and what tells rows apart for somebody else, is
/// there for that.
fn weaker(
    index: &Member<'_, Index>,
    linted: &Linted<'_>,
    targets: &Targets<'_>,
) -> Option<Finding> {
    let table = index.table.relation();
    let constraint = (table.unique.iter()).find(|key| Some(&key.name) == index.constraint.as_ref());
    let says_why = index.comment.is_some() || constraint.is_some_and(|key| key.comment.is_some());
    // A primary key is never taken away for a unique one.
    let is_primary = index.constraint.is_some() && constraint.is_none();
    if says_why || is_primary || is_somebody_s(index) || targets.has(table, index.item()) {
        return None;
    }
    let shorter =
        (table.indexes.iter()).find(|other| is_stronger(other, index.item(), table, linted))?;
    let drop = drops(index.item(), table);
    let name = QualifiedName::new(&index.table.name.schema, &index.name).to_sql();
    Some(
        Finding::new(&KIND, member_subject(index))
            .live(format!("is unique because `{}` already is", shorter.name))
            .help(format!(
                "write {drop}, or, if an ON CONFLICT or a query needs it, say so: `COMMENT ON INDEX {name} IS '…';`"
            )),
    )
}

/// Whether the index is the beginning of a longer B-tree over the same rows.
fn begins(index: &Index, other: &Index) -> bool {
    let is_btree = |index: &Index| index.method.is_none();
    let included = |name: &String| {
        let is_key = other
            .columns
            .iter()
            .any(|column| column.term == IndexTerm::Column(name.clone()));
        is_key || other.include.contains(name)
    };
    is_btree(index)
        && is_btree(other)
        && !other.invalid
        && other.columns.len() > index.columns.len()
        && other.columns.starts_with(&index.columns)
        && index.predicate == other.predicate
        && index.include.iter().all(included)
}

/// Whether `other` keeps apart what the index keeps apart, by fewer of its columns: in the same rows, by the same equality, at the same time, and nulls as well.
pub(super) fn is_stronger(
    other: &Index,
    index: &Index,
    table: &Relation,
    linted: &Linted<'_>,
) -> bool {
    let is_plain = |of: &Index| {
        of.method.is_none()
            && !of.invalid
            && key_of(of, table).is_none_or(|key| !key.deferrable && !key.without_overlaps)
    };
    let same = |a: &IndexColumn, b: &IndexColumn| {
        a.term == b.term && a.operator_class == b.operator_class && a.collation == b.collation
    };
    let never_null = |column: &IndexColumn| match &column.term {
        IndexTerm::Column(name) => {
            (table.column(name)).is_some_and(|column| !linted.takes_null(column, table))
        }
        IndexTerm::Expression(_) => false,
    };
    let nulls = !index.nulls_not_distinct
        || other.nulls_not_distinct
        || other.columns.iter().all(never_null);
    other.unique
        && is_plain(other)
        && is_plain(index)
        && nulls
        && !other.columns.is_empty()
        && other.columns.len() < index.columns.len()
        && (other.columns.iter()).all(|a| index.columns.iter().any(|b| same(a, b)))
        && (other.predicate.is_none() || other.predicate == index.predicate)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, index, table};
    use super::*;
    use crate::catalog::{ForeignKey, Key};

    /// Accounts with a unique `id`, a plain unique index over `(id, tenant_id)`, and what is done to them.
    fn accounts(change: impl Fn(&mut Relation)) -> Vec<Finding> {
        let columns = ["id", "tenant_id"].map(|name| column(name, "int8"));
        let mut accounts = table("accounts", columns);
        let unique = |name: &str, columns: &[&str]| Index {
            unique: true,
            ..index(name, columns)
        };
        accounts.indexes = vec![
            unique("accounts_id", &["id"]),
            unique("accounts_both", &["tenant_id", "id"]),
        ];
        change(&mut accounts);
        found(&KIND, [accounts])
    }

    #[test]
    fn what_is_unique_by_fewer_columns_is_unique_by_more() {
        let findings = accounts(|_| ());
        assert_eq!(findings.len(), 1);
        assert_eq!(
            said(&findings[0]),
            "is unique because `accounts_id` already is"
        );
        assert!(findings[0].help[0].starts_with("write `DROP INDEX public.accounts_both;`"));
    }

    #[test]
    fn what_a_foreign_key_points_to_is_needed() {
        let key = || ForeignKey {
            columns: vec!["id".into(), "tenant_id".into()],
            target: QualifiedName::new("public", "accounts"),
            target_columns: vec!["id".into(), "tenant_id".into()],
            ..ForeignKey::default()
        };
        assert_eq!(accounts(|table| table.foreign_keys.push(key())), []);
    }

    #[test]
    fn another_equality_and_other_rows_and_another_time_are_another_key() {
        let deferrable = |table: &mut Relation| {
            table.indexes[0].constraint = Some("accounts_id".into());
            table.unique.push(Key {
                name: "accounts_id".into(),
                deferrable: true,
                ..Key::default()
            });
        };
        assert_eq!(accounts(deferrable), []);
        assert_eq!(
            accounts(|table| table.indexes[0].predicate = Some("(id > 0)".into())),
            []
        );
        assert_eq!(
            accounts(|table| table.indexes[1].nulls_not_distinct = true),
            []
        );
        assert_eq!(
            accounts(|table| table.indexes[1].comment = Some("for ON CONFLICT".into())),
            []
        );
        let collation = Some(QualifiedName::new("public", "german"));
        assert_eq!(
            accounts(|table| table.indexes[1].columns[1].collation = collation.clone()),
            []
        );
        let never_null = |table: &mut Relation| {
            table.indexes[1].nulls_not_distinct = true;
            table.columns[0].not_null = true;
        };
        assert_eq!(accounts(never_null).len(), 1);
    }

    #[test]
    fn a_plain_index_is_the_beginning_of_a_unique_one() {
        let plain = |table: &mut Relation| {
            table.indexes[0] = index("accounts_tenant", &["tenant_id"]);
        };
        let findings = accounts(plain);
        assert_eq!(said(&findings[0]), "is the beginning of `accounts_both`");
    }
}
