//! Objects whose texts were written by servers of several major versions: snapshots that were reviewed one by one.

use crate::catalog::{Object, ObjectPath};
use crate::compare::{Scope, State};
use crate::finding::Finding;
use crate::kinds::compare_objects;
use crate::snapshot::Snapshot;
use crate::subject::Subject;
use std::collections::{BTreeMap, BTreeSet};

/// Objects, and the version of the server that wrote each.
pub(crate) struct Mixed {
    pub(crate) objects: Vec<Object>,
    /// `server_version_num`, by the object.
    versions: BTreeMap<Top, u32>,
    /// For objects that do not say.
    otherwise: u32,
}

/// Schema, name and signature.
type Top = (Option<String>, String, String);

fn top(path: ObjectPath) -> Top {
    (path.schema, path.name, path.signature)
}

impl Mixed {
    /// Reviewed objects; one that does not say where its texts come from is as the other side writes it.
    pub(crate) fn reviewed(snapshots: Vec<Snapshot>, otherwise: u32) -> Self {
        let version =
            |snapshot: &Snapshot| Some((top(snapshot.object.path()), snapshot.major? * 10_000));
        Self {
            versions: snapshots.iter().filter_map(version).collect(),
            objects: snapshots
                .into_iter()
                .map(|snapshot| snapshot.object)
                .collect(),
            otherwise,
        }
    }

    /// The objects that `keep` admits.
    pub(crate) fn filtered(mut self, keep: impl Fn(&Object) -> bool) -> Self {
        self.objects.retain(keep);
        self
    }

    fn version(&self, path: &Top) -> u32 {
        self.versions.get(path).copied().unwrap_or(self.otherwise)
    }

    fn all_versions(&self) -> BTreeSet<u32> {
        let version = |object: &Object| self.version(&top(object.path()));
        self.objects
            .iter()
            .map(version)
            .chain([self.otherwise])
            .collect()
    }
}

impl From<State> for Mixed {
    fn from(state: State) -> Self {
        Self {
            objects: state.objects,
            versions: BTreeMap::new(),
            otherwise: state.server_version,
        }
    }
}

/// Holds `to` against `from`, each object as the versions that wrote it make it comparable.
pub(crate) fn compare_mixed(from: &Mixed, to: &Mixed, scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    for one in from.all_versions() {
        for other in to.all_versions() {
            let is_of_these = |finding: &Finding| match &finding.subject {
                Subject::Object(path) => {
                    let top = top(path.clone());
                    from.version(&top) == one && to.version(&top) == other
                }
                _ => true,
            };
            let all = compare_objects(&from.objects, &to.objects, (one, other), scope);
            findings.extend(all.into_iter().filter(is_of_these));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class;
    use serde_json::json;
    use std::path::PathBuf;

    fn view(name: &str, definition: &str) -> Object {
        Object {
            class: &class::VIEW,
            schema: Some("public".into()),
            name: name.into(),
            signature: String::new(),
            attributes: (json!({ "definition": definition }).as_object().cloned())
                .unwrap_or_default(),
            children: Vec::new(),
        }
    }

    #[test]
    fn each_object_is_compared_as_the_server_that_wrote_it_allows() {
        let snapshot = |name, major| Snapshot {
            path: PathBuf::new(),
            object: view(name, "SELECT t.a"),
            major,
        };
        let reviewed = Mixed::reviewed(
            vec![
                snapshot("old", Some(15)),
                snapshot("new", Some(17)),
                snapshot("unknown", None),
            ],
            170_002,
        );
        let live = Mixed::from(State {
            objects: ["old", "new", "unknown"]
                .map(|name| view(name, "SELECT a"))
                .into(),
            server_version: 170_002,
        });
        let found: BTreeMap<String, &str> = compare_mixed(&reviewed, &live, &Scope::default())
            .iter()
            .map(|finding| (finding.subject.to_string(), finding.kind.id))
            .collect();
        let expected = [
            ("public.new", "view-changed"),
            ("public.old", "not-comparable"),
            ("public.unknown", "view-changed"),
        ];
        assert_eq!(
            found,
            expected.map(|(name, kind)| (name.to_owned(), kind)).into()
        );
    }
}
