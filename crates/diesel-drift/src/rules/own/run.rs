//! A project's own rules, held to objects.

use super::OwnRule;
use super::condition::{Condition, Place, Unmet};
use crate::catalog::{Object, ObjectPath};
use crate::finding::Finding;
use crate::kinds::RULE_UNUSED;
use crate::subject::Subject;

impl OwnRule {
    /// What breaks it, and what of it says nothing about anything.
    pub(crate) fn find(&self, objects: &[Object]) -> Vec<Finding> {
        let meant: Vec<_> = (objects.iter())
            .flat_map(|object| self.candidates(object))
            .filter(|(place, _)| self.condition.holds(*place))
            .collect();
        if meant.is_empty() {
            return vec![self.unused()];
        }
        let unmet = self.except.iter().filter(|(name, _)| {
            let mut paths = meant.iter().map(|(_, path)| path);
            !paths.any(|path| is_called(path, name))
        });
        let unmet = unmet.map(|(name, span)| {
            let subject = Subject::Rule(self.kind.id.to_owned());
            Finding::new(&RULE_UNUSED, subject)
                .at(span)
                .live(name.clone())
                .help(
                    "remove it from `except`, or write the name as findings print it: `public.posts.title`, or `posts.title`",
                )
        });
        let held = (meant.iter())
            .filter(|(_, path)| !self.except.iter().any(|(name, _)| is_called(path, name)))
            .filter_map(|(place, path)| self.broken(*place, path));
        held.chain(unmet).collect()
    }

    /// What of an object, and of what hangs on it, it could be about.
    fn candidates<'a>(&self, object: &'a Object) -> Vec<(Place<'a>, ObjectPath)> {
        let is_partition = object.attributes.contains_key("partition_of");
        if is_partition && !self.partitions {
            return Vec::new();
        }
        if self.of.is_empty() {
            let place = Place {
                object,
                parent: None,
            };
            let is_it = object.class == self.every;
            return is_it.then(|| (place, object.path())).into_iter().collect();
        }
        if !self.of.contains(&object.class) {
            return Vec::new();
        }
        let children = object.children.iter();
        (children.filter(|child| child.class == self.every))
            .map(|child| {
                let place = Place {
                    object: child,
                    parent: Some(object),
                };
                (place, object.child_path(child))
            })
            .collect()
    }

    fn broken(&self, place: Place<'_>, path: &ObjectPath) -> Option<Finding> {
        let unmet = |condition: &Condition| condition.unmet(place);
        let mut wrong = self.must.as_ref().map(unmet).unwrap_or_default();
        if let Some(condition) = self.must_not.as_ref().filter(|it| it.holds(place)) {
            wrong.push(Unmet {
                expected: format!("not {}", condition.said()),
                found: condition.found(place),
            });
        }
        if wrong.is_empty() {
            return None;
        }
        let (expected, found): (Vec<String>, Vec<String>) = wrong
            .into_iter()
            .map(|Unmet { expected, found }| (expected, found))
            .unzip();
        let (expected, found) = (expected.join(", "), found.join("; "));
        let help = format!("expected: {expected}; there is: {found}");
        let finding = Finding::new(self.kind, Subject::Object(path.clone()));
        Some(finding.declared(expected).live(found).help(help))
    }

    fn unused(&self) -> Finding {
        let of_tables = match self.of.as_slice() {
            [of] => format!(" of a {}", of.title()),
            _ => String::new(),
        };
        Finding::new(&RULE_UNUSED, Subject::Rule(self.kind.id.to_owned()))
            .at(&self.span)
            .help(format!(
                "no {}{of_tables} is as `where = {}` asks: correct it, or remove the rule",
                self.every.title(),
                self.condition.said()
            ))
    }
}

/// Whether a name is that of an object as findings print it, with or without its schema and its arguments.
fn is_called(path: &ObjectPath, name: &str) -> bool {
    let bare = |path: &ObjectPath| ObjectPath {
        schema: None,
        ..path.clone()
    };
    let unsigned = ObjectPath {
        signature: String::new(),
        ..path.clone()
    };
    [path.clone(), bare(path), bare(&unsigned), unsigned]
        .iter()
        .any(|path| path.to_string() == name)
}
