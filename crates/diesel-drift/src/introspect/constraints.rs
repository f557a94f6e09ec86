//! Constraints of relations.

use super::expressions::{Expressions, Trees};
use super::query::{Query, query};
use super::relations::Relations;
use super::row::row;
use super::{IntrospectError, letter};
use crate::catalog::{
    Check, Enabled, Exclusion, ForeignKey, ForeignKeyTriggers, Key, MatchType, ReferentialAction,
};
use diesel::sql_types::{Array, Bool, CChar, Nullable, Oid, SmallInt, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

row! {
    struct ConstraintRow {
        oid: Oid => u32,
        relation: Oid => u32,
        name: Text => String,
        kind: CChar => u8,
        columns: Nullable<Array<SmallInt>> => Option<Vec<i16>>,
        index: Oid => u32,
        target: Oid => u32,
        target_columns: Nullable<Array<SmallInt>> => Option<Vec<i16>>,
        match_type: Nullable<CChar> => Option<MatchType>,
        on_update: Nullable<CChar> => Option<ReferentialAction>,
        on_delete: Nullable<CChar> => Option<ReferentialAction>,
        on_delete_columns: Nullable<Array<SmallInt>> => Option<Vec<i16>>,
        deferrable: Bool => bool,
        initially_deferred: Bool => bool,
        validated: Bool => bool,
        no_inherit: Bool => bool,
        enforced: Bool => bool,
        period: Bool => bool,
        inherited: Bool => bool,
        expression_tree: Nullable<Text> => Option<String>,
        definition: Nullable<Text> => Option<String>,
        comment: Nullable<Text> => Option<String>,
    }
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct InternalTriggerRow {
    #[diesel(sql_type = Oid)]
    constraint: u32,
    #[diesel(sql_type = Text)]
    function: String,
    #[diesel(sql_type = CChar)]
    enabled: Enabled,
}

/// Adds the constraints to their relations. Returns which constraint an index serves, by the index's number.
pub(super) fn read(
    connection: &mut PgConnection,
    relations: &mut Relations,
) -> Result<HashMap<u32, String>, IntrospectError> {
    const CONSTRAINTS: Query = query!("constraints.sql");

    let mut rows = CONSTRAINTS.rows::<ConstraintRow>(connection)?;
    rows.retain(|row| relations.entry(row.relation).is_some());
    let expressions = expressions(connection, &mut rows, relations)?;
    let triggers = InternalTriggers::read(connection)?;
    let mut served = HashMap::new();
    for row in rows {
        if matches!(row.kind, b'p' | b'u' | b'x') {
            served.insert(row.index, row.name.clone());
        }
        add(row, &expressions, &triggers, relations)?;
    }
    Ok(served)
}

/// Takes the trees out of the rows of checks and has each distinct one deparsed.
fn expressions(
    connection: &mut PgConnection,
    rows: &mut [ConstraintRow],
    relations: &Relations,
) -> Result<Expressions, IntrospectError> {
    const CHECK_EXPRESSIONS: Query = query!("check_expressions.sql");
    let mut trees = Trees::default();
    for row in rows {
        if let (Some(tree), Some(entry)) =
            (row.expression_tree.take(), relations.entry(row.relation))
        {
            trees.add(row.oid, row.relation, &tree, |number| {
                entry.name_in_expressions(number)
            });
        }
    }
    trees.deparsed(connection, CHECK_EXPRESSIONS)
}

/// The internal triggers that are not enabled as usual, by constraint.
struct InternalTriggers(HashMap<u32, Vec<InternalTriggerRow>>);

impl InternalTriggers {
    fn read(connection: &mut PgConnection) -> Result<Self, IntrospectError> {
        const INTERNAL_TRIGGERS: Query = query!("internal_triggers.sql");
        let mut by_constraint: HashMap<u32, Vec<InternalTriggerRow>> = HashMap::new();
        for row in INTERNAL_TRIGGERS.rows::<InternalTriggerRow>(connection)? {
            by_constraint.entry(row.constraint).or_default().push(row);
        }
        Ok(Self(by_constraint))
    }

    /// When the trigger whose function is the one that is meant fires.
    fn enabled(&self, constraint: u32, meant: impl Fn(&str) -> bool) -> Enabled {
        let mut rows = self.0.get(&constraint).into_iter().flatten();
        rows.find(|row| meant(&row.function))
            .map_or_else(Enabled::default, |row| row.enabled)
    }

    fn recheck(&self, constraint: u32) -> Enabled {
        self.enabled(constraint, |function| function == "unique_key_recheck")
    }

    fn foreign_key(&self, constraint: u32) -> ForeignKeyTriggers {
        // The target's are named for what they do: `RI_FKey_cascade_del`, `RI_FKey_noaction_upd`.
        let on_target = |change: &str| {
            self.enabled(constraint, |function| {
                !function.starts_with("RI_FKey_check_") && function.ends_with(change)
            })
        };
        ForeignKeyTriggers {
            on_insert: self.enabled(constraint, |function| function == "RI_FKey_check_ins"),
            on_update: self.enabled(constraint, |function| function == "RI_FKey_check_upd"),
            on_target_update: on_target("_upd"),
            on_target_delete: on_target("_del"),
        }
    }
}

fn add(
    row: ConstraintRow,
    expressions: &Expressions,
    triggers: &InternalTriggers,
    relations: &mut Relations,
) -> Result<(), IntrospectError> {
    let oid = row.relation;
    match row.kind {
        b'p' => {
            let key = key(row, triggers, relations)?;
            if let Some(entry) = relations.entry_mut(oid) {
                entry.relation.primary_key = Some(key);
            }
        }
        b'u' => {
            let key = key(row, triggers, relations)?;
            if let Some(entry) = relations.entry_mut(oid) {
                entry.relation.unique.push(key);
            }
        }
        b'f' => {
            let foreign_key = foreign_key(row, triggers, relations)?;
            if let Some(entry) = relations.entry_mut(oid) {
                entry.relation.foreign_keys.push(foreign_key);
            }
        }
        b'c' => {
            let check = check(row, expressions)?;
            if let Some(entry) = relations.entry_mut(oid) {
                entry.relation.checks.push(check);
            }
        }
        b'x' => {
            let exclusion = exclusion(row, triggers)?;
            if let Some(entry) = relations.entry_mut(oid) {
                entry.relation.exclusions.push(exclusion);
            }
        }
        other => {
            let sentence = letter::unknown("pg_constraint.contype", other);
            return Err(IntrospectError::inconsistent(sentence));
        }
    }
    Ok(())
}

fn key(
    row: ConstraintRow,
    triggers: &InternalTriggers,
    relations: &Relations,
) -> Result<Key, IntrospectError> {
    Ok(Key {
        columns: relations.column_names(row.relation, &row.columns.unwrap_or_default())?,
        name: row.name,
        without_overlaps: row.period,
        deferrable: row.deferrable,
        initially_deferred: row.initially_deferred,
        recheck: triggers.recheck(row.oid),
        inherited: row.inherited,
        comment: row.comment,
    })
}

fn foreign_key(
    row: ConstraintRow,
    triggers: &InternalTriggers,
    relations: &Relations,
) -> Result<ForeignKey, IntrospectError> {
    let columns =
        |oid, numbers: Option<Vec<i16>>| relations.column_names(oid, &numbers.unwrap_or_default());
    let (Some(match_type), Some(on_update), Some(on_delete)) =
        (row.match_type, row.on_update, row.on_delete)
    else {
        return Err(incomplete(&row.name));
    };
    Ok(ForeignKey {
        columns: columns(row.relation, row.columns)?,
        target: relations.name(row.target)?.clone(),
        target_columns: columns(row.target, row.target_columns)?,
        period: row.period,
        match_type,
        on_update,
        on_delete,
        on_delete_columns: columns(row.relation, row.on_delete_columns)?,
        deferrable: row.deferrable,
        initially_deferred: row.initially_deferred,
        not_valid: !row.validated,
        not_enforced: !row.enforced,
        internal_triggers: triggers.foreign_key(row.oid),
        inherited: row.inherited,
        comment: row.comment,
        name: row.name,
    })
}

fn check(row: ConstraintRow, expressions: &Expressions) -> Result<Check, IntrospectError> {
    Ok(Check {
        expression: expressions
            .of(row.oid)
            .ok_or_else(|| incomplete(&row.name))?
            .to_owned(),
        no_inherit: row.no_inherit,
        not_valid: !row.validated,
        not_enforced: !row.enforced,
        inherited: row.inherited,
        comment: row.comment,
        name: row.name,
    })
}

fn exclusion(
    row: ConstraintRow,
    triggers: &InternalTriggers,
) -> Result<Exclusion, IntrospectError> {
    Ok(Exclusion {
        definition: row.definition.ok_or_else(|| incomplete(&row.name))?,
        deferrable: row.deferrable,
        initially_deferred: row.initially_deferred,
        recheck: triggers.recheck(row.oid),
        inherited: row.inherited,
        comment: row.comment,
        name: row.name,
    })
}

fn incomplete(name: &str) -> IntrospectError {
    IntrospectError::inconsistent(format!("the definition of constraint {name} is missing"))
}
