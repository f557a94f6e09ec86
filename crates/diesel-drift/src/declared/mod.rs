//! `schema.rs` → [`Declared`]. The only place that names `syn` or Diesel's syntax crate.
//!
//! [`read`] takes the schema files (or directories), reads `table!` and `joinable!` in them, and looks in all sources
//! of the project for what belongs to them: joins that Diesel CLI cannot print, structs with `postgres_type`, aliases, and the Rust enums whose labels must
//! be those of a PostgreSQL enum.
//!
//! What is declared for tests only (`#[cfg(test)]`) or for another backend (`#[cfg(feature = "sqlite")]`,
//! `#[cfg(mysql)]`) is not declared for PostgreSQL and is left out, and so are files that only such modules lead to;
//! other conditions are taken to hold.

mod apart;
mod assemble;
mod cfg;
mod children;
mod enums;
mod excluded;
mod exercised;
mod file;
mod identifier;
mod joined;
mod macros;
mod model;
mod models;
mod module_path;
mod names;
mod parallel;
mod patch;
mod resolve;
mod schema_files;
mod sql_types;
mod table;
mod text;
mod type_ref;
mod types;
mod unreached;
mod walk;

use std::path::Path;

pub use exercised::{Exercise, exercises};
pub use identifier::{is_diesel_type, rust_identifier};
pub use joined::Joined;
pub use model::{
    Column, Declared, DeclaredError, Joinable, Label, Reading, RustEnum, SchemaSource, Span,
    SqlType, Table, Type,
};
pub use models::{Derive, Field, Model, Models, TextEnum, models};

/// Reads the declarations in `schemas`, and SQL types and enums from all Rust sources under `root`.
///
/// Of a directory in `schemas`, the files with a `table!` are read, those of a package's `tests`, `benches` and `examples`
/// only where they are asked for. A file of `schemas` brings the files along that it declares with `mod x;` or takes in with `include!`. Paths in
/// spans are relative to `root` where they are inside it.
///
/// # Errors
/// When a file of `schemas` cannot be read or is not valid Rust, a table is declared twice in one module, a column twice
/// in one table, or a primary key names no column.
pub fn read(root: &Path, schemas: &[SchemaSource]) -> Result<Reading, DeclaredError> {
    // All of it on one: what a thread has freed, glibc gives to no other.
    parallel::on_large_stack(|| assemble::read(root, schemas))?
}
