//! The enums and composite types that a model's fields are made of.

use super::model::{Field, Object};
use super::shape::{Shape, TextForm, Types};
use crate::catalog::{CompositeType, DataType, EnumType, QualifiedName, Relation, class};
use std::collections::{BTreeMap, BTreeSet};

/// The types that are written, found by following what is made of what.
#[derive(Default)]
pub(super) struct Used {
    pub(super) enums: BTreeMap<QualifiedName, EnumType>,
    /// After what they are made of.
    pub(super) composites: Vec<Object>,
    seen: BTreeSet<QualifiedName>,
    /// The composite types that hold what is read in another form than it is written in.
    read_otherwise: BTreeSet<QualifiedName>,
}

impl Used {
    /// Adds what `shape` is made of.
    pub(super) fn shape(&mut self, shape: &Shape, types: &Types<'_>) {
        match shape {
            Shape::Array { element, .. } => self.shape(element, types),
            Shape::Enum(name) => {
                if let Some(found) = types.enum_type(name) {
                    self.enums.insert(name.clone(), found.clone());
                }
            }
            // PostgreSQL lets no composite type be made of itself: this ends.
            Shape::Composite(name) if self.seen.insert(name.clone()) => {
                let object = types
                    .composite(name)
                    .map(|own| composite(own, types))
                    .or_else(|| Some(row_type(types.relation(name)?, types)));
                let Some(object) = object else { return };
                for field in &object.fields {
                    self.shape(&field.shape, types);
                }
                let mut fields = object.fields.iter();
                if fields.any(|field| self.written(&field.shape) != field.shape) {
                    self.read_otherwise.insert(name.clone());
                }
                self.composites.push(object);
            }
            _ => {}
        }
    }

    /// What PostgreSQL reads for a shape that it writes: the same, but for `hstore`, which writes an object and reads its own text, and for
    /// what it reads as text only.
    pub(super) fn written(&self, shape: &Shape) -> Shape {
        match shape {
            Shape::Dictionary => Shape::Text(TextForm::Any),
            // Nested arrays are read as dimensions of one: not those of a domain, which is what an array is an element as.
            // Nested arrays are read as dimensions of one: not those of a domain, which is what an array is an element as.
            Shape::Array { element, .. } if matches!(**element, Shape::Array { .. }) => Shape::Any,
            Shape::Array { element, nullable } => Shape::Array {
                element: Box::new(self.written(element)),
                nullable: *nullable,
            },
            Shape::Composite(name) if self.read_otherwise.contains(name) => Shape::Any,
            same => same.clone(),
        }
    }
}

/// The attributes of a composite type. Any of them can be null, also where a table's column of that name cannot.
fn attribute(
    name: &str,
    data_type: &DataType,
    comment: Option<&String>,
    types: &Types<'_>,
) -> Field {
    Field {
        name: name.to_owned(),
        shape: types.shape(data_type),
        nullable: true,
        input: None,
        comment: comment.cloned(),
    }
}

fn composite(found: &CompositeType, types: &Types<'_>) -> Object {
    let attributes = found.attributes.iter();
    Object {
        name: found.name.clone(),
        class: &class::COMPOSITE_TYPE,
        fields: attributes
            .map(|part| attribute(&part.name, &part.data_type, part.comment.as_ref(), types))
            .collect(),
        comment: found.comment.clone(),
    }
}

/// A relation's row type, as a column of another relation has it.
fn row_type(relation: &Relation, types: &Types<'_>) -> Object {
    let columns = relation.columns.iter();
    Object {
        name: relation.name.clone(),
        class: relation.class(),
        fields: columns
            .map(|part| attribute(&part.name, &part.data_type, part.comment.as_ref(), types))
            .collect(),
        comment: relation.comment.clone(),
    }
}
