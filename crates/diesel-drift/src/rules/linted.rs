//! What rules look at.

use crate::catalog::query::{Member, Selection, Table};
use crate::catalog::{
    Catalog, Check, Column, DataType, Domain, Domains, QualifiedName, Relation, Routine, Sequence,
    Trigger, quote_identifier,
};
use crate::compare::{Comparison, Scope};
use crate::declared::{self, Declared, Model, Models, TextEnum};
use crate::introspect::Live;
use std::collections::HashMap;

/// Deeper than this no type is made of domains; what goes on is a circle, which PostgreSQL never makes and a file may hold.
const DEEPEST: usize = 64;

/// A schema as rules look at it: what the database holds, without what `[[ignore]]` says is somebody else's, and what the Rust sources say.
pub struct Linted<'a> {
    /// The database, as it is.
    pub live: &'a Live,
    /// The `table!`s put beside its tables; empty where the project has none.
    pub comparison: Comparison<'a>,
    /// What the project's `table!`s say: what [`Model::table`] is a place in.
    pub declared: &'a Declared,
    /// The project's row types.
    pub models: &'a [Model],
    /// Its enums that are stored as text.
    pub text_enums: &'a [TextEnum],
    catalog: &'a Catalog,
    domains: Domains<'a>,
    /// The relations by name: what is asked of each column must not read all of them.
    relations: HashMap<&'a QualifiedName, &'a Relation>,
    /// Functions by name; of several of one name the last, which a trigger's function has none of.
    functions: HashMap<&'a QualifiedName, &'a Routine>,
    /// The sequences of columns: by table and column.
    sequences: HashMap<(&'a QualifiedName, &'a str), &'a Sequence>,
}

impl<'a> Linted<'a> {
    /// Puts the two beside each other. `catalog` is what is the project's of that of `live`.
    #[must_use]
    pub fn new(
        declared: &'a Declared,
        models: &'a Models,
        live: &'a Live,
        catalog: &'a Catalog,
        scope: &'a Scope,
    ) -> Self {
        Self {
            live,
            comparison: Comparison::new(declared, live, scope),
            declared,
            models: &models.models,
            text_enums: &models.text_enums,
            catalog,
            domains: Domains::of(catalog.domains.iter().chain(&catalog.outside.domains)),
            relations: (catalog.relations.iter())
                .map(|relation| (&relation.name, relation))
                .collect(),
            functions: (catalog.functions.iter())
                .map(|function| (&function.name, function))
                .collect(),
            sequences: (catalog.sequences.iter())
                .filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)))
                .map(|(owner, sequence)| ((&owner.relation, owner.column.as_str()), sequence))
                .collect(),
        }
    }

    /// What a type is, where it is a domain: the type that all its domains are made of.
    pub fn base(&self, data_type: &'a DataType) -> &'a DataType {
        (self.made_of(data_type).last()).map_or(data_type, |domain| &domain.base)
    }

    fn made_of(&self, data_type: &DataType) -> impl Iterator<Item = &'a Domain> {
        self.domains.chain(data_type).take(DEEPEST)
    }

    /// Whether a column can hold null: neither it, nor a domain that it is of, nor a check of its table keeps null out.
    pub fn is_nullable(&self, column: &Column, table: &Relation) -> bool {
        !column.not_null && !self.is_kept_from_null(column, table, |check| !check.not_valid)
    }

    /// Whether a new row may have a null there. What is `NOT VALID` holds for it, also where old rows have nulls.
    pub fn takes_null(&self, column: &Column, table: &Relation) -> bool {
        !column.not_null
            && !column.not_null_not_valid
            && !self.is_kept_from_null(column, table, |_| true)
    }

    fn is_kept_from_null(
        &self,
        column: &Column,
        table: &Relation,
        counts: impl Fn(&Check) -> bool,
    ) -> bool {
        let said = format!("({} IS NOT NULL)", quote_identifier(&column.name));
        let mut checks = table.checks.iter().filter(|check| !check.not_enforced);
        checks.any(|check| check.expression == said && counts(check))
            || (self.made_of(&column.data_type)).any(|domain| domain.not_null)
    }

    /// The sequence that a column takes its values from, where that is its own and no identity's: that of a `serial`.
    pub fn serial_of(&self, column: &Member<'a, Column>) -> Option<&'a Sequence> {
        let default = column.default.as_deref();
        let counts = default.is_some_and(|default| default.starts_with("nextval("));
        let own = (&column.table.relation().name, &*column.item().name);
        counts.then(|| self.sequences.get(&own).copied()).flatten()
    }

    /// Whether it has one.
    pub fn is_serial(&self, column: &Member<'a, Column>) -> bool {
        self.serial_of(column).is_some()
    }

    /// The body of a trigger's function, as far as it can be read: of one in C, or of an extension, nothing is known.
    pub fn body_of(&self, trigger: &Trigger) -> Option<&'a str> {
        self.functions.get(&trigger.function)?.body.as_deref()
    }

    /// The relation of that name, where the project has it.
    pub fn relation(&self, name: &QualifiedName) -> Option<&'a Relation> {
        self.relations.get(name).copied()
    }

    /// What is the project's.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The project's tables, without partitions and Diesel's bookkeeping.
    pub fn tables(&self) -> Selection<Table<'a>> {
        self.catalog.tables()
    }

    /// Its partitions, which are as their table is unless something was done to one alone.
    pub fn partitions(&self) -> Selection<Table<'a>> {
        self.catalog.partitions()
    }

    /// The row types whose `table!` is known, each with it and with the relation that it stands for.
    pub fn models_of_tables(
        &self,
    ) -> impl Iterator<Item = (&'a Model, &'a declared::Table, &'a Relation)> {
        self.models.iter().filter_map(|model| {
            let index = model.table?;
            let pair = self.comparison.tables.get(index)?;
            Some((model, self.declared.tables.get(index)?, pair.relation?))
        })
    }

    /// The columns of its tables. What a table inherits is said once, of its parent.
    pub fn columns(&self) -> Selection<Member<'a, Column>> {
        (self.tables().columns()).that("that are not inherited", |column| !column.inherited)
    }
}
