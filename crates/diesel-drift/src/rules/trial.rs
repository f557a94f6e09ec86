//! Small catalogs for the tests of rules.

use super::Linted;
use crate::catalog::{
    Catalog, Column, DataType, Index, IndexColumn, IndexTerm, QualifiedName, Relation, Sequence,
    SequenceOwner,
};
use crate::compare::Scope;
use crate::declared::{Declared, Models};
use crate::finding::{Finding, Kind};
use crate::introspect::Live;

/// What a rule finds in a catalog.
pub(super) fn found_in(rule: &'static Kind, catalog: &Catalog) -> Vec<Finding> {
    found_beside(rule, &Declared::default(), catalog)
}

/// What a rule finds in a catalog where the code says something.
pub(super) fn found_beside(
    rule: &'static Kind,
    declared: &Declared,
    catalog: &Catalog,
) -> Vec<Finding> {
    let live = Live {
        catalog: catalog.clone(),
        server_version: 150_000,
        search_path: vec!["public".to_owned()],
    };
    let scope = Scope::default();
    super::run(
        &[rule],
        &Linted::new(declared, &Models::default(), &live, catalog, &scope),
    )
}

/// That what was read is refused, in words that begin so.
pub(super) fn refused<T>(read: Result<T, String>, begins: &str) {
    match read {
        Ok(_) => panic!("it is taken, and should say: {begins}"),
        Err(error) => assert!(error.starts_with(begins), "{error}"),
    }
}

/// What a rule finds in tables.
pub(super) fn found(
    rule: &'static Kind,
    tables: impl IntoIterator<Item = Relation>,
) -> Vec<Finding> {
    let relations = tables.into_iter().collect();
    found_in(
        rule,
        &Catalog {
            relations,
            ..Catalog::default()
        },
    )
}

/// A table in `public`.
pub(super) fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Relation {
    Relation {
        name: QualifiedName::new("public", name),
        columns: columns.into_iter().collect(),
        ..Relation::default()
    }
}

/// A column of a type of PostgreSQL's own.
pub(super) fn column(name: &str, data_type: &str) -> Column {
    Column {
        name: name.to_owned(),
        data_type: DataType {
            sql: data_type.to_owned(),
            schema: "pg_catalog".to_owned(),
            name: data_type.to_owned(),
            ..DataType::default()
        },
        ..Column::default()
    }
}

/// A plain index.
pub(super) fn index(name: &str, columns: &[&str]) -> Index {
    let term = |column: &&str| IndexColumn {
        term: IndexTerm::Column((*column).to_owned()),
        ..IndexColumn::default()
    };
    Index {
        name: name.to_owned(),
        columns: columns.iter().map(term).collect(),
        ..Index::default()
    }
}

/// The sequence of a column in `public`.
pub(super) fn sequence(table: &str, column: &str) -> Sequence {
    Sequence {
        name: QualifiedName::new("public", format!("{table}_{column}_seq")),
        owned_by: Some(SequenceOwner {
            relation: QualifiedName::new("public", table),
            column: column.to_owned(),
        }),
        ..Sequence::default()
    }
}
