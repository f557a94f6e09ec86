//! Which file names which, and files that no build for PostgreSQL has: those of tests and of other backends.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::cfg::Build;
use super::model::{DeclaredError, SchemaSource};
use super::schema_files::identity;
use super::text::Text;
use super::{children, parallel};

/// One file names another.
#[derive(Clone)]
pub(super) struct Edge {
    pub(super) to: PathBuf,
    /// Whether the build does not have it.
    pub(super) excluded: bool,
}

/// The files that each file names, by identity.
pub(super) type Graph = BTreeMap<PathBuf, Vec<Edge>>;

/// What some files name in a build.
pub(super) fn graph(files: &[PathBuf], build: Build) -> Result<Graph, DeclaredError> {
    let edges_of = |path: &PathBuf| (identity(path), edges(path, build));
    Ok(parallel::map(files, edges_of)?.into_iter().collect())
}

/// Identities of the files that only excluded modules lead to. A module outside of a source says nothing about what is in it: who names a file
/// wants it read.
pub(super) fn excluded(graph: &Graph, sources: &[SchemaSource]) -> BTreeSet<PathBuf> {
    let given: Vec<PathBuf> = sources
        .iter()
        .map(|source| identity(&source.path))
        .collect();
    let enters = |from: &Path, to: &Path| {
        let mut given = given.iter();
        given.any(|source| to.starts_with(source) && !from.starts_with(source))
    };
    let kept = (graph.iter()).map(|(from, edges)| {
        let edges = edges.iter().filter(|edge| !enters(from, &edge.to));
        (from.clone(), edges.cloned().collect())
    });
    unreachable(&kept.collect())
}

/// What excluded edges lead to, less what is led to otherwise.
fn unreachable(edges: &Graph) -> BTreeSet<PathBuf> {
    let all = || edges.values().flatten();
    let first = all().filter(|edge| edge.excluded).map(|edge| &edge.to);
    let suspects = closure(first.cloned().collect(), edges, |_| true);
    let elsewhere = edges
        .iter()
        .filter(|(from, _)| !suspects.contains(*from))
        .flat_map(|(_, edges)| edges)
        .filter(|edge| !edge.excluded)
        .map(|edge| edge.to.clone());
    let kept = closure(elsewhere.collect(), edges, |edge| !edge.excluded);
    suspects.difference(&kept).cloned().collect()
}

/// All files that some files lead to, themselves included.
pub(super) fn closure(
    mut pending: Vec<PathBuf>,
    edges: &Graph,
    follows: impl Fn(&Edge) -> bool,
) -> BTreeSet<PathBuf> {
    let mut reached = BTreeSet::new();
    while let Some(file) = pending.pop() {
        let next = edges.get(&file).into_iter().flatten();
        if reached.insert(file) {
            let next = next.filter(|edge| follows(edge));
            pending.extend(next.map(|edge| edge.to.clone()));
        }
    }
    reached
}

/// What a file leads to; nothing where it is not Rust.
fn edges(path: &Path, build: Build) -> Vec<Edge> {
    let Ok(content) = std::fs::read_to_string(path) else {
        return Vec::new();
    };
    if !names_files(&content) {
        return Vec::new();
    }
    let Ok(file) = Text::new(path.to_owned(), content).parse() else {
        return Vec::new();
    };
    children::of(build, &file)
        .iter()
        .filter_map(|child| {
            Some(Edge {
                to: identity(&child.locate(path)?),
                excluded: child.excluded,
            })
        })
        .collect()
}

/// Whether it is worth while to parse a file: most of a project's name no other.
fn names_files(content: &str) -> bool {
    let module = |(at, _): (usize, &str)| {
        let name = content[at + 4..].trim_start();
        let end = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '#')));
        end.is_some_and(|end| name[end..].trim_start().starts_with(';'))
    };
    content.contains("include!") || content.match_indices("mod ").any(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_to_a_file_is_parsed() {
        assert!(names_files("#[cfg(a)]\npub mod r#type ;"));
        assert!(names_files("include!(\"x\");"));
        assert!(!names_files("mod tests { } // modern; a mod, too;"));
    }

    #[test]
    fn a_file_goes_with_all_that_lead_to_it() {
        let graph = |edges: &[(&str, &str, bool)]| {
            let mut graph = Graph::new();
            for (from, to, excluded) in edges {
                graph.entry(from.into()).or_default().push(Edge {
                    to: to.into(),
                    excluded: *excluded,
                });
            }
            let found = unreachable(&graph).into_iter();
            found
                .map(|path| path.display().to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            graph(&[("lib", "a", true), ("a", "b", false), ("lib", "c", false)]),
            ["a", "b"]
        );
        // `d` has another way to it, and with it `e`, but not what tests alone have of it.
        assert_eq!(
            graph(&[
                ("lib", "a", true),
                ("a", "d", false),
                ("d", "e", false),
                ("d", "t", true),
                ("main", "d", false),
            ]),
            ["a", "t"]
        );
        // Two that name each other do not hold each other.
        assert_eq!(
            graph(&[("lib", "a", true), ("a", "b", false), ("b", "a", false)]),
            ["a", "b"]
        );
    }
}
