//! What a project's database holds and the project does not own.

use crate::catalog::class::{self, Class};
use crate::catalog::{BOOKKEEPING, Catalog, Object, ObjectPath, QualifiedName, Relation};
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

/// The catalog without what `ignores` mean and without Diesel's bookkeeping, likewise.
pub(super) fn kept_catalog(mut catalog: Catalog, ignores: &[Ignore]) -> Catalog {
    let is_ignored = |class: &'static Class, schema: Option<&str>, name: &str| {
        let path = ObjectPath {
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
            signature: String::new(),
            child: None,
            class,
        };
        ignores.iter().any(|ignore| ignore.matches(&path))
    };
    let is_gone = |class: &'static Class, name: &QualifiedName| {
        is_ignored(class, Some(&name.schema), &name.name)
    };
    let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut catalog.relations)
        .into_iter()
        .partition(|it| it.name.name != BOOKKEEPING && !is_gone(it.class(), &it.name));
    let gone: HashSet<QualifiedName> = gone.into_iter().map(|it| it.name).collect();
    catalog.relations = kept;
    for relation in &mut catalog.relations {
        keep_children(relation, ignores);
    }
    catalog
        .schemas
        .retain(|it| !is_ignored(&class::SCHEMA, None, &it.name));
    catalog.sequences.retain(|it| {
        let owner = it.owned_by.as_ref();
        !is_gone(&class::SEQUENCE, &it.name) && !owner.is_some_and(|it| gone.contains(&it.relation))
    });
    macro_rules! retain {
        ($($list:ident $class:ident)*) => {$(
            catalog.$list.retain(|it| !is_gone(&class::$class, &it.name));
        )*};
    }
    retain!(
        statistics STATISTICS enums ENUM domains DOMAIN composites COMPOSITE_TYPE ranges RANGE base_types BASE_TYPE
        functions FUNCTION procedures PROCEDURE aggregates AGGREGATE
    );
    catalog
}

fn keep_children(relation: &mut Relation, ignores: &[Ignore]) {
    let name = relation.name.clone();
    let gone = |class: &'static Class, child: &String| {
        let path = ObjectPath {
            schema: Some(name.schema.clone()),
            name: name.name.clone(),
            signature: String::new(),
            child: Some(child.clone()),
            class,
        };
        ignores.iter().any(|ignore| ignore.matches(&path))
    };
    let key = relation.primary_key.take();
    relation.primary_key = key.filter(|it| !gone(&class::PRIMARY_KEY, &it.name));
    macro_rules! retain {
        ($($list:ident $class:ident)*) => {$(
            relation.$list.retain(|it| !gone(&class::$class, &it.name));
        )*};
    }
    retain!(
        columns COLUMN unique UNIQUE_CONSTRAINT foreign_keys FOREIGN_KEY checks CHECK_CONSTRAINT
        exclusions EXCLUSION_CONSTRAINT indexes INDEX triggers TRIGGER rules RULE policies POLICY
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, Sequence, SequenceOwner};
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

    #[test]
    fn of_a_catalog_the_same_is_left_out() {
        let relation = |name: &str| Relation {
            name: QualifiedName::new("public", name),
            columns: ["id", "kosmos_id"]
                .map(|name| Column {
                    name: name.to_owned(),
                    ..Column::default()
                })
                .to_vec(),
            ..Relation::default()
        };
        let sequence = |owner: &str| Sequence {
            name: QualifiedName::new("public", format!("{owner}_seq")),
            owned_by: Some(SequenceOwner {
                relation: QualifiedName::new("public", owner),
                column: "id".to_owned(),
            }),
            ..Sequence::default()
        };
        let catalog = Catalog {
            relations: vec![
                relation(BOOKKEEPING),
                relation("kosmos_runs"),
                relation("runs"),
            ],
            sequences: vec![sequence("kosmos_runs"), sequence("runs")],
            ..Catalog::default()
        };
        let ignores = [
            ignore(Some(&class::TABLE), None, Some("^kosmos_.*$")),
            ignore(Some(&class::COLUMN), None, Some("^kosmos_.*$")),
        ];
        let kept = kept_catalog(catalog, &ignores);
        let names: Vec<_> = kept
            .relations
            .iter()
            .map(|it| it.name.name.as_str())
            .collect();
        assert_eq!(names, ["runs"]);
        assert_eq!(kept.relations[0].columns.len(), 1);
        assert_eq!(kept.sequences, [sequence("runs")]);
    }
}
