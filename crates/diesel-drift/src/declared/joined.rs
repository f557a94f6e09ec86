//! Which tables a `joinable!` joins.

use std::collections::HashMap;
use std::path::Path;

use super::model::{Declared, Joinable, Table};
use super::module_path;

/// The tables of a [`Declared`], by the name that the code has for them: what a `joinable!` looks its tables up in.
pub struct Joined<'a> {
    declared: &'a Declared,
    by_name: HashMap<&'a str, Vec<usize>>,
}

/// Whether a table in a module is one to choose from.
type Wanted<'a> = dyn Fn(&Table, &[String]) -> bool + 'a;

/// A place in the sources from which a path is seen.
pub(super) struct From<'a> {
    /// The file, as spans have it.
    pub(super) file: &'a Path,
    /// The modules around the place inside the file.
    pub(super) module: &'a [String],
}

impl<'a> Joined<'a> {
    /// Those that are declared.
    #[must_use]
    pub fn of(declared: &'a Declared) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, table) in declared.tables.iter().enumerate() {
            by_name.entry(&table.rust_name).or_default().push(place);
        }
        Self { declared, by_name }
    }

    /// The place in [`Declared::tables`] of the table that `path` ([`Joinable::child`] or [`Joinable::parent`]) means at
    /// `joinable`: the one that it names as seen from there, else one whose modules end as the path does, nearer ones first;
    /// where no module is the path's, the only one of the name in the file, or at all. `None` where that leaves none or several.
    #[must_use]
    pub fn place(&self, joinable: &Joinable, path: &[String]) -> Option<usize> {
        let from = From {
            file: &joinable.span.file,
            module: &joinable.module,
        };
        self.seen(&from, path, false, |_| true).ok().flatten()
    }

    /// The same for any place, among the tables at the places that are `wanted`; strictly, the table's modules have to end as the path does.
    /// `Err` where several are left.
    pub(super) fn seen(
        &self,
        from: &From<'_>,
        path: &[String],
        strictly: bool,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Option<usize>, ()> {
        let Some((name, parents)) = path.split_last() else {
            return Ok(None);
        };
        let here = module_path::whole(from.file, from.module);
        let there = module_path::relative(here, parents);
        let tail = module_path::tail(parents);
        let hint = tail.get(tail.len().saturating_sub(1)..).unwrap_or_default();
        let of_name = self.by_name.get(name.as_str()).into_iter().flatten();
        let named: Vec<(usize, &Table, Vec<String>)> = of_name
            .filter(|place| wanted(**place))
            .map(|&place| (place, &self.declared.tables[place]))
            .map(|(place, table)| {
                let at = module_path::whole(&table.span.file, &table.module);
                (place, table, at)
            })
            .collect();
        let near = |table: &Table| table.span.file == from.file;
        let tiers: [&Wanted<'_>; 7] = [
            &|_, at| there.as_deref() == Some(at),
            &|table, at| near(table) && at.ends_with(tail),
            &|_, at| at.ends_with(tail),
            &|table, at| near(table) && at.ends_with(hint),
            &|_, at| at.ends_with(hint),
            &|table, _| near(table),
            &|_, _| true,
        ];
        let count = match (strictly, tail.is_empty()) {
            (false, _) => tiers.len(),
            (true, false) => 3,
            (true, true) => 1,
        };
        tiers
            .iter()
            .take(count)
            .find_map(|wanted| {
                let found = named.iter().filter(|(_, table, at)| wanted(table, at));
                only(found.map(|(place, ..)| *place)).transpose()
            })
            .transpose()
    }

    /// The table that `path` means at `joinable`, as [`Self::place`] has it.
    #[must_use]
    pub fn table(&self, joinable: &Joinable, path: &[String]) -> Option<&'a Table> {
        self.declared.tables.get(self.place(joinable, path)?)
    }

    /// How many of [`Declared::joinables`] name two declared tables.
    #[must_use]
    pub fn resolved(&self) -> usize {
        let is_known = |joinable: &&Joinable| {
            [&joinable.child, &joinable.parent]
                .iter()
                .all(|side| self.place(joinable, side).is_some())
        };
        self.declared.joinables.iter().filter(is_known).count()
    }
}

/// The only item; `Err` when there are several.
fn only<T>(mut items: impl Iterator<Item = T>) -> Result<Option<T>, ()> {
    let first = items.next();
    if items.next().is_some() {
        Err(())
    } else {
        Ok(first)
    }
}
