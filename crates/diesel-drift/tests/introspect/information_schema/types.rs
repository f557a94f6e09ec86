//! Types: what SQL says about a type where it is used, and domains, composite and array types.

use super::relations::standard;
use super::{with, yes_or_no};
use diesel_drift::catalog::{Catalog, DataType, Domain, QualifiedName};
use serde_json::{Value, json};

/// The domain that a type is.
pub(super) fn domain<'catalog>(
    catalog: &'catalog Catalog,
    data_type: &DataType,
) -> Option<&'catalog Domain> {
    let mut domains = catalog.domains.iter().chain(&catalog.outside.domains);
    let name = data_type.qualified_name();
    domains.find(|domain| !data_type.array && domain.name == name)
}

/// Everything about a type that stands somewhere.
pub(super) fn full_type(data_type: &DataType) -> Value {
    with(type_name(data_type, ""), type_modifier(data_type))
}

/// The type without its modifier. `prefix` comes before its name.
fn type_name(data_type: &DataType, prefix: &str) -> Value {
    // An array type is called after its element, and cut where the name gets too long.
    let name = match data_type.array {
        true => cut(format!("_{}", data_type.name)),
        false => data_type.name.clone(),
    };
    json!({
        "data_type": standard_name(data_type),
        (format!("{prefix}udt_schema")): data_type.schema,
        (format!("{prefix}udt_name")): name,
    })
}

/// An identifier as PostgreSQL cuts it: to 63 bytes, never inside a character.
fn cut(mut name: String) -> String {
    while name.len() > 63 {
        name.pop();
    }
    name
}

/// What SQL calls the type, without its modifier.
fn standard_name(data_type: &DataType) -> String {
    if data_type.array {
        return "ARRAY".to_owned();
    }
    if data_type.schema != "pg_catalog" {
        return "USER-DEFINED".to_owned();
    }
    match data_type.name.as_str() {
        // Without a modifier these are not what SQL's name for them means, and PostgreSQL says so.
        "bpchar" => "character".to_owned(),
        "bit" => "bit".to_owned(),
        "interval" => "interval".to_owned(),
        _ => match data_type.sql.split_once('(') {
            Some((before, after)) => {
                let (_, after) = after.split_once(')').unwrap();
                format!("{before}{after}")
            }
            None => data_type.sql.clone(),
        },
    }
}

/// What the modifier says, and what follows from the type alone.
fn type_modifier(data_type: &DataType) -> Value {
    if data_type.array || data_type.schema != "pg_catalog" {
        return json!({});
    }
    let numbers = numbers(&data_type.sql);
    match data_type.name.as_str() {
        "int2" => {
            json!({ "numeric_precision": 16, "numeric_precision_radix": 2, "numeric_scale": 0 })
        }
        "int4" => {
            json!({ "numeric_precision": 32, "numeric_precision_radix": 2, "numeric_scale": 0 })
        }
        "int8" => {
            json!({ "numeric_precision": 64, "numeric_precision_radix": 2, "numeric_scale": 0 })
        }
        "float4" => json!({ "numeric_precision": 24, "numeric_precision_radix": 2 }),
        "float8" => json!({ "numeric_precision": 53, "numeric_precision_radix": 2 }),
        "numeric" => json!({
            "numeric_precision": numbers.first(),
            "numeric_scale": numbers.get(1),
            "numeric_precision_radix": 10,
        }),
        "date" => json!({ "datetime_precision": 0 }),
        "time" | "timetz" | "timestamp" | "timestamptz" => {
            json!({ "datetime_precision": numbers.first().unwrap_or(&6) })
        }
        "interval" => {
            let rest = data_type.sql.trim_start_matches("interval");
            let rest = rest
                .trim_start_matches(|c: char| "()0123456789".contains(c))
                .trim_start();
            json!({
                "datetime_precision": numbers.first().unwrap_or(&6),
                "interval_type": (!rest.is_empty()).then(|| rest.to_uppercase()),
            })
        }
        "bit" | "varbit" => json!({ "character_maximum_length": data_type.length }),
        "text" => json!({ "character_octet_length": 1 << 30 }),
        // UTF-8 takes at most four bytes a character.
        "varchar" | "bpchar" => json!({
            "character_maximum_length": data_type.length,
            "character_octet_length": data_type.length.map_or(1 << 30, |length| 4 * length),
        }),
        _ => json!({}),
    }
}

/// The numbers in parentheses.
fn numbers(sql: &str) -> Vec<u32> {
    let inner = sql
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'));
    inner.map_or_else(Vec::new, |(inner, _)| {
        inner
            .split(',')
            .map(|number| number.trim().parse().unwrap())
            .collect()
    })
}

/// The collation in effect where a type stands, unless it is the database's own.
pub(super) fn collation(
    catalog: &Catalog,
    chosen: Option<&QualifiedName>,
    data_type: &DataType,
) -> Option<(String, String)> {
    let name = chosen
        .cloned()
        .or_else(|| usual_collation(catalog, data_type))?;
    let is_default = name == QualifiedName::new("pg_catalog", "default");
    (!is_default).then_some((name.schema, name.name))
}

/// The collation that a type has by itself, or by the element's for an array.
fn usual_collation(catalog: &Catalog, data_type: &DataType) -> Option<QualifiedName> {
    let element = DataType {
        array: false,
        ..data_type.clone()
    };
    match domain(catalog, &element) {
        Some(domain) => domain
            .collation
            .clone()
            .or_else(|| usual_collation(catalog, &domain.base)),
        None => (element.qualified_name() == QualifiedName::new("pg_catalog", "name"))
            .then(|| QualifiedName::new("pg_catalog", "C")),
    }
}

pub(super) fn domains(catalog: &Catalog) -> Vec<Value> {
    catalog
        .domains
        .iter()
        .map(|domain| {
            let (collation_schema, collation_name) =
                collation(catalog, domain.collation.as_ref(), &domain.base).unzip();
            let row = json!({
                "domain_schema": domain.name.schema,
                "domain_name": domain.name.name,
                "domain_default": domain.default,
                "collation_schema": collation_schema,
                "collation_name": collation_name,
            });
            with(row, full_type(&domain.base))
        })
        .collect()
}

pub(super) fn domain_constraints(catalog: &Catalog) -> Vec<Value> {
    let checks = |domain: &Domain| -> Vec<Value> {
        let row = |check: &diesel_drift::catalog::DomainCheck| {
            json!({
                "constraint_schema": domain.name.schema,
                "constraint_name": check.name,
                "domain_schema": domain.name.schema,
                "domain_name": domain.name.name,
                "is_deferrable": "NO",
                "initially_deferred": "NO",
            })
        };
        domain.checks.iter().map(row).collect()
    };
    catalog.domains.iter().flat_map(checks).collect()
}

pub(super) fn user_defined_types(catalog: &Catalog) -> Vec<Value> {
    catalog
        .composites
        .iter()
        .map(|composite| {
            json!({
                "user_defined_type_schema": composite.name.schema,
                "user_defined_type_name": composite.name.name,
                "user_defined_type_category": "STRUCTURED",
                "is_instantiable": "YES",
            })
        })
        .collect()
}

pub(super) fn attributes(catalog: &Catalog) -> Vec<Value> {
    let mut rows = Vec::new();
    for composite in &catalog.composites {
        for (place, attribute) in composite.attributes.iter().enumerate() {
            let data_type = &attribute.data_type;
            let domain = domain(catalog, data_type);
            let type_of_value = domain.map_or(data_type, |domain| &domain.base);
            let (collation_schema, collation_name) =
                collation(catalog, attribute.collation.as_ref(), data_type).unzip();
            let row = json!({
                "udt_schema": composite.name.schema,
                "udt_name": composite.name.name,
                "attribute_name": attribute.name,
                "place": place + 1,
                "is_nullable": yes_or_no(!domain.is_some_and(|domain| domain.not_null)),
                "collation_schema": collation_schema,
                "collation_name": collation_name,
                "is_derived_reference_attribute": "NO",
            });
            let facts = with(
                type_name(data_type, "attribute_"),
                type_modifier(type_of_value),
            );
            rows.push(with(row, facts));
        }
    }
    rows
}

/// The elements of the arrays that stand in relations, composite types and domains.
pub(super) fn element_types(catalog: &Catalog) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut add = |object: &QualifiedName,
                   kind,
                   place,
                   chosen: Option<&QualifiedName>,
                   data_type: &DataType| {
        if !data_type.array {
            return;
        }
        let element = DataType {
            array: false,
            sql: data_type.sql.trim_end_matches("[]").to_owned(),
            ..data_type.clone()
        };
        let (collation_schema, collation_name) = collation(catalog, chosen, data_type).unzip();
        let row = json!({
            "object_schema": object.schema,
            "object_name": object.name,
            "object_type": kind,
            "place": place,
            "collation_schema": collation_schema,
            "collation_name": collation_name,
        });
        rows.push(with(row, type_name(&element, "")));
    };
    for relation in standard(catalog) {
        for (place, column) in relation.columns.iter().enumerate() {
            add(
                &relation.name,
                "TABLE",
                place + 1,
                column.collation.as_ref(),
                &column.data_type,
            );
        }
    }
    for composite in &catalog.composites {
        for (place, attribute) in composite.attributes.iter().enumerate() {
            let collation = attribute.collation.as_ref();
            add(
                &composite.name,
                "USER-DEFINED TYPE",
                place + 1,
                collation,
                &attribute.data_type,
            );
        }
    }
    for domain in &catalog.domains {
        add(
            &domain.name,
            "DOMAIN",
            0,
            domain.collation.as_ref(),
            &domain.base,
        );
    }
    rows
}
