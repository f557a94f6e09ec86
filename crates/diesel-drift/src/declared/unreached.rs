//! Files of a package that nothing leads to from where it is compiled: what is in them is text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::Item;

use super::excluded::{Graph, closure};
use super::macros;
use super::model::DeclaredError;
use super::parallel;
use super::schema_files::identity;
use super::text::Text;
use super::type_ref::segments;
use super::walk::Sources;

/// Identities of those of `files` that are in a package and that no `mod` leads to from its library, programs, tests and so on. What a macro may bring
/// in is left in, and so is everything of a package in which none of those is found.
///
/// # Errors
/// When no thread can be had to read with.
pub(super) fn unreached(
    files: &[PathBuf],
    graph: &Graph,
    sources: &Sources,
) -> Result<BTreeSet<PathBuf>, DeclaredError> {
    let roots: BTreeMap<&PathBuf, Vec<PathBuf>> = (sources.packages.iter())
        .map(|package| (package, roots(package)))
        .collect();
    let starts = roots.values().flatten().cloned().collect();
    let reached = closure(starts, graph, |edge| !edge.excluded);
    let package_of = |file: &PathBuf| sources.package_of(file);
    let suspects: Vec<&PathBuf> = (files.iter())
        .filter(|file| !reached.contains(&identity(file)))
        .filter(|file| {
            let of_package = package_of(file).and_then(|package| roots.get(&package));
            of_package.is_some_and(|roots| !roots.is_empty())
        })
        .collect();
    if suspects.is_empty() {
        return Ok(BTreeSet::new());
    }
    let in_doubt: BTreeSet<PathBuf> = suspects.iter().filter_map(|of| package_of(of)).collect();
    let read = |file: &PathBuf| {
        let package = package_of(file).filter(|of| in_doubt.contains(of))?;
        let is_compiled = reached.contains(&identity(file));
        is_compiled.then(|| Some((package, words_of(file)?)))?
    };
    let mut words: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for (package, found) in parallel::map(files, read)?.into_iter().flatten() {
        words.entry(package).or_default().extend(found);
    }
    let is_brought = |file: &&&PathBuf| {
        let words = package_of(file).and_then(|package| words.get(&package));
        words.is_some_and(|words| may_bring(words, file))
    };
    let brought = (suspects.iter().filter(is_brought)).map(|file| identity(file));
    let kept = closure(brought.collect(), graph, |edge| !edge.excluded);
    let left = suspects.into_iter().map(|file| identity(file));
    Ok(left.filter(|file| !kept.contains(file)).collect())
}

/// The files that Cargo compiles by itself (<https://doc.rust-lang.org/cargo/reference/cargo-targets.html>): those that the manifest names, and
/// those that are where Cargo looks.
fn roots(package: &Path) -> Vec<PathBuf> {
    let mut roots = named(package).unwrap_or_default();
    let usual = ["build.rs", "src/lib.rs", "src/main.rs"];
    roots.extend(usual.map(|file| package.join(file)));
    for directory in ["src/bin", "tests", "benches", "examples"] {
        let entries = std::fs::read_dir(package.join(directory));
        for entry in entries.into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            match path.is_dir() {
                true => roots.push(path.join("main.rs")),
                false => roots.push(path),
            }
        }
    }
    (roots.iter())
        .filter(|root| root.is_file() && root.extension().is_some_and(|of| of == "rs"))
        .map(|root| identity(root))
        .collect()
}

/// Those that a manifest names.
fn named(package: &Path) -> Option<Vec<PathBuf>> {
    let text = std::fs::read_to_string(package.join("Cargo.toml")).ok()?;
    let manifest: toml::Table = text.parse().ok()?;
    let lib = manifest.get("lib").into_iter();
    let lists = ["bin", "test", "bench", "example"].into_iter();
    let targets = lists
        .filter_map(|kind| manifest.get(kind)?.as_array())
        .flatten();
    let paths = lib.chain(targets).filter_map(|target| target.get("path"));
    let build = manifest.get("package").and_then(|of| of.get("build"));
    let paths = paths.chain(build).filter_map(toml::Value::as_str);
    Some(paths.map(|path| package.join(path)).collect())
}

/// Whether a macro with those words may declare the module of a file.
fn may_bring(words: &BTreeSet<String>, file: &Path) -> bool {
    let name = |path: Option<&Path>| Some(path?.file_stem()?.to_str()?.to_owned());
    let (own, around) = (name(Some(file)), name(file.parent()));
    words.contains(ANYTHING)
        || [own, around]
            .iter()
            .flatten()
            .any(|name| words.contains(name))
}

/// Stands for what only the build knows.
const ANYTHING: &str = "*";

/// The names in the macros among the items of a file, and the parts of paths in their texts.
fn words_of(file: &Path) -> Option<BTreeSet<String>> {
    let content = std::fs::read_to_string(file).ok()?;
    if !content.contains('!') {
        return None;
    }
    let file = Text::new(file.to_owned(), content).parse().ok()?;
    let mut words = BTreeSet::new();
    of_items(&file.items, &mut words);
    Some(words)
}

fn of_items(items: &[Item], words: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(item) => {
                let content = item.content.as_ref();
                content.iter().for_each(|(_, items)| of_items(items, words));
            }
            Item::Macro(item) if item.ident.is_none() => {
                let path = segments(&item.mac.path);
                let is_of_diesel = macros::is_of_diesel(&path)
                    || path.last().is_some_and(|name| name.starts_with("allow_"));
                if path.last().is_some_and(|name| name == "include") {
                    let is_named = item.mac.parse_body::<syn::LitStr>().is_ok();
                    words.extend((!is_named).then(|| ANYTHING.to_owned()));
                } else if !is_of_diesel {
                    of_tokens(item.mac.tokens.clone(), words);
                }
            }
            _ => {}
        }
    }
}

fn of_tokens(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => of_tokens(group.stream(), words),
            TokenTree::Ident(ident) => drop(words.insert(ident.to_string())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let parts = text.split(['/', '\\', '"', '.']);
                words.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}
