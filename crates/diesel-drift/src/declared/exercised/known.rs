//! What names mean: tables and row types.

use std::collections::{BTreeSet, HashMap};

use crate::declared::model::{Declared, Table};
use crate::declared::models::Model;
use crate::declared::module_path;
use crate::declared::type_ref::{Imports, Path as Names};

/// What names can mean.
pub(super) struct Known<'a> {
    declared: &'a Declared,
    tables: HashMap<&'a str, Vec<usize>>,
    models: HashMap<&'a str, Vec<&'a Model>>,
    /// Names by which the project's own crates are called.
    crates: &'a [String],
}

/// Whether a path leads into a crate that is not the project's; `at` are the modules in which something of the name is. Where no crate is known, none is
/// foreign.
pub(super) fn is_foreign(crates: &[String], path: &[String], at: &[String]) -> bool {
    let [first, _, ..] = path else { return false };
    let is_own = ["crate", "self", "super"].contains(&first.as_str())
        || crates.contains(first)
        || at.contains(first);
    !crates.is_empty() && !is_own
}

impl<'a> Known<'a> {
    pub(super) fn new(declared: &'a Declared, models: &'a [Model], crates: &'a [String]) -> Self {
        let mut known = Self {
            declared,
            tables: HashMap::new(),
            models: HashMap::new(),
            crates,
        };
        for (place, table) in declared.tables.iter().enumerate() {
            known
                .tables
                .entry(&table.rust_name)
                .or_default()
                .push(place);
        }
        for model in models.iter().filter(|model| model.table.is_some()) {
            known
                .models
                .entry(&model.rust_name)
                .or_default()
                .push(model);
        }
        known
    }

    /// The table that a name means, after the names before it.
    pub(super) fn table(&self, imports: &Imports, path: &[String]) -> Option<usize> {
        let whole = imports.whole(path);
        let path = whole.as_deref().unwrap_or(path);
        let (name, parents) = path.split_last()?;
        let candidates: Vec<(usize, Names)> = (self.tables.get(name.as_str())?.iter())
            .map(|&place| {
                let table: &Table = &self.declared.tables[place];
                let mut at = module_path::whole(&table.span.file, &table.module);
                at.extend(table.schema.clone());
                (place, at)
            })
            .filter(|(_, at)| !is_foreign(self.crates, path, at))
            .collect();
        chosen(candidates, parents, imports)
    }

    /// The row types that a name means.
    pub(super) fn models(&self, imports: &Imports, name: &str) -> Vec<&'a Model> {
        let whole = imports.whole(&[name.to_owned()]);
        let path = whole.unwrap_or_else(|| vec![name.to_owned()]);
        let Some((name, parents)) = path.split_last() else {
            return Vec::new();
        };
        let Some(named) = self.models.get(name.as_str()) else {
            return Vec::new();
        };
        let candidates = (named.iter().enumerate())
            .map(|(place, model)| {
                let at = module_path::whole(&model.span.file, &model.module);
                (place, at)
            })
            .filter(|(_, at)| !is_foreign(self.crates, &path, at))
            .collect();
        match chosen(candidates, parents, imports) {
            Some(place) => (named.iter().copied())
                .filter(|model| model.span == named[place].span)
                .collect(),
            None => Vec::new(),
        }
    }

    /// The table of a name in SQL.
    pub(super) fn sql_table(&self, name: &str) -> Option<usize> {
        let bare = name.replace('"', "");
        let (schema, name) = match bare.rsplit_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, bare.as_str()),
        };
        let mut found = (self.declared.tables.iter().enumerate())
            .filter(|(_, table)| table.name.eq_ignore_ascii_case(name))
            .filter(|(_, table)| {
                schema.is_none_or(|schema| table.schema.as_deref().unwrap_or("public") == schema)
            })
            .map(|(place, _)| place);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// The only candidate; of several, the only one whose modules have something in common with the path, or with what the file imports.
fn chosen(candidates: Vec<(usize, Names)>, parents: &[String], imports: &Imports) -> Option<usize> {
    if let [(only, _)] = candidates.as_slice() {
        return Some(*only);
    }
    let hinted = |hints: &[String]| {
        let mut found = (candidates.iter()).filter(|(_, at)| {
            module_path::tail(hints)
                .last()
                .is_some_and(|last| at.contains(last))
        });
        let first = found.next().map(|(place, _)| *place)?;
        found.next().is_none().then_some(first)
    };
    hinted(parents).or_else(|| {
        let found: BTreeSet<usize> = (imports.globs.iter())
            .filter_map(|glob| hinted(glob))
            .collect();
        match found.len() {
            1 => found.first().copied(),
            _ => None,
        }
    })
}
