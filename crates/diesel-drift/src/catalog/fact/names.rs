//! What texts of the catalog are names of. Only their JSON Schema says so (`schemars(with = "BTreeSet<ColumnName>")`), from which [`Shape`](super::Shape)
//! comes; the values are texts.

use super::{Shape, Structs};
use crate::catalog::Catalog;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A name as a key of a map, whose schema has no place for it but this keyword.
pub(super) const KEYS: &str = "propertyNames";

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $format:literal is $shape:expr;)+) => {
        $(
            $(#[$doc])*
            pub(in crate::catalog) enum $name {}

            impl $name {
                /// Its schema, for the keys of a map.
                pub(in crate::catalog) fn schema() -> Schema {
                    json_schema!({ "type": "string", "format": $format })
                }
            }

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    Self::schema()
                }
            }
        )+

        /// The shape of a text with that schema.
        pub(super) fn shape_of_text(schema: &Value) -> Shape {
            match schema.get("format").and_then(Value::as_str) {
                $(Some($format) => $shape,)+
                _ => Shape::Text,
            }
        }
    };
}

names! {
    /// A column, without its table.
    ColumnName = "column" is Shape::Column;
    /// A role.
    RoleName = "role" is Shape::Role;
    /// What is in a schema, as SQL writes it.
    SqlName = "sql-name" is Shape::Name;
}

/// The fields, of whatever struct, that hold names of columns and of roles and nothing else.
pub(crate) fn fields_of_names() -> &'static BTreeSet<String> {
    static FIELDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let schema = schemars::schema_for!(Catalog).to_value();
        let mut fields = BTreeSet::new();
        Structs(&schema).collect_names(&schema, &mut fields);
        fields
    });
    &FIELDS
}

impl<'a> Structs<'a> {
    /// The fields of names in a part of the schema, at whatever depth.
    fn collect_names(&self, part: &'a Value, fields: &mut BTreeSet<String>) {
        let is_name = |shape: &Shape| matches!(shape, Shape::Column | Shape::Role);
        let holds_names = |(_, property): &(&str, &'a Value)| match self.shape(property) {
            Shape::List(entry) | Shape::Set(entry) => is_name(&entry),
            shape => is_name(&shape),
        };
        // The term of an index, which may be an expression, is one of several forms.
        let is_one_form =
            |(_, property): &(&str, &'a Value)| self.referred(property).get("oneOf").is_none();
        let found = (self.properties(part).filter(is_one_form)).filter(holds_names);
        fields.extend(found.map(|(field, _)| field.to_owned()));
        match part {
            Value::Object(entries) => {
                (entries.values()).for_each(|entry| self.collect_names(entry, fields))
            }
            Value::Array(entries) => {
                (entries.iter()).for_each(|entry| self.collect_names(entry, fields))
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fact, facts};
    use super::*;
    use crate::catalog::class::{
        Class, DATABASE, FOREIGN_KEY, FUNCTION, INDEX, POLICY, PRIMARY_KEY, PUBLICATION, SEQUENCE,
        STATISTICS, TABLE, TRIGGER, UNIQUE_CONSTRAINT,
    };

    fn fact(class: &'static Class, attribute: &str) -> &'static Fact {
        let is_it = |fact: &&Fact| fact.classes.contains(&class) && fact.attribute == attribute;
        facts().iter().find(is_it).unwrap()
    }

    /// What a name is of is said by the field's type, and by no word of its documentation.
    #[test]
    fn names_of_columns_and_roles_come_from_the_structs() {
        let shape = |class, attribute| fact(class, attribute).shape.clone();
        let part = |class, attribute, part: &str| {
            let parts = &fact(class, attribute).parts;
            parts
                .iter()
                .find(|it| it.name == part)
                .unwrap()
                .shape
                .clone()
        };
        let list = || Shape::List(Box::new(Shape::Column));
        let set = || Shape::Set(Box::new(Shape::Column));
        for (class, attribute, expected) in [
            (&PRIMARY_KEY, "columns", list()),
            (&UNIQUE_CONSTRAINT, "columns", list()),
            (&FOREIGN_KEY, "target_columns", list()),
            (&FOREIGN_KEY, "on_delete_columns", set()),
            (&INDEX, "include", list()),
            (&TRIGGER, "update_of", set()),
            (&STATISTICS, "on_columns", set()),
            (&POLICY, "roles", Shape::Set(Box::new(Shape::Role))),
            (&TABLE, "owner", Shape::Role),
            (&FUNCTION, "owner", Shape::Role),
        ] {
            assert_eq!(shape(class, attribute), expected, "{attribute}");
        }
        assert_eq!(part(&INDEX, "columns", "term"), Shape::Column);
        assert_eq!(part(&SEQUENCE, "owned_by", "column"), Shape::Column);
        assert_eq!(part(&PUBLICATION, "tables", "columns"), set());
        for (class, attribute, expected) in [
            (&TABLE, "privileges", Shape::Role),
            (&DATABASE, "role_settings", Shape::Role),
            (&DATABASE, "settings", Shape::Text),
            (&PUBLICATION, "tables", Shape::Name),
        ] {
            let Shape::Named { key, .. } = shape(class, attribute) else {
                panic!("{attribute}")
            };
            assert_eq!(*key, expected, "{attribute}");
        }
    }

    /// A field of that kind is typed as one: a new one would be no name for rules, and a use for `enum-unused`.
    #[test]
    fn every_owner_is_a_role() {
        let owners = facts()
            .iter()
            .filter(|fact| fact.attribute.ends_with("owner"));
        let is_flag = |fact: &&Fact| fact.shape == Shape::Boolean;
        for fact in owners.filter(|fact| !is_flag(fact)) {
            assert_eq!(fact.shape, Shape::Role, "{:?}", fact.classes);
        }
        let expected = [
            "column",
            "columns",
            "include",
            "on_columns",
            "on_delete_columns",
            "owner",
            "roles",
            "target_columns",
            "update_of",
            "usual_owner",
        ];
        assert_eq!(fields_of_names().iter().collect::<Vec<_>>(), expected);
    }
}
