//! Reviewed snapshots as a catalog, as far as declarations can be held against it: relations with columns and keys, enums, domains.
//!
//! Snapshots hold names and types as SQL; here they are read back.

use crate::catalog::class::{self, Class};
use crate::catalog::{
    Catalog, Column, DataType, Domain, EnumType, ForeignKey, Generation, Key, Object, Outside,
    QualifiedName, Relation, RelationKind, SPELT,
};
use crate::introspect::Live;
use crate::snapshot::Snapshot;
use serde_json::Value;

/// The types whose modifier is a length.
const WITH_LENGTH: [&str; 4] = ["varchar", "bpchar", "bit", "varbit"];

/// What declarations can be held against.
pub(super) fn live(snapshots: &[Snapshot]) -> Live {
    let mut catalog = Catalog::default();
    for Snapshot { object, .. } in snapshots {
        if let Some(kind) = relation_kind(object) {
            catalog.relations.extend(relation(object, kind));
        } else if object.class == &class::ENUM {
            catalog.enums.extend(name(object).map(|name| EnumType {
                name,
                labels: texts(object, "labels"),
                ..EnumType::default()
            }));
        } else if object.class == &class::DOMAIN {
            catalog.domains.extend(domain(object));
        }
    }
    // What columns use and no snapshot holds is PostgreSQL's or an extension's.
    let types = (catalog.relations.iter())
        .flat_map(|relation| &relation.columns)
        .map(|column| column.data_type.qualified_name())
        .collect();
    catalog.outside = Outside {
        types,
        ..Outside::default()
    };
    Live {
        catalog,
        server_version: 0,
        search_path: vec!["public".to_owned()],
    }
}

fn relation_kind(object: &Object) -> Option<RelationKind> {
    let kinds: [(&Class, RelationKind); 4] = [
        (&class::TABLE, RelationKind::Table),
        (&class::VIEW, RelationKind::View),
        (&class::MATERIALIZED_VIEW, RelationKind::MaterializedView),
        (&class::FOREIGN_TABLE, RelationKind::ForeignTable),
    ];
    let (_, kind) = kinds
        .into_iter()
        .find(|(class, _)| *class == object.class)?;
    match text(object, "kind") {
        Some("partitioned_table") => Some(RelationKind::PartitionedTable),
        _ => Some(kind),
    }
}

fn relation(object: &Object, kind: RelationKind) -> Option<Relation> {
    let of_class =
        |class: &'static Class| (object.children.iter()).filter(move |child| child.class == class);
    let mut keys = of_class(&class::PRIMARY_KEY);
    Some(Relation {
        name: name(object)?,
        kind,
        columns: of_class(&class::COLUMN).filter_map(column).collect(),
        primary_key: keys.next().map(|key| Key {
            name: key.name.clone(),
            columns: texts(key, "columns"),
            ..Key::default()
        }),
        foreign_keys: of_class(&class::FOREIGN_KEY)
            .filter_map(foreign_key)
            .collect(),
        // Whether it is a partition is all that declarations depend on.
        partition_of: object
            .attributes
            .get("partition_of")
            .map(|_| Default::default()),
        ..Relation::default()
    })
}

fn column(object: &Object) -> Option<Column> {
    Some(Column {
        name: object.name.clone(),
        data_type: data_type(text(object, "data_type")?),
        not_null: object.attributes.get("not_null") == Some(&Value::Bool(true)),
        default: object.attributes.get("default").map(Value::to_string),
        identity: (object.attributes.get("identity"))
            .and_then(|identity| serde_json::from_value(identity.clone()).ok()),
        generated: (object.attributes.get("generated"))
            .map(|generated| Generation::Stored(generated.to_string())),
        ..Column::default()
    })
}

fn foreign_key(object: &Object) -> Option<ForeignKey> {
    Some(ForeignKey {
        name: object.name.clone(),
        columns: texts(object, "columns"),
        target: qualified(text(object, "target")?)?,
        target_columns: texts(object, "target_columns"),
        ..ForeignKey::default()
    })
}

fn domain(object: &Object) -> Option<Domain> {
    Some(Domain {
        name: name(object)?,
        base: data_type(text(object, "base")?),
        not_null: object.attributes.get("not_null") == Some(&Value::Bool(true)),
        ..Domain::default()
    })
}

fn name(object: &Object) -> Option<QualifiedName> {
    Some(QualifiedName::new(object.schema.as_ref()?, &object.name))
}

fn text<'a>(object: &'a Object, attribute: &str) -> Option<&'a str> {
    object.attributes.get(attribute)?.as_str()
}

fn texts(object: &Object, attribute: &str) -> Vec<String> {
    let values = object.attributes.get(attribute).and_then(Value::as_array);
    let texts = values.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// A type from what `format_type` writes under an empty search path.
fn data_type(sql: &str) -> DataType {
    let (element, array) = match sql.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (sql, false),
    };
    let (bare, modifier) = without_modifier(element);
    let of_catalog = |name: &str| QualifiedName::new("pg_catalog", name);
    let found = qualified(&bare).unwrap_or_else(|| {
        let spelt = SPELT.iter().find(|(sql, _)| *sql == bare);
        of_catalog(spelt.map_or(bare.as_str(), |(_, name)| *name))
    });
    DataType {
        length: modifier
            .filter(|_| found.schema == "pg_catalog" && WITH_LENGTH.contains(&found.name.as_str()))
            .and_then(|modifier| modifier.parse().ok()),
        sql: sql.to_owned(),
        schema: found.schema,
        name: found.name,
        array,
    }
}

/// `character varying(100)` → `character varying`, 100; `timestamp(3) with time zone` → `timestamp with time zone`, 3.
fn without_modifier(sql: &str) -> (String, Option<&str>) {
    let plain = || (sql.to_owned(), None);
    if sql.starts_with('"') {
        return plain();
    }
    let Some((before, rest)) = sql.split_once('(') else {
        return plain();
    };
    let Some((modifier, after)) = rest.split_once(')') else {
        return plain();
    };
    (format!("{before}{after}"), Some(modifier))
}

/// A name of two parts, each quoted or not.
fn qualified(sql: &str) -> Option<QualifiedName> {
    let (schema, rest) = identifier(sql)?;
    let (name, rest) = identifier(rest.strip_prefix('.')?)?;
    rest.is_empty().then(|| QualifiedName::new(schema, name))
}

/// The identifier that a text begins with, and what follows.
fn identifier(sql: &str) -> Option<(String, &str)> {
    let Some(quoted) = sql.strip_prefix('"') else {
        let end = sql.find('.').unwrap_or(sql.len());
        let (name, rest) = sql.split_at(end);
        return (!name.is_empty()).then(|| (name.to_owned(), rest));
    };
    let mut name = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' if characters.next_if(|(_, next)| *next == '"').is_some() => name.push('"'),
            '"' => return Some((name, quoted.get(at + 1..)?)),
            other => name.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_postgresql_writes_them() {
        for (sql, schema, name, array, length) in [
            ("integer", "pg_catalog", "int4", false, None),
            (
                "character varying(100)",
                "pg_catalog",
                "varchar",
                false,
                Some(100),
            ),
            ("character(3)[]", "pg_catalog", "bpchar", true, Some(3)),
            ("numeric(10,2)", "pg_catalog", "numeric", false, None),
            (
                "timestamp(3) with time zone",
                "pg_catalog",
                "timestamptz",
                false,
                None,
            ),
            ("app.mood[]", "app", "mood", true, None),
            (
                "\"my app\".\"a \"\"b\"\" .c\"",
                "my app",
                "a \"b\" .c",
                false,
                None,
            ),
            ("\"char\"", "pg_catalog", "char", false, None),
        ] {
            let read = data_type(sql);
            let read = (read.schema, read.name, read.array, read.length);
            assert_eq!(
                read,
                (schema.to_owned(), name.to_owned(), array, length),
                "{sql}"
            );
        }
    }
}
