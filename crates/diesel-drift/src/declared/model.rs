//! What is declared, as plain data.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// What a project's Rust code says about its database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// `table!`, by file and place.
    pub tables: Vec<Table>,
    /// `joinable!`, by file and place.
    pub joinables: Vec<Joinable>,
    /// Structs with `postgres_type(name = …)` in the schema files, and those elsewhere that a declared column uses.
    pub sql_types: Vec<SqlType>,
    /// Rust enums that stand for one of [`Declared::sql_types`].
    pub enums: Vec<RustEnum>,
    /// The texts that spans point into, by path as [`Span::file`] has it.
    pub sources: BTreeMap<PathBuf, String>,
}

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file, relative to the project's root where it is inside.
    pub file: PathBuf,
    /// Byte offset of the start in the file's text, a byte order mark included.
    pub start: usize,
    /// Byte offset of the end.
    pub end: usize,
    /// 1-based line of the start.
    pub line: usize,
    /// 1-based column of the start, in characters.
    pub column: usize,
}

impl Span {
    /// Whether it means the file, and no place in it: nothing of its text is worth showing.
    pub fn is_whole_file(&self) -> bool {
        (self.start, self.end) == (0, 0)
    }
}

/// A `table!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The schema, where the macro names one. It is a Rust identifier, which Diesel takes for the SQL name; see
    /// [`rust_identifier`](super::rust_identifier) for what Diesel CLI writes for a name that is none.
    pub schema: Option<String>,
    /// The relation's SQL name.
    pub name: String,
    /// The Rust module's name.
    pub rust_name: String,
    /// The Rust modules (and functions) around the macro inside its file, outermost first.
    pub module: Vec<String>,
    /// SQL names of the key columns in order; Diesel's implicit `id` where the macro names none. Empty for a `view!`.
    pub primary_key: Vec<String>,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// The table's name in the macro.
    pub span: Span,
    /// The key in the macro, or the table's name where it is implicit.
    pub primary_key_span: Span,
}

/// A column of a `table!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// SQL name.
    pub name: String,
    /// Rust identifier.
    pub rust_name: String,
    /// Whether the outermost type is `Nullable`.
    pub nullable: bool,
    /// The type inside `Nullable`.
    pub data_type: Type,
    /// The type as the source has it, on one line and without comments.
    pub type_text: String,
    /// `#[max_length]`, in characters.
    pub max_length: Option<u32>,
    /// The column's name.
    pub span: Span,
    /// The column's type.
    pub type_span: Span,
}

/// A SQL type, in PostgreSQL's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A type whose PostgreSQL name is known: Diesel's own, aliases resolved (`Integer` is `pg_catalog.int4`; `Text`,
    /// `Varchar` and `Bpchar` are one type for Diesel, and `pg_catalog.text` here), or one with `postgres_type`.
    Known {
        /// The schema, where it is known. A `postgres_type` without one is found through the search path.
        schema: Option<String>,
        /// `pg_type.typname`.
        name: String,
    },
    /// `Array<T>`.
    Array {
        /// The type inside, without its `Nullable`.
        element: Box<Type>,
        /// Whether the elements are `Nullable`.
        nullable: bool,
    },
    /// A type of another crate, or one that cannot be resolved. Neither equal to anything nor different.
    Unknown {
        /// The last segment of its path: `Tsvector`.
        name: String,
    },
}

/// A `joinable!(child -> parent (foreign_key))`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joinable {
    /// The child's Rust path, what its first name is imported as in the place of that name.
    pub child: Vec<String>,
    /// The parent's, likewise.
    pub parent: Vec<String>,
    /// The Rust identifier of the child's column.
    pub foreign_key: String,
    /// The Rust modules (and functions) around the macro inside its file, outermost first.
    pub module: Vec<String>,
    /// The whole invocation.
    pub span: Span,
}

/// What is between the parentheses.
impl fmt::Display for Joinable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (child, parent) = (self.child.join("::"), self.parent.join("::"));
        write!(f, "{child} -> {parent} ({})", self.foreign_key)
    }
}

/// A Rust struct that names a PostgreSQL type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlType {
    /// The struct.
    pub rust_name: String,
    /// `postgres_type(schema = …)`.
    pub schema: Option<String>,
    /// `postgres_type(name = …)`.
    pub name: String,
    /// The struct's name.
    pub span: Span,
}

/// A Rust enum that stands for a PostgreSQL enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustEnum {
    /// The enum.
    pub rust_name: String,
    /// The [`SqlType`] that it stands for, by its Rust name.
    pub sql_type: String,
    /// Its [`SqlType::schema`].
    pub schema: Option<String>,
    /// Its [`SqlType::name`].
    pub type_name: String,
    /// Labels that it writes, each certain: one that the database lacks fails when it is written. There may be more.
    pub writes: Vec<Label>,
    /// The labels that it reads: one that is not here fails when it is read. `None` where any label may be read (a
    /// catch-all arm), where it cannot be told, or where the enum is never read.
    pub reads: Option<Vec<Label>>,
    /// The enum's name, or the type's name in its `impl`.
    pub span: Span,
}

/// A label of a [`RustEnum`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The enum label.
    pub label: String,
    /// The variant, or the string literal.
    pub span: Span,
}

/// A file or directory with `table!`, and the patch that Diesel CLI applies to what it prints there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaSource {
    /// A `.rs` file, or a directory that is scanned for them.
    pub path: PathBuf,
    /// `print_schema.patch_file`.
    pub patch: Option<PathBuf>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What the sources say.
    pub declared: Declared,
    /// What they would say had no patch been applied, where there is one: what Diesel CLI printed. A difference from the
    /// database that only `declared` has is the patch's, and so intended.
    pub generated: Option<Declared>,
    /// Sentences about what could not be used, such as a hunk of a patch that does not match.
    pub notices: Vec<String>,
}

/// Why declarations could not be read. Each is one sentence that begins with file and line.
#[derive(Debug, thiserror::Error)]
pub enum DeclaredError {
    /// A file cannot be read.
    #[error("{path}: cannot be read: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}:{line}:{column}: {message}", path = path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
        /// What is wrong and what to do.
        message: String,
    },
}
