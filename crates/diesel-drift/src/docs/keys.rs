//! What holds the rows of a table to something, and what finds them: keys, foreign keys, checks, indexes.

use super::markdown::{Table, code, joined, name, names};
use super::model::Model;
use super::words::{collate, deferrable, enabled, notes, referential_action};
use crate::catalog::{Index, IndexColumn, IndexTerm, MatchType, Nulls, Relation, quote_identifier};

pub(super) fn keys(relation: &Relation) -> String {
    let primary = relation.primary_key.iter().map(|key| ("primary key", key));
    let unique = relation.unique.iter().map(|key| ("unique", key));
    let rows = primary.chain(unique).map(|(kind, key)| {
        let nulls = relation
            .indexes
            .iter()
            .any(|index| index.nulls_not_distinct && index.constraint.as_ref() == Some(&key.name));
        [
            name(&key.name),
            kind.to_owned(),
            names(&key.columns),
            notes(
                [
                    key.without_overlaps.then_some("without overlaps"),
                    nulls.then_some("nulls are equal"),
                    deferrable(key.deferrable, key.initially_deferred),
                    enabled(key.recheck),
                ],
                key.comment.as_deref(),
            ),
        ]
    });
    let exclusions = relation.exclusions.iter().map(|exclusion| {
        [
            name(&exclusion.name),
            "exclusion".to_owned(),
            code(&exclusion.definition),
            notes(
                [
                    deferrable(exclusion.deferrable, exclusion.initially_deferred),
                    enabled(exclusion.recheck),
                ],
                exclusion.comment.as_deref(),
            ),
        ]
    });
    Table::new(
        ["Key", "Kind", "Columns", "Comment"],
        rows.chain(exclusions),
    )
    .write()
}

pub(super) fn foreign_keys(model: &Model<'_>, relation: &Relation) -> String {
    let rows = relation.foreign_keys.iter().map(|key| {
        let target = model.linked(&key.target, &relation.name.schema);
        let only = match key.on_delete_columns.is_empty() {
            true => String::new(),
            false => format!(" of {}", names(&key.on_delete_columns)),
        };
        [
            name(&key.name),
            names(&key.columns),
            format!("{target} ({})", names(&key.target_columns)),
            referential_action(key.on_delete).to_owned() + &only,
            referential_action(key.on_update).to_owned(),
            notes(
                [
                    (key.match_type == MatchType::Full).then_some("match full"),
                    key.period.then_some("the last column is a period"),
                    key.not_valid
                        .then_some("not valid: old rows were never held to it"),
                    key.not_enforced.then_some("not enforced"),
                    deferrable(key.deferrable, key.initially_deferred),
                ],
                key.comment.as_deref(),
            ),
        ]
    });
    let headings = [
        "Foreign key",
        "Columns",
        "References",
        "On delete",
        "On update",
        "Comment",
    ];
    Table::new(headings, rows).write()
}

pub(super) fn referring(model: &Model<'_>, relation: &Relation) -> String {
    let referring = model.referring(relation).iter().map(|(table, key)| {
        let table = model.linked(&table.name, &relation.name.schema);
        format!("{table} ({})", names(&key.columns))
    });
    match model.referring(relation).is_empty() {
        true => String::new(),
        false => format!("Referenced by {}.\n\n", joined(referring)),
    }
}

pub(super) fn checks(relation: &Relation) -> String {
    let rows = relation.checks.iter().map(|check| {
        [
            name(&check.name),
            code(&check.expression),
            notes(
                [
                    check.no_inherit.then_some("not for what inherits"),
                    check
                        .not_valid
                        .then_some("not valid: old rows were never held to it"),
                    check.not_enforced.then_some("not enforced"),
                ],
                check.comment.as_deref(),
            ),
        ]
    });
    Table::new(["Check", "Expression", "Comment"], rows).write()
}

/// Those that serve no constraint: the others are the constraints'.
pub(super) fn indexes(relation: &Relation) -> String {
    let indexes = relation.indexes.iter();
    let rows = indexes
        .filter(|index| index.constraint.is_none())
        .map(|index| {
            [
                name(&index.name),
                code(&index_definition(index)),
                notes(
                    [
                        index.unique.then_some("unique"),
                        index.nulls_not_distinct.then_some("nulls are equal"),
                        index.invalid.then_some("invalid"),
                    ],
                    index.comment.as_deref(),
                ),
            ]
        });
    Table::new(["Index", "On", "Comment"], rows).write()
}

/// What `CREATE INDEX` has after the table's name.
fn index_definition(index: &Index) -> String {
    let columns = joined(index.columns.iter().map(index_column));
    let mut text = match index.method.as_deref() {
        Some(method) => format!("USING {} ({columns})", quote_identifier(method)),
        None => format!("({columns})"),
    };
    if !index.include.is_empty() {
        let include = joined(index.include.iter().map(|name| quote_identifier(name)));
        text += &format!(" INCLUDE ({include})");
    }
    if let Some(predicate) = &index.predicate {
        text += &format!(" WHERE {predicate}");
    }
    text
}

fn index_column(column: &IndexColumn) -> String {
    let mut text = match &column.term {
        IndexTerm::Column(name) => quote_identifier(name),
        IndexTerm::Expression(expression) => expression.clone(),
    };
    if let Some(collation) = &column.collation {
        text += &format!(" COLLATE {}", collate(collation));
    }
    if let Some(class) = &column.operator_class {
        text += &format!(" {}", collate(class));
    }
    if column.descending {
        text += " DESC";
    }
    match column.nulls {
        Some(Nulls::First) => text + " NULLS FIRST",
        Some(Nulls::Last) => text + " NULLS LAST",
        None => text,
    }
}
