//! Patterns for names that no name is like.
//!
//! One in a `must_not` may keep out what there is not, and says nothing of that. It is told where it looks like a mistake: nearly a name that there
//! is, a name with its schema, or a glob.

use super::condition::{Condition, Test};
use super::place::{Objects, key_of};
use crate::catalog::child_classes;
use crate::catalog::class::{self, Class};
use crate::text::misspelt;
use regex::Regex;
use std::collections::BTreeSet;

/// A pattern for names, or for schemas, of objects of a class.
pub(super) struct Pattern {
    class: &'static Class,
    /// `name` or `schema`.
    pub(super) key: &'static str,
    pub(super) text: String,
    whole: Regex,
}

/// What was meant, perhaps.
pub(super) struct Unlike {
    /// The pattern.
    pub(super) meant: Option<String>,
    /// In words.
    pub(super) help: String,
}

/// The patterns of what is asked of objects of a class, at whatever depth.
pub(super) fn patterns(class: &'static Class, condition: &Condition) -> Vec<Pattern> {
    let all = |key, expected: &super::value::Expected| {
        let pattern = |(text, whole): (&str, &Regex)| Pattern {
            class,
            key,
            text: text.to_owned(),
            whole: whole.clone(),
        };
        expected.wholes().into_iter().map(pattern).collect()
    };
    let of_test = |test: &Test| match test {
        Test::Name(expected) => all("name", expected),
        Test::Schema(expected) => all("schema", expected),
        Test::Parent { class, condition }
        | Test::Child {
            class, condition, ..
        } => patterns(class, condition),
        Test::Fact { .. } => Vec::new(),
    };
    condition.0.iter().flat_map(of_test).collect()
}

impl Pattern {
    /// What may be wrong with it; none where there is a name like it, or nothing looks wrong.
    pub(super) fn unlike(&self, objects: &Objects<'_>) -> Option<Unlike> {
        let known = match self.key {
            "name" => names(objects, self.class),
            _ => schemas(objects),
        };
        if known.iter().any(|name| self.whole.is_match(name)) {
            return None;
        }
        if is_plain(&self.text) {
            return self.nearly(&known);
        }
        self.with_its_schema(&known, objects)
            .or_else(|| self.glob(&known))
    }

    fn nearly(&self, known: &BTreeSet<&str>) -> Option<Unlike> {
        let what = match self.key {
            "name" => self.class.title(),
            _ => "schema".to_owned(),
        };
        let meant = misspelt(&self.text, known.iter().copied())?;
        Some(Unlike {
            meant: Some(meant.to_owned()),
            help: format!(
                "no {what} is called so here, and one is called `{meant}`: correct it; if the rule keeps out what is gone, it may stay"
            ),
        })
    }

    /// `public.posts`, of which each part is asked for by itself.
    fn with_its_schema(&self, known: &BTreeSet<&str>, objects: &Objects<'_>) -> Option<Unlike> {
        let (before, name) = self.text.split_once('.')?;
        let is_name = self.key == "name" && is_plain(before) && is_plain(name);
        let of = class::CLASSES.iter().find(|class| {
            child_classes(class).contains(&self.class) && names(objects, class).contains(before)
        });
        let is_schema = schemas(objects).contains(before);
        let before = match (of, is_schema) {
            (_, true) => format!("`schema = \"{before}\"`"),
            (Some(of), _) => format!("`{} = {{ name = \"{before}\" }}`", key_of(of)),
            (None, _) if known.contains(name) => "the schema".to_owned(),
            (None, _) => return None,
        };
        is_name.then(|| Unlike {
            meant: None,
            help: format!(
                "`name` is the name alone, and what stands before it is asked for by itself: write {before} and `name = \"{name}\"`"
            ),
        })
    }

    /// `user*` and `%_id`.
    fn glob(&self, known: &BTreeSet<&str>) -> Option<Unlike> {
        let is_glob = (self.text.chars()).all(|c| is_of_name(c) || c == '*' || c == '%');
        let meant = self.text.replace(['*', '%'], ".*");
        let pattern = Regex::new(&format!("^{meant}$")).ok()?;
        let is_meant = self.text.contains('%') || known.iter().any(|name| pattern.is_match(name));
        (is_glob && is_meant).then(|| Unlike {
            help: format!(
                "this is a regex for the whole name, in which any text is `.*`: write `{meant}`"
            ),
            meant: Some(meant),
        })
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_plain(text: &str) -> bool {
    text.chars().all(is_of_name)
}

/// The names of all objects of a class.
fn names<'a>(objects: &'a Objects<'_>, class: &Class) -> BTreeSet<&'a str> {
    let all = (objects.list.iter()).flat_map(|it| std::iter::once(it).chain(&it.children));
    all.filter(|object| object.class == class)
        .map(|object| object.name.as_str())
        .collect()
}

/// The names of all schemas that anything is in.
fn schemas<'a>(objects: &'a Objects<'_>) -> BTreeSet<&'a str> {
    let of_objects = objects.list.iter().filter_map(|it| it.schema.as_deref());
    of_objects.chain(names(objects, &class::SCHEMA)).collect()
}
