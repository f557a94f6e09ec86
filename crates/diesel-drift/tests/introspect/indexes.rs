//! Indexes, and PostgreSQL's own text for them as the oracle.

use crate::support::{DRIFT_BASE, HOSTILE, database_with, index, read, relation};
use diesel::connection::SimpleConnection;
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::catalog::{Index, IndexTerm, Nulls, QualifiedName, RelationKind};
use pretty_assertions::assert_eq;

#[test]
fn indexes_are_told_in_full() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;
    let indexed = relation(&catalog, "indexed");

    let collated = |name: &str| -> Vec<Option<&str>> {
        let columns = index(indexed, name).columns.iter();
        columns
            .map(|column| Some(column.collation.as_ref()?.name.as_str()))
            .collect()
    };
    assert_eq!(
        collated("ix_collation"),
        [Some("C"), Some("POSIX"), Some("C"), Some("C")]
    );
    let chosen = |name: &str| -> Vec<Option<&str>> {
        let columns = index(indexed, name).columns.iter();
        columns
            .map(|column| Some(column.operator_class.as_ref()?.name.as_str()))
            .collect()
    };
    assert_eq!(chosen("ix_default_opclass"), [None; 10]);
    assert_eq!(
        chosen("ix_opclass"),
        [
            Some("text_pattern_ops"),
            Some("varchar_ops"),
            Some("varchar_pattern_ops"),
            Some("text_ops")
        ]
    );

    let expression = index(indexed, "ix_expression");
    assert_eq!(expression.include, ["c", "d"]);
    assert_eq!(
        expression.predicate.as_deref(),
        Some("((id > 3) AND (a IS NOT NULL))")
    );
    assert_eq!(index(indexed, "ix_brin").options, ["pages_per_range=4"]);
    assert_eq!(index(indexed, "ix_hash").method.as_deref(), Some("hash"));
    let unique = index(indexed, "ix \"unique\"");
    assert_eq!((unique.unique, &unique.constraint), (true, &None));
    assert_eq!(unique.comment.as_deref(), Some("no constraint"));
    assert_eq!(
        index(indexed, "indexed_pkey").constraint.as_deref(),
        Some("indexed_pkey")
    );

    let materialized = relation(&catalog, "materialized");
    assert_eq!(materialized.kind, RelationKind::MaterializedView);
    assert_eq!(index(materialized, "materialized_a").columns.len(), 1);
    assert_eq!(materialized.comment.as_deref(), Some("counts"));
    let included = index(relation(&catalog, "target"), "u \"q\"");
    assert_eq!(included.include, ["d"]);
}

/// PostgreSQL's own text for an index, and the same put together from the catalog.
#[test]
fn indexes_agree_with_pg_get_indexdef() {
    for sql in [DRIFT_BASE, HOSTILE] {
        let (_database, mut connection) = database_with(sql);
        let catalog = read(&mut connection).catalog;
        connection.batch_execute("SET search_path = ''").unwrap();
        let mut compared = 0;
        for relation in &catalog.relations {
            for index in &relation.indexes {
                let name = QualifiedName::new(&relation.name.schema, &index.name);
                let definition: Text =
                    diesel::sql_query("SELECT pg_get_indexdef($1::regclass) AS text")
                        .bind::<diesel::sql_types::Text, _>(name.to_sql())
                        .get_result(&mut connection)
                        .unwrap();
                let (_, definition) = definition.text.split_once(" USING ").unwrap();
                let possible = definitions(index, &mut connection);
                assert!(
                    possible.iter().any(|text| text == definition),
                    "{definition}\nis none of {possible:#?}"
                );
                compared += 1;
            }
        }
        assert!(compared > 10);
    }
}

/// What stands after `USING` in the definition of an index. Of an expression with a collation other than its type's,
/// only PostgreSQL knows whether the expression has it by itself, so there are two.
fn definitions(index: &Index, connection: &mut PgConnection) -> Vec<String> {
    let mut lists = vec![Vec::new()];
    for column in &index.columns {
        let (name, own_collations) = match &column.term {
            IndexTerm::Column(name) => (quoted(name, connection), [true].as_slice()),
            IndexTerm::Expression(expression) => (expression.clone(), [true, false].as_slice()),
        };
        let text = |with_collation: bool, connection: &mut PgConnection| {
            let mut text = name.clone();
            if let Some(collation) = column.collation.as_ref().filter(|_| with_collation) {
                text += &format!(" COLLATE {}", short(collation, connection));
            }
            if let Some(class) = &column.operator_class {
                text += &format!(" {}", short(class, connection));
            }
            text += if column.descending { " DESC" } else { "" };
            text += match column.nulls {
                Some(Nulls::First) => " NULLS FIRST",
                Some(Nulls::Last) => " NULLS LAST",
                None => "",
            };
            text
        };
        lists = lists
            .into_iter()
            .flat_map(|list: Vec<String>| {
                own_collations.iter().map(move |&own| (list.clone(), own))
            })
            .map(|(mut list, own)| {
                list.push(text(own, connection));
                list
            })
            .collect();
    }
    let include: Vec<String> = index
        .include
        .iter()
        .map(|name| quoted(name, connection))
        .collect();
    let mut rest = String::new();
    if !include.is_empty() {
        rest += &format!(" INCLUDE ({})", include.join(", "));
    }
    if index.nulls_not_distinct {
        rest += " NULLS NOT DISTINCT";
    }
    if !index.options.is_empty() {
        let options = index
            .options
            .iter()
            .map(|option| option.split_once('=').unwrap());
        let options: Vec<String> = options
            .map(|(name, value)| format!("{name}={}", literal(value)))
            .collect();
        rest += &format!(" WITH ({})", options.join(", "));
    }
    if let Some(predicate) = &index.predicate {
        rest += &format!(" WHERE {predicate}");
    }
    let method = index.method.as_deref().unwrap_or("btree");
    lists
        .iter()
        .map(|list| format!("{method} ({}){rest}", list.join(", ")))
        .collect()
}

/// The value of a storage parameter, which PostgreSQL quotes unless it is a word.
fn literal(value: &str) -> String {
    let is_word = value.starts_with(|c: char| c.is_ascii_lowercase());
    if is_word {
        value.to_owned()
    } else {
        format!("'{value}'")
    }
}

/// A name as PostgreSQL writes it with an empty search path.
fn short(name: &QualifiedName, connection: &mut PgConnection) -> String {
    match name.schema.as_str() {
        "pg_catalog" => quoted(&name.name, connection),
        schema => format!(
            "{}.{}",
            quoted(schema, connection),
            quoted(&name.name, connection)
        ),
    }
}

/// A name in quotes where PostgreSQL thinks that it needs them.
fn quoted(name: &str, connection: &mut PgConnection) -> String {
    let quoted: Text = diesel::sql_query("SELECT quote_ident($1) AS text")
        .bind::<diesel::sql_types::Text, _>(name)
        .get_result(connection)
        .unwrap();
    quoted.text
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}
