//! What a catalog's relations and types are as JSON, in no language's words.

use super::TypesError;
use super::shape::{Shape, Types, is_a_value};
use super::used::Used;
use crate::catalog::class::{self, Class};
use crate::catalog::{
    Catalog, Column, EnumType, Identity, QualifiedName, Relation, quote_identifier,
};
use crate::compare::Scope;
use std::collections::BTreeSet;

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
        let kept = scope.kept_catalog(catalog);
        let chosen = chosen_schemas(&kept, schemas)?;
        // What is ignored is written all the same where what is kept is made of it.
        let types = Types::new(catalog);
        let mut used = Used::default();
        let mut relations: Vec<Object> = kept
            .relations
            .iter()
            .filter(|relation| relation.partition_of.is_none())
            .filter(|relation| chosen.contains(&relation.name.schema))
            .map(|relation| rows(relation, &types))
            .collect();
        relations.sort_by(|a, b| a.name.cmp(&b.name));
        for found in &kept.enums {
            if chosen.contains(&found.name.schema) {
                used.shape(&Shape::Enum(found.name.clone()), &types);
            }
        }
        for found in &kept.composites {
            if chosen.contains(&found.name.schema) {
                used.shape(&Shape::Composite(found.name.clone()), &types);
            }
        }
        for field in relations.iter().flat_map(|relation| &relation.fields) {
            used.shape(&field.shape, &types);
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
fn chosen_schemas(kept: &Catalog, named: &[String]) -> Result<BTreeSet<String>, TypesError> {
    let there: BTreeSet<String> = kept
        .schemas
        .iter()
        .map(|schema| schema.name.clone())
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

/// What the rows of a relation are.
fn rows(relation: &Relation, types: &Types<'_>) -> Object {
    let class = relation.class();
    let is_table = [&class::TABLE, &class::FOREIGN_TABLE].contains(&class);
    Object {
        name: relation.name.clone(),
        class,
        fields: relation
            .columns
            .iter()
            .map(|column| field(relation, column, is_table, types))
            .collect(),
        comment: relation.comment.clone(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Attribute, BOOKKEEPING, CompositeType, DataType, Partition, Schema};
    use crate::compare::Ignore;
    use regex::Regex;

    fn data_type(schema: &str, name: &str) -> DataType {
        DataType {
            sql: name.to_owned(),
            schema: schema.to_owned(),
            name: name.to_owned(),
            ..DataType::default()
        }
    }

    fn composite(name: &str, part: DataType) -> CompositeType {
        let attribute = Attribute {
            name: "part".to_owned(),
            data_type: part,
            ..Attribute::default()
        };
        CompositeType {
            name: QualifiedName::new("public", name),
            attributes: vec![attribute],
            ..CompositeType::default()
        }
    }

    fn table(schema: &str, name: &str, column: DataType) -> Relation {
        let column = Column {
            name: "value".to_owned(),
            data_type: column,
            ..Column::default()
        };
        Relation {
            name: QualifiedName::new(schema, name),
            columns: vec![column],
            ..Relation::default()
        }
    }

    fn catalog() -> Catalog {
        let text = || data_type("pg_catalog", "text");
        Catalog {
            schemas: ["app", "public"]
                .map(|name| Schema {
                    name: name.to_owned(),
                    ..Schema::default()
                })
                .into(),
            relations: vec![
                table("app", "b", data_type("app", "a")),
                table("app", "a", data_type("public", "outer")),
                Relation {
                    partition_of: Some(Partition::default()),
                    ..table("app", "part", text())
                },
                table("public", BOOKKEEPING, text()),
            ],
            composites: vec![
                composite("outer", data_type("public", "within")),
                composite("within", text()),
                composite("unused", text()),
            ],
            ..Catalog::default()
        }
    }

    fn names(objects: &[Object]) -> Vec<String> {
        objects
            .iter()
            .map(|object| object.name.to_string())
            .collect()
    }

    #[test]
    fn partitions_and_bookkeeping_are_left_out_and_parts_come_first() {
        let model = Model::new(&catalog(), &Scope::default(), &[]).unwrap();
        assert_eq!(names(&model.relations), ["app.a", "app.b"]);
        assert_eq!(
            names(&model.composites),
            ["public.within", "public.outer", "public.unused", "app.a"]
        );
        let row_type = model.composites.last().unwrap();
        assert!(row_type.fields.iter().all(|field| field.input.is_none()));
    }

    #[test]
    fn what_a_chosen_schema_uses_comes_along_and_nothing_else() {
        let model = Model::new(&catalog(), &Scope::default(), &["app".to_owned()]).unwrap();
        assert_eq!(
            names(&model.composites),
            ["public.within", "public.outer", "app.a"]
        );
        assert!(model.plain_schemas.contains("app"));
        let error = Model::new(&catalog(), &Scope::default(), &["nowhere".to_owned()]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "there is no schema nowhere here; the schemas are app, public"
        );
    }

    #[test]
    fn what_is_ignored_is_left_out_down_to_a_column() {
        let scope = Scope {
            ignores: ["b", "value"]
                .map(|name| Ignore {
                    class: None,
                    schema: Some("app".to_owned()),
                    name: Regex::new(&format!("^(?:{name})$")).ok(),
                    reason: "another system's".to_owned(),
                })
                .into(),
            ..Scope::default()
        };
        let model = Model::new(&catalog(), &scope, &[]).unwrap();
        assert_eq!(names(&model.relations), ["app.a"]);
        assert!(model.relations[0].fields.is_empty());
    }
}
