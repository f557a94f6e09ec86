//! From a type as the source has it to a [`Type`].

use super::model::Type;
use super::names::{From, Item, MAX_STEPS, Project};
use super::sql_types::{Names, RawStruct};
use super::type_ref::TypeRef;
use super::types::{self, Builtin};

/// A resolved type and the `Nullable` around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) nullable: bool,
    pub(super) ty: Type,
    /// The struct that names it: indices of its file and in [`Facts::structs`].
    pub(super) structure: Option<(usize, usize)>,
}

impl Project<'_> {
    /// Resolves a type.
    pub(super) fn resolve(&self, ty: &TypeRef, from: From<'_>) -> Resolved {
        self.resolve_type(ty, from, MAX_STEPS)
    }

    fn resolve_type(&self, ty: &TypeRef, from: From<'_>, steps: usize) -> Resolved {
        let known = |name: &str| Type::Known {
            schema: Some("pg_catalog".to_owned()),
            name: name.to_owned(),
        };
        let unknown = || Type::Unknown {
            name: ty.name().to_owned(),
        };
        let plain = |ty: Type| Resolved {
            nullable: false,
            ty,
            structure: None,
        };
        if steps == 0 {
            return plain(unknown());
        }
        let argument = || {
            ty.arguments
                .first()
                .map(|argument| self.resolve_type(argument, from, steps - 1))
        };
        let over = |range: fn(&str) -> Option<&'static str>| match argument().map(|of| of.ty) {
            Some(Type::Known {
                schema: Some(schema),
                name,
            }) if schema == "pg_catalog" => range(&name).map_or_else(unknown, known),
            _ => unknown(),
        };
        match self.locate(&ty.path, from, steps) {
            Item::Builtin(Builtin::Plain(name)) => plain(known(name)),
            Item::Builtin(Builtin::Extension(name)) => plain(Type::Known {
                schema: None,
                name: name.to_owned(),
            }),
            Item::Builtin(Builtin::Nullable) => match argument() {
                Some(inner) => Resolved {
                    nullable: true,
                    ..inner
                },
                None => plain(unknown()),
            },
            Item::Builtin(Builtin::Array) => match argument() {
                Some(inner) => Resolved {
                    nullable: false,
                    ty: Type::Array {
                        element: Box::new(inner.ty),
                        nullable: inner.nullable,
                    },
                    structure: inner.structure,
                },
                None => plain(unknown()),
            },
            Item::Builtin(Builtin::Range) => plain(over(types::range_over)),
            Item::Builtin(Builtin::Multirange) => plain(over(types::multirange_over)),
            Item::Builtin(Builtin::Opaque) | Item::Unknown => plain(unknown()),
            Item::Struct(file, index) => {
                let (_, found) = &self.files[file].facts.structs[index];
                Resolved {
                    nullable: false,
                    ty: named(found).unwrap_or_else(unknown),
                    structure: Some((file, index)),
                }
            }
            Item::Alias(file, index) => {
                let (scope, alias) = &self.files[file].facts.aliases[index];
                let from = From {
                    file,
                    scope: *scope,
                    table: None,
                };
                self.resolve_type(&alias.target, from, steps - 1)
            }
        }
    }
}

/// A struct's type.
fn named(found: &RawStruct) -> Option<Type> {
    let (schema, name) = match &found.names {
        Names::Name { schema, name } => (schema.clone(), name.clone()),
        Names::Oid(oid) => (
            Some("pg_catalog".to_owned()),
            types::by_oid(*oid)?.to_owned(),
        ),
    };
    Some(Type::Known { schema, name })
}
