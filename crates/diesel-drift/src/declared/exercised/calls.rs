//! Which function a call means, and what a test touches through those that it calls.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use crate::declared::model::Span;
use crate::declared::type_ref::Path as Names;

use super::Exercise;
use super::known::is_foreign;

/// A function in the sources.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// Its name; that of what `macro_rules!` makes ends with `!`.
    pub(super) name: String,
    /// Other names by which it may be called.
    pub(super) also: Vec<String>,
    /// The type or trait whose it is.
    pub(super) owner: Option<String>,
    /// The trait whose it is for that type.
    pub(super) of_trait: Option<String>,
    /// The type that it returns.
    pub(super) returns: Option<String>,
    /// All modules that it is in, from the file's path downwards.
    pub(super) at: Names,
    pub(super) span: Span,
    pub(super) is_test: bool,
    pub(super) calls: BTreeSet<Call>,
    pub(super) writes: BTreeSet<usize>,
    pub(super) reads: BTreeSet<usize>,
}

/// A call, as far as the source says what is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Call {
    /// `create(…)`, `common::create(…)`: a path with what its first name is imported as.
    Free(Names),
    /// `User::new(…)`, `user.save(…)`.
    Method(Chain),
}

/// A value, and the methods that are called on it one after the other, the last of which is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chain {
    pub(super) root: Root,
    pub(super) steps: Vec<String>,
}

/// What a chain of calls begins with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    /// A type, or a value of it.
    Type(Names),
    /// What a function returns.
    Call(Names),
    /// What the source does not say in so many words.
    Unknown,
}

/// The functions, so that they are found by name.
pub(super) struct Functions<'a> {
    all: &'a [Function],
    by_name: HashMap<&'a str, Vec<usize>>,
    by_owner: HashMap<&'a str, Vec<usize>>,
    /// Traits, and the types that have them.
    traits: &'a BTreeSet<(String, String)>,
    /// Names by which the project's own crates are called.
    crates: &'a [String],
}

/// Methods of several words that the standard library and Diesel have.
const OF_OTHERS: [&str; 40] = [
    "and_then",
    "as_bytes",
    "as_deref",
    "as_mut",
    "as_query",
    "as_ref",
    "as_select",
    "as_str",
    "do_nothing",
    "do_update",
    "eq_any",
    "first_mut",
    "for_each",
    "for_update",
    "get_mut",
    "get_result",
    "get_results",
    "group_by",
    "inner_join",
    "into_boxed",
    "into_iter",
    "is_empty",
    "is_err",
    "is_none",
    "is_not_null",
    "is_null",
    "is_ok",
    "is_some",
    "left_join",
    "load_iter",
    "map_err",
    "ok_or",
    "ok_or_else",
    "on_conflict",
    "order_by",
    "select_as",
    "to_owned",
    "to_string",
    "unwrap_or",
    "unwrap_or_default",
];

/// So many steps are followed to find out a type: a recursive function has no end.
const MAX_STEPS: usize = 24;

impl<'a> Functions<'a> {
    pub(super) fn new(
        all: &'a [Function],
        traits: &'a BTreeSet<(String, String)>,
        crates: &'a [String],
    ) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_owner: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, function) in all.iter().enumerate() {
            for name in std::iter::once(&function.name).chain(&function.also) {
                by_name.entry(name).or_default().push(place);
            }
            if let Some(owner) = &function.owner {
                by_owner.entry(owner).or_default().push(place);
            }
        }
        Self {
            all,
            by_name,
            by_owner,
            traits,
            crates,
        }
    }

    /// The tests that are in `files`, each with what the functions touch that it calls.
    pub(super) fn tests(&self, files: &BTreeSet<PathBuf>) -> Vec<Exercise> {
        let called: Vec<BTreeSet<usize>> = (self.all.iter())
            .map(|function| {
                let calls = function.calls.iter();
                calls.flat_map(|call| self.called(function, call)).collect()
            })
            .collect();
        (self.all.iter().enumerate())
            .filter(|(_, function)| function.is_test && files.contains(&function.span.file))
            .map(|(test, _)| self.exercise(test, &called))
            .collect()
    }

    fn exercise(&self, test: usize, called: &[BTreeSet<usize>]) -> Exercise {
        let mut seen = BTreeSet::new();
        let mut pending = vec![test];
        while let Some(place) = pending.pop() {
            if seen.insert(place) {
                pending.extend(&called[place]);
            }
        }
        let all = |of: fn(&Function) -> &BTreeSet<usize>| {
            (seen.iter())
                .flat_map(|place| of(&self.all[*place]).iter().copied())
                .collect()
        };
        Exercise {
            name: self.all[test].name.clone(),
            span: self.all[test].span.clone(),
            writes: all(|function| &function.writes),
            reads: all(|function| &function.reads),
        }
    }

    /// The functions that a call means: none where it could be any of several.
    fn called(&self, from: &Function, call: &Call) -> Vec<usize> {
        match call {
            Call::Free(path) => self.free(from, path).into_iter().collect(),
            Call::Method(chain) => {
                let Some((method, before)) = chain.steps.split_last() else {
                    return Vec::new();
                };
                match self.type_of(from, &chain.root, before, MAX_STEPS) {
                    Some(owner) => self.methods(from, &owner, method),
                    None => self.only_method(method),
                }
            }
        }
    }

    fn named(&self, name: &str, wanted: impl Fn(&Function) -> bool) -> Vec<usize> {
        let places = self.by_name.get(name).into_iter().flatten().copied();
        places.filter(|place| wanted(&self.all[*place])).collect()
    }

    /// A function that is no type's: the one that the path names, else the nearest.
    fn free(&self, from: &Function, path: &[String]) -> Option<usize> {
        let (name, parents) = path.split_last()?;
        let named = self.named(name, |function| {
            function.owner.is_none() && !is_foreign(self.crates, path, &function.at)
        });
        let tail = crate::declared::module_path::tail(parents);
        let file = &from.span.file;
        let is_hinted = |to: &Function, hint: &String| to.at.contains(hint);
        let tiers: [&dyn Fn(&Function) -> bool; 6] = [
            &|to| !tail.is_empty() && to.at.ends_with(tail),
            &|to| tail.last().is_some_and(|hint| is_hinted(to, hint)),
            &|to| tail.first().is_some_and(|hint| is_hinted(to, hint)),
            &|to| to.span.file == *file && to.at == from.at,
            &|to| to.span.file == *file,
            &|to| to.span.file.parent() == file.parent(),
        ];
        let any: &dyn Fn(&Function) -> bool = &|_| true;
        (tiers.into_iter().chain([any])).find_map(|wanted| {
            let mut found = named.iter().filter(|place| wanted(&self.all[**place]));
            let first = found.next().copied()?;
            // Of several one does not know which.
            Some(found.next().is_none().then_some(first))
        })?
    }

    /// The type of a chain's value.
    fn type_of(
        &self,
        from: &Function,
        root: &Root,
        steps: &[String],
        left: usize,
    ) -> Option<String> {
        let left = left.checked_sub(1)?;
        let first = match root {
            Root::Unknown => return None,
            Root::Type(path) => self.own_type(path)?,
            Root::Call(path) => self.all[self.free(from, path)?].returns.clone()?,
        };
        let Some((last, before)) = steps.split_last() else {
            return Some(first);
        };
        let owner = self.type_of(from, root, before, left)?;
        match self.methods(from, &owner, last).first() {
            Some(method) => self.all[*method].returns.clone(),
            // `unwrap`, `clone`, and what else is not of these sources.
            None => Some(owner),
        }
    }

    /// A type's name; none where it is another crate's.
    fn own_type(&self, path: &[String]) -> Option<String> {
        let name = path.last()?;
        let mut of_it = self.by_owner.get(name.as_str())?.iter();
        let is_own = |place: &usize| !is_foreign(self.crates, path, &self.all[*place].at);
        of_it.any(is_own).then(|| name.clone())
    }

    /// The methods of a type, or of a trait that it has. Several of one file, for instance with different `#[cfg]`, are all meant.
    fn methods(&self, from: &Function, owner: &str, name: &str) -> Vec<usize> {
        let own = self.named(name, |function| function.owner.as_deref() == Some(owner));
        let own = match own.is_empty() {
            false => own,
            true => self.named(name, |function| {
                let has = |of: &String| self.traits.contains(&(of.clone(), owner.to_owned()));
                function.owner.as_ref().is_some_and(has)
            }),
        };
        let files = |places: &[usize]| -> BTreeSet<&PathBuf> {
            places
                .iter()
                .map(|place| &self.all[*place].span.file)
                .collect()
        };
        if files(&own).len() < 2 {
            return own;
        }
        // Two types are called so: the one that is nearer.
        let near = |place: &usize| {
            let to = &self.all[*place].span.file;
            *to == from.span.file || to.parent() == from.span.file.parent()
        };
        let near: Vec<usize> = own.into_iter().filter(near).collect();
        match files(&near).len() {
            1 => near,
            _ => Vec::new(),
        }
    }

    /// The only method of a name of several words: shorter ones are those of other crates' types as well, and so are those of other crates' traits.
    fn only_method(&self, name: &str) -> Vec<usize> {
        let is_own = |name: &String| {
            let mut traits = self.traits.iter();
            traits.any(|(of, owner)| of == name && owner == name)
        };
        let found = self.named(name, |function| {
            let is_meant = function.name == name && function.owner.is_some();
            is_meant && function.of_trait.as_ref().is_none_or(is_own)
        });
        match found.as_slice() {
            [_] if name.contains('_') && !OF_OTHERS.contains(&name) => found,
            _ => Vec::new(),
        }
    }
}
