//! From files to [`Models`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::Tables;
use super::{Derive, Model, Models};
use crate::declared::cfg::Build;
use crate::declared::file::{self, Facts};
use crate::declared::joined::Joined;
use crate::declared::model::{Declared, DeclaredError, SchemaSource};
use crate::declared::text::Text;
use crate::declared::{assemble, excluded, parallel, schema_files, unreached, walk};

/// See [`super::models`].
pub(super) fn models(
    root: &Path,
    schemas: &[SchemaSource],
    declared: &Declared,
) -> Result<Models, DeclaredError> {
    let paths: Vec<PathBuf> = schemas.iter().map(|source| source.path.clone()).collect();
    let sources = walk::walk(root, &paths);
    let files = assemble::candidates(&sources, schemas);
    let graph = excluded::graph(&files, Build::Plain)?;
    let mut excluded = excluded::excluded(&graph, schemas);
    excluded.extend(unreached::unreached(&files, &graph, &sources)?);
    let read = |path: &PathBuf| -> Option<Read> {
        let content = std::fs::read_to_string(path).ok()?;
        if !says_something(&content) || excluded.contains(&schema_files::identity(path)) {
            return None;
        }
        let text = Text::new(schema_files::display(root, path), content);
        Some(match file::read(&text, false) {
            Ok(facts) => Read {
                facts,
                text: text.text,
                package: sources.package_of(path),
                notice: None,
            },
            Err(error) => Read {
                notice: Some(format!(
                    "{error}. Row types in that file are not looked at."
                )),
                facts: Facts::default(),
                text: Arc::default(),
                package: None,
            },
        })
    };
    let package_of = |file: &PathBuf| sources.package_of(&root.join(file));
    let tables = Tables {
        joined: Joined::of(declared),
        declared: &declared.tables,
        packages: (declared.tables.iter())
            .map(|table| package_of(&table.span.file))
            .collect(),
        crates: &sources.crates,
    };
    let mut found = Models::default();
    for read in parallel::map(&files, read)?.into_iter().flatten() {
        found.notices.extend(read.notice);
        found
            .text_enums
            .extend(read.facts.text_enums.iter().cloned());
        if read.facts.models.is_empty() && read.facts.text_enums.is_empty() {
            continue;
        }
        let place = |(scope, model): &(usize, Model)| {
            let path = model.table_path.as_ref()?;
            Some(tables.find(&read.facts, *scope, read.package.as_deref(), path))
        };
        found.models.extend((read.facts.models.iter()).map(|raw| {
            let (table_path, table) = place(raw).unzip();
            Model {
                table_path,
                table: table.flatten(),
                ..raw.1.clone()
            }
        }));
        found.sources.insert(read.facts.path, read.text.to_string());
    }
    Ok(found)
}

/// What was read of a file.
struct Read {
    facts: Facts,
    text: Arc<str>,
    package: Option<PathBuf>,
    notice: Option<String>,
}

/// Whether it is worth while to parse a file: most of a project's are not.
fn says_something(content: &str) -> bool {
    content.contains("table_name")
        || content.contains("sql_type")
        || (Derive::ALL.iter()).any(|derive| content.contains(derive.name()))
}
