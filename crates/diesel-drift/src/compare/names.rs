//! What a name in the declarations means in the database, as PostgreSQL looks names up.

use super::{Comparison, Scope};
use crate::catalog::{QualifiedName, Relation};
use crate::declared::{Declared, Table, rust_identifier};
use crate::introspect::Live;
use std::collections::{BTreeSet, HashMap};

/// Relations by name, and whether each is outside of the project.
pub(super) struct Relations<'a> {
    by_name: HashMap<&'a str, Vec<(&'a Relation, bool)>>,
    /// What a `table!` names with its schema, and so no other name can mean.
    qualified: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Relations<'a> {
    pub(super) fn new(declared: &'a Declared, live: &'a Live) -> Self {
        let mut by_name: HashMap<&str, Vec<(&Relation, bool)>> = HashMap::new();
        let own = live
            .catalog
            .relations
            .iter()
            .map(|relation| (relation, false));
        let outside = live
            .catalog
            .outside
            .relations
            .iter()
            .map(|relation| (relation, true));
        for (relation, outside) in own.chain(outside) {
            by_name
                .entry(&relation.name.name)
                .or_default()
                .push((relation, outside));
        }
        let qualified = (declared.tables.iter())
            .filter_map(|table| Some((table.schema.as_deref()?, table.name.as_str())))
            .collect();
        Self { by_name, qualified }
    }

    /// The relations of that name, in any schema.
    pub(super) fn named(&self, name: &str) -> &[(&'a Relation, bool)] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The relation that a `table!` means, and whether it is outside of the project.
    ///
    /// PostgreSQL looks a name without a schema up along the search path. A project may set its own on connecting, which
    /// is not known here, so the schemas that `diesel.toml` covers come next.
    pub(super) fn find(
        &self,
        declared: &Table,
        live: &Live,
        scope: &Scope,
    ) -> Option<(&'a Relation, bool)> {
        let candidates = self.named(&declared.name);
        let in_schema = |schema: &str| {
            candidates
                .iter()
                .copied()
                .find(|(relation, _)| relation.name.schema == schema)
        };
        match &declared.schema {
            // Diesel CLI writes `my-schema` as `my_schema`, and has no attribute for the SQL name of a schema.
            Some(schema) => in_schema(schema).or_else(|| {
                candidates
                    .iter()
                    .copied()
                    .find(|(relation, _)| rust_identifier(&relation.name.schema) == *schema)
            }),
            None => {
                let free =
                    |schema: &&str| !self.qualified.contains(&(*schema, declared.name.as_str()));
                (live.search_path.iter().map(String::as_str))
                    .chain(scope.schemas().filter(free))
                    .chain(["pg_catalog"])
                    .find_map(in_schema)
            }
        }
    }
}

impl<'a> Comparison<'a> {
    /// The type that a name means: with a schema the one there, without one the first along the search path, then of the
    /// schemas that `diesel.toml` covers, then of an extension, wherever it was put.
    pub fn find_type(&self, schema: Option<&str>, name: &str) -> Option<&'a QualifiedName> {
        let in_schema = |schema: &str| {
            self.types
                .get(name)?
                .iter()
                .find(|live| live.name.schema == schema)
        };
        let found = match schema {
            Some(schema) => in_schema(schema),
            None => ["pg_catalog"]
                .into_iter()
                .chain(self.live.search_path.iter().map(String::as_str))
                .chain(self.scope.schemas())
                .find_map(in_schema)
                .or_else(|| self.types.get(name)?.iter().find(|live| live.outside)),
        };
        found.map(|live| live.name)
    }

    /// The full name that a declared type should have.
    pub fn type_name(&self, schema: Option<&str>, name: &str) -> QualifiedName {
        let default = self
            .live
            .search_path
            .first()
            .map_or("public", String::as_str);
        QualifiedName::new(schema.unwrap_or(default), name)
    }
}

/// A type of the database.
pub(super) struct LiveType<'a> {
    pub(super) name: &'a QualifiedName,
    /// Whether it is PostgreSQL's own or an extension's.
    pub(super) outside: bool,
    /// Whether it is the row type of a relation.
    pub(super) is_row: bool,
}

/// Every type of the database that can be named, by name. Of PostgreSQL's own and of extensions', those that were asked for.
pub(super) fn types(live: &Live) -> HashMap<&str, Vec<LiveType<'_>>> {
    let catalog = &live.catalog;
    let own = (catalog.enums.iter().map(|live| &live.name))
        .chain(catalog.domains.iter().map(|live| &live.name))
        .chain(catalog.composites.iter().map(|live| &live.name))
        .chain(catalog.ranges.iter().map(|live| &live.name))
        .chain(
            catalog
                .ranges
                .iter()
                .filter_map(|live| live.multirange.as_ref()),
        )
        .map(|name| LiveType {
            name,
            outside: false,
            is_row: false,
        });
    let rows = (catalog.relations.iter()).map(|live| LiveType {
        name: &live.name,
        outside: false,
        is_row: true,
    });
    let outside = (catalog.outside.enums.iter().map(|live| &live.name))
        .chain(catalog.outside.domains.iter().map(|live| &live.name))
        .chain(&catalog.outside.types)
        .map(|name| LiveType {
            name,
            outside: true,
            is_row: false,
        });
    let mut types: HashMap<&str, Vec<LiveType<'_>>> = HashMap::new();
    for live in own.chain(rows).chain(outside) {
        types.entry(&live.name.name).or_default().push(live);
    }
    types
}
