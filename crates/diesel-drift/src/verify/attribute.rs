//! Three-way attribution: of declared, migrated and deployed, who stands alone.

use super::expected::Head;
use crate::aspect::{Aspect, aspect};
use crate::attribution::Attribution;
use crate::catalog::class::{self, Class};
use crate::catalog::{Object, ObjectPath, QualifiedName};
use crate::compare::{Scope, State};
use crate::declared::Reading;
use crate::error::Error;
use crate::finding::Finding;
use crate::introspect::Live;
use crate::kinds::{compare, compare_states};
use crate::subject::Subject;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The three that are to be one.
pub(super) struct Three<'a> {
    pub(super) reading: &'a Reading,
    pub(super) scope: &'a Scope,
    /// What the migrations make, as of the last one that was applied.
    pub(super) last: (&'a Live, &'a State),
    /// What all of them make.
    pub(super) head: &'a Head,
    /// What is deployed.
    pub(super) deployed: (&'a Live, &'a State),
}

/// What a finding is about, in terms that declarations and catalogs share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    aspect: Aspect,
    name: QualifiedName,
    child: Option<String>,
}

impl Three<'_> {
    /// Says of each finding about the deployed database who stands alone, and adds what the code declares otherwise than both. What is
    /// seen twice is kept once: as the catalogs have it, with the place in the code.
    ///
    /// What pending migrations are about to change is no disagreement of the code's with what is there before them.
    pub(super) fn attribute(&self, findings: Vec<Finding>) -> Result<Vec<Finding>, Error> {
        let beyond = match self.head {
            Head::Last => None,
            Head::Beyond(head) => Some(head.as_ref()),
            // Nothing is known of what the code is about to agree with.
            Head::Fails => return Ok(findings),
        };
        let pending = match beyond {
            Some(head) => self.spots_between(head)?,
            None => BTreeSet::new(),
        };
        let settled =
            |finding: &Finding| declared_spot(finding).is_none_or(|spot| !pending.contains(&spot));
        let declared_against = |live: &Live| compare(self.reading, live, self.scope);
        let mut last = declared_against(self.last.0);
        let head = beyond.map_or_else(|| last.clone(), declared_against);
        last.retain(settled);
        let mut deployed = declared_against(self.deployed.0);
        deployed.retain(settled);

        let sides = [Tables::of(self.last.1), Tables::of(self.deployed.1)];
        let (last_at, deployed_at) = (by_spot(&last), by_spot(&deployed));
        let mut taken = BTreeSet::new();
        let mut attributed = Vec::with_capacity(findings.len());
        for finding in findings {
            let spots = object_spots(&finding, &sides);
            let by_last = spots.iter().find_map(|spot| last_at.get(spot).copied());
            let by_deployed = spots.iter().find_map(|spot| deployed_at.get(spot).copied());
            let agrees = match (by_last, by_deployed) {
                (None, None) => None,
                _ => Some((by_last.is_none(), by_deployed.is_none())),
            };
            let mut finding = finding.attributed(Attribution::of_two_that_differ(agrees));
            finding.span = by_deployed
                .or(by_last)
                .and_then(|declared| declared.span.clone());
            attributed.push(finding);
            taken.extend(spots);
        }
        let is_left =
            |finding: &&Finding| declared_spot(finding).is_none_or(|spot| !taken.contains(&spot));
        let of_head: HashSet<_> = head.iter().map(Finding::fingerprint).collect();
        let of_there: HashSet<_> = deployed.iter().map(Finding::fingerprint).collect();
        let of_code = head.iter().filter(is_left).map(|finding| {
            let attribution = if of_there.contains(&finding.fingerprint()) || !settled(finding) {
                Attribution::declared_alone()
            } else {
                Attribution::of_two_that_differ(Some((false, true)))
            };
            finding.clone().attributed(attribution)
        });
        let of_deployed = (deployed.iter().filter(is_left))
            .filter(|finding| !of_head.contains(&finding.fingerprint()))
            .map(|finding| {
                let attribution = Attribution::of_two_that_differ(Some((true, false)));
                finding.clone().attributed(attribution)
            });
        attributed.extend(of_code.chain(of_deployed));
        Ok(attributed)
    }

    /// What the pending migrations change.
    fn spots_between(&self, head: &Live) -> Result<BTreeSet<Spot>, Error> {
        let head = State::of(head)?.portable();
        let changes = compare_states(self.last.1, &head, self.scope);
        let sides = [Tables::of(self.last.1), Tables::of(&head)];
        let spots = changes
            .iter()
            .flat_map(|change| object_spots(change, &sides));
        Ok(spots.collect())
    }
}

/// The first finding of each spot.
fn by_spot(findings: &[Finding]) -> BTreeMap<Spot, &Finding> {
    let mut by_spot = BTreeMap::new();
    for finding in findings {
        if let Some(spot) = declared_spot(finding) {
            by_spot.entry(spot).or_insert(finding);
        }
    }
    by_spot
}

/// What a finding about the declarations is about; none for what the catalogs do not know.
fn declared_spot(finding: &Finding) -> Option<Spot> {
    let aspect = aspect(finding.kind)?;
    let (name, child) = match &finding.subject {
        Subject::Relation(name) | Subject::Type(name) => (name, None),
        Subject::Column(name, column) => (name, Some(column)),
        Subject::Join { child, column, .. } => (child, Some(column)),
        Subject::Object(_)
        | Subject::InMigration { .. }
        | Subject::Migration(_)
        | Subject::Rule(_)
        | Subject::Suppression { .. } => return None,
    };
    Some(Spot {
        aspect,
        name: name.clone(),
        child: child.cloned(),
    })
}

/// What a finding about an object of a catalog is about, as far as declarations speak of it.
fn object_spots(finding: &Finding, sides: &[Tables<'_>; 2]) -> Vec<Spot> {
    let Subject::Object(path) = &finding.subject else {
        return Vec::new();
    };
    let Some(schema) = &path.schema else {
        return Vec::new();
    };
    let name = QualifiedName::new(schema, &path.name);
    let spot = |aspect, child: Option<&String>| Spot {
        aspect,
        name: name.clone(),
        child: child.cloned(),
    };
    let attribute = finding.attribute.as_deref();
    let is_there = matches!(attribute, None | Some("name"));
    let renamed = || match (attribute, &finding.live) {
        (Some("name"), Some(live)) => Some(live.clone()),
        _ => None,
    };
    match path.class {
        class if class == &class::COLUMN && is_there => [path.child.clone(), renamed()]
            .iter()
            .flatten()
            .map(|column| spot(Aspect::Existence, Some(column)))
            .collect(),
        class if class == &class::COLUMN => match attribute {
            Some("data_type") => vec![spot(Aspect::Type, path.child.as_ref())],
            Some("not_null") => vec![spot(Aspect::Nullability, path.child.as_ref())],
            _ => Vec::new(),
        },
        class if class == &class::PRIMARY_KEY => vec![spot(Aspect::Key, None)],
        class if class == &class::FOREIGN_KEY => {
            let keys = sides.iter().filter_map(|side| side.child(path));
            keys.filter_map(|key| key.attributes.get("columns")?.as_array())
                .flatten()
                .filter_map(Value::as_str)
                .map(|column| spot(Aspect::Join, Some(&column.to_owned())))
                .collect()
        }
        class if class == &class::ENUM && attribute == Some("labels") => {
            vec![spot(Aspect::Labels, None)]
        }
        _ if path.child.is_some() => Vec::new(),
        class if !shares_names_with_tables(class) => Vec::new(),
        _ if attribute == Some("order") => vec![spot(Aspect::Order, None)],
        _ if is_there => {
            let there = renamed().map(|name| Spot {
                aspect: Aspect::Existence,
                name: QualifiedName::new(schema, name),
                child: None,
            });
            [spot(Aspect::Existence, None)]
                .into_iter()
                .chain(there)
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether no two of its objects and of tables have one name: relations and types. A function may be called as a table is.
fn shares_names_with_tables(class: &Class) -> bool {
    class.has_columns() || class.is_type() || class == &class::SEQUENCE
}

/// The relations of a state, by schema and name.
struct Tables<'a>(HashMap<(Option<&'a str>, &'a str), &'a Object>);

impl<'a> Tables<'a> {
    fn of(state: &'a State) -> Self {
        let relations = (state.objects.iter()).filter(|object| object.class.has_columns());
        let by_name = |object: &'a Object| ((object.schema.as_deref(), &*object.name), object);
        Self(relations.map(by_name).collect())
    }

    /// The object at a child's path.
    fn child(&self, path: &ObjectPath) -> Option<&'a Object> {
        let table = self.0.get(&(path.schema.as_deref(), &*path.name))?;
        let is_it = |child: &&Object| table.child_path(child) == *path;
        table.children.iter().find(is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    fn spots(class: &'static Class, kind: &str) -> Vec<Spot> {
        let path = ObjectPath {
            schema: Some("public".into()),
            name: "posts".into(),
            signature: String::new(),
            child: None,
            class,
        };
        let nothing = State {
            objects: Vec::new(),
            server_version: 150_000,
        };
        let finding = Finding::new(kinds::find(kind).unwrap(), Subject::Object(path));
        object_spots(&finding, &[Tables::of(&nothing), Tables::of(&nothing)])
    }

    #[test]
    fn a_function_that_is_called_as_a_table_is_not_that_table() {
        assert_eq!(spots(&class::TABLE, class::TABLE.missing).len(), 1);
        assert_eq!(spots(&class::ENUM, class::ENUM.missing).len(), 1);
        assert_eq!(spots(&class::FUNCTION, class::FUNCTION.missing), []);
    }
}
