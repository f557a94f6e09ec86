//! The page of a schema.

use super::markdown::{Table, code, joined, name, prose};
use super::mermaid::{Detail, diagram};
use super::model::{INDEX, Model, Schema, anchor, function_anchor, place};
use super::relation::section;
use super::words::notes;
use crate::catalog::{Aggregate, AggregateKind, Routine, Volatility};
use crate::text::{show_name, visible};

/// A schema's page, without the lines that say whose it is.
pub(super) fn page(model: &Model<'_>, schema: &Schema<'_>) -> String {
    let comment = schema.comment.map(|text| prose(text) + "\n\n");
    let parts = [
        format!("# Schema {}\n\n", name(schema.name)),
        comment.unwrap_or_default(),
        format!("[All schemas]({INDEX})\n\n"),
        drawn(schema),
        contents(model, schema),
        group(
            "## Tables",
            schema.tables.iter().map(|it| section(model, it)).collect(),
        ),
        group(
            "## Views",
            schema.views.iter().map(|it| section(model, it)).collect(),
        ),
        group("## Enums", enums(schema)),
        group("## Domains", domains(model, schema)),
        group("## Composite types", composites(model, schema)),
        group("## Other types", other_types(model, schema)),
        group("## Functions", routines(schema)),
        group("## Sequences", sequences(schema)),
    ];
    parts.concat()
}

/// A heading and what is below it; nothing where there is nothing.
fn group(heading: &str, text: String) -> String {
    match text.is_empty() {
        true => text,
        false => format!("{heading}\n\n{text}"),
    }
}

fn drawn(schema: &Schema<'_>) -> String {
    let text = match diagram(schema) {
        Some((detail, text)) => {
            let left_out = match detail {
                Detail::Columns => "",
                Detail::Keys => {
                    "Only the columns of keys are drawn: with all columns it would be more than Mermaid draws.\n\n"
                }
                Detail::Names => {
                    "Columns are not drawn: with them it would be more than Mermaid draws.\n\n"
                }
            };
            format!("{left_out}```mermaid\n{text}```\n\n")
        }
        None if schema.tables.is_empty() => String::new(),
        None => "There are more tables than Mermaid draws.\n\n".to_owned(),
    };
    group("## Diagram", text)
}

/// Tables and views at a glance.
fn contents(model: &Model<'_>, schema: &Schema<'_>) -> String {
    let rows = schema.tables.iter().chain(&schema.views).map(|relation| {
        [
            model.linked(&relation.name, schema.name),
            relation.class().title(),
            relation.comment.as_deref().map(prose).unwrap_or_default(),
        ]
    });
    group(
        "## Contents",
        Table::new(["Name", "Kind", "Comment"], rows).write(),
    )
}

fn enums(schema: &Schema<'_>) -> String {
    let rows = schema.enums.iter().map(|it| {
        [
            type_name(&it.name.name),
            joined(it.labels.iter().map(|text| label(text))),
            it.comment.as_deref().map(prose).unwrap_or_default(),
        ]
    });
    Table::new(["Enum", "Labels", "Comment"], rows).write()
}

/// As it is; in quotes where its edges could not be seen.
fn label(text: &str) -> String {
    match text.is_empty() || text.trim() != text {
        true => code(&format!("'{text}'")),
        false => code(text),
    }
}

/// A type's name where its place is.
fn type_name(raw: &str) -> String {
    place(&anchor("type", raw)) + &name(raw)
}

fn domains(model: &Model<'_>, schema: &Schema<'_>) -> String {
    let rows = schema.domains.iter().map(|it| {
        [
            type_name(&it.name.name),
            model.linked_type(&it.base, schema.name),
            if it.not_null { "no" } else { "" }.to_owned(),
            it.default.as_deref().map(code).unwrap_or_default(),
            joined(it.checks.iter().map(|check| code(&check.expression))),
            it.comment.as_deref().map(prose).unwrap_or_default(),
        ]
    });
    Table::new(
        ["Domain", "Over", "Null", "Default", "Checks", "Comment"],
        rows,
    )
    .write()
}

fn composites(model: &Model<'_>, schema: &Schema<'_>) -> String {
    let sections = schema.composites.iter().map(|it| {
        let attributes = it.attributes.iter().map(|attribute| {
            [
                name(&attribute.name),
                model.linked_type(&attribute.data_type, schema.name),
                attribute.comment.as_deref().map(prose).unwrap_or_default(),
            ]
        });
        let comment = it.comment.as_deref().map(|text| prose(text) + "\n\n");
        format!(
            "{}\n### {}\n\n{}{}",
            place(&anchor("type", &it.name.name)),
            name(&it.name.name),
            comment.unwrap_or_default(),
            Table::new(["Attribute", "Type", "Comment"], attributes).write()
        )
    });
    sections.collect()
}

fn other_types(model: &Model<'_>, schema: &Schema<'_>) -> String {
    let ranges = schema.ranges.iter().map(|it| {
        [
            type_name(&it.name.name),
            format!("range of {}", model.linked_type(&it.subtype, schema.name)),
            it.comment.as_deref().map(prose).unwrap_or_default(),
        ]
    });
    let base_types = schema.base_types.iter().map(|it| {
        [
            type_name(&it.name.name),
            if it.shell {
                "only announced"
            } else {
                "base type"
            }
            .to_owned(),
            it.comment.as_deref().map(prose).unwrap_or_default(),
        ]
    });
    Table::new(["Type", "Kind", "Comment"], ranges.chain(base_types)).write()
}

fn routines(schema: &Schema<'_>) -> String {
    let function = |kind: &'static str| {
        move |it: &&Routine| {
            (
                it.name.name.clone(),
                it.signature.clone(),
                routine(it, kind),
            )
        }
    };
    let mut rows: Vec<_> = (schema.functions.iter().map(function("function")))
        .chain(schema.procedures.iter().map(function("procedure")))
        .chain(
            schema
                .aggregates
                .iter()
                .map(|it| (it.name.name.clone(), it.signature.clone(), aggregate(it))),
        )
        .collect();
    rows.sort();
    let rows = rows.into_iter().map(|(_, _, row)| row);
    Table::new(["Function", "Kind", "Returns", "Comment"], rows).write()
}

/// A routine's name and arguments, where its place is.
fn called(raw: &str, signature: &str, arguments: Option<&String>) -> String {
    let arguments = arguments.map_or(visible(signature), |arguments| format!("({arguments})"));
    place(&function_anchor(raw, signature)) + &code(&format!("{}{arguments}", show_name(raw)))
}

fn routine(it: &Routine, kind: &'static str) -> [String; 4] {
    let volatility = match it.volatility {
        Volatility::Volatile => None,
        Volatility::Stable => Some("stable"),
        Volatility::Immutable => Some("immutable"),
    };
    let flags = [
        volatility,
        it.strict.then_some("null where an argument is null"),
        it.security_definer.then_some("with its owner's rights"),
    ];
    let kind = if it.window { "window function" } else { kind };
    [
        called(&it.name.name, &it.signature, it.arguments.as_ref()),
        format!("{} {kind}", name(&it.language)),
        it.returns.as_deref().map(code).unwrap_or_default(),
        notes(flags, it.comment.as_deref()),
    ]
}

fn aggregate(it: &Aggregate) -> [String; 4] {
    let kind = match it.kind {
        AggregateKind::Normal => "aggregate",
        AggregateKind::OrderedSet => "ordered-set aggregate",
        AggregateKind::HypotheticalSet => "hypothetical-set aggregate",
    };
    [
        called(&it.name.name, &it.signature, it.arguments.as_ref()),
        kind.to_owned(),
        it.returns.as_deref().map(code).unwrap_or_default(),
        it.comment.as_deref().map(prose).unwrap_or_default(),
    ]
}

fn sequences(schema: &Schema<'_>) -> String {
    let rows = schema.sequences.iter().map(|it| {
        [
            name(&it.name.name),
            code(it.data_type.as_deref().unwrap_or("bigint")),
            it.comment.as_deref().map(prose).unwrap_or_default(),
        ]
    });
    Table::new(["Sequence", "Type", "Comment"], rows).write()
}
