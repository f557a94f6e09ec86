use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Index, IndexTerm, Key, QualifiedName, Relation, ReplicaIdentity};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::{BTreeSet, HashSet};

pub static KIND: Kind = Kind {
    id: "index-duplicate",
    severity: Severity::Warning,
    summary: "an index, or a unique constraint, that holds just what another one does",
    fixture: Some(rule_fixture!("index-duplicate")),
    found: Found::ByRule(&Rule {
        because: "Every write pays for both, and no query needs the second.",
        instead: "one of the two: the one that a constraint needs",
        default: Default::On,
        others: &[
            (
                "splinter",
                "0009 `duplicate_index`, by text: a unique index and a plain one are not the same",
            ),
            ("database_consistency", "`RedundantIndexChecker`"),
            ("active_record_doctor", "`extraneous_indexes`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "index `{}` holds what `{}` holds",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let targets = Targets::of(linted);
    (linted.tables().indexes().into_iter())
        .filter(|index| !index.invalid && !is_somebody_s(index))
        .filter_map(|index| {
            let table = index.table.relation();
            let twin = (table.indexes.iter()).find(|other| is_twin(index.item(), other, table))?;
            let drop = drops(index.item(), table);
            // A foreign key goes by one of the two, and nothing in its definition says by which.
            let help = match targets.has(table, index.item()) {
                true => format!(
                    "write {drop}, or, where a foreign key goes by that one, {}",
                    drops(twin, table)
                ),
                false => format!("write {drop}"),
            };
            Some(
                Finding::new(&KIND, member_subject(&index))
                    .live(&twin.name)
                    .help(help),
            )
        })
        .collect()
}

/// What takes an index away, with its constraint where it has one.
pub(super) fn drops(index: &Index, table: &Relation) -> String {
    match &index.constraint {
        Some(constraint) => format!(
            "`ALTER TABLE {} DROP CONSTRAINT {};`",
            table.name.to_sql(),
            list([constraint])
        ),
        None => {
            let name = QualifiedName::new(&table.name.schema, &index.name);
            format!("`DROP INDEX {};`", name.to_sql())
        }
    }
}

/// What foreign keys point to: tables, and of each the columns, in no order.
pub(super) struct Targets<'a>(HashSet<(&'a QualifiedName, BTreeSet<&'a String>)>);

impl<'a> Targets<'a> {
    /// Those of all foreign keys.
    pub(super) fn of(linted: &Linted<'a>) -> Self {
        let keys = (linted.catalog().relations.iter()).flat_map(|relation| &relation.foreign_keys);
        Self(
            keys.map(|key| (&key.target, key.target_columns.iter().collect()))
                .collect(),
        )
    }

    /// Whether a foreign key may need an index: it points to just its columns.
    pub(super) fn has(&self, table: &Relation, index: &Index) -> bool {
        let names: Option<BTreeSet<&String>> = (index.columns.iter())
            .map(|column| match &column.term {
                IndexTerm::Column(name) => Some(name),
                IndexTerm::Expression(_) => None,
            })
            .collect();
        // So that the key need not live as long as the foreign keys.
        let targets: &HashSet<(&QualifiedName, BTreeSet<&String>)> = &self.0;
        index.unique && names.is_some_and(|names| targets.contains(&(&table.name, names)))
    }
}

/// The primary key or unique constraint that an index is for.
pub(super) fn key_of<'a>(index: &Index, table: &'a Relation) -> Option<&'a Key> {
    let name = index.constraint.as_ref()?;
    let mut keys = table.primary_key.iter().chain(&table.unique);
    keys.find(|key| key.name == *name)
}

/// Whether nothing but queries could need an index.
pub(super) fn is_spare(index: &Member<'_, Index>) -> bool {
    index.constraint.is_none() && !index.invalid && !is_somebody_s(index)
}

/// Whether something beside queries and constraints goes by an index.
pub(super) fn is_somebody_s(index: &Member<'_, Index>) -> bool {
    let name = &index.name;
    index.part_of.is_some()
        || index.table.clustered_on.as_ref() == Some(name)
        || index.table.replica_identity == Some(ReplicaIdentity::Index(name.clone()))
}

/// How much an index does beside serving queries.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Plain,
    Unique,
    Constraint,
    PrimaryKey,
}

fn rank(index: &Index, table: &Relation) -> Rank {
    let is_primary = |name: &String| {
        let key = table.primary_key.as_ref();
        key.is_some_and(|key| key.name == *name)
    };
    match &index.constraint {
        Some(name) if is_primary(name) => Rank::PrimaryKey,
        Some(_) => Rank::Constraint,
        None if index.unique => Rank::Unique,
        None => Rank::Plain,
    }
}

/// Whether an index can be dropped because of `other`: they hold the same, and `other` does at least as much, and at the same time.
fn is_twin(index: &Index, other: &Index, table: &Relation) -> bool {
    let (own, of_other) = (rank(index, table), rank(other, table));
    // Of two equals the second goes, by name.
    let stays = of_other > own || of_other == own && other.name < index.name;
    let key = key_of(index, table);
    // What excludes by other operators than `=` does nothing like it.
    let is_exclusion = index.constraint.is_some() && key.is_none();
    let checks = |key: Option<&Key>| {
        key.map(|key| (key.deferrable, key.initially_deferred, key.without_overlaps))
            .unwrap_or_default()
    };
    let keeps_apart = other.unique
        && index.nulls_not_distinct == other.nulls_not_distinct
        && checks(key) == checks(key_of(other, table));
    stays
        && !is_exclusion
        && !other.invalid
        && index.method == other.method
        && index.columns == other.columns
        && index.include == other.include
        && index.predicate == other.predicate
        && (!index.unique || keeps_apart)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, index, table};
    use super::*;
    use crate::catalog::ForeignKey;

    /// Users with two indexes over `email`, each with its constraint where it has one.
    fn users(own: [(&str, Option<Key>); 2], primary: bool) -> Relation {
        let mut users = table("users", [column("email", "text")]);
        for (name, key) in own {
            let key = key.map(|key| Key {
                name: name.to_owned(),
                columns: vec!["email".to_owned()],
                ..key
            });
            users.indexes.push(Index {
                unique: true,
                constraint: key.as_ref().map(|key| key.name.clone()),
                ..index(name, &["email"])
            });
            match primary && users.primary_key.is_none() {
                true => users.primary_key = key,
                false => users.unique.extend(key),
            }
        }
        users
    }

    fn helps(users: Relation) -> Vec<String> {
        let findings = found(&KIND, [users]);
        (findings.iter())
            .flat_map(|finding| finding.help.clone())
            .collect()
    }

    #[test]
    fn constraints_have_twins() {
        let key = || Some(Key::default());
        let second = "write `ALTER TABLE public.users DROP CONSTRAINT users_b;`";
        for primary in [false, true] {
            let users = users([("users_a", key()), ("users_b", key())], primary);
            assert_eq!(helps(users), [second]);
        }
        // The primary key stays, whatever its name is.
        let named = users([("users_pkey", key()), ("a_key", key())], true);
        let other = "write `ALTER TABLE public.users DROP CONSTRAINT a_key;`";
        assert_eq!(helps(named), [other]);
        let plain = users([("users_a", None), ("users_b", key())], false);
        assert_eq!(helps(plain), ["write `DROP INDEX public.users_a;`"]);
    }

    #[test]
    fn what_holds_at_another_time_is_no_twin() {
        let deferrable = || {
            Some(Key {
                deferrable: true,
                ..Key::default()
            })
        };
        let immediate = users([("users_a", None), ("users_b", deferrable())], false);
        assert_eq!(helps(immediate), [""; 0]);
        let both = users(
            [("users_a", deferrable()), ("users_b", deferrable())],
            false,
        );
        assert_eq!(helps(both).len(), 1);
        // For a query they are one.
        let mut plain = users([("users_a", None), ("users_b", deferrable())], false);
        plain.indexes[0].unique = false;
        assert_eq!(helps(plain), ["write `DROP INDEX public.users_a;`"]);
    }

    #[test]
    fn what_a_foreign_key_goes_by_is_said_both_ways() {
        let mut users = users(
            [("users_a", None), ("users_b", Some(Key::default()))],
            false,
        );
        users.foreign_keys.push(ForeignKey {
            target: users.name.clone(),
            target_columns: vec!["email".to_owned()],
            ..ForeignKey::default()
        });
        assert_eq!(
            helps(users),
            [
                "write `DROP INDEX public.users_a;`, or, where a foreign key goes by that one, `ALTER TABLE public.users DROP CONSTRAINT users_b;`"
            ]
        );
    }
}
