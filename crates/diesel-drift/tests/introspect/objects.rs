//! Types, names, columns and sequences that are hard to read right.

use crate::support::{HOSTILE, database_with, read, relation};
use diesel_drift::catalog::{DataType, Generation, QualifiedName, Relation};
use pretty_assertions::assert_eq;

fn data_type<'catalog>(relation: &'catalog Relation, column: &str) -> &'catalog DataType {
    &relation.column(column).unwrap().data_type
}

#[test]
fn types_are_told_apart_and_arrays_by_their_element() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;
    let kinds = relation(&catalog, "kinds");
    let told = |column: &str| {
        let DataType {
            sql,
            schema,
            name,
            array,
            length,
        } = data_type(kinds, column);
        (sql.clone(), format!("{schema}.{name}"), *array, *length)
    };
    let expected = [
        ("a", "\"char\"", "pg_catalog.char", false, None),
        ("b", "name", "pg_catalog.name", false, None),
        (
            "d",
            "interval year to month",
            "pg_catalog.interval",
            false,
            None,
        ),
        (
            "f",
            "interval day to second(2)",
            "pg_catalog.interval",
            false,
            None,
        ),
        ("g", "bit(3)", "pg_catalog.bit", false, Some(3)),
        ("h", "bit(1)", "pg_catalog.bit", false, Some(1)),
        ("i", "bit varying(5)", "pg_catalog.varbit", false, Some(5)),
        ("j", "bit varying", "pg_catalog.varbit", false, None),
        ("n", "numeric(10,2)[]", "pg_catalog.numeric", true, None),
        ("o", "character varying", "pg_catalog.varchar", false, None),
        (
            "p",
            "character varying(9)",
            "pg_catalog.varchar",
            false,
            Some(9),
        ),
        (
            "q",
            "character varying(9)[]",
            "pg_catalog.varchar",
            true,
            Some(9),
        ),
        ("r", "character(1)", "pg_catalog.bpchar", false, Some(1)),
        ("t", "bpchar", "pg_catalog.bpchar", false, None),
        (
            "x",
            "timestamp(0) without time zone",
            "pg_catalog.timestamp",
            false,
            None,
        ),
        ("as", "text[]", "pg_catalog.text", true, None),
        ("at", "bit(3)[]", "pg_catalog.bit", true, Some(3)),
        ("au", "public.citext", "public.citext", false, None),
        ("av", "public.citext[]", "public.citext", true, None),
        ("ay", "public.even", "public.even", false, None),
        ("ba", "public.matrix", "public.matrix", false, None),
        ("bb", "public.positive[]", "public.positive", true, None),
        ("bc", "public.plain_text", "public.plain_text", false, None),
        ("bg", "public.\"Mood 😀\"", "public.Mood 😀", false, None),
        ("bh", "public.\"Mood 😀\"[]", "public.Mood 😀", true, None),
        (
            "bp",
            "information_schema.yes_or_no",
            "information_schema.yes_or_no",
            false,
            None,
        ),
    ];
    for (column, sql, name, array, length) in expected {
        assert_eq!(
            told(column),
            (sql.to_owned(), name.to_owned(), array, length),
            "{column}"
        );
    }

    let even = catalog
        .domains
        .iter()
        .find(|domain| domain.name.name == "even")
        .unwrap();
    assert_eq!(even.base.name, "positive");
    assert_eq!(even.checks[0].expression, "(((VALUE)::integer % 2) = 0)");
    let evens = catalog
        .domains
        .iter()
        .find(|domain| domain.name.name == "evens")
        .unwrap();
    assert_eq!(
        (evens.base.name.as_str(), evens.base.array, evens.not_null),
        ("even", true, true)
    );
    let positive = catalog
        .domains
        .iter()
        .find(|domain| domain.name.name == "positive")
        .unwrap();
    let not_valid: Vec<_> = positive
        .checks
        .iter()
        .map(|check| (check.name.as_str(), check.not_valid))
        .collect();
    assert_eq!(
        not_valid,
        [("later", true), ("positive_check", false), ("small", false)]
    );
    assert_eq!(positive.checks[0].comment.as_deref(), Some("bad luck"));

    let mood = catalog
        .enums
        .iter()
        .find(|object| object.name.name == "Mood 😀")
        .unwrap();
    assert_eq!(
        mood.labels,
        ["first", "ok", "it's \"bad\"", "new\nline", "", "😀"]
    );
    let nothing = catalog
        .enums
        .iter()
        .find(|object| object.name.name == "nothing")
        .unwrap();
    assert_eq!(nothing.labels, Vec::<String>::new());

    let pair = catalog
        .composites
        .iter()
        .find(|object| object.name.name == "pair")
        .unwrap();
    let attributes: Vec<_> = pair
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    assert_eq!(attributes, ["left", "RIGHT", "amounts", "even", "after"]);
    assert_eq!(
        pair.attributes[1].collation,
        Some(QualifiedName::new("pg_catalog", "C"))
    );

    let range = &catalog.ranges[0];
    assert_eq!(range.name.to_string(), "public.text_range");
    assert_eq!(
        range.operator_class,
        Some(QualifiedName::new("pg_catalog", "text_pattern_ops"))
    );
    assert_eq!(range.collation, Some(QualifiedName::new("pg_catalog", "C")));
    assert_eq!(
        range.subtype_diff,
        Some(QualifiedName::new("public", "text_distance"))
    );
    assert_eq!(range.canonical, None);
}

#[test]
fn names_come_raw() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;
    let table = relation(&catalog, "Tàble; DROP TABLE kinds;--");
    assert_eq!(table.name.schema, "Ünï \"quoted\" 😀");
    let columns: Vec<_> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        columns,
        [
            "primary",
            "new\nline",
            "UPPER",
            "upper",
            "it's",
            "tab\ttab",
            "\u{202e}rtl"
        ]
    );
    assert_eq!(
        table.comment.as_deref(),
        Some("\"; DROP TABLE kinds; -- 😀")
    );
    assert_eq!(
        table.column("new\nline").unwrap().default.as_deref(),
        Some("'it''s\ntwo'::text")
    );
    assert_eq!(
        table.column("it's").unwrap().comment.as_deref(),
        Some("it's")
    );

    let long = "a123456789b123456789c123456789d123456789e123456789f123456789ghi";
    assert_eq!(long.len(), 63);
    assert_eq!(relation(&catalog, long).columns[0].name.len(), 63);
    let line = catalog
        .schemas
        .iter()
        .find(|schema| schema.name == "new\nline")
        .unwrap();
    assert_eq!(line.comment.as_deref(), Some("two\nlines"));
    let sequence = catalog
        .sequences
        .iter()
        .find(|sequence| sequence.name.name == "Seq\"uence")
        .unwrap();
    assert_eq!(
        (sequence.data_type.as_deref(), &sequence.owned_by),
        (Some("integer"), &None)
    );
}

#[test]
fn columns_and_sequences() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;
    let dropped = relation(&catalog, "dropped");
    let columns: Vec<_> = dropped
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["b", "c", "e", "f", "g", "h"]);
    assert_eq!(dropped.primary_key.as_ref().unwrap().columns, ["e", "c"]);
    assert_eq!(
        dropped.column("f").unwrap().generated,
        Some(Generation::Stored("(e * c)".into()))
    );
    assert_eq!(dropped.column("f").unwrap().default, None);

    let owners: Vec<_> = catalog
        .sequences
        .iter()
        .map(|sequence| {
            let owner = sequence.owned_by.as_ref();
            (
                sequence.name.name.as_str(),
                owner.map_or("", |owner| owner.column.as_str()),
            )
        })
        .collect();
    assert_eq!(
        owners,
        [
            ("Seq\"uence", ""),
            ("dropped_g_seq", "g"),
            ("free", ""),
            ("owned", "b"),
            ("unlogged_id_seq", "id"),
            ("Tàble; DROP TABLE kinds;--_primary_seq", "primary"),
        ]
    );
    let free = catalog
        .sequences
        .iter()
        .find(|sequence| sequence.name.name == "free")
        .unwrap();
    assert_eq!(
        (free.start, free.increment, free.cache, free.cycle),
        (Some(3), Some(2), Some(7), true)
    );
}
