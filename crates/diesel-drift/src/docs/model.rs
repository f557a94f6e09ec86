//! The catalog as pages show it: by schema, partitions with their tables, and where each thing has its place.

use super::markdown::{code, name};
use crate::catalog::{
    Aggregate, BaseType, Catalog, CompositeType, DataType, Domain, EnumType, ForeignKey,
    QualifiedName, RangeType, Relation, Routine, Sequence,
};
use crate::compare::is_view;
use crate::file_name::{encode, stem};
use crate::text::show_name;
use std::collections::BTreeMap;

/// The index's file.
pub(super) const INDEX: &str = "README.md";

/// A schema and what its page shows.
#[derive(Default)]
pub(super) struct Schema<'a> {
    /// Raw.
    pub name: &'a str,
    pub comment: Option<&'a str>,
    /// Tables, partitioned tables and foreign tables, without partitions.
    pub tables: Vec<&'a Relation>,
    /// Views and materialized views.
    pub views: Vec<&'a Relation>,
    pub enums: Vec<&'a EnumType>,
    pub domains: Vec<&'a Domain>,
    pub composites: Vec<&'a CompositeType>,
    pub ranges: Vec<&'a RangeType>,
    pub base_types: Vec<&'a BaseType>,
    pub functions: Vec<&'a Routine>,
    pub procedures: Vec<&'a Routine>,
    pub aggregates: Vec<&'a Aggregate>,
    /// Those that no column owns.
    pub sequences: Vec<&'a Sequence>,
}

impl<'a> Schema<'a> {
    /// The page's file.
    pub fn file(&self) -> String {
        file(self.name)
    }

    /// The foreign keys of its tables.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&'a Relation, &'a ForeignKey)> {
        self.tables
            .iter()
            .flat_map(|table| table.foreign_keys.iter().map(move |key| (*table, key)))
    }

    pub fn has_table(&self, name: &QualifiedName) -> bool {
        self.tables.iter().any(|table| table.name == *name)
    }

    /// How many types it has.
    pub fn types(&self) -> usize {
        self.enums.len()
            + self.domains.len()
            + self.composites.len()
            + self.ranges.len()
            + self.base_types.len()
    }

    /// How many functions, procedures and aggregates it has.
    pub fn routines(&self) -> usize {
        self.functions.len() + self.procedures.len() + self.aggregates.len()
    }

    fn is_empty(&self) -> bool {
        self.comment.is_none()
            && self.tables.is_empty()
            && self.views.is_empty()
            && self.types() == 0
            && self.routines() == 0
            && self.sequences.is_empty()
    }
}

/// The file of a schema's page, which is never the index's, also where case does not count.
fn file(schema: &str) -> String {
    format!("{}.md", stem(schema, &["readme"]))
}

/// Everything that pages show.
pub(super) struct Model<'a> {
    /// By name, without empty ones.
    pub schemas: Vec<Schema<'a>>,
    pub database_comment: Option<&'a str>,
    /// The partitions of each table, with theirs, by name.
    partitions: BTreeMap<&'a QualifiedName, Vec<&'a Relation>>,
    /// The foreign keys that lead to each table.
    referring: BTreeMap<&'a QualifiedName, Vec<(&'a Relation, &'a ForeignKey)>>,
    /// Where each relation and type is shown: its schema and its anchor.
    places: BTreeMap<&'a QualifiedName, (&'a str, String)>,
    /// The functions without arguments, which triggers call.
    trigger_functions: BTreeMap<&'a QualifiedName, &'a Routine>,
}

impl<'a> Model<'a> {
    pub fn of(catalog: &'a Catalog) -> Self {
        let mut schemas: BTreeMap<&str, Schema<'_>> = BTreeMap::new();
        for schema in &catalog.schemas {
            let entry = of_schema(&mut schemas, &schema.name);
            // As initdb wrote it.
            let said = |text: &&str| schema.name != "public" || *text != "standard public schema";
            entry.comment = schema.comment.as_deref().filter(said);
        }
        macro_rules! share_out {
            ($($list:ident)*) => {$(
                for object in &catalog.$list {
                    of_schema(&mut schemas, &object.name.schema).$list.push(object);
                }
            )*};
        }
        share_out!(enums domains composites ranges base_types functions procedures aggregates);
        for sequence in catalog.sequences.iter().filter(|it| it.owned_by.is_none()) {
            of_schema(&mut schemas, &sequence.name.schema)
                .sequences
                .push(sequence);
        }
        let mut model = Self {
            schemas: Vec::new(),
            database_comment: catalog.database.comment.as_deref(),
            partitions: BTreeMap::new(),
            referring: BTreeMap::new(),
            places: BTreeMap::new(),
            trigger_functions: (catalog.functions.iter())
                .filter(|function| function.signature == "()")
                .map(|function| (&function.name, function))
                .collect(),
        };
        let by_name: BTreeMap<_, _> = (catalog.relations.iter())
            .map(|relation| (&relation.name, relation))
            .collect();
        for relation in &catalog.relations {
            let root = root(relation, &by_name);
            if root.name != relation.name {
                model
                    .partitions
                    .entry(&root.name)
                    .or_default()
                    .push(relation);
            } else {
                let schema = of_schema(&mut schemas, &relation.name.schema);
                match is_view(relation.kind) {
                    true => schema.views.push(relation),
                    false => schema.tables.push(relation),
                }
            }
            let place = (root.name.schema.as_str(), anchor("table", &root.name.name));
            model.places.insert(&relation.name, place);
        }
        let types = (catalog.enums.iter().map(|it| &it.name))
            .chain(catalog.domains.iter().map(|it| &it.name))
            .chain(catalog.composites.iter().map(|it| &it.name))
            .chain(catalog.ranges.iter().map(|it| &it.name))
            .chain(catalog.base_types.iter().map(|it| &it.name));
        for name in types {
            let place = (name.schema.as_str(), anchor("type", &name.name));
            model.places.insert(name, place);
        }
        model.schemas = schemas
            .into_values()
            .filter(|schema| !schema.is_empty())
            .collect();
        let keys: Vec<_> = (model.schemas.iter())
            .flat_map(Schema::foreign_keys)
            .collect();
        for (table, key) in keys {
            model
                .referring
                .entry(&key.target)
                .or_default()
                .push((table, key));
        }
        model
    }

    pub fn partitions(&self, table: &Relation) -> &[&'a Relation] {
        self.partitions.get(&table.name).map_or(&[], Vec::as_slice)
    }

    pub fn referring(&self, table: &Relation) -> &[(&'a Relation, &'a ForeignKey)] {
        self.referring.get(&table.name).map_or(&[], Vec::as_slice)
    }

    /// A relation or a type on the page of `schema`, with a link to where it is shown, if it is.
    pub fn linked(&self, object: &QualifiedName, schema: &str) -> String {
        let text = match object.schema == schema {
            true => name(&object.name),
            false => code(&object.shown()),
        };
        self.link(object, schema, text)
    }

    /// A column's type, likewise.
    pub fn linked_type(&self, data_type: &DataType, schema: &str) -> String {
        self.link(&data_type.qualified_name(), schema, code(&data_type.sql))
    }

    fn link(&self, object: &QualifiedName, from: &str, text: String) -> String {
        match self.places.get(object) {
            Some((schema, anchor)) => link(&text, schema, from, anchor),
            None => text,
        }
    }

    /// The function that a trigger calls, with a link, and its comment.
    pub fn trigger_function(
        &self,
        function: &QualifiedName,
        schema: &str,
    ) -> (String, Option<&'a str>) {
        let text = match function.schema == schema {
            true => code(&format!("{}()", show_name(&function.name))),
            false => code(&format!("{}()", function.shown())),
        };
        match self.trigger_functions.get(function) {
            Some(routine) => {
                let anchor = function_anchor(&routine.name.name, &routine.signature);
                let text = link(&text, &routine.name.schema, schema, &anchor);
                (text, routine.comment.as_deref())
            }
            None => (text, None),
        }
    }
}

fn of_schema<'s, 'a>(
    schemas: &'s mut BTreeMap<&'a str, Schema<'a>>,
    name: &'a str,
) -> &'s mut Schema<'a> {
    schemas.entry(name).or_insert_with(|| Schema {
        name,
        ..Schema::default()
    })
}

/// The table that a relation is a partition of, or of whose partition it is one; else itself.
fn root<'a>(
    relation: &'a Relation,
    by_name: &BTreeMap<&QualifiedName, &'a Relation>,
) -> &'a Relation {
    let mut root = relation;
    while let Some(parent) = (root.partition_of.as_ref()).and_then(|it| by_name.get(&it.parent)) {
        root = parent;
    }
    root
}

/// The id of a place in a page. Ids that GitHub makes of headings have no dot.
pub(super) fn anchor(class: &str, name: &str) -> String {
    format!("{class}.{}", encode(name, "").replace('%', "."))
}

/// The id of a function's place.
pub(super) fn function_anchor(name: &str, signature: &str) -> String {
    let signature = if signature == "()" { "" } else { signature };
    anchor("function", &format!("{name}{signature}"))
}

/// What a link leads to.
pub(super) fn place(anchor: &str) -> String {
    format!("<a id=\"{anchor}\"></a>")
}

fn link(text: &str, schema: &str, from: &str, anchor: &str) -> String {
    let file = match schema == from {
        true => String::new(),
        false => address(schema),
    };
    format!("[{text}]({file}#{anchor})")
}

/// The page of a schema as a link's destination.
pub(super) fn address(schema: &str) -> String {
    file(schema).replace('%', "%25")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Partition;

    fn relation(name: &str, parent: Option<&str>) -> Relation {
        Relation {
            name: QualifiedName::new("app", name),
            partition_of: parent.map(|parent| Partition {
                parent: QualifiedName::new("app", parent),
                ..Partition::default()
            }),
            ..Relation::default()
        }
    }

    #[test]
    fn partitions_are_shown_with_their_table() {
        let catalog = Catalog {
            relations: vec![
                relation("events", None),
                relation("events_eu", Some("events")),
                relation("events_eu_2026", Some("events_eu")),
            ],
            ..Catalog::default()
        };
        let model = Model::of(&catalog);
        let [app] = &model.schemas[..] else {
            unreachable!()
        };
        assert_eq!(app.tables.len(), 1);
        assert_eq!(model.partitions(app.tables[0]).len(), 2);
        let leaf = QualifiedName::new("app", "events_eu_2026");
        assert_eq!(
            model.linked(&leaf, "other"),
            "[`app.events_eu_2026`](app.md#table.events)"
        );
    }

    #[test]
    fn what_nothing_is_in_has_no_page() {
        let schema = |name: &str, comment: Option<&str>| crate::catalog::Schema {
            name: name.to_owned(),
            comment: comment.map(str::to_owned),
            ..crate::catalog::Schema::default()
        };
        let catalog = Catalog {
            schemas: vec![
                schema("app", Some("ours")),
                schema("public", Some("standard public schema")),
            ],
            ..Catalog::default()
        };
        let names: Vec<_> = Model::of(&catalog)
            .schemas
            .iter()
            .map(|it| it.name)
            .collect();
        assert_eq!(names, ["app"]);
    }

    #[test]
    fn files_and_anchors_are_nobody_elses() {
        assert_eq!(file("cwom"), "cwom.md");
        assert_eq!(file("readme"), "%72eadme.md");
        assert_eq!(file("Readme"), "%52eadme.md");
        assert_eq!(address("a/b"), "a%252Fb.md");
        assert_eq!(anchor("table", "Two words"), "table..54wo+words");
        assert_eq!(function_anchor("f", "()"), "function.f");
        assert_eq!(function_anchor("f", "(integer)"), "function.f.28integer.29");
    }
}
