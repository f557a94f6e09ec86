//! What other objects refer to by number: types, collations, operator classes.

use super::IntrospectError;
use super::query::{Query, query};
use crate::catalog::{DataType, QualifiedName, Storage};
use diesel::sql_types::{Array, Bool, CChar, Integer, Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The lookup tables.
pub(super) struct Lookup {
    /// By type and modifier.
    types: HashMap<(u32, i32), DataType>,
    /// What a type has by itself.
    type_defaults: HashMap<u32, TypeDefaults>,
    collations: HashMap<u32, QualifiedName>,
    operator_classes: HashMap<u32, OperatorClass>,
    /// Method and type that a default operator class is made for.
    exact_defaults: HashSet<(u32, u32)>,
}

struct TypeDefaults {
    /// 0 for none.
    collation: u32,
    storage: Storage,
}

struct OperatorClass {
    name: QualifiedName,
    method: u32,
    input: u32,
    by_default: bool,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct DataTypeRow {
    #[diesel(sql_type = Oid, column_name = "type")]
    oid: u32,
    #[diesel(sql_type = Integer)]
    modifier: i32,
    #[diesel(sql_type = Text)]
    sql: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    array: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    length: Option<i32>,
    #[diesel(sql_type = Oid)]
    collation: u32,
    #[diesel(sql_type = CChar)]
    storage: Storage,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct CollationRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct OperatorClassRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Oid)]
    method: u32,
    #[diesel(sql_type = Oid)]
    input: u32,
    #[diesel(sql_type = Bool)]
    by_default: bool,
}

impl Lookup {
    /// Reads the lookup tables; of types, those that are `used`, with their modifiers.
    pub(super) fn read(
        connection: &mut PgConnection,
        used: BTreeSet<(u32, i32)>,
    ) -> Result<Self, IntrospectError> {
        const DATA_TYPES: Query = query!("data_types.sql");
        const COLLATIONS: Query = query!("collations.sql");
        const OPERATOR_CLASSES: Query = query!("operator_classes.sql");

        let (used, modifiers): (Vec<u32>, Vec<i32>) = used.into_iter().unzip();
        let bound = diesel::sql_query(DATA_TYPES.text)
            .bind::<Array<Oid>, _>(used)
            .bind::<Array<Integer>, _>(modifiers);
        let mut types = HashMap::new();
        let mut type_defaults = HashMap::new();
        for row in DATA_TYPES.load::<DataTypeRow, _>(bound, connection)? {
            let data_type = DataType {
                sql: row.sql,
                schema: row.schema,
                name: row.name,
                array: row.array,
                length: row.length.and_then(|length| u32::try_from(length).ok()),
            };
            types.insert((row.oid, row.modifier), data_type);
            let defaults = TypeDefaults {
                collation: row.collation,
                storage: row.storage,
            };
            type_defaults.insert(row.oid, defaults);
        }
        let collations = COLLATIONS
            .rows::<CollationRow>(connection)?
            .into_iter()
            .map(|row| (row.oid, QualifiedName::new(row.schema, row.name)))
            .collect();
        let operator_classes: HashMap<u32, OperatorClass> = OPERATOR_CLASSES
            .rows::<OperatorClassRow>(connection)?
            .into_iter()
            .map(|row| {
                let class = OperatorClass {
                    name: QualifiedName::new(row.schema, row.name),
                    method: row.method,
                    input: row.input,
                    by_default: row.by_default,
                };
                (row.oid, class)
            })
            .collect();
        let exact_defaults = operator_classes
            .values()
            .filter(|class| class.by_default)
            .map(|class| (class.method, class.input))
            .collect();
        Ok(Self {
            types,
            type_defaults,
            collations,
            operator_classes,
            exact_defaults,
        })
    }

    /// A type with its modifier.
    pub(super) fn data_type(&self, oid: u32, modifier: i32) -> Result<DataType, IntrospectError> {
        self.types.get(&(oid, modifier)).cloned().ok_or_else(|| {
            IntrospectError::inconsistent(format!("type {oid} with modifier {modifier} is missing"))
        })
    }

    /// `collation` where it differs from the one that the type has by itself.
    pub(super) fn own_collation(
        &self,
        collation: u32,
        type_oid: u32,
    ) -> Result<Option<QualifiedName>, IntrospectError> {
        let usual = self.type_defaults.get(&type_oid);
        self.differing_collation(collation, usual.map_or(0, |usual| usual.collation))
    }

    /// `storage` where it differs from the one that the type has by itself.
    pub(super) fn own_storage(&self, storage: Storage, type_oid: u32) -> Option<Storage> {
        let usual = self.type_defaults.get(&type_oid);
        usual
            .is_some_and(|usual| usual.storage != storage)
            .then_some(storage)
    }

    /// `collation` where it differs from `usual`. 0 stands for none.
    pub(super) fn differing_collation(
        &self,
        collation: u32,
        usual: u32,
    ) -> Result<Option<QualifiedName>, IntrospectError> {
        if collation == usual || collation == 0 {
            return Ok(None);
        }
        match self.collations.get(&collation) {
            Some(name) => Ok(Some(name.clone())),
            None => Err(IntrospectError::inconsistent(format!(
                "collation {collation} is missing"
            ))),
        }
    }

    /// The name of an operator class, unless PostgreSQL picks it by itself for a column of type `base` (not a domain).
    ///
    /// PostgreSQL picks the method's default class for exactly that type; where there is none, the default class of a
    /// type that it is binary coercible to (`varchar` → `text_ops`, any enum → `enum_ops`).
    pub(super) fn chosen_operator_class(
        &self,
        oid: u32,
        base: u32,
    ) -> Result<Option<QualifiedName>, IntrospectError> {
        let class = self.class(oid)?;
        let picked = class.by_default
            && (class.input == base || !self.exact_defaults.contains(&(class.method, base)));
        Ok((!picked).then(|| class.name.clone()))
    }

    fn class(&self, oid: u32) -> Result<&OperatorClass, IntrospectError> {
        self.operator_classes.get(&oid).ok_or_else(|| {
            IntrospectError::inconsistent(format!("operator class {oid} is missing"))
        })
    }
}
