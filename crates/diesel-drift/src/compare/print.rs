//! What to write: declarations as Diesel CLI prints them, and SQL.

use super::{Comparison, is_view};
use crate::catalog::{Column, QualifiedName, Relation, quote_identifier};
use crate::declared::{self, Type, is_diesel_type, rust_identifier};
use heck::ToUpperCamelCase;
use std::collections::BTreeSet;
use std::fmt::Write;

impl Comparison<'_> {
    /// A column's line in a `table!`, as Diesel CLI prints it.
    pub fn print_column(&self, relation: &Relation, column: &Column) -> String {
        let (sql_name, name) = print_name(&column.name);
        let sql_name = sql_name
            .map(|attribute| attribute + " ")
            .unwrap_or_default();
        format!("{sql_name}{name} -> {},", self.print_type(relation, column))
    }

    fn print_type(&self, relation: &Relation, column: &Column) -> String {
        let data_type = self.resolve_domain(&column.data_type);
        let base = rust_type(&data_type.name);
        let inner = if data_type.array {
            format!("Array<Nullable<{base}>>")
        } else {
            base
        };
        let domains = self.domains_of(&column.data_type);
        // Of views nothing is known, and a key that the code declares cannot be null.
        let not_null = is_view(relation.kind)
            || column.not_null
            || domains.first().is_some_and(|domain| domain.not_null);
        if not_null {
            inner
        } else {
            format!("Nullable<{inner}>")
        }
    }

    /// The imports of a `table!` with types that are not Diesel's, as Diesel CLI prints them.
    fn print_imports(&self, relation: &Relation) -> String {
        let types: BTreeSet<_> = (relation.columns.iter())
            .map(|column| rust_type(&self.resolve_domain(&column.data_type).name))
            .filter(|name| !is_diesel_type(name))
            .collect();
        let custom: String = types
            .iter()
            .map(|name| format!("    use super::sql_types::{name};\n"))
            .collect();
        if custom.is_empty() {
            custom
        } else {
            format!("    use diesel::sql_types::*;\n{custom}\n")
        }
    }

    /// A whole `table!`, as Diesel CLI prints it.
    pub fn print_table(&self, relation: &Relation) -> String {
        let key = relation
            .primary_key
            .as_ref()
            .map_or(&[][..], |key| &key.columns);
        let key: Vec<_> = key.iter().map(|name| rust_identifier(name)).collect();
        let schema = match relation.name.schema.as_str() {
            "public" => String::new(),
            schema => format!("{}.", rust_identifier(schema)),
        };
        let imports = self.print_imports(relation);
        let (sql_name, name) = print_name(&relation.name.name);
        let sql_name = sql_name
            .map(|attribute| format!("    {attribute}\n"))
            .unwrap_or_default();
        let mut text = format!(
            "diesel::table! {{\n{imports}{sql_name}    {schema}{name} ({}) {{\n",
            key.join(", ")
        );
        for column in &relation.columns {
            let _ = writeln!(text, "        {}", self.print_column(relation, column));
        }
        text.push_str("    }\n}");
        text
    }

    /// The statement that adds a declared column.
    pub fn add_column(&self, relation: &Relation, column: &declared::Column) -> String {
        let sql_type = self
            .sql_type_of(&column.data_type)
            .unwrap_or_else(|| "…".to_owned());
        let (not_null, filled) = match column.nullable {
            true => ("", ""),
            false => (
                " NOT NULL",
                " (with a DEFAULT, or filled in first, where the table has rows)",
            ),
        };
        format!(
            "write a migration: `ALTER TABLE {} ADD COLUMN {} {sql_type}{not_null};`{filled}",
            relation.name.to_sql(),
            quote_identifier(&column.name)
        )
    }

    /// A declared type in SQL, where its name is known.
    pub fn sql_type_of(&self, data_type: &Type) -> Option<String> {
        match data_type {
            Type::Known { schema, name } => Some(match schema.as_deref() {
                None | Some("pg_catalog") => name.clone(),
                Some(schema) => QualifiedName::new(schema, name).to_sql(),
            }),
            Type::Array { element, .. } => Some(format!("{}[]", self.sql_type_of(element)?)),
            Type::Unknown { .. } => None,
        }
    }
}

/// The struct for a type: its name in upper camel case.
fn rust_type(name: &str) -> String {
    rust_identifier(&name.to_upper_camel_case())
}

/// A name as a Rust identifier, and the attribute that says the SQL name where that differs.
fn print_name(name: &str) -> (Option<String>, String) {
    let identifier = rust_identifier(name);
    let attribute = (identifier != name).then(|| format!("#[sql_name = {name:?}]"));
    (attribute, identifier)
}
