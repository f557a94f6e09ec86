//! Catalog × catalog: one differ for every class and every attribute, because both come from the structs' serialised form.

use super::deparse::comparable;
use super::rename::{Renames, take_renamed};
use super::{Pair, merge_join};
use crate::catalog::class::{ATTRIBUTE, COLUMN, Class, DATABASE};
use crate::catalog::{Object, ObjectPath, portable};
use crate::introspect::{IntrospectError, Live};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// One side of a comparison of catalogs.
#[derive(Clone, Debug)]
pub struct State {
    /// What it holds.
    pub objects: Vec<Object>,
    /// `server_version_num` of the server that deparsed its texts.
    pub server_version: u32,
}

impl State {
    /// A database as it was read.
    ///
    /// # Errors
    /// Never for a catalog that was read: when it cannot be written as JSON.
    pub fn of(live: &Live) -> Result<Self, IntrospectError> {
        let objects = (live.catalog.objects())
            .map_err(|error| IntrospectError::Inconsistent(error.to_string()))?;
        Ok(Self {
            objects,
            server_version: live.server_version,
        })
    }

    /// Without what no migration makes: what can be held against a scratch database, a manifest or a snapshot.
    #[must_use]
    pub fn portable(self) -> Self {
        Self {
            objects: portable(self.objects),
            ..self
        }
    }
}

/// One difference between two catalogs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The object; where both sides have it, as the expected side has it.
    pub path: ObjectPath,
    /// What differs.
    pub difference: Difference,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only the expected side has it.
    Missing,
    /// Only the other side has it.
    Unexpected,
    /// It is there under another name, and the same otherwise.
    Renamed {
        /// The object on the other side.
        to: ObjectPath,
    },
    /// Another fact.
    Changed {
        /// Dotted: `index.options`.
        attribute: String,
        /// What is expected; none for PostgreSQL's default.
        from: Option<Value>,
        /// What is there; none for PostgreSQL's default.
        to: Option<Value>,
    },
    /// The same columns or attributes in another order.
    Reordered {
        /// The names in the order that is expected.
        from: Vec<String>,
        /// The names in the order that is there.
        to: Vec<String>,
    },
    /// It cannot be told whether a fact is another one.
    NotComparable {
        /// Dotted.
        attribute: String,
        /// Why not.
        because: Because,
    },
}

/// Why two facts cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The texts differ, but so do the ways in which the two servers' major versions write them.
    OfVersions,
    /// One of the roles that read the databases may not see it.
    NotVisible,
}

/// What `to` has otherwise than `from`, sorted by object; `versions` are the `server_version_num` of the servers that deparsed
/// the texts of the two.
pub fn diff(from: &[Object], to: &[Object], versions: (u32, u32)) -> Vec<Change> {
    let mut differ = Differ::default();
    differ.pair(None, from, to);
    let Differ {
        renames,
        mut changes,
        matched,
    } = differ;
    for pair in &matched {
        let differences = facts(pair, versions, &renames)
            .into_iter()
            .chain(order(pair, &renames));
        changes.extend(differences.map(|difference| Change {
            path: path(pair.parent, pair.from),
            difference,
        }));
    }
    // Stable, so that an object's attributes keep their order.
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// An object on both sides that is not the same on both.
struct Matched<'a> {
    /// What it hangs on.
    parent: Option<&'a Object>,
    from: &'a Object,
    to: &'a Object,
}

impl Matched<'_> {
    /// The object itself, or what it hangs on.
    fn top(&self) -> ObjectPath {
        self.parent.unwrap_or(self.from).path()
    }
}

#[derive(Default)]
struct Differ<'a> {
    renames: Renames,
    changes: Vec<Change>,
    matched: Vec<Matched<'a>>,
}

impl<'a> Differ<'a> {
    /// Pairs the objects of one level, and then what hangs on those that are on both sides.
    fn pair(&mut self, parent: Option<&'a Object>, from: &'a [Object], to: &'a [Object]) {
        let keyed = |object: &'a Object| (key(object), object);
        let (mut missing, mut unexpected) = (Vec::new(), Vec::new());
        for pair in merge_join(from.iter().map(keyed), to.iter().map(keyed)) {
            match pair {
                Pair::Both(from, to) => self.matched(parent, from, to),
                // There is always one, also where nothing is said about it.
                Pair::Left(object) if object.class == &DATABASE => {
                    self.matched(parent, object, &UNSAID);
                }
                Pair::Right(object) if object.class == &DATABASE => {
                    self.matched(parent, &UNSAID, object);
                }
                Pair::Left(object) => missing.push(object),
                Pair::Right(object) => unexpected.push(object),
            }
        }
        let top = parent.map(Object::path);
        let renamed = take_renamed(
            &mut self.renames,
            top.as_ref(),
            (from, to),
            &mut missing,
            &mut unexpected,
        );
        for (old, new) in &renamed {
            if !self.renames.is_moved_along(old, new) {
                let to = path(parent, new);
                self.push(parent, old, Difference::Renamed { to });
            }
            self.matched(parent, old, new);
        }
        for object in missing {
            self.push(parent, object, Difference::Missing);
        }
        for object in unexpected {
            self.push(parent, object, Difference::Unexpected);
        }
    }

    fn matched(&mut self, parent: Option<&'a Object>, from: &'a Object, to: &'a Object) {
        // Most objects are: nothing more is to be done about them.
        if from.attributes == to.attributes && from.children == to.children {
            return;
        }
        self.matched.push(Matched { parent, from, to });
        self.pair(Some(from), &from.children, &to.children);
    }

    fn push(&mut self, parent: Option<&Object>, object: &Object, difference: Difference) {
        self.changes.push(Change {
            path: path(parent, object),
            difference,
        });
    }
}

/// The database of a side that says nothing about it.
static UNSAID: LazyLock<Object> = LazyLock::new(Object::database);

fn path(parent: Option<&Object>, object: &Object) -> ObjectPath {
    match parent {
        Some(parent) => parent.child_path(object),
        None => object.path(),
    }
}

type Key<'a> = (&'static Class, Option<&'a str>, &'a str, &'a str);

fn key(object: &Object) -> Key<'_> {
    let schema = object.schema.as_deref();
    (object.class, schema, &object.name, &object.signature)
}

/// The facts that differ.
fn facts(pair: &Matched<'_>, versions: (u32, u32), renames: &Renames) -> Vec<Difference> {
    let mut differing = Vec::new();
    collect(
        "",
        &pair.from.attributes,
        &pair.to.attributes,
        &mut differing,
    );
    let hidden: Vec<String> = differing
        .iter()
        .filter_map(|(attribute, ..)| hidden_by(attribute).map(str::to_owned))
        .collect();
    let top = pair.top();
    differing
        .into_iter()
        .filter(|(attribute, ..)| !hidden.iter().any(|hidden| is_part(attribute, hidden)))
        .filter(|(_, from, to)| !renames.explain(&top, *from, *to))
        .map(|(attribute, from, to)| {
            if let Some(hidden) = hidden_by(&attribute) {
                Difference::NotComparable {
                    attribute: hidden.to_owned(),
                    because: Because::NotVisible,
                }
            } else if comparable(pair.from.class, &attribute, versions) {
                let (from, to) = (from.cloned(), to.cloned());
                Difference::Changed {
                    attribute,
                    from,
                    to,
                }
            } else {
                Difference::NotComparable {
                    attribute,
                    because: Because::OfVersions,
                }
            }
        })
        .collect()
}

/// The attribute that is empty because the role may not see it, where `attribute` says so: `options`, of `options_not_visible`.
/// Behind a dot stands what a project has chosen: a role or a setting may be called so.
fn hidden_by(attribute: &str) -> Option<&str> {
    let hidden = attribute.strip_suffix("_not_visible")?;
    (!attribute.contains('.')).then_some(hidden)
}

/// Whether a dotted name is that of `field` or of a fact in it.
fn is_part(attribute: &str, field: &str) -> bool {
    let rest = attribute.strip_prefix(field);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Fields that hold a table of independent facts: looked into also where one side has nothing there.
const TABLES: [&str; 6] = [
    "index",
    "privileges",
    "settings",
    "role_settings",
    "members",
    "environment",
];

/// Collects the facts that differ, by dotted name.
fn collect<'a>(
    prefix: &str,
    from: &'a Map<String, Value>,
    to: &'a Map<String, Value>,
    differing: &mut Vec<(String, Option<&'a Value>, Option<&'a Value>)>,
) {
    let only_there = to.keys().filter(|field| !from.contains_key(*field));
    for field in from.keys().chain(only_there) {
        let name = format!("{prefix}{field}");
        let (left, right) = (from.get(field), to.get(field));
        if left == right {
            continue;
        }
        let sides = if TABLES.contains(&field.as_str()) {
            (entries(left), entries(right))
        } else {
            let shared = |one: &Map<String, Value>, other: &Map<String, Value>| {
                one.keys().any(|key| other.contains_key(key))
            };
            let sides = (table(left), table(right));
            match sides {
                (Some(one), Some(other)) if shared(one, other) => sides,
                _ => (None, None),
            }
        };
        match sides {
            (Some(left), Some(right)) => collect(&format!("{name}."), left, right, differing),
            _ => differing.push((name, left, right)),
        }
    }
}

/// The entries of a table of facts, none where the field is left out.
fn entries(value: Option<&Value>) -> Option<&Map<String, Value>> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.map_or(Some(&NONE), Value::as_object)
}

fn table(value: Option<&Value>) -> Option<&Map<String, Value>> {
    value.and_then(Value::as_object)
}

/// Whether the children that have an order have another one.
fn order(pair: &Matched<'_>, renames: &Renames) -> Option<Difference> {
    let has_order = |child: &&Object| [&COLUMN, &ATTRIBUTE].contains(&child.class);
    let ordered = |object: &'_ Object| -> Vec<String> {
        let children = object.children.iter().filter(has_order);
        children.map(|child| child.name.clone()).collect()
    };
    let top = pair.top();
    let there = ordered(pair.to);
    let known: BTreeSet<&String> = there.iter().collect();
    let from: Vec<_> = ordered(pair.from)
        .into_iter()
        .map(|name| renames.child_name(&top, &name).to_owned())
        .filter(|name| known.contains(name))
        .collect();
    let kept: BTreeSet<&String> = from.iter().collect();
    let to: Vec<_> = (there.iter())
        .filter(|name| kept.contains(name))
        .cloned()
        .collect();
    (from != to).then_some(Difference::Reordered { from, to })
}
