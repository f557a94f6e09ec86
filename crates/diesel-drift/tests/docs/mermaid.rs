//! What Mermaid's own parser reads in the diagrams, the oldest that they are written for and a new one.

use super::npm;
use super::support::{databases, pages_of};
use diesel_drift::catalog::{Column, ForeignKey, IndexTerm, QualifiedName, Relation, RelationKind};
use diesel_drift::introspect::Live;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory with Mermaid and the script that asks it; or why there is none.
fn installed() -> Result<PathBuf, String> {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs/mermaid");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mermaid");
    let directory = npm::install(&files, directory)?;
    // Packages are looked for from where a script is.
    fs::copy(files.join("parse.mjs"), directory.join("parse.mjs")).unwrap();
    Ok(directory)
}

#[test]
fn mermaid_reads_the_tables_columns_and_keys_of_the_catalog() {
    let directory = match installed() {
        Ok(directory) => directory,
        Err(reason) => {
            eprintln!("skipped: no Mermaid to read the diagrams with: {reason}");
            return;
        }
    };
    let place = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for (name, live) in databases() {
        for page in pages_of(&live) {
            let Some((_, rest)) = page.text.split_once("```mermaid\n") else {
                continue;
            };
            let (diagram, _) = rest.split_once("```\n").unwrap();
            let file = place.path().join(format!("{name}-{}.mmd", expected.len()));
            fs::write(&file, diagram).unwrap();
            expected.push((file, drawn(&live, &page.schema.unwrap())));
        }
    }
    assert!(expected.len() >= 8, "{}", expected.len());
    let output = npm::run(
        Command::new("node")
            .arg("parse.mjs")
            .args(expected.iter().map(|(file, _)| file))
            .current_dir(&directory),
    )
    .unwrap();
    let read: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read.len(), 2 * expected.len());
    for (two, (_, expected)) in read.chunks(2).zip(&expected) {
        for diagram in two {
            assert_eq!(diagram.get("error"), None);
            let said = json!({ "tables": diagram["tables"], "lines": diagram["lines"] });
            assert_eq!(&said, expected, "{}", diagram["mermaid"]);
        }
    }
}

/// What the catalog has to be drawn of a schema, written down without the code that draws it.
fn drawn(live: &Live, schema: &str) -> Value {
    let is_drawn = |it: &&Relation| {
        let is_table = matches!(
            it.kind,
            RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable
        );
        it.name.schema == schema && is_table && it.partition_of.is_none()
    };
    let tables: Vec<&Relation> = live.catalog.relations.iter().filter(is_drawn).collect();
    let keys: Vec<(&Relation, &ForeignKey)> = (tables.iter())
        .flat_map(|table| table.foreign_keys.iter().map(move |key| (*table, key)))
        .collect();
    let elsewhere: BTreeSet<&QualifiedName> = (keys.iter())
        .map(|(_, key)| &key.target)
        .filter(|target| tables.iter().all(|table| table.name != **target))
        .collect();
    let name = |name: &QualifiedName| match name.schema == schema {
        true => shown(&name.name),
        false => format!("{}.{}", shown(&name.schema), shown(&name.name)),
    };
    let local = tables.iter().map(|table| {
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| column_of(table, column))
            .collect();
        json!({ "name": name(&table.name), "columns": columns })
    });
    let others = elsewhere
        .iter()
        .map(|target| json!({ "name": name(target), "columns": [] }));
    let lines = keys.iter().map(|(table, key)| {
        let columns: Vec<_> = key.columns.iter().map(|name| shown(name)).collect();
        let not_null = |name: &String| table.columns.iter().any(|it| it.name == *name && it.not_null);
        let primary = table.primary_key.as_ref().map_or(&[][..], |key| &key.columns);
        let within = |unique: &Vec<String>| !unique.is_empty() && unique.iter().all(|name| key.columns.contains(name));
        let one = unique_columns(table).iter().any(within);
        json!({
            "target": name(&key.target),
            "table": name(&table.name),
            "columns": columns.join(", "),
            "target_rows": if key.columns.iter().all(not_null) { "ONLY_ONE" } else { "ZERO_OR_ONE" },
            "table_rows": if one { "ZERO_OR_ONE" } else { "ZERO_OR_MORE" },
            "kind": if key.columns.iter().all(|name| primary.contains(name)) { "IDENTIFYING" } else { "NON_IDENTIFYING" },
        })
    });
    json!({ "tables": local.chain(others).collect::<Vec<_>>(), "lines": lines.collect::<Vec<_>>() })
}

/// The columns of each unique index that is on columns and on all rows: those of constraints have the constraint's.
fn unique_columns(table: &Relation) -> Vec<Vec<String>> {
    (table.indexes.iter())
        .filter(|index| index.unique && index.predicate.is_none() && !index.invalid)
        .filter_map(|index| {
            let columns = index.columns.iter().map(|column| match &column.term {
                IndexTerm::Column(name) => Some(name.clone()),
                IndexTerm::Expression(_) => None,
            });
            columns.collect()
        })
        .collect()
}

fn column_of(table: &Relation, column: &Column) -> Value {
    let holds = |columns: &[String]| columns.contains(&column.name);
    let mut keys = Vec::new();
    if table
        .primary_key
        .as_ref()
        .is_some_and(|key| holds(&key.columns))
    {
        keys.push("PK");
    }
    if table.foreign_keys.iter().any(|key| holds(&key.columns)) {
        keys.push("FK");
    }
    let primary = table.primary_key.as_ref().map(|key| &key.columns);
    if unique_columns(table)
        .iter()
        .any(|columns| *columns == [column.name.clone()] && Some(columns) != primary)
    {
        keys.push("UK");
    }
    let data_type = &column.data_type;
    // None of the types here is called like one of Mermaid's words.
    let word: String = data_type
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let length = data_type
        .length
        .map(|length| format!("({length})"))
        .unwrap_or_default();
    let array = if data_type.array { "[]" } else { "" };
    json!({ "name": shown(&column.name), "type": format!("{word}{length}{array}"), "keys": keys.join(", ") })
}

/// A name as reports show it: what Mermaid shows of it too.
fn shown(name: &str) -> String {
    let path = diesel_drift::catalog::ObjectPath {
        schema: None,
        name: name.to_owned(),
        signature: String::new(),
        child: None,
        class: &diesel_drift::catalog::class::TABLE,
    };
    path.to_string()
}
