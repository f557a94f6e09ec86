//! What a catalog's relations and types are as JSON, in no language's words.

use super::TypesError;
use super::shape::{Shape, TextForm, Types, is_a_value};
use crate::catalog::class::{self, Class};
use crate::catalog::{
    BOOKKEEPING, Catalog, Column, CompositeType, EnumType, Identity, ObjectPath, QualifiedName,
    Relation, RelationKind, quote_identifier,
};
use crate::compare::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// What there is to write, each sorted by name; composite types after those that they are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Enums: those of the schemas that were asked for, and those that something here is made of.
    pub enums: Vec<EnumType>,
    /// Composite types, likewise, and the row types of relations that something here is made of.
    pub composites: Vec<Object>,
    /// Relations, apart from partitions: their rows are those of the partitioned table.
    pub relations: Vec<Object>,
    /// The schemas whose names do not go before those of what is in them.
    pub plain_schemas: BTreeSet<String>,
}

/// A relation or a composite type: a JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Schema and name.
    pub name: QualifiedName,
    /// What it is.
    pub class: &'static Class,
    /// Columns or attributes, in order.
    pub fields: Vec<Field>,
    /// Its comment.
    pub comment: Option<String>,
}

impl Object {
    /// Whether rows are put into it: tables and foreign tables.
    pub fn takes_rows(&self) -> bool {
        [&class::TABLE, &class::FOREIGN_TABLE].contains(&self.class)
    }
}

/// A column or an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name.
    pub name: String,
    /// What a value of it is in a row.
    pub shape: Shape,
    /// Whether it can be null in a row.
    pub nullable: bool,
    /// What an INSERT takes; `None` where PostgreSQL takes none (`GENERATED ALWAYS`), and of views and composite types.
    pub input: Option<Input>,
    /// Its comment.
    pub comment: Option<String>,
}

/// What an INSERT takes for a column, in a form that `jsonb_populate_record` reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What a value is.
    pub shape: Shape,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it may be left out: it has a default, or is null then.
    pub optional: bool,
}

impl Model {
    /// What `catalog` has in `schemas` (all where none is named), without what `scope` ignores and Diesel's bookkeeping.
    ///
    /// # Errors
    /// When one of `schemas` is not there.
    pub fn new(catalog: &Catalog, scope: &Scope, schemas: &[String]) -> Result<Self, TypesError> {
        let chosen = chosen_schemas(catalog, scope, schemas)?;
        let types = Types::new(catalog);
        let kept = |class, name: &QualifiedName| {
            chosen.contains(&name.schema)
                && name.name != BOOKKEEPING
                && !scope.ignores(&path(class, name, None))
        };
        let mut used = Used::default();
        let mut relations: Vec<Object> = catalog
            .relations
            .iter()
            .filter(|relation| relation.partition_of.is_none())
            .filter(|relation| kept(class_of(relation), &relation.name))
            .map(|relation| rows(relation, &types, scope))
            .collect();
        relations.sort_by(|a, b| a.name.cmp(&b.name));
        for found in &catalog.enums {
            if kept(&class::ENUM, &found.name) {
                used.shape(&Shape::Enum(found.name.clone()), catalog, &types);
            }
        }
        for found in &catalog.composites {
            if kept(&class::COMPOSITE_TYPE, &found.name) {
                used.shape(&Shape::Composite(found.name.clone()), catalog, &types);
            }
        }
        for field in relations.iter().flat_map(|relation| &relation.fields) {
            used.shape(&field.shape, catalog, &types);
        }
        for field in relations
            .iter_mut()
            .flat_map(|relation| &mut relation.fields)
        {
            if let Some(input) = &mut field.input {
                input.shape = used.written(&field.shape);
            }
        }
        let mut plain_schemas = BTreeSet::from(["public".to_owned()]);
        if !schemas.is_empty() && chosen.len() == 1 {
            plain_schemas.extend(chosen);
        }
        Ok(Self {
            enums: used.enums.into_values().collect(),
            composites: used.composites,
            relations,
            plain_schemas,
        })
    }
}

/// The schemas that are written.
fn chosen_schemas(
    catalog: &Catalog,
    scope: &Scope,
    named: &[String],
) -> Result<BTreeSet<String>, TypesError> {
    let there: BTreeSet<String> = catalog
        .schemas
        .iter()
        .map(|schema| &schema.name)
        .filter(|name| {
            !scope.ignores(&ObjectPath {
                schema: None,
                ..path(&class::SCHEMA, &QualifiedName::new("", *name), None)
            })
        })
        .cloned()
        .collect();
    match named.iter().find(|name| !there.contains(*name)) {
        Some(name) => Err(TypesError::UnknownSchema {
            name: name.clone(),
            schemas: there.into_iter().collect(),
        }),
        None if named.is_empty() => Ok(there),
        None => Ok(named.iter().cloned().collect()),
    }
}

fn path(class: &'static Class, name: &QualifiedName, child: Option<&str>) -> ObjectPath {
    ObjectPath {
        schema: Some(name.schema.clone()),
        name: name.name.clone(),
        signature: String::new(),
        child: child.map(str::to_owned),
        class,
    }
}

fn class_of(relation: &Relation) -> &'static Class {
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable => &class::TABLE,
        RelationKind::View => &class::VIEW,
        RelationKind::MaterializedView => &class::MATERIALIZED_VIEW,
        RelationKind::ForeignTable => &class::FOREIGN_TABLE,
    }
}

/// What the rows of a relation are.
fn rows(relation: &Relation, types: &Types<'_>, scope: &Scope) -> Object {
    let class = class_of(relation);
    let is_table = [&class::TABLE, &class::FOREIGN_TABLE].contains(&class);
    let ignored = |column: &Column| scope.ignores(&path_of_column(relation, column));
    let columns = relation.columns.iter().filter(|column| !ignored(column));
    Object {
        name: relation.name.clone(),
        class,
        fields: columns
            .map(|column| field(relation, column, is_table, types))
            .collect(),
        comment: relation.comment.clone(),
    }
}

fn path_of_column(relation: &Relation, column: &Column) -> ObjectPath {
    path(&class::COLUMN, &relation.name, Some(&column.name))
}

fn field(relation: &Relation, column: &Column, of_a_table: bool, types: &Types<'_>) -> Field {
    let mut shape = types.shape(&column.data_type);
    if let Shape::Array { nullable, .. } = &mut shape {
        *nullable = !elements_are_checked(relation, column);
    }
    // A domain's word counts for what is stored only: through an outer join a view has NULLs of it. That a sub-select without a row
    // stores one as well is PostgreSQL's own warning about such domains; information_schema and Diesel take them at their word.
    let not_null_domain = types
        .domains_of(&column.data_type)
        .any(|domain| domain.not_null);
    let not_null = of_a_table && (column.not_null || not_null_domain);
    let refuses_null = not_null || column.not_null_not_valid;
    let has_default = column.identity.is_some()
        || match &column.default {
            Some(default) => is_a_value(default),
            None => types.has_default(&column.data_type),
        };
    let generated = column.generated.is_some() || column.identity == Some(Identity::Always);
    Field {
        name: column.name.clone(),
        input: (of_a_table && !generated).then(|| Input {
            shape: shape.clone(),
            nullable: !refuses_null,
            optional: has_default || !refuses_null,
        }),
        shape,
        nullable: !not_null,
        comment: column.comment.clone(),
    }
}

/// Whether a check keeps NULL out of an array: the usual one, and nothing else in it. Rows that were there before may have it unless it was
/// validated.
fn elements_are_checked(relation: &Relation, column: &Column) -> bool {
    let head = format!("(array_position({}, NULL::", quote_identifier(&column.name));
    relation.checks.iter().any(|check| {
        let rest = check.expression.strip_prefix(&head);
        let type_name = rest.and_then(|rest| rest.strip_suffix(") IS NULL)"));
        !check.not_valid
            && !check.not_enforced
            && type_name.is_some_and(|name| !name.contains([',', '(']))
    })
}

/// The attributes of a composite type. Any of them can be null, also where a table's column of that name cannot.
fn attribute(
    name: &str,
    data_type: &crate::catalog::DataType,
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
        class: class_of(relation),
        fields: columns
            .map(|part| attribute(&part.name, &part.data_type, part.comment.as_ref(), types))
            .collect(),
        comment: relation.comment.clone(),
    }
}

/// The types that are written, found by following what is made of what.
#[derive(Default)]
struct Used {
    enums: BTreeMap<QualifiedName, EnumType>,
    /// After what they are made of.
    composites: Vec<Object>,
    seen: BTreeSet<QualifiedName>,
    /// The composite types that hold what is read in another form than it is written in.
    read_otherwise: BTreeSet<QualifiedName>,
}

impl Used {
    fn shape(&mut self, shape: &Shape, catalog: &Catalog, types: &Types<'_>) {
        match shape {
            Shape::Array { element, .. } => self.shape(element, catalog, types),
            Shape::Enum(name) => {
                if let Some(found) = types.enum_type(name) {
                    self.enums.insert(name.clone(), found.clone());
                }
            }
            // PostgreSQL lets no composite type be made of itself: this ends.
            Shape::Composite(name) if self.seen.insert(name.clone()) => {
                let own = catalog.composites.iter().find(|own| own.name == *name);
                let object = own
                    .map(|own| composite(own, types))
                    .or_else(|| Some(row_type(types.relation(name)?, types)));
                let Some(object) = object else { return };
                for field in &object.fields {
                    self.shape(&field.shape, catalog, types);
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
    fn written(&self, shape: &Shape) -> Shape {
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
