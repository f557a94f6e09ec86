//! Schemas, tables, columns, views and sequences.

use super::types::{collation, domain, full_type};
use super::{with, yes_or_no};
use diesel_drift::catalog::{
    Catalog, Column, Generation, Identity, Relation, RelationKind, Sequence,
};
use serde_json::{Value, json};

pub(super) fn schemata(catalog: &Catalog) -> Vec<Value> {
    let schema = |schema: &diesel_drift::catalog::Schema| json!({ "schema_name": schema.name });
    catalog.schemas.iter().map(schema).collect()
}

/// The relations that SQL knows: it has no materialized views.
pub(super) fn standard(catalog: &Catalog) -> impl Iterator<Item = &Relation> {
    catalog
        .relations
        .iter()
        .filter(|relation| relation.kind != RelationKind::MaterializedView)
}

pub(super) fn tables(catalog: &Catalog) -> Vec<Value> {
    standard(catalog)
        .map(|relation| {
            json!({
                "table_schema": relation.name.schema,
                "table_name": relation.name.name,
                "table_type": match relation.kind {
                    RelationKind::View | RelationKind::MaterializedView => "VIEW",
                    RelationKind::ForeignTable => "FOREIGN",
                    RelationKind::Table | RelationKind::PartitionedTable => "BASE TABLE",
                },
                "user_defined_type_schema": relation.of_type.as_ref().map(|name| &name.schema),
                "user_defined_type_name": relation.of_type.as_ref().map(|name| &name.name),
                "is_typed": yes_or_no(relation.of_type.is_some()),
            })
        })
        .collect()
}

pub(super) fn columns(catalog: &Catalog) -> Vec<Value> {
    standard(catalog)
        .flat_map(|relation| {
            let columns = relation.columns.iter().enumerate();
            columns.map(|(place, column)| {
                let row = json!({
                    "table_schema": relation.name.schema,
                    "table_name": relation.name.name,
                    "place": place + 1,
                });
                with(row, column_facts(catalog, relation, column))
            })
        })
        .collect()
}

fn column_facts(catalog: &Catalog, relation: &Relation, column: &Column) -> Value {
    let domain = domain(catalog, &column.data_type);
    let type_of_value = domain.map_or(&column.data_type, |domain| &domain.base);
    let (collation_schema, collation_name) =
        collation(catalog, column.collation.as_ref(), &column.data_type).unzip();
    let not_null = column.not_null
        || column.not_null_not_valid
        || domain.is_some_and(|domain| domain.not_null);
    let facts = json!({
        "column_name": column.name,
        "column_default": column.default,
        "is_nullable": yes_or_no(!not_null),
        "collation_schema": collation_schema,
        "collation_name": collation_name,
        "domain_schema": domain.map(|domain| &domain.name.schema),
        "domain_name": domain.map(|domain| &domain.name.name),
        "is_self_referencing": "NO",
        "is_identity": yes_or_no(column.identity.is_some()),
        "identity_generation": column.identity.map(|identity| match identity {
            Identity::Always => "ALWAYS",
            Identity::ByDefault => "BY DEFAULT",
        }),
        "is_generated": if column.generated.is_some() { "ALWAYS" } else { "NEVER" },
        "generation_expression": column.generated.as_ref().map(|generated| match generated {
            Generation::Stored(expression) | Generation::Virtual(expression) => expression,
        }),
        "identity_cycle": "NO",
    });
    let facts = with(facts, full_type(type_of_value));
    match column
        .identity
        .and_then(|_| owned_sequence(catalog, relation, column))
    {
        Some(sequence) => with(facts, {
            let options = Options::of(sequence);
            json!({
                "identity_start": options.start.to_string(),
                "identity_increment": options.increment.to_string(),
                "identity_maximum": options.max.to_string(),
                "identity_minimum": options.min.to_string(),
                "identity_cycle": yes_or_no(sequence.cycle),
            })
        }),
        None => facts,
    }
}

fn owned_sequence<'catalog>(
    catalog: &'catalog Catalog,
    relation: &Relation,
    column: &Column,
) -> Option<&'catalog Sequence> {
    catalog.sequences.iter().find(|sequence| {
        sequence
            .owned_by
            .as_ref()
            .is_some_and(|owner| owner.relation == relation.name && owner.column == column.name)
    })
}

pub(super) fn views(catalog: &Catalog) -> Vec<Value> {
    catalog
        .relations
        .iter()
        .filter(|relation| relation.kind == RelationKind::View)
        .map(|relation| {
            let check_option = relation
                .options
                .iter()
                .find_map(|option| option.strip_prefix("check_option="));
            json!({
                "table_schema": relation.name.schema,
                "table_name": relation.name.name,
                "view_definition": relation.definition,
                "check_option": check_option.map_or("NONE".to_owned(), str::to_uppercase),
            })
        })
        .collect()
}

/// The sequences that are no identity's.
pub(super) fn sequences(catalog: &Catalog) -> Vec<Value> {
    let is_identity = |sequence: &&Sequence| {
        sequence.owned_by.as_ref().is_some_and(|owner| {
            let mut relations = catalog.relations.iter();
            let relation = relations.find(|relation| relation.name == owner.relation);
            let column = relation.and_then(|relation| relation.column(&owner.column));
            column.is_some_and(|column| column.identity.is_some())
        })
    };
    catalog
        .sequences
        .iter()
        .filter(|sequence| !is_identity(sequence))
        .map(|sequence| {
            let options = Options::of(sequence);
            json!({
                "sequence_schema": sequence.name.schema,
                "sequence_name": sequence.name.name,
                "data_type": sequence.data_type.as_deref().unwrap_or("bigint"),
                "numeric_precision": match sequence.data_type.as_deref() {
                    Some("smallint") => 16,
                    Some("integer") => 32,
                    _ => 64,
                },
                "numeric_precision_radix": 2,
                "numeric_scale": 0,
                "start_value": options.start.to_string(),
                "minimum_value": options.min.to_string(),
                "maximum_value": options.max.to_string(),
                "increment": options.increment.to_string(),
                "cycle_option": yes_or_no(sequence.cycle),
            })
        })
        .collect()
}

/// A sequence's options with PostgreSQL's defaults, as its documentation of `CREATE SEQUENCE` states them.
struct Options {
    start: i64,
    increment: i64,
    min: i64,
    max: i64,
}

impl Options {
    fn of(sequence: &Sequence) -> Self {
        let (least, greatest) = match sequence.data_type.as_deref() {
            Some("smallint") => (i16::MIN.into(), i16::MAX.into()),
            Some("integer") => (i32::MIN.into(), i32::MAX.into()),
            _ => (i64::MIN, i64::MAX),
        };
        let increment = sequence.increment.unwrap_or(1);
        let (min, max) = if increment > 0 {
            (1, greatest)
        } else {
            (least, -1)
        };
        let (min, max) = (sequence.min.unwrap_or(min), sequence.max.unwrap_or(max));
        let start = if increment > 0 { min } else { max };
        Self {
            start: sequence.start.unwrap_or(start),
            increment,
            min,
            max,
        }
    }
}
