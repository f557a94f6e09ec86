//! Which indexes count: for a column, and for a foreign key.

use super::read;
use crate::catalog::{
    Catalog, Column, ForeignKey, Index, IndexColumn, IndexTerm, Key, QualifiedName, Relation,
};
use crate::rules::own::{Objects, find};

fn index(name: &str, columns: &[&str]) -> Index {
    let column = |name: &&str| IndexColumn {
        term: IndexTerm::Column((*name).into()),
        ..IndexColumn::default()
    };
    Index {
        name: name.into(),
        columns: columns.iter().map(column).collect(),
        ..Index::default()
    }
}

/// `posts (id, author_id)`, whose key to `users (id)` an index may serve.
fn posts(index: Option<Index>) -> Catalog {
    let columns = |names: &[&str]| {
        let column = |name: &&str| Column {
            name: (*name).into(),
            ..Column::default()
        };
        names.iter().map(column).collect()
    };
    let users = Relation {
        name: QualifiedName::new("public", "users"),
        columns: columns(&["id"]),
        ..Relation::default()
    };
    let posts = Relation {
        name: QualifiedName::new("public", "posts"),
        columns: columns(&["id", "author_id"]),
        foreign_keys: vec![ForeignKey {
            name: "posts_author_id_fkey".into(),
            columns: vec!["author_id".into()],
            target: QualifiedName::new("public", "users"),
            target_columns: vec!["id".into()],
            ..ForeignKey::default()
        }],
        indexes: index.into_iter().collect(),
        ..Relation::default()
    };
    Catalog {
        relations: vec![posts, users],
        ..Catalog::default()
    }
}

/// What there is instead, where the rule is broken.
fn broken(lines: &str, catalog: &Catalog) -> Option<String> {
    let text = format!("[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n");
    let rules = read(&text).unwrap_or_else(|error| panic!("{error}"));
    let found = find(&[&rules[0]], &Objects::of(catalog));
    found
        .into_iter()
        .next()
        .map(|finding| finding.live.unwrap())
}

const OF_COLUMN: &str =
    "every = \"column\"\nwhere = { name = \"author_id\" }\nmust = { index = {} }";
const OF_KEY: &str = "every = \"foreign-key\"\nmust = { index = {} }";

#[test]
fn an_index_counts_if_it_finds_the_rows() {
    let plain = || index("i", &["author_id", "id"]);
    let of_method = |method: &str| Index {
        method: Some(method.into()),
        ..index("i", &["author_id"])
    };
    for (given, of_column, of_key) in [
        (None, Some("no index"), Some("no index")),
        (Some(plain()), None, None),
        (
            Some(index("i", &["id", "author_id"])),
            Some("no index"),
            Some("no index"),
        ),
        (Some(of_method("hash")), None, None),
        (
            Some(of_method("brin")),
            Some("no index, for `i` is a BRIN index"),
            Some("no index"),
        ),
        (
            Some(Index {
                predicate: Some("(author_id > 7)".into()),
                ..plain()
            }),
            Some("no index, for `i` is partial"),
            Some("no index"),
        ),
        (
            Some(Index {
                predicate: Some("(author_id IS NOT NULL)".into()),
                ..plain()
            }),
            Some("no index, for `i` is partial"),
            None,
        ),
        (
            Some(Index {
                invalid: true,
                ..plain()
            }),
            Some("no index, for `i` is invalid"),
            Some("no index"),
        ),
        // One of documents finds a row by any of its columns.
        (
            Some(Index {
                method: Some("gin".into()),
                ..index("i", &["id", "author_id"])
            }),
            None,
            Some("no index"),
        ),
    ] {
        let catalog = posts(given.clone());
        assert_eq!(
            broken(OF_COLUMN, &catalog).as_deref(),
            of_column,
            "{given:?}"
        );
        assert_eq!(broken(OF_KEY, &catalog).as_deref(), of_key, "{given:?}");
    }
}

#[test]
fn what_does_not_count_does_where_it_is_asked_for() {
    let catalog = posts(Some(Index {
        predicate: Some("(author_id > 7)".into()),
        method: Some("brin".into()),
        invalid: true,
        ..index("i", &["author_id"])
    }));
    let asked = "every = \"column\"\nmust_not = { index = { predicate = { present = true }, method = \"brin\", invalid = true } }";
    assert!(broken(asked, &catalog).is_some());
    let two_of_three = "every = \"column\"\nmust_not = { index = { predicate = { present = true }, invalid = true } }";
    assert_eq!(broken(two_of_three, &catalog), None);
}

#[test]
fn the_index_of_a_constraint_serves_a_key() {
    let mut catalog = posts(Some(Index {
        name: "posts_author_id_key".into(),
        constraint: Some("posts_author_id_key".into()),
        unique: true,
        ..index("", &["author_id"])
    }));
    catalog.relations[0].unique.push(Key {
        name: "posts_author_id_key".into(),
        columns: vec!["author_id".into()],
        ..Key::default()
    });
    assert_eq!(broken(OF_KEY, &catalog), None);
    let unique = "every = \"foreign-key\"\nmust = { index = { unique = true } }";
    assert_eq!(broken(unique, &catalog), None);
    // The key of a column, and the index of that.
    let nested = "every = \"column\"\nwhere = { name = \"author_id\" }\nmust = { foreign_key = { index = { unique = true } } }";
    assert_eq!(broken(nested, &catalog), None);
    assert_eq!(
        broken(nested, &posts(Some(index("i", &["author_id"])))).as_deref(),
        Some("foreign key `posts_author_id_fkey`: index `i`: `unique` is `false`")
    );
}
