//! From files to [`Declared`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cfg::Build;
use super::enums::RawEnum;
use super::file::{self, Facts};
use super::joined::Joined;
use super::model::{
    Column, Declared, DeclaredError, Joinable, Reading, RustEnum, SchemaSource, SqlType, Table,
};
use super::names::{File, From, Project};
use super::resolve::Resolved;
use super::schema_files::{self, SchemaFile};
use super::sql_types::Names;
use super::table::{RawColumn, RawTable};
use super::text::Text;
use super::type_ref::TypeRef;
use super::walk::{self, Sources};
use super::{excluded, parallel, patch};

/// What marks a file that names a PostgreSQL type, or that reads or writes one.
const MARKS: &[&str] = &[
    "joinable!",
    "postgres_type",
    "postgres(",
    "DbEnum",
    "ToSql<",
    "FromSql<",
];

/// What marks a file that may hand SQL types on under another name, along with `sql_types`.
const ALIASES: &[&str] = &[
    "type ",
    "pub type ",
    "pub use ",
    "pub(crate) type ",
    "pub(crate) use ",
];

/// See [`super::read`].
pub(super) fn read(root: &Path, schemas: &[SchemaSource]) -> Result<Reading, DeclaredError> {
    let paths: Vec<PathBuf> = schemas.iter().map(|source| source.path.clone()).collect();
    let sources = walk::walk(root, &paths);
    let graph = excluded::graph(&candidates(&sources, schemas), Build::Plain)?;
    let excluded = excluded::excluded(&graph, schemas);
    let mut found = schema_files::load(root, schemas, &excluded)?;
    let mut notices = found.notices;
    let (mut files, mut texts) = (Vec::new(), BTreeMap::new());
    for schema in &mut found.files {
        let path = schema.facts.path.clone();
        texts.insert(path.clone(), schema.text.clone());
        // Moved, not copied: of ten thousand tables there is a lot to say.
        let facts = Facts {
            path,
            ..Facts::default()
        };
        files.push(File {
            facts: std::mem::replace(&mut schema.facts, facts),
            is_schema: true,
            package: sources.package_of(&schema.file),
        });
    }
    let known = found.known.union(&excluded).cloned().collect();
    for (facts, text, package, notice) in scan(root, &sources, &known)? {
        notices.extend(notice);
        texts.insert(facts.path.clone(), text);
        files.push(File {
            facts,
            is_schema: false,
            package,
        });
    }
    let patched = found.files.iter().any(|schema| schema.patch.is_some());
    let raw = raw_tables(&mut files, patched);
    let declared = assemble(&files, raw, &sources.crates, &texts);
    let of_schema = |joinable: &&Joinable| {
        let mut schemas = found.files.iter();
        schemas.any(|file| file.facts.path == joinable.span.file)
    };
    let joined = Joined::of(&declared);
    notices.extend(
        declared
            .joinables
            .iter()
            .filter(of_schema)
            .filter_map(|joinable| unresolved(&joined, joinable)),
    );
    let generated = generated(root, &found.files, &mut files, &mut texts, &mut notices)?;
    let generated = generated.then(|| {
        let raw = raw_tables(&mut files, false);
        assemble(&files, raw, &sources.crates, &texts)
    });
    Ok(Reading {
        declared,
        generated,
        notices,
    })
}

/// The files under the root and under directories that are sources.
pub(super) fn candidates(sources: &Sources, schemas: &[SchemaSource]) -> Vec<PathBuf> {
    let directories = schemas.iter().filter(|source| source.path.is_dir());
    let mut files: Vec<PathBuf> = directories.flat_map(schema_files::scanned).collect();
    files.extend(sources.files.iter().cloned());
    files.sort();
    files.dedup();
    files
}

/// What is said of a join whose tables are not known; `None` where they are.
fn unresolved(joined: &Joined<'_>, joinable: &Joinable) -> Option<String> {
    let side = [&joinable.child, &joinable.parent]
        .into_iter()
        .find(|side| joined.place(joinable, side).is_none())?;
    Some(format!(
        "{}:{}: `joinable!({joinable})`: no `table!`, or more than one, is `{}`; it is not looked at",
        joinable.span.file.display(),
        joinable.span.line,
        side.join("::"),
    ))
}

/// The tables of each file, taken out of it: of ten thousand tables there is a lot to say. Copies, where they are needed `again`.
fn raw_tables(files: &mut [File], again: bool) -> Vec<Vec<(usize, RawTable)>> {
    let of_file = |file: &mut File| match again {
        true => file.facts.tables.clone(),
        false => std::mem::take(&mut file.facts.tables),
    };
    files.iter_mut().map(of_file).collect()
}

type Scanned = (Facts, Arc<str>, Option<PathBuf>, Option<String>);

/// Reads the sources that may say something about SQL types. One that is not valid Rust is left out with a notice: it
/// declares no table.
fn scan(
    root: &Path,
    sources: &Sources,
    known: &BTreeSet<PathBuf>,
) -> Result<Vec<Scanned>, DeclaredError> {
    let read = |path: &PathBuf| -> Option<Scanned> {
        let content = std::fs::read_to_string(path).ok()?;
        if !says_something(&content) || known.contains(&schema_files::identity(path)) {
            return None;
        }
        let text = Text::new(schema_files::display(root, path), content);
        let (facts, notice) = match file::read(&text, false) {
            Ok(facts) => (facts, None),
            Err(error) => return Some(unreadable(&text, &error)),
        };
        Some((facts, text.text, sources.package_of(path), notice))
    };
    Ok(parallel::map(&sources.files, read)?
        .into_iter()
        .flatten()
        .collect())
}

/// Whether it is worth while to parse a file: most of a project's are not.
fn says_something(content: &str) -> bool {
    let hands_on = |line: &str| {
        let line = line.trim_start();
        ALIASES.iter().any(|mark| line.starts_with(mark))
    };
    MARKS.iter().any(|mark| content.contains(mark))
        || (content.contains("sql_types") && content.lines().any(hands_on))
}

fn unreadable(text: &Text, error: &DeclaredError) -> Scanned {
    let facts = Facts {
        path: text.path.clone(),
        ..Facts::default()
    };
    let notice = format!("{error}. SQL types and enums in that file are not looked at.");
    (facts, Arc::default(), None, Some(notice))
}

/// Puts what Diesel CLI printed in the place of every file that a patch changed. False where there is no patch.
fn generated(
    root: &Path,
    schemas: &[SchemaFile],
    files: &mut [File],
    texts: &mut BTreeMap<PathBuf, Arc<str>>,
    notices: &mut Vec<String>,
) -> Result<bool, DeclaredError> {
    let mut any = false;
    for (schema, file) in schemas.iter().zip(files) {
        let Some(path) = &schema.patch else { continue };
        any = true;
        let patch = Text::open(path, schema_files::display(root, path))?;
        let reversed = patch::reverse(&schema.text, &schema.facts.path, &patch);
        notices.extend(reversed.notices);
        let text = Text::new(schema.facts.path.clone(), reversed.text);
        match file::read(&text, true) {
            Ok(facts) => {
                file.facts = facts;
                texts.insert(text.path.clone(), text.text);
            }
            Err(error) => notices.push(format!(
                "{}: taken back from {}, this patch leaves what cannot be read ({error}); it is ignored",
                patch.path.display(),
                text.path.display(),
            )),
        }
    }
    Ok(any)
}

/// Resolves everything. `tables` are those of the files.
fn assemble(
    files: &[File],
    tables: Vec<Vec<(usize, RawTable)>>,
    crates: &[String],
    texts: &BTreeMap<PathBuf, Arc<str>>,
) -> Declared {
    let project = Project { files, crates };
    let mut declared = Declared::default();
    let mut structs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (index, (file, tables)) in files.iter().zip(tables).enumerate() {
        for (scope, mut raw) in tables {
            let imports = std::mem::take(&mut raw.imports);
            let resolve = |ty: &TypeRef| {
                let from = From {
                    file: index,
                    scope,
                    table: Some(&imports),
                };
                project.resolve(ty, from)
            };
            let module = &file.facts.scopes[scope].path;
            declared
                .tables
                .push(table(raw, module, resolve, &mut structs));
        }
        declared.joinables.extend(file.facts.joinables.clone());
        if file.is_schema {
            structs.extend((0..file.facts.structs.len()).map(|at| (index, at)));
        }
    }
    for (file, at) in &structs {
        let (_, raw) = &files[*file].facts.structs[*at];
        if let Names::Name { schema, name } = &raw.names {
            declared.sql_types.push(SqlType {
                rust_name: raw.rust_name.clone(),
                schema: schema.clone(),
                name: name.clone(),
                span: raw.span.clone(),
            });
        }
    }
    for (index, file) in files.iter().enumerate() {
        for (scope, raw) in &file.facts.enums {
            let from = From {
                file: index,
                scope: *scope,
                table: None,
            };
            let structure = project.resolve(&raw.sql_type, from).structure;
            let Some((of, at)) = structure.filter(|of| structs.contains(of)) else {
                continue;
            };
            let (_, structure) = &files[of].facts.structs[at];
            if let Names::Name { schema, name } = &structure.names {
                let sql_type = structure.rust_name.clone();
                declared
                    .enums
                    .push(rust_enum(raw, sql_type, schema.clone(), name.clone()));
            }
        }
    }
    declared.sources = sources(&declared, files, texts);
    declared
}

fn table(
    raw: RawTable,
    module: &[String],
    resolve: impl Fn(&TypeRef) -> Resolved,
    structs: &mut BTreeSet<(usize, usize)>,
) -> Table {
    let column = |raw: RawColumn| {
        let resolved = resolve(&raw.ty);
        structs.extend(resolved.structure);
        Column {
            name: raw.name,
            rust_name: raw.rust_name,
            nullable: resolved.nullable,
            data_type: resolved.ty,
            type_text: raw.type_text,
            max_length: raw.max_length,
            span: raw.span,
            type_span: raw.type_span,
        }
    };
    Table {
        schema: raw.schema,
        name: raw.name,
        rust_name: raw.rust_name,
        module: module.to_vec(),
        primary_key: raw.primary_key,
        columns: raw.columns.into_iter().map(column).collect(),
        span: raw.span,
        primary_key_span: raw.primary_key_span,
    }
}

fn rust_enum(
    raw: &RawEnum,
    sql_type: String,
    schema: Option<String>,
    type_name: String,
) -> RustEnum {
    RustEnum {
        rust_name: raw.rust_name.clone(),
        sql_type,
        schema,
        type_name,
        writes: raw.writes.clone(),
        reads: raw.reads.clone(),
        span: raw.span.clone(),
    }
}

/// The texts of the schema files and of all files that a span is in.
fn sources(
    declared: &Declared,
    files: &[File],
    texts: &BTreeMap<PathBuf, Arc<str>>,
) -> BTreeMap<PathBuf, String> {
    let schemas = files
        .iter()
        .filter(|file| file.is_schema)
        .map(|file| &file.facts.path);
    let types = declared.sql_types.iter().map(|item| &item.span.file);
    let enums = declared.enums.iter().map(|item| &item.span.file);
    let joinables = declared.joinables.iter().map(|item| &item.span.file);
    // Thousands of joins are in one file, and its text is held once.
    let paths: BTreeSet<&PathBuf> = (schemas.chain(types).chain(joinables))
        .chain(enums)
        .collect();
    paths
        .into_iter()
        .filter_map(|path| Some((path.clone(), texts.get(path)?.to_string())))
        .collect()
}
