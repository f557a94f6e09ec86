//! What rules look at.

use crate::catalog::query::{Selection, Table};
use crate::catalog::{Catalog, DataType, Domains, Relation};
use crate::compare::{Comparison, Scope};
use crate::declared::{self, Declared, Model, Models, TextEnum};
use crate::introspect::Live;

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
        }
    }

    /// What a type is, where it is a domain: the type that all its domains are made of.
    pub fn base(&self, data_type: &'a DataType) -> &'a DataType {
        (self.domains.chain(data_type).last()).map_or(data_type, |domain| &domain.base)
    }

    /// What is the project's.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The project's tables, without partitions and Diesel's bookkeeping.
    pub fn tables(&self) -> Selection<Table<'a>> {
        self.catalog.tables()
    }

    /// Whether a domain says of its own accord that there is no null.
    pub(super) fn never_null(&self, data_type: &DataType) -> bool {
        (self.domains.chain(data_type)).any(|domain| domain.not_null)
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
}
