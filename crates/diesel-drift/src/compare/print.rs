//! What to write: declarations as Diesel CLI prints them, and SQL.

use super::Comparison;
use crate::catalog::{Column, QualifiedName, Relation, quote_identifier};
use crate::declared::{self, Type, rust_identifier};
use heck::ToUpperCamelCase;
use std::fmt::Write;

impl Comparison<'_> {
    /// A live column's type for people: PostgreSQL's words, and `not null` where it is.
    pub fn show_live_type(&self, column: &Column) -> String {
        column.data_type.sql.clone()
    }

    /// A column's line in a `table!`, as Diesel CLI prints it.
    pub fn print_column(&self, column: &Column) -> String {
        let name = rust_identifier(&column.name);
        let mut line = String::new();
        if name != column.name && name.trim_start_matches("r#") != column.name {
            let _ = write!(line, "#[sql_name = {:?}] ", column.name);
        }
        let _ = write!(line, "{name} -> {},", self.print_type(column));
        line
    }

    fn print_type(&self, column: &Column) -> String {
        let data_type = self.resolve_domain(&column.data_type);
        let base = data_type.name.to_upper_camel_case();
        let inner = if data_type.array {
            format!("Array<Nullable<{base}>>")
        } else {
            base
        };
        let not_null = column.not_null
            || self
                .domains_of(&column.data_type)
                .first()
                .is_some_and(|domain| domain.not_null);
        if not_null {
            inner
        } else {
            format!("Nullable<{inner}>")
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
            schema => format!("{schema}."),
        };
        let mut text = format!(
            "diesel::table! {{\n    {schema}{} ({}) {{\n",
            relation.name.name,
            key.join(", ")
        );
        for column in &relation.columns {
            let _ = writeln!(text, "        {}", self.print_column(column));
        }
        text.push_str("    }\n}");
        text
    }

    /// The statement that adds a declared column.
    pub fn add_column(&self, relation: &Relation, column: &declared::Column) -> String {
        let sql_type = self
            .sql_type_of(&column.data_type)
            .unwrap_or_else(|| "…".to_owned());
        let not_null = if column.nullable { "" } else { " NOT NULL" };
        format!(
            "write a migration: `ALTER TABLE {} ADD COLUMN {} {sql_type}{not_null};`",
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
