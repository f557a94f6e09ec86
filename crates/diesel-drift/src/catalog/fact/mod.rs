//! Which facts the catalog keeps of each class: read from the structs' own JSON Schema, so that the list cannot lag behind.

mod names;
mod shape;

use super::Catalog;
use super::class::{self, Class};
use serde_json::{Map, Value};
use std::sync::LazyLock;

pub(crate) use names::fields_of_names;
pub(in crate::catalog) use names::{ColumnName, RoleName, SqlName};
pub use shape::Shape;

/// A fact that the catalog keeps: a field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The classes whose objects have it: several where they share a struct.
    pub classes: Vec<&'static Class>,
    /// The attribute's name.
    pub attribute: String,
    /// The field's documentation: the catalog column that it comes from.
    pub meaning: String,
    /// What it is where it is left out.
    pub default: String,
    /// What values it takes.
    pub shape: Shape,
    /// The facts that it consists of, where it is more than one: an index's columns have an order and a collation.
    pub parts: Vec<Part>,
}

/// A fact that is part of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The field's documentation.
    pub meaning: String,
    /// What it is where it is left out.
    pub default: String,
    /// What values it takes.
    pub shape: Shape,
}

/// Every fact of every class, in the order of the structs. Names, signatures and lists of children are no facts.
pub fn facts() -> &'static [Fact] {
    static FACTS: LazyLock<Vec<Fact>> = LazyLock::new(read);
    &FACTS
}

/// What an attribute (`index.options`) is where it is left out.
pub(crate) fn default_of(class: &'static Class, attribute: &str) -> String {
    let field = attribute.split('.').next();
    facts()
        .iter()
        .find(|fact| Some(fact.attribute.as_str()) == field && fact.classes.contains(&class))
        .filter(|_| !attribute.contains('.'))
        .map_or_else(|| NOTHING.to_owned(), |fact| fact.default.clone())
}

/// What stands for a fact that has no value.
pub(crate) const NOTHING: &str = "none";

/// What stands for a value that PostgreSQL derives.
pub(crate) const THE_DEFAULT: &str = "the default";

/// What stands for the role that owns what nobody else does.
pub(crate) const THE_USUAL_OWNER: &str = "the usual owner";

fn read() -> Vec<Fact> {
    let schema = schemars::schema_for!(Catalog).to_value();
    let structs = Structs(&schema);
    let mut facts = Vec::new();
    for (field, property) in structs.properties(&schema) {
        let classes: Vec<_> = class::of_whole_field(field);
        if !classes.is_empty() {
            structs.collect(&classes, structs.target(property), true, &mut facts);
        }
    }
    facts
}

/// The schema's definitions.
struct Structs<'a>(&'a Value);

impl<'a> Structs<'a> {
    fn properties(&self, definition: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let properties = definition.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flat_map(Map::iter)
            .map(|(field, property)| (field.as_str(), property))
    }

    /// What a property is, or holds a list of, or may be.
    fn target(&self, property: &'a Value) -> &'a Value {
        let inner = property
            .get("items")
            .or_else(|| property.get("anyOf")?.get(0))
            .unwrap_or(property);
        self.referred(inner)
    }

    /// What hangs on an object has nothing that hangs on it: the columns of an index are a fact.
    fn collect(
        &self,
        classes: &[&'static Class],
        definition: &'a Value,
        is_top: bool,
        facts: &mut Vec<Fact>,
    ) {
        for (field, property) in self.properties(definition) {
            match class::of_child_field(field) {
                _ if ["name", "signature"].contains(&field) => {}
                Some(class) if is_top && self.target(property).get("properties").is_some() => {
                    let known = |fact: &Fact| fact.classes.contains(&class);
                    // Checks are of tables and of domains: one class, two structs.
                    if !facts.iter().any(known) {
                        self.collect(&[class], self.target(property), false, facts);
                    }
                }
                _ => facts.push(Fact {
                    classes: classes.to_vec(),
                    attribute: field.to_owned(),
                    meaning: documentation(property),
                    default: self.default(property),
                    shape: self.shape_of(field, property),
                    parts: self.parts(property),
                }),
            }
        }
    }

    /// The fields of the struct that a property is, or holds a list or table of. Names and types are shown as one text.
    fn parts(&self, property: &'a Value) -> Vec<Part> {
        let entry = property.get("additionalProperties").unwrap_or(property);
        let fields: Vec<_> = self.properties(self.target(entry)).collect();
        let is_text = fields
            .iter()
            .any(|(name, _)| ["schema", "sql"].contains(name));
        fields
            .into_iter()
            .filter(|_| !is_text)
            .map(|(name, field)| Part {
                name: name.to_owned(),
                meaning: documentation(field),
                default: self.default(field),
                shape: self.shape_of(name, field),
            })
            .collect()
    }

    /// What a property refers to, or itself.
    fn referred(&self, property: &'a Value) -> &'a Value {
        property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| self.0.pointer(path.strip_prefix('#')?))
            .unwrap_or(property)
    }

    /// Of an enumeration, its first value: the structs' defaults are PostgreSQL's, and stand first.
    fn default(&self, property: &'a Value) -> String {
        if property.get("type").and_then(Value::as_str) == Some("boolean") {
            return "false".to_owned();
        }
        let direct = property.get("anyOf").is_none() && property.get("items").is_none();
        let target = self.target(property);
        let first = target
            .pointer("/oneOf/0/const")
            .or_else(|| target.pointer("/enum/0"));
        match first.and_then(Value::as_str) {
            Some(first) if direct => first.to_owned(),
            _ => documented_default(&documentation(property)).unwrap_or(NOTHING.to_owned()),
        }
    }
}

/// The classes of what hangs on objects of a class: columns on a table, checks on a domain.
pub(crate) fn child_classes(class: &'static Class) -> &'static [&'static Class] {
    type Classes = Vec<&'static Class>;
    static CHILDREN: LazyLock<Vec<(&'static Class, Classes)>> = LazyLock::new(|| {
        let schema = schemars::schema_for!(Catalog).to_value();
        let structs = Structs(&schema);
        let of_field = |(field, property)| {
            let target = structs.target(property);
            let is_object = |(_, property): &(&str, &Value)| {
                structs.target(property).get("properties").is_some()
            };
            let children: Classes = (structs.properties(target).filter(is_object))
                .filter_map(|(field, _)| class::of_child_field(field))
                .collect();
            let classes = class::of_whole_field(field).into_iter();
            classes.map(move |class| (class, children.clone()))
        };
        structs.properties(&schema).flat_map(of_field).collect()
    });
    let of_class = CHILDREN.iter().find(|(parent, _)| *parent == class);
    of_class.map_or(&[], |(_, children)| children)
}

/// The classes of what objects of a class hang on.
pub(crate) fn parent_classes(class: &'static Class) -> Vec<&'static Class> {
    let has = |parent: &&&'static Class| child_classes(parent).contains(&class);
    class::CLASSES.iter().filter(has).copied().collect()
}

/// How fields that are left out where they say nothing new are documented: "`amname`, unless it is `btree`".
const EXCEPTIONS: [&str; 4] = [
    "unless it is ",
    "where it is not ",
    "where it differs",
    "where one was chosen",
];

/// What a field is where it is left out, from its documentation; none for one that is always said.
fn documented_default(meaning: &str) -> Option<String> {
    let (_, exception) = EXCEPTIONS
        .iter()
        .find_map(|words| meaning.split_once(words))?;
    let exception = exception.trim_end_matches('.');
    let literal = exception
        .strip_prefix('`')
        .and_then(|text| text.strip_suffix('`'))
        .filter(|text| !text.contains('`'));
    Some(match literal {
        Some(literal) => literal.to_owned(),
        None if exception.chars().all(|c| c.is_ascii_digit()) && !exception.is_empty() => {
            exception.to_owned()
        }
        None if exception.contains("usual owner") => THE_USUAL_OWNER.to_owned(),
        None => THE_DEFAULT.to_owned(),
    })
}

fn documentation(property: &Value) -> String {
    let text = property.get("description").and_then(Value::as_str);
    text.unwrap_or_default().replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class::{
        COLUMN, FOREIGN_KEY, FUNCTION, INDEX, POLICY, SEQUENCE, TABLE, TRIGGER, VIEW,
    };

    fn fact(class: &'static Class, attribute: &str) -> Option<&'static Fact> {
        facts()
            .iter()
            .find(|fact| fact.classes.contains(&class) && fact.attribute == attribute)
    }

    #[test]
    fn facts_come_from_the_structs() {
        let not_null = fact(&COLUMN, "not_null").unwrap();
        assert!(not_null.meaning.contains("attnotnull"));
        assert!(fact(&VIEW, "definition").is_some());
        assert!(fact(&TABLE, "columns").is_none() && fact(&TABLE, "name").is_none());
    }

    #[test]
    fn defaults_are_postgresql_s() {
        assert_eq!(default_of(&FOREIGN_KEY, "on_delete"), "no_action");
        assert_eq!(default_of(&COLUMN, "not_null"), "false");
        assert_eq!(default_of(&COLUMN, "default"), "none");
        assert_eq!(default_of(&TABLE, "privileges.app_ro"), "none");
        assert_eq!(default_of(&TABLE, "comment"), "none");
        assert_eq!(default_of(&TABLE, "owner"), "the usual owner");
        assert_eq!(default_of(&INDEX, "method"), "btree");
        assert_eq!(default_of(&INDEX, "tablespace"), "the default");
        assert_eq!(default_of(&SEQUENCE, "increment"), "1");
        assert_eq!(default_of(&SEQUENCE, "start"), "the default");
        assert_eq!(default_of(&FUNCTION, "cost"), "the default");
        assert_eq!(default_of(&FOREIGN_KEY, "internal_triggers"), "the default");
    }

    #[test]
    fn the_values_of_facts_come_from_the_structs() {
        let shape = |class, attribute| fact(class, attribute).unwrap().shape.clone();
        assert_eq!(shape(&COLUMN, "not_null"), Shape::Boolean);
        assert_eq!(shape(&COLUMN, "default"), Shape::Expression);
        assert_eq!(shape(&COLUMN, "comment"), Shape::Text);
        assert_eq!(shape(&COLUMN, "data_type"), Shape::Type);
        assert_eq!(shape(&FOREIGN_KEY, "target"), Shape::Name);
        assert_eq!(shape(&SEQUENCE, "increment"), Shape::Number);
        assert_eq!(
            shape(&FOREIGN_KEY, "columns"),
            Shape::List(Box::new(Shape::Column))
        );
        assert_eq!(
            shape(&INDEX, "columns"),
            Shape::List(Box::new(Shape::Parts))
        );
        assert_eq!(
            shape(&COLUMN, "identity"),
            Shape::Word(vec!["always".into(), "by_default".into()])
        );
        let words = ["nothing", "full", "index"].map(str::to_owned);
        assert_eq!(
            shape(&TABLE, "replica_identity"),
            Shape::Mixed(words.into())
        );
        assert!(matches!(shape(&TABLE, "privileges"), Shape::Named { .. }));
    }

    #[test]
    fn a_list_whose_order_means_nothing_is_a_set() {
        let is_set = |class, attribute| match &fact(class, attribute).unwrap().shape {
            Shape::Set(_) => true,
            Shape::Named { value, .. } => matches!(**value, Shape::Set(_)),
            _ => false,
        };
        for (class, attribute) in [
            (&TRIGGER, "events"),
            (&TRIGGER, "update_of"),
            (&POLICY, "roles"),
            (&TABLE, "privileges"),
            (&TABLE, "options"),
            (&class::PUBLICATION, "publish"),
        ] {
            assert!(is_set(class, attribute), "{attribute}");
        }
        for (class, attribute) in [
            (&FOREIGN_KEY, "columns"),
            (&FOREIGN_KEY, "target_columns"),
            (&INDEX, "columns"),
            (&class::ENUM, "labels"),
            (&TRIGGER, "arguments"),
        ] {
            assert!(!is_set(class, attribute), "{attribute}");
        }
    }

    #[test]
    fn what_hangs_on_what_comes_from_the_structs() {
        assert!(child_classes(&TABLE).contains(&&FOREIGN_KEY));
        assert!(child_classes(&COLUMN).is_empty());
        let of_checks: Vec<_> = parent_classes(&class::CHECK_CONSTRAINT)
            .iter()
            .map(|class| class.id)
            .collect();
        assert_eq!(
            of_checks,
            [
                "table",
                "view",
                "materialized-view",
                "foreign-table",
                "domain"
            ]
        );
    }

    #[test]
    fn every_field_of_the_catalog_has_a_class() {
        let schema = schemars::schema_for!(Catalog).to_value();
        let without: Vec<_> = Structs(&schema)
            .properties(&schema)
            .map(|(field, _)| field)
            .filter(|field| class::of_whole_field(field).is_empty())
            .collect();
        assert_eq!(without, ["outside"]);
    }
}
