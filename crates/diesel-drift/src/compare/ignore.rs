//! What a project's database holds and the project does not own.

use crate::catalog::class::{self, Class};
use crate::catalog::{Object, ObjectPath};
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashSet;

/// Objects that belong to somebody else: left out of every comparison. Each part that is not set matches everything.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Only objects of this class.
    pub class: Option<&'static Class>,
    /// Only objects in this schema; without a class, also the schema itself.
    pub schema: Option<String>,
    /// Only objects whose whole name matches; of what hangs on a table, its own name.
    pub name: Option<Regex>,
    /// Why.
    pub reason: String,
}

impl Ignore {
    /// Whether it means the object at `path`.
    pub fn matches(&self, path: &ObjectPath) -> bool {
        let schema = match path.class == &class::SCHEMA {
            true => Some(&path.name),
            false => path.schema.as_ref(),
        };
        let name = path.child.as_ref().unwrap_or(&path.name);
        self.class.is_none_or(|class| class == path.class)
            && self
                .schema
                .as_ref()
                .is_none_or(|ignored| schema == Some(ignored))
            && self
                .name
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(name))
    }
}

/// The objects that no entry of `ignores` means. What hangs on an ignored table goes with it, and so do the sequences that
/// its columns own.
pub(super) fn kept<'a>(objects: &'a [Object], ignores: &[Ignore]) -> Cow<'a, [Object]> {
    if ignores.is_empty() {
        return Cow::Borrowed(objects);
    }
    let ignored = |path: &ObjectPath| ignores.iter().any(|ignore| ignore.matches(path));
    let gone: HashSet<String> = objects
        .iter()
        .map(Object::path)
        .filter(|path| path.class.has_columns() && ignored(path))
        .filter_map(|path| path.sql_name())
        .collect();
    let owned = |object: &Object| {
        let owner = object.attributes.get("owned_by");
        let relation = owner.and_then(|owner| owner.get("relation")?.as_str());
        relation.is_some_and(|relation| gone.contains(relation))
    };
    objects
        .iter()
        .filter(|object| !ignored(&object.path()) && !owned(object))
        .map(|object| Object {
            children: object
                .children
                .iter()
                .filter(|child| !ignored(&object.child_path(child)))
                .cloned()
                .collect(),
            ..object.clone()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(class: &'static Class, name: &str, facts: serde_json::Value) -> Object {
        Object {
            class,
            schema: Some("public".into()),
            name: name.into(),
            signature: String::new(),
            attributes: facts.as_object().cloned().unwrap_or_default(),
            children: Vec::new(),
        }
    }

    fn ignore(class: Option<&'static Class>, schema: Option<&str>, name: Option<&str>) -> Ignore {
        Ignore {
            class,
            schema: schema.map(str::to_owned),
            name: name.map(|name| Regex::new(name).unwrap()),
            reason: "another system's".into(),
        }
    }

    #[test]
    fn a_table_takes_its_sequence_along() {
        let objects = [
            object(&class::TABLE, "kosmos_runs", json!({})),
            object(&class::TABLE, "runs", json!({})),
            object(
                &class::SEQUENCE,
                "kosmos_runs_id_seq",
                json!({ "owned_by": { "relation": "public.kosmos_runs", "column": "id" } }),
            ),
        ];
        let left = kept(
            &objects,
            &[ignore(Some(&class::TABLE), None, Some("^kosmos_.*$"))],
        );
        let names: Vec<_> = left.iter().map(|object| object.name.as_str()).collect();
        assert_eq!(names, ["runs"]);
    }

    #[test]
    fn a_schema_is_meant_with_what_is_in_it() {
        let mut schema = object(&class::SCHEMA, "public", json!({}));
        schema.schema = None;
        let objects = [schema, object(&class::VIEW, "v", json!({}))];
        assert!(kept(&objects, &[ignore(None, Some("public"), None)]).is_empty());
        let views = kept(
            &objects,
            &[ignore(Some(&class::VIEW), Some("public"), None)],
        );
        assert_eq!(views.len(), 1);
    }

    #[test]
    fn what_hangs_on_a_table_is_meant_by_its_own_name() {
        let mut table = object(&class::TABLE, "t", json!({}));
        table.children = vec![object(&class::INDEX, "tmp_idx", json!({}))];
        let tables = [table];
        let left = kept(
            &tables,
            &[ignore(Some(&class::INDEX), None, Some("^tmp_.*$"))],
        );
        assert!(left[0].children.is_empty());
    }
}
