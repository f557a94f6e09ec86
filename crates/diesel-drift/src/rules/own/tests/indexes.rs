//! Which indexes count: for a column, and for a foreign key.

use super::read;
use crate::catalog::{
    Catalog, Column, ForeignKey, Index, IndexColumn, IndexTerm, Key, Nulls, QualifiedName, Relation,
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

#[test]
fn of_a_table_those_count_that_count_of_a_column() {
    let unique = "every = \"table\"\nwhere = { name = \"posts\" }\nmust = { index = { unique = true, columns = [\"author_id\"] } }";
    let mut keyed = posts(None);
    keyed.relations[0].unique.push(Key {
        name: "posts_author_id_key".into(),
        columns: vec!["author_id".into()],
        ..Key::default()
    });
    assert_eq!(broken(unique, &keyed), None);
    let of = |index: Index| {
        let index = Index {
            unique: true,
            ..index
        };
        broken(unique, &posts(Some(index)))
    };
    let plain = || index("i", &["author_id"]);
    assert_eq!(of(plain()), None);
    assert_eq!(
        of(Index {
            predicate: Some("(author_id > 7)".into()),
            ..plain()
        })
        .as_deref(),
        Some("no index, for `i` is partial")
    );
    assert_eq!(
        of(Index {
            invalid: true,
            ..plain()
        })
        .as_deref(),
        Some("no index, for `i` is invalid")
    );
    let partial = unique.replace("unique = true", "predicate = { present = true }");
    let catalog = posts(Some(Index {
        predicate: Some("(author_id > 7)".into()),
        ..plain()
    }));
    assert_eq!(broken(&partial, &catalog), None);
}

#[test]
fn an_expression_goes_without_the_parentheses_that_postgresql_adds() {
    let expression = |term: &str, nulls| Index {
        name: "i".into(),
        columns: vec![IndexColumn {
            term: IndexTerm::Expression(term.into()),
            nulls,
            ..IndexColumn::default()
        }],
        ..Index::default()
    };
    for nulls in [None, Some(Nulls::First)] {
        let catalog = posts(Some(expression("lower(name)", nulls)));
        for asked in [
            "[\"lower(name)\"]",
            "[\"(lower(name))\"]",
            "{ contains = \"lower(name)\" }",
            "{ term = \"lower(name)\" }",
        ] {
            let rule = format!("every = \"index\"\nmust = {{ columns = {asked} }}");
            assert_eq!(broken(&rule, &catalog), None, "{asked}");
        }
        let other = "every = \"index\"\nmust = { columns = [\"upper(name)\"] }";
        assert!(broken(other, &catalog).is_some());
    }
}

#[test]
fn everybody_is_public_as_in_sql() {
    let mut catalog = posts(None);
    let select = ("PUBLIC".to_owned(), vec!["SELECT".to_owned()]);
    catalog.relations[0].privileges.0.extend([select]);
    for asked in [
        "{ contains = \"public\" }",
        "{ contains = \"PUBLIC\" }",
        "{ Public = [\"SELECT\"] }",
    ] {
        let rule = format!("every = \"table\"\nmust_not = {{ privileges = {asked} }}");
        let told = broken(&rule, &catalog).unwrap_or_default();
        assert!(told.starts_with("`privileges` is `"), "{asked}: {told}");
    }
    // A role that nothing is granted to is told by its name.
    let other = "every = \"table\"\nmust_not = { privileges = { contains = \"republic\" } }";
    assert_eq!(broken(other, &catalog).as_deref(), Some("republic"));
}
