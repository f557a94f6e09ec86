//! Projects in temporary directories.

use std::fs;

use diesel_drift::declared::{
    self, Declared, DeclaredError, Label, Models, Reading, SchemaSource, Table, Type, read,
};
use tempfile::TempDir;

/// A project with these files.
pub fn project(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// Reads files of a project; the paths are those of schema files or directories.
pub fn try_read(files: &[(&str, &str)], schemas: &[&str]) -> Result<Reading, DeclaredError> {
    let dir = project(files);
    let schemas: Vec<SchemaSource> = schemas
        .iter()
        .map(|path| SchemaSource {
            path: dir.path().join(path),
            patch: None,
        })
        .collect();
    read(dir.path(), &schemas)
}

/// The row types of files that are in order, of which `schemas` are the schema files.
pub fn models(files: &[(&str, &str)], schemas: &[&str]) -> (Declared, Models) {
    let dir = project(files);
    let schemas: Vec<SchemaSource> = (schemas.iter())
        .map(|path| SchemaSource {
            path: dir.path().join(path),
            patch: None,
        })
        .collect();
    let reading = read(dir.path(), &schemas).unwrap();
    let models = declared::models(dir.path(), &schemas, &reading.declared).unwrap();
    (reading.declared, models)
}

/// Reads files that are in order, the first of which is the schema file.
pub fn declared(files: &[(&str, &str)]) -> Declared {
    try_read(files, &[files[0].0]).unwrap().declared
}

/// Reads one schema file.
pub fn schema(text: &str) -> Declared {
    declared(&[("src/schema.rs", text)])
}

/// The error of one schema file.
pub fn error(text: &str) -> String {
    try_read(&[("src/schema.rs", text)], &["src/schema.rs"])
        .unwrap_err()
        .to_string()
}

/// The only table.
pub fn table(text: &str) -> Table {
    let mut tables = schema(text).tables;
    assert_eq!(tables.len(), 1);
    tables.remove(0)
}

/// A type of `pg_catalog`.
pub fn builtin(name: &str) -> Type {
    Type::Known {
        schema: Some("pg_catalog".into()),
        name: name.into(),
    }
}

/// A type that `postgres_type` names.
pub fn custom(name: &str) -> Type {
    Type::Known {
        schema: None,
        name: name.into(),
    }
}

/// A type that cannot be told.
pub fn unknown(name: &str) -> Type {
    Type::Unknown { name: name.into() }
}

/// Names of tables in order.
pub fn names(declared: &Declared) -> Vec<&str> {
    declared
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect()
}

/// Labels without their places.
pub fn texts(labels: &[Label]) -> Vec<&str> {
    labels.iter().map(|label| label.label.as_str()).collect()
}
