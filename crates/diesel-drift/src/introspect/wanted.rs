//! What the declarations name that may not be the project's own.

use crate::declared::{Declared, Reading, Type};
use std::collections::BTreeSet;

/// What a project names and may not own: looked up by name in system schemas and among the members of extensions,
/// and returned in [`Catalog::outside`](crate::catalog::Catalog::outside).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Relations that `table!` declares, by raw name in any schema.
    pub relations: BTreeSet<String>,
    /// Types that `schema.rs` names (`postgres_type(name = …)`, and types of other crates by their likely name), by
    /// raw name in any schema.
    pub types: BTreeSet<String>,
}

impl Wanted {
    /// What `reading` names.
    pub fn of(reading: &Reading) -> Self {
        let mut wanted = Self::default();
        wanted.add(&reading.declared);
        reading
            .generated
            .iter()
            .for_each(|generated| wanted.add(generated));
        wanted
    }

    fn add(&mut self, declared: &Declared) {
        self.relations
            .extend(declared.tables.iter().map(|table| table.name.clone()));
        self.types.extend(
            declared
                .sql_types
                .iter()
                .map(|sql_type| sql_type.name.clone()),
        );
        for column in declared.tables.iter().flat_map(|table| &table.columns) {
            let mut data_type = &column.data_type;
            while let Type::Array { element, .. } = data_type {
                data_type = element;
            }
            match data_type {
                Type::Known { name, .. } => {
                    self.types.insert(name.clone());
                }
                Type::Unknown { name } => self.types.extend(likely_sql_names(name)),
                Type::Array { .. } => {}
            }
        }
    }
}

/// The names that a type of another crate may have in PostgreSQL, going by its Rust name.
fn likely_sql_names(rust_name: &str) -> [String; 2] {
    use heck::ToSnakeCase;
    [rust_name.to_lowercase(), rust_name.to_snake_case()]
}
