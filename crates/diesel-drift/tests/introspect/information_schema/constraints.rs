//! Constraints.

use super::yes_or_no;
use diesel_drift::catalog::{
    Catalog, ForeignKey, Index, IndexTerm, Key, MatchType, QualifiedName, ReferentialAction,
    Relation, RelationKind,
};
use serde_json::{Value, json};

/// The relations whose constraints SQL knows.
fn tables(catalog: &Catalog) -> impl Iterator<Item = &Relation> {
    catalog.relations.iter().filter(|relation| {
        matches!(
            relation.kind,
            RelationKind::Table | RelationKind::PartitionedTable
        )
    })
}

/// Primary key and unique constraints.
fn keys(relation: &Relation) -> impl Iterator<Item = &Key> {
    relation.primary_key.iter().chain(&relation.unique)
}

pub(super) fn table_constraints(catalog: &Catalog) -> Vec<Value> {
    let mut rows = Vec::new();
    for relation in tables(catalog) {
        let mut add = |name: &str,
                       kind: &str,
                       deferrable,
                       deferred,
                       enforced,
                       nulls_distinct: Option<bool>| {
            rows.push(json!({
                "constraint_schema": relation.name.schema,
                "constraint_name": name,
                "table_schema": relation.name.schema,
                "table_name": relation.name.name,
                "constraint_type": kind,
                "is_deferrable": yes_or_no(deferrable),
                "initially_deferred": yes_or_no(deferred),
                "enforced": yes_or_no(enforced),
                "nulls_distinct": nulls_distinct.map(yes_or_no),
            }));
        };
        if let Some(key) = &relation.primary_key {
            add(
                &key.name,
                "PRIMARY KEY",
                key.deferrable,
                key.initially_deferred,
                true,
                None,
            );
        }
        for key in &relation.unique {
            let mut indexes = relation.indexes.iter();
            let index = indexes.find(|index| index.constraint.as_deref() == Some(&key.name));
            let distinct = index.map(|index| !index.nulls_not_distinct);
            add(
                &key.name,
                "UNIQUE",
                key.deferrable,
                key.initially_deferred,
                true,
                distinct,
            );
        }
        for key in &relation.foreign_keys {
            add(
                &key.name,
                "FOREIGN KEY",
                key.deferrable,
                key.initially_deferred,
                !key.not_enforced,
                None,
            );
        }
        for check in &relation.checks {
            add(
                &check.name,
                "CHECK",
                false,
                false,
                !check.not_enforced,
                None,
            );
        }
    }
    rows
}

pub(super) fn key_column_usage(catalog: &Catalog) -> Vec<Value> {
    let mut rows = Vec::new();
    for relation in tables(catalog) {
        let mut add = |name: &str, columns: &[String], positions: Option<Vec<usize>>| {
            for (place, column) in columns.iter().enumerate() {
                rows.push(json!({
                    "constraint_schema": relation.name.schema,
                    "constraint_name": name,
                    "table_schema": relation.name.schema,
                    "table_name": relation.name.name,
                    "column_name": column,
                    "ordinal_position": place + 1,
                    "position_in_unique_constraint": positions.as_ref().map(|positions| positions[place]),
                }));
            }
        };
        for key in keys(relation) {
            add(&key.name, &key.columns, None);
        }
        for key in &relation.foreign_keys {
            let index = target_index(catalog, key);
            let position = |column| {
                index
                    .columns
                    .iter()
                    .position(|term| is_column(&term.term, column))
            };
            let positions = key
                .target_columns
                .iter()
                .map(|column| position(column).unwrap() + 1);
            add(&key.name, &key.columns, Some(positions.collect()));
        }
    }
    rows
}

pub(super) fn referential_constraints(catalog: &Catalog) -> Vec<Value> {
    let rule = |action| match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    };
    tables(catalog)
        .flat_map(|relation| relation.foreign_keys.iter().map(move |key| (relation, key)))
        .map(|(relation, key)| {
            let unique = target_index(catalog, key).constraint.as_ref();
            json!({
                "constraint_schema": relation.name.schema,
                "constraint_name": key.name,
                "unique_constraint_schema": unique.map(|_| &key.target.schema),
                "unique_constraint_name": unique,
                "match_option": match key.match_type {
                    MatchType::Simple => "NONE",
                    MatchType::Full => "FULL",
                    MatchType::Partial => "PARTIAL",
                },
                "update_rule": rule(key.on_update),
                "delete_rule": rule(key.on_delete),
            })
        })
        .collect()
}

pub(super) fn constraint_table_usage(catalog: &Catalog) -> Vec<Value> {
    used(catalog)
        .into_iter()
        .map(|(table, _, schema, constraint)| {
            json!({
                "table_schema": table.schema,
                "table_name": table.name,
                "constraint_schema": schema,
                "constraint_name": constraint,
            })
        })
        .collect()
}

pub(super) fn constraint_column_usage(catalog: &Catalog) -> Vec<Value> {
    let mut rows = Vec::new();
    for (table, columns, schema, constraint) in used(catalog) {
        for column in columns {
            rows.push(json!({
                "table_schema": table.schema,
                "table_name": table.name,
                "column_name": column,
                "constraint_schema": schema,
                "constraint_name": constraint,
            }));
        }
    }
    rows
}

/// The table and columns that a key is of, or that a foreign key points to; the key's schema and name.
fn used(catalog: &Catalog) -> Vec<(&QualifiedName, &[String], &str, &str)> {
    let mut used = Vec::new();
    for relation in tables(catalog) {
        let schema = relation.name.schema.as_str();
        for key in keys(relation) {
            used.push((
                &relation.name,
                key.columns.as_slice(),
                schema,
                key.name.as_str(),
            ));
        }
        for key in &relation.foreign_keys {
            used.push((
                &key.target,
                key.target_columns.as_slice(),
                schema,
                key.name.as_str(),
            ));
        }
    }
    used
}

pub(super) fn check_constraints(catalog: &Catalog) -> Vec<Value> {
    let of_relations = catalog.relations.iter().flat_map(|relation| {
        let checks = relation.checks.iter();
        checks.map(|check| {
            (
                &relation.name.schema,
                &check.name,
                check.expression.as_str(),
            )
        })
    });
    let of_domains = catalog.domains.iter().flat_map(|domain| {
        let checks = domain.checks.iter();
        checks.map(|check| (&domain.name.schema, &check.name, check.expression.as_str()))
    });
    of_relations
        .chain(of_domains)
        .map(|(schema, name, expression)| {
            json!({
                "constraint_schema": schema,
                "constraint_name": name,
                "check_clause": expression,
            })
        })
        .collect()
}

/// The index that a foreign key relies on: that of the primary key if it has these columns, else another.
fn target_index<'catalog>(catalog: &'catalog Catalog, key: &ForeignKey) -> &'catalog Index {
    let mut relations = catalog.relations.iter();
    let target = relations
        .find(|relation| relation.name == key.target)
        .unwrap();
    let primary = target.primary_key.as_ref().map(|key| &key.name);
    let mut fitting: Vec<&Index> = target
        .indexes
        .iter()
        .filter(|index| {
            let named = |column| {
                index
                    .columns
                    .iter()
                    .any(|term| is_column(&term.term, column))
            };
            (index.unique || index.method.as_deref() == Some("gist"))
                && index.predicate.is_none()
                && index.columns.len() == key.target_columns.len()
                && key.target_columns.iter().all(named)
        })
        .collect();
    fitting.sort_by_key(|index| {
        (
            index.constraint.as_ref() != primary,
            index.constraint.is_none(),
        )
    });
    fitting.first().unwrap()
}

fn is_column(term: &IndexTerm, name: &String) -> bool {
    matches!(term, IndexTerm::Column(column) if column == name)
}
