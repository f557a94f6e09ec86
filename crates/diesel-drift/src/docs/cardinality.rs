//! How many rows a foreign key lets there be at its two ends, and which columns are unique by themselves.

use crate::catalog::{ForeignKey, Index, IndexTerm, MatchType, Relation, quote_identifier};

/// What a foreign key says of the rows at its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cardinality {
    /// Each row of the referencing table refers to a row of the target: the key's columns cannot be null.
    pub mandatory: bool,
    /// At most one row refers to the same row of the target: what is unique in the referencing table is within the key's columns.
    pub at_most_one: bool,
    /// The key's columns are part of the referencing table's primary key: its rows are not told apart without the target.
    pub identifying: bool,
}

impl Cardinality {
    /// That of a foreign key of `relation`.
    ///
    /// Under `MATCH SIMPLE` a row with a null in the key refers to nothing, and under `MATCH FULL` only a row with nothing but nulls
    /// there can do so: one column that is not null makes such a reference mandatory.
    pub fn of(relation: &Relation, key: &ForeignKey) -> Self {
        let not_null = |name: &String| {
            let column = relation.column(name);
            column.is_some_and(|column| column.not_null)
        };
        let mandatory = match key.match_type {
            MatchType::Full => key.columns.iter().any(not_null),
            MatchType::Simple | MatchType::Partial => key.columns.iter().all(not_null),
        };
        let primary = relation.primary_key.iter();
        let keys: Vec<_> = primary.chain(&relation.unique).collect();
        let within = |columns: &[String]| columns.iter().all(|name| key.columns.contains(name));
        // The last column of a key without overlaps is a period: many rows have the rest in common.
        let by_key = keys
            .iter()
            .any(|unique| !unique.without_overlaps && within(&unique.columns));
        let by_index = relation.indexes.iter().any(|index| {
            unique_columns(index, &key.columns).is_some_and(|columns| within(&columns))
        });
        Self {
            mandatory,
            at_most_one: by_key || by_index,
            identifying: relation.primary_key.as_ref().is_some_and(|primary| {
                key.columns
                    .iter()
                    .all(|name| primary.columns.contains(name))
            }),
        }
    }
}

/// The columns that a unique index keeps apart in all rows that refer to something through `key`; none where it is not unique, leaves
/// such rows out, or has an expression.
fn unique_columns(index: &Index, key: &[String]) -> Option<Vec<String>> {
    let refers = |predicate: &String| {
        // A row that refers to something has no null in the key.
        key.iter()
            .any(|name| *predicate == format!("({} IS NOT NULL)", quote_identifier(name)))
    };
    if !index.unique || index.invalid || !index.predicate.iter().all(refers) {
        return None;
    }
    // The index of a constraint without overlaps is no unique one.
    (index.columns.iter())
        .map(|column| match &column.term {
            IndexTerm::Column(name) => Some(name.clone()),
            IndexTerm::Expression(_) => None,
        })
        .collect()
}

/// Whether no two rows have the same value in that column: a unique constraint or a unique index is on it alone.
pub(super) fn is_unique(relation: &Relation, column: &str) -> bool {
    let alone = |columns: &[String]| matches!(columns, [only] if only == column);
    let by_constraint = relation
        .unique
        .iter()
        .any(|key| !key.without_overlaps && alone(&key.columns));
    by_constraint
        || relation
            .indexes
            .iter()
            .filter(|index| {
                let primary = relation.primary_key.as_ref();
                index.constraint.is_none()
                    || index.constraint.as_ref() != primary.map(|key| &key.name)
            })
            .any(|index| unique_columns(index, &[]).is_some_and(|columns| alone(&columns)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, IndexColumn, Key};

    /// `t (id, a not null, b)` with a primary key on `id` and a foreign key on the columns named.
    fn table() -> Relation {
        let column = |name: &str, not_null| Column {
            name: name.to_owned(),
            not_null,
            ..Column::default()
        };
        Relation {
            columns: vec![column("id", true), column("a", true), column("b", false)],
            primary_key: Some(key(&["id"])),
            ..Relation::default()
        }
    }

    fn key(columns: &[&str]) -> Key {
        Key {
            columns: names(columns),
            ..Key::default()
        }
    }

    fn names(columns: &[&str]) -> Vec<String> {
        columns.iter().map(|name| (*name).to_owned()).collect()
    }

    fn foreign(columns: &[&str]) -> ForeignKey {
        ForeignKey {
            columns: names(columns),
            ..ForeignKey::default()
        }
    }

    fn index(columns: &[&str], predicate: Option<&str>) -> Index {
        let column = |name: &&str| IndexColumn {
            term: IndexTerm::Column((*name).to_owned()),
            ..IndexColumn::default()
        };
        Index {
            unique: true,
            columns: columns.iter().map(column).collect(),
            predicate: predicate.map(str::to_owned),
            ..Index::default()
        }
    }

    fn at_most_one(table: &Relation, columns: &[&str]) -> bool {
        Cardinality::of(table, &foreign(columns)).at_most_one
    }

    #[test]
    fn a_reference_is_mandatory_where_no_row_can_go_without() {
        let mandatory = |columns: &[&str]| Cardinality::of(&table(), &foreign(columns)).mandatory;
        assert!(mandatory(&["a"]) && mandatory(&["id", "a"]));
        assert!(!mandatory(&["b"]) && !mandatory(&["a", "b"]));
        let full = ForeignKey {
            match_type: MatchType::Full,
            ..foreign(&["a", "b"])
        };
        assert!(Cardinality::of(&table(), &full).mandatory);
    }

    #[test]
    fn a_key_within_the_reference_makes_it_one_to_one() {
        let mut table = table();
        assert!(at_most_one(&table, &["id"]) && at_most_one(&table, &["id", "a"]));
        assert!(!at_most_one(&table, &["a"]));
        table.unique = vec![key(&["a", "b"])];
        assert!(at_most_one(&table, &["b", "a"]));
        assert!(
            !at_most_one(&table, &["a"]),
            "only together they are unique"
        );
        table.unique = vec![Key {
            without_overlaps: true,
            ..key(&["a", "b"])
        }];
        assert!(!at_most_one(&table, &["a", "b"]));
    }

    #[test]
    fn a_unique_index_counts_where_every_referring_row_is_in_it() {
        let with = |index: Index| Relation {
            indexes: vec![index],
            ..table()
        };
        assert!(at_most_one(&with(index(&["b"], None)), &["b"]));
        assert!(at_most_one(
            &with(index(&["b"], Some("(b IS NOT NULL)"))),
            &["b"]
        ));
        assert!(!at_most_one(&with(index(&["b"], Some("(a = 1)"))), &["b"]));
        let invalid = Index {
            invalid: true,
            ..index(&["b"], None)
        };
        assert!(!at_most_one(&with(invalid), &["b"]));
        let mut expression = index(&["b"], None);
        expression.columns[0].term = IndexTerm::Expression("lower(b)".to_owned());
        assert!(!at_most_one(&with(expression), &["b"]));
        let not_unique = Index {
            unique: false,
            ..index(&["b"], None)
        };
        assert!(!at_most_one(&with(not_unique), &["b"]));
    }

    #[test]
    fn what_is_in_the_primary_key_identifies() {
        let mut table = table();
        table.primary_key = Some(key(&["id", "a"]));
        assert!(Cardinality::of(&table, &foreign(&["a"])).identifying);
        assert!(!Cardinality::of(&table, &foreign(&["a", "b"])).identifying);
    }

    #[test]
    fn a_column_is_unique_by_itself_only() {
        let mut table = table();
        table.unique = vec![key(&["a", "b"])];
        assert!(!is_unique(&table, "a"));
        table.unique.push(key(&["a"]));
        assert!(is_unique(&table, "a") && !is_unique(&table, "id"));
        table.indexes = vec![index(&["b"], Some("(b IS NOT NULL)"))];
        assert!(!is_unique(&table, "b"), "of some rows only");
        table.indexes = vec![index(&["b"], None)];
        assert!(is_unique(&table, "b"));
    }
}
