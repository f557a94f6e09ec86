//! Row types: the structs that Diesel's derives read rows into and make rows of.

mod assemble;
mod attributes;
mod place;
mod read;
mod text_enum;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::model::{Declared, DeclaredError, SchemaSource, Span, Table};

pub(super) use read::of;
pub use text_enum::TextEnum;
pub(super) use text_enum::of as text_enum_of;

/// A struct with one of Diesel's derives, or that names a table. One that names several is here once for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The struct.
    pub rust_name: String,
    /// The Rust modules (and functions) around it inside its file, outermost first.
    pub module: Vec<String>,
    /// The table's Rust path, what its first name is imported as in the place of that name: that of `#[diesel(table_name = …)]`, else Diesel's
    /// own where a derive needs one. `None` where none does.
    pub table_path: Option<Vec<String>>,
    /// The place in [`Declared::tables`] of the `table!` that the path means; `None` where that leaves none or several.
    pub table: Option<usize>,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Diesel's derives, without repetition.
    pub derives: Vec<Derive>,
    /// `struct Id(i32)`.
    pub is_tuple: bool,
    /// Whether it has parameters that are types or constants: a field's type may be anything.
    pub is_generic: bool,
    /// Whether it exists, or is a row type, in some builds only.
    pub conditional: bool,
    /// The struct's name.
    pub span: Span,
}

/// A field of a [`Model`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, `r#` taken off; its number, from 0, in a tuple.
    pub rust_name: String,
    /// The Rust identifier that its column has in the `table!`: `#[diesel(column_name = …)]`, else its own name. `None` in a tuple that names none, where
    /// it is [`embed`](Self::embed)ded, and where it is an expression.
    pub column: Option<String>,
    /// The type as the source has it, on one line and without comments.
    pub type_text: String,
    /// Whether the outermost type is `Option`; `None` where another crate's type, the project's own, a parameter or a conversion may hold a null.
    pub nullable: Option<bool>,
    /// `#[diesel(embed)]`: it stands for as many columns as its type says.
    pub embed: bool,
    /// `#[diesel(select_expression = …)]`: it is no column.
    pub is_expression: bool,
    /// `#[diesel(deserialize_as = …)]`: what is read, before it is converted.
    pub read_as: Option<String>,
    /// `#[diesel(serialize_as = …)]`: what is written, after it was converted.
    pub written_as: Option<String>,
    /// `#[diesel(skip_insertion)]` or `#[diesel(skip_update)]`.
    pub is_skipped: bool,
    /// Whether it exists in some builds only of those in which the struct is a row type.
    pub conditional: bool,
    /// The field's name; its type in a tuple.
    pub span: Span,
}

/// One of Diesel's derives for row types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Derive {
    /// Reads a row by the position of its columns.
    Queryable,
    /// Names the columns, in the order of the fields.
    Selectable,
    /// Both, and the query (Diesel 2.3).
    HasQuery,
    /// Reads a row by the names of its columns.
    QueryableByName,
    /// Makes rows.
    Insertable,
    /// Changes rows. An `Option` is a column that is left alone.
    AsChangeset,
    /// Has the primary key.
    Identifiable,
    /// Refers to another model's table.
    Associations,
}

impl Derive {
    pub(super) const ALL: [Self; 8] = [
        Self::Queryable,
        Self::Selectable,
        Self::HasQuery,
        Self::QueryableByName,
        Self::Insertable,
        Self::AsChangeset,
        Self::Identifiable,
        Self::Associations,
    ];

    /// As the source has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Queryable => "Queryable",
            Self::Selectable => "Selectable",
            Self::HasQuery => "HasQuery",
            Self::QueryableByName => "QueryableByName",
            Self::Insertable => "Insertable",
            Self::AsChangeset => "AsChangeset",
            Self::Identifiable => "Identifiable",
            Self::Associations => "Associations",
        }
    }

    /// Whether it takes a table of Diesel's own choice where the struct names none.
    fn needs_table(self) -> bool {
        !matches!(self, Self::Queryable | Self::QueryableByName)
    }
}

impl Model {
    /// Whether it has one of some derives.
    #[must_use]
    pub fn derives_any(&self, derives: &[Derive]) -> bool {
        derives.iter().any(|derive| self.derives.contains(derive))
    }

    /// Whether rows are read into it.
    #[must_use]
    pub fn is_read(&self) -> bool {
        use Derive::{HasQuery, Queryable, QueryableByName, Selectable};
        self.derives_any(&[Queryable, Selectable, HasQuery, QueryableByName])
    }

    /// Whether it reads rows by position, names no table, and has a field for each column of this one: Diesel asks for no more.
    #[must_use]
    pub fn reads_rows_of(&self, table: &Table) -> bool {
        let is_column = |field: &Field| field.column_in(table).is_some();
        self.table_path.is_none()
            && self.is_read()
            && self.fields.len() == table.columns.len()
            && self.fields.iter().all(is_column)
    }

    /// The `table!` of its table, in what it was read with.
    #[must_use]
    pub fn table_in<'a>(&self, declared: &'a Declared) -> Option<&'a Table> {
        declared.tables.get(self.table?)
    }
}

impl Field {
    /// The column of a model's table that it stands for.
    #[must_use]
    pub fn column_in<'a>(&self, table: &'a Table) -> Option<&'a super::Column> {
        let name = self.column.as_deref()?;
        (table.columns.iter()).find(|column| column.rust_name == name)
    }
}

/// The row types of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// By file and place.
    pub models: Vec<Model>,
    /// Enums that are stored as text, by file and place.
    pub text_enums: Vec<TextEnum>,
    /// The texts that spans point into, by path as [`Span::file`] has it.
    pub sources: BTreeMap<PathBuf, String>,
    /// Sentences about files that could not be read.
    pub notices: Vec<String>,
}

/// Reads the row types in all Rust sources that [`read`](super::read) looks in, and finds their tables in what it declared.
///
/// # Errors
/// When no thread can be had to read with.
pub fn models(
    root: &Path,
    schemas: &[SchemaSource],
    declared: &Declared,
) -> Result<Models, DeclaredError> {
    assemble::models(root, schemas, declared)
}
