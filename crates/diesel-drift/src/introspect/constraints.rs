//! Constraints of relations.

use super::query::{Query, query};
use super::relations::Relations;
use super::{IntrospectError, letter, tree};
use crate::catalog::{
    Check, Enabled, Exclusion, ForeignKey, ForeignKeyTriggers, Key, MatchType, ReferentialAction,
};
use diesel::sql_types::{Array, Bool, CChar, Nullable, Oid, SmallInt, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ConstraintRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Oid)]
    relation: u32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = CChar)]
    kind: u8,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    columns: Option<Vec<i16>>,
    #[diesel(sql_type = Oid)]
    index: u32,
    #[diesel(sql_type = Oid)]
    target: u32,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    target_columns: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<CChar>)]
    match_type: Option<MatchType>,
    #[diesel(sql_type = Nullable<CChar>)]
    on_update: Option<ReferentialAction>,
    #[diesel(sql_type = Nullable<CChar>)]
    on_delete: Option<ReferentialAction>,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    on_delete_columns: Option<Vec<i16>>,
    #[diesel(sql_type = Bool)]
    deferrable: bool,
    #[diesel(sql_type = Bool)]
    initially_deferred: bool,
    #[diesel(sql_type = Bool)]
    validated: bool,
    #[diesel(sql_type = Bool)]
    no_inherit: bool,
    #[diesel(sql_type = Bool)]
    enforced: bool,
    #[diesel(sql_type = Bool)]
    period: bool,
    #[diesel(sql_type = Bool)]
    inherited: bool,
    #[diesel(sql_type = Nullable<Text>)]
    expression_tree: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    definition: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
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

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ExpressionRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Nullable<Text>)]
    expression: Option<String>,
}

/// Adds the constraints to their relations. Returns which constraint an index serves, by the index's number.
pub(super) fn read(
    connection: &mut PgConnection,
    relations: &mut Relations,
) -> Result<HashMap<u32, String>, IntrospectError> {
    const CONSTRAINTS: Query = query!("constraints.sql");

    let mut rows = CONSTRAINTS.rows::<ConstraintRow>(connection)?;
    rows.retain(|row| relations.entry(row.relation).is_some());
    let expressions = Expressions::read(connection, &mut rows, relations)?;

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

/// The checks' expressions.
struct Expressions {
    /// The check that has the same expression, by check.
    representative: HashMap<u32, u32>,
    /// By representative.
    text: HashMap<u32, Option<String>>,
}

impl Expressions {
    /// Takes the trees out of the rows of checks and has each distinct one deparsed.
    ///
    /// Two checks are the same text if they are the same tree over columns of the same names.
    fn read(
        connection: &mut PgConnection,
        rows: &mut [ConstraintRow],
        relations: &Relations,
    ) -> Result<Self, IntrospectError> {
        const CHECK_EXPRESSIONS: Query = query!("check_expressions.sql");

        let mut distinct = HashMap::new();
        let mut representative = HashMap::new();
        for row in rows {
            if let (Some(tree), Some(entry)) =
                (row.expression_tree.take(), relations.entry(row.relation))
            {
                let names: Vec<String> = tree::columns(&tree)
                    .filter_map(|number| entry.name_in_expressions(number).map(str::to_owned))
                    .collect();
                let same = distinct
                    .entry((tree::without_locations(&tree), names))
                    .or_insert(row.oid);
                representative.insert(row.oid, *same);
            }
        }
        let oids: Vec<u32> = distinct.into_values().collect();
        let bound = diesel::sql_query(CHECK_EXPRESSIONS.text).bind::<Array<Oid>, _>(oids);
        let text = CHECK_EXPRESSIONS
            .load::<ExpressionRow, _>(bound, connection)?
            .into_iter()
            .map(|row| (row.oid, row.expression))
            .collect();
        Ok(Self {
            representative,
            text,
        })
    }

    fn of(&self, check: u32) -> Option<String> {
        self.text.get(self.representative.get(&check)?)?.clone()
    }
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
            .ok_or_else(|| incomplete(&row.name))?,
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
