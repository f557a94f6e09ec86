//! What a blame is asked for: an object or a fact of it, and what states say of it.

use super::script::Names;
use super::store::{State, Store};
use crate::aspect::{Aspect, aspect};
use crate::catalog::class::{self, Class};
use crate::catalog::{Object, ObjectPath};
use crate::compare::{Change, Difference};
use crate::finding::Finding;
use crate::subject::Subject;
use serde_json::{Map, Value};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    schema: Option<String>,
    name: String,
    /// None for declarations, which do not say: it goes by `family` alone.
    signature: Option<String>,
    family: Family,
    child: Option<Child>,
    about: About,
}

/// Objects of which one can take another's place under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    /// Tables, views, materialized views, foreign tables.
    Relation,
    /// Enums, domains, composite types, ranges, base types.
    Type,
    Class(&'static Class),
}

impl Family {
    fn of(class: &'static Class) -> Self {
        match class {
            class if class.has_columns() => Self::Relation,
            class if class.is_type() => Self::Type,
            class => Self::Class(class),
        }
    }
}

/// What hangs on an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Child {
    /// By its class, and its name with its signature.
    Named(&'static Class, String),
    /// The foreign keys over a column.
    KeyOver(String),
}

/// What counts as a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    /// Any.
    Whole,
    /// Only that it is there.
    Presence,
    /// One fact, dotted.
    Fact(String),
    /// The order of the columns or attributes.
    Order,
    /// What hangs on it of one class.
    Children(&'static Class),
}

impl Target {
    /// What a finding is about; none for what is in no catalog.
    pub(super) fn of(finding: &Finding) -> Option<Self> {
        let of_name = |name: &crate::catalog::QualifiedName, family| Self {
            schema: Some(name.schema.clone()),
            name: name.name.clone(),
            signature: None,
            family,
            child: None,
            about: About::Whole,
        };
        let fact = |fact: &str| About::Fact(fact.to_owned());
        match &finding.subject {
            Subject::Relation(name) => Some(Self {
                about: match aspect(finding.kind) {
                    Some(Aspect::Key) => About::Children(&class::PRIMARY_KEY),
                    Some(Aspect::Order) => About::Order,
                    _ => About::Whole,
                },
                ..of_name(name, Family::Relation)
            }),
            Subject::Column(name, column) => Some(Self {
                child: Some(Child::Named(&class::COLUMN, column.clone())),
                about: match aspect(finding.kind) {
                    Some(Aspect::Type) => fact("data_type"),
                    Some(Aspect::Nullability) => fact("not_null"),
                    _ => About::Whole,
                },
                ..of_name(name, Family::Relation)
            }),
            Subject::Join { child, column, .. } => Some(Self {
                child: Some(Child::KeyOver(column.clone())),
                ..of_name(child, Family::Relation)
            }),
            Subject::Type(name) => Some(Self {
                about: match aspect(finding.kind) {
                    Some(Aspect::Labels) => fact("labels"),
                    _ => About::Whole,
                },
                ..of_name(name, Family::Type)
            }),
            Subject::Object(path) => Some(Self {
                about: match finding.attribute.as_deref() {
                    None => About::Whole,
                    Some("name") => About::Presence,
                    Some("order") => About::Order,
                    Some(attribute) => fact(attribute),
                },
                ..Self::at(path)
            }),
            Subject::InMigration { .. }
            | Subject::Migration(_)
            | Subject::Rule(_)
            | Subject::Suppression { .. } => None,
        }
    }

    /// All of the object at a path.
    pub(super) fn at(path: &ObjectPath) -> Self {
        let child = path.child.clone();
        Self {
            schema: path.schema.clone(),
            name: path.name.clone(),
            signature: Some(path.signature.clone()),
            family: match child {
                // What a child's class says of what it hangs on: checks are of tables and of domains.
                Some(_) => Family::Relation,
                None => Family::of(path.class),
            },
            child: child.map(|name| Child::Named(path.class, name)),
            about: About::Whole,
        }
    }

    /// What one change of the object at its path is about.
    pub(super) fn of_change(path: &ObjectPath, difference: &Difference) -> Self {
        Self {
            about: match difference {
                Difference::Changed { attribute, .. }
                | Difference::NotComparable { attribute, .. } => About::Fact(attribute.clone()),
                Difference::Reordered { .. } => About::Order,
                Difference::Missing | Difference::Unexpected | Difference::Renamed { .. } => {
                    About::Presence
                }
            },
            ..Self::at(path)
        }
    }

    /// What a state says of it: none where it is not there, else a text that is another one where it is another one.
    pub(super) fn sight(&self, store: &Store, state: &State) -> Option<String> {
        let mut named = store.named(state, self.schema.as_deref(), &self.name);
        let top = named.find(|object| self.is(object))?;
        match &self.child {
            None => Some(self.said(top)),
            Some(Child::Named(class, name)) => {
                let children = top.children.iter();
                let mut found = children.filter(|child| child.class == *class);
                let is_it = |child: &&Object| top.child_path(child).child.as_ref() == Some(name);
                found.find(is_it).map(|child| self.said(child))
            }
            Some(Child::KeyOver(column)) => {
                let is_over = |child: &&Object| {
                    let columns = child.attributes.get("columns").and_then(Value::as_array);
                    let over = |name: &Value| name.as_str() == Some(column);
                    child.class == &class::FOREIGN_KEY && columns.into_iter().flatten().any(over)
                };
                let keys: Vec<String> = (top.children.iter().filter(is_over))
                    .map(|key| self.said(key))
                    .collect();
                (!keys.is_empty()).then(|| keys.join("\n"))
            }
        }
    }

    /// Whether what two paths name, or hang on, can take each other's place.
    pub(super) fn is_of_one_family(one: &ObjectPath, other: &ObjectPath) -> bool {
        match (&one.child, &other.child) {
            (None, None) => Family::of(one.class) == Family::of(other.class),
            (Some(_), Some(_)) => true,
            (None, Some(_)) => [Family::Relation, Family::Type].contains(&Family::of(one.class)),
            (Some(_), None) => [Family::Relation, Family::Type].contains(&Family::of(other.class)),
        }
    }

    fn is(&self, object: &Object) -> bool {
        let of_family = match self.family {
            // A domain has checks as a table has.
            Family::Relation if self.child.is_some() => {
                [Family::Relation, Family::Type].contains(&Family::of(object.class))
            }
            family => family == Family::of(object.class),
        };
        let signature = self.signature.as_ref();
        of_family && signature.is_none_or(|signature| *signature == object.signature)
    }

    fn said(&self, object: &Object) -> String {
        match &self.about {
            About::Presence => String::new(),
            About::Whole => whole(object),
            About::Fact(attribute) => fact(&object.attributes, attribute)
                .map(Value::to_string)
                .unwrap_or_default(),
            About::Order => {
                let ordered =
                    |child: &&Object| [&class::COLUMN, &class::ATTRIBUTE].contains(&child.class);
                let names = object.children.iter().filter(ordered);
                let names: Vec<_> = names.map(|child| child.name.as_str()).collect();
                Value::from(names).to_string()
            }
            About::Children(class) => {
                let children = object.children.iter();
                children
                    .filter(|child| child.class == *class)
                    .map(whole)
                    .collect()
            }
        }
    }

    /// Whether being called otherwise is a change of what is asked for.
    pub(super) fn is_changed_by_name(&self) -> bool {
        [About::Whole, About::Presence].contains(&self.about)
    }

    /// The same, to be asked for facts alone: as it was before a change of name.
    pub(super) fn former(&self, changes: &[Change]) -> Option<Self> {
        let mut former = self.clone();
        let renamed = |child: Option<&str>, class: Option<&'static Class>| {
            changes.iter().find_map(|change| match &change.difference {
                Difference::Renamed { to } => {
                    let old = &change.path;
                    let is_it = match (child, class) {
                        (Some(child), Some(class)) => {
                            to.class == class && to.child.as_deref() == Some(child)
                        }
                        _ => {
                            to.child.is_none()
                                && Family::of(to.class) == self.top_family(to.class)
                                && to.name == self.name
                                && to.schema == self.schema
                                && (self.signature.as_ref())
                                    .is_none_or(|signature| *signature == to.signature)
                        }
                    };
                    is_it.then_some(old)
                }
                _ => None,
            })
        };
        let top = renamed(None, None);
        if let Some(old) = top {
            former.schema.clone_from(&old.schema);
            former.name.clone_from(&old.name);
            former.signature = former.signature.map(|_| old.signature.clone());
        }
        let of_former = |old: &&ObjectPath| old.name == former.name && old.schema == former.schema;
        let child = match &self.child {
            Some(Child::Named(class, name)) => renamed(Some(name), Some(class))
                .filter(of_former)
                .and_then(|old| Some(Child::Named(class, old.child.clone()?))),
            Some(Child::KeyOver(column)) => renamed(Some(column), Some(&class::COLUMN))
                .filter(of_former)
                .and_then(|old| Some(Child::KeyOver(old.child.clone()?))),
            None => None,
        };
        let is_other = top.is_some() || child.is_some();
        if child.is_some() {
            former.child = child;
        }
        is_other.then_some(former)
    }

    fn top_family(&self, class: &'static Class) -> Family {
        match self.child {
            Some(_) => Family::of(class),
            None => self.family,
        }
    }

    /// What it hangs on.
    pub(super) fn holder(&self) -> Option<Self> {
        self.child.as_ref()?;
        Some(Self {
            child: None,
            about: About::Presence,
            ..self.clone()
        })
    }

    /// Whether one of the changes is a change of it: facts that follow a change of a name are none.
    pub(super) fn is_touched(&self, changes: &[Change]) -> bool {
        let former = self.former(changes);
        let own = former.as_ref().unwrap_or(self);
        changes.iter().any(|change| own.is_touched_by(change))
    }

    fn is_touched_by(&self, Change { path, difference }: &Change) -> bool {
        if path.name != self.name || path.schema != self.schema {
            return false;
        }
        let is_part = |one: &str, other: &str| {
            let rest = one.strip_prefix(other);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let comes_or_goes = matches!(difference, Difference::Missing | Difference::Unexpected);
        let is_own = match (&self.child, &path.child) {
            (None, None) => true,
            (None, Some(_)) => match &self.about {
                About::Whole => return true,
                About::Children(class) => return path.class == *class,
                // What has another order because something came or went is changed by that.
                About::Order => return comes_or_goes,
                About::Presence | About::Fact(_) => false,
            },
            // It comes and goes with what it hangs on.
            (Some(_), None) => return comes_or_goes,
            (Some(Child::Named(class, name)), Some(child)) => path.class == *class && child == name,
            (Some(Child::KeyOver(_)), Some(_)) => return path.class == &class::FOREIGN_KEY,
        };
        is_own
            && match (&self.about, difference) {
                (About::Whole | About::Children(_), _) => true,
                (About::Fact(fact), Difference::Changed { attribute, .. }) => {
                    is_part(attribute, fact) || is_part(fact, attribute)
                }
                (About::Order, Difference::Reordered { .. }) => true,
                _ => comes_or_goes,
            }
    }

    /// Whether it is there under another name after a change.
    pub(super) fn is_renamed(&self, changes: &[Change]) -> bool {
        let is_it = |path: &ObjectPath| {
            let child = match (&self.child, &path.child) {
                (None, None) | (Some(_), None) => true,
                (Some(Child::Named(class, name)), Some(child)) => {
                    path.class == *class && child == name
                }
                _ => false,
            };
            child && path.name == self.name && path.schema == self.schema
        };
        (changes.iter()).any(|change| {
            matches!(change.difference, Difference::Renamed { .. }) && is_it(&change.path)
        })
    }

    /// What a statement that changes it has to write, if it does not go for everything.
    pub(super) fn names(&self) -> Names {
        let child = match &self.child {
            None => None,
            Some(Child::Named(_, name) | Child::KeyOver(name)) => Some(name.to_lowercase()),
        };
        let is_of_table = |child: &Child| match child {
            Child::Named(class, _) => *class == &class::COLUMN,
            Child::KeyOver(_) => true,
        };
        Names {
            top: self.name.to_lowercase(),
            child,
            alone: !self.child.as_ref().is_some_and(is_of_table),
        }
    }
}

/// All that is said about an object.
fn whole(object: &Object) -> String {
    let mut text = format!(
        "{} {:?}{} {}",
        object.class.id,
        object.name,
        object.signature,
        Value::Object(object.attributes.clone())
    );
    for child in &object.children {
        text.push('\n');
        text.push_str(&whole(child));
    }
    text
}

/// A fact by its dotted name. What stands behind a dot may have dots itself: it is a role's or a setting's name.
fn fact<'a>(facts: &'a Map<String, Value>, dotted: &str) -> Option<&'a Value> {
    facts.get(dotted).or_else(|| {
        facts.iter().find_map(|(field, value)| {
            let rest = dotted.strip_prefix(field.as_str())?.strip_prefix('.')?;
            fact(value.as_object()?, rest)
        })
    })
}
