//! Other directories of migrations in a project, and the tables that they create.

use crate::migrate::{OTHER_BACKENDS, split, tokens};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a directory of migrations is called, here and by other tools.
const NAMES: [&str; 4] = ["migrations", "migration", "migrate", "versions"];
/// Directories with what is no part of a project's own database: other people's, and examples.
const ASIDE: [&str; 10] = [
    "target",
    "node_modules",
    "vendor",
    "examples",
    "tests",
    "test",
    "fixtures",
    "testdata",
    "benches",
    "docs",
];

/// The names of the tables that a script creates, as it writes them, in lower case.
pub(super) fn created(sql: &str) -> Vec<String> {
    (split(sql).into_iter())
        .filter_map(|range| table(&tokens(sql.get(range)?)))
        .collect()
}

fn table(tokens: &[String]) -> Option<String> {
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let name = match words.as_slice() {
        ["create", "table", "if", "not", "exists", name @ ..]
        | [
            "create",
            "unlogged",
            "table",
            "if",
            "not",
            "exists",
            name @ ..,
        ]
        | ["create", "table", name @ ..]
        | ["create", "unlogged", "table", name @ ..] => name,
        _ => return None,
    };
    let bare = |name: &str| name.trim_matches('"').to_lowercase();
    Some(match name {
        [schema, ".", table, ..] if bare(schema) == "public" => bare(table),
        [schema, ".", table, ..] => format!("{}.{}", bare(schema), bare(table)),
        [table, ..] => bare(table),
        [] => return None,
    })
}

/// What a directory holds that is a project of its own: its migrations are another database's, or another chain of this one.
const MANIFESTS: [&str; 2] = ["diesel.toml", "Cargo.toml"];

/// The tables that scripts in other directories of migrations create, by directory, relative to the root; `chain` is the one that is run.
/// Those of a project within the project that is not the chain's are left out.
pub(super) fn find(root: &Path, chain: &Path) -> BTreeMap<PathBuf, BTreeSet<String>> {
    let of_chain = chain.canonicalize().unwrap_or_else(|_| chain.to_owned());
    let own = of_chain.clone();
    let walker = ignore::WalkBuilder::new(root)
        .require_git(false)
        .filter_entry(move |entry| {
            let name = entry.file_name().to_string_lossy();
            let aside = ASIDE
                .iter()
                .chain(&OTHER_BACKENDS)
                .any(|other| name == *other);
            // A link may lead anywhere; the walk does not follow it, and neither does the comparison.
            entry.depth() == 0 || (!aside && entry.path() != own)
        })
        .build();
    let scripts = (walker.filter_map(Result::ok))
        .map(|entry| entry.into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .filter(|path| path.file_name().is_none_or(|name| name != "down.sql"));
    let mut found: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for script in scripts {
        // The innermost directory of that name around it.
        let is_named = |path: &&Path| {
            path.file_name()
                .is_some_and(|name| NAMES.iter().any(|known| name == *known))
        };
        let Some(directory) = script
            .ancestors()
            .skip(1)
            .take_while(|path| *path != root)
            .find(is_named)
        else {
            continue;
        };
        // What lies beside the parts for several databases is the chain's own.
        if of_chain.starts_with(directory) || is_of_another(directory, root, &of_chain) {
            continue;
        }
        let text = fs::read_to_string(&script).unwrap_or_default();
        let shown = directory.strip_prefix(root).unwrap_or(directory).to_owned();
        found.entry(shown).or_default().extend(created(&text));
    }
    found.retain(|_, tables| !tables.is_empty());
    found
}

/// Whether the innermost project around a directory is one below the root that the chain is not in.
fn is_of_another(directory: &Path, root: &Path, chain: &Path) -> bool {
    let is_project = |path: &&Path| MANIFESTS.iter().any(|file| path.join(file).is_file());
    let mut around = directory.ancestors().take_while(|path| *path != root);
    around.find(is_project).is_some_and(|project| {
        let project = project.canonicalize();
        project.is_ok_and(|project| !chain.starts_with(project))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_tables_are_named_as_they_are_written() {
        let sql = "CREATE TABLE users (id int); create table if not exists \"public\".\"Posts\" (id int); CREATE TEMP TABLE x ();\
                   CREATE UNLOGGED TABLE public.a (); CREATE TABLE s.b (); DROP TABLE y; -- CREATE TABLE z ();\n";
        assert_eq!(created(sql), ["users", "posts", "a", "s.b"]);
    }
}
