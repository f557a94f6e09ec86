use super::words::{is_key_type, keeps_records, list, names_of_tables, refers_to_several, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Selection};
use crate::catalog::{Column, DataType, QualifiedName, Relation, RelationKind};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::{BTreeSet, HashMap};

pub static KIND: Kind = Kind {
    id: "reference-unconstrained",
    severity: Severity::Warning,
    summary: "a column that refers to a table without a foreign key; a note where only its name says so",
    fixture: Some(rule_fixture!("reference-unconstrained")),
    found: Found::ByRule(&Rule {
        because: "Nothing keeps what it refers to there: after a delete the row points nowhere, or, worse, a new row gets the old number.",
        instead: "`FOREIGN KEY … REFERENCES …`, or a comment on the column that says what it is",
        default: Default::On,
        others: &[
            (
                "database_consistency",
                "`ForeignKeyChecker`, for associations",
            ),
            (
                "active_record_doctor",
                "`missing_foreign_keys`, for associations",
            ),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` refers to `{}` without a foreign key",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns();
    let known = Known::of(&columns, linted);
    (columns.iter())
        .filter(|column| may_refer(column, linted))
        .filter_map(|column| {
            let sure = known.of_code(column, linted).or_else(|| known.of_siblings(column));
            let (target, severity) = sure
                .map(|target| (target, Severity::Warning))
                .or_else(|| Some((known.of_name(column, linted)?, Severity::Note)))?;
            let (table, name) = (column.table.name.to_sql(), list([&column.name]));
            let finding = Finding::new(&KIND, column.subject())
                .severity(severity)
                .live(target.to_string());
            Some(finding.help(format!(
                "write `ALTER TABLE {table} ADD FOREIGN KEY ({name}) REFERENCES {};` and `CREATE INDEX ON {table} ({name});`, or say in a comment on the column \
                 what it is: `COMMENT ON COLUMN {table}.{name} IS '…';`",
                target.to_sql()
            )))
        })
        .collect()
}

fn may_refer<'a>(column: &Member<'a, Column>, linted: &Linted<'a>) -> bool {
    is_key_type(&column.data_type)
        && column.generated.is_none()
        // What counts up refers to nothing.
        && column.identity.is_none()
        && !linted.is_serial(column)
        && column.comment.is_none()
        && column.foreign_keys().next().is_none()
        && !refers_to_several(column)
        && !keeps_records(&column.table.name.name)
}

/// The name of a column, with its schema.
type Name<'a> = (&'a str, &'a str);

/// What the schema's foreign keys and names show, read once.
struct Known<'a> {
    /// Of columns that are a foreign key by themselves: their table, their type, and what they refer to.
    keys: HashMap<Name<'a>, Vec<(&'a QualifiedName, &'a DataType, &'a QualifiedName)>>,
    /// The last words of the tables' names, from the second word on: `proposal`, `circuit_proposal` of `grid_circuit_proposal`.
    endings: HashMap<Name<'a>, Vec<&'a QualifiedName>>,
    /// What the code joins over a column, by table and column: `joinable!`.
    joined: HashMap<(&'a QualifiedName, &'a str), BTreeSet<&'a QualifiedName>>,
}

impl<'a> Known<'a> {
    fn of(columns: &Selection<Member<'a, Column>>, linted: &Linted<'a>) -> Self {
        let mut keys: HashMap<_, Vec<_>> = HashMap::new();
        for column in columns.iter() {
            let table = &column.table.relation().name;
            let of_it_alone = column.foreign_keys().filter(|key| key.columns.len() == 1);
            let named = keys.entry((&*table.schema, &*column.item().name));
            let said = of_it_alone.map(|key| (table, &column.item().data_type, &key.target));
            named.or_default().extend(said);
        }
        let mut endings: HashMap<_, Vec<_>> = HashMap::new();
        for table in linted.tables() {
            let name = &table.relation().name;
            for (at, _) in name.name.match_indices('_') {
                let ending = &name.name[at + 1..];
                endings
                    .entry((&*name.schema, ending))
                    .or_default()
                    .push(name);
            }
        }
        let mut joined: HashMap<_, BTreeSet<_>> = HashMap::new();
        for join in linted.comparison.joins() {
            if let (Some(child), Some(parent)) = (join.child.relation, join.parent.relation) {
                let column = (&child.name, join.column);
                joined.entry(column).or_default().insert(&parent.name);
            }
        }
        Self {
            keys,
            endings,
            joined,
        }
    }

    /// The only table that the code joins over the column, where its key can be referred to.
    fn of_code(
        &self,
        column: &Member<'a, Column>,
        linted: &Linted<'a>,
    ) -> Option<&'a QualifiedName> {
        let own = &column.table.relation().name;
        let targets = self.joined.get(&(own, column.item().name.as_str()))?;
        let [target] = targets.iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        has_key_of(linted.relation(target)?, column).then_some(*target)
    }

    /// The table to which the columns of that name and type in two or more other tables refer, all of them.
    fn of_siblings(&self, column: &Member<'a, Column>) -> Option<&'a QualifiedName> {
        if !column.name.ends_with("_id") {
            return None;
        }
        let table = &column.table.relation().name;
        let keys = self.keys.get(&(&*table.schema, &*column.item().name))?;
        let siblings = || {
            (keys.iter())
                .filter(|(of, data_type, _)| *of != table && **data_type == column.data_type)
        };
        let tables: BTreeSet<_> = siblings().map(|(of, ..)| of).collect();
        let mut targets: BTreeSet<_> = siblings().map(|(.., target)| *target).collect();
        match (tables.len(), targets.len()) {
            (2.., 1) => targets.pop_first().filter(|target| *target != table),
            _ => None,
        }
    }

    /// The only table of the schema that its name may mean, whose key is of its type. Where another table's name ends so too, as
    /// `circuit_proposal` beside `proposal`, it may be that one.
    fn of_name(
        &self,
        column: &Member<'a, Column>,
        linted: &Linted<'a>,
    ) -> Option<&'a QualifiedName> {
        let own = column.table.relation();
        let names = names_of_tables(column.name.strip_suffix("_id")?);
        let is_ambiguous = names.iter().any(|name| {
            let tables = self.endings.get(&(&*own.name.schema, name.as_str()));
            tables.is_some_and(|tables| tables.iter().any(|table| **table != own.name))
        });
        let is_own_key =
            (own.primary_key.as_ref()).is_some_and(|key| key.columns == [column.name.clone()]);
        let meant = |name: &String| {
            let table = linted.relation(&QualifiedName::new(&own.name.schema, name))?;
            (table.name != own.name && has_key_of(table, column)).then_some(&table.name)
        };
        let mut tables = names.iter().filter_map(meant);
        match (tables.next(), tables.next(), is_ambiguous || is_own_key) {
            (Some(table), None, false) => Some(table),
            _ => None,
        }
    }
}

/// Whether a table has a key of one column, of the type of another column.
fn has_key_of(table: &Relation, column: &Member<'_, Column>) -> bool {
    let key = match table.primary_key.as_ref().map(|key| key.columns.as_slice()) {
        Some([name]) => table.column(name),
        _ => None,
    };
    let is_table = matches!(
        table.kind,
        RelationKind::Table | RelationKind::PartitionedTable
    );
    is_table && key.is_some_and(|key| key.data_type == column.data_type)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, table};
    use super::*;
    use crate::catalog::Key;

    fn with_key(name: &str) -> Relation {
        let mut table = table(name, [column("id", "int8")]);
        table.primary_key = Some(Key {
            columns: vec!["id".into()],
            ..Key::default()
        });
        table
    }

    fn votes(columns: impl IntoIterator<Item = Column>, others: &[&str]) -> Vec<Finding> {
        let others = others.iter().map(|name| with_key(name));
        found(&KIND, others.chain([table("votes", columns)]))
    }

    #[test]
    fn a_name_and_a_type_are_a_note() {
        let findings = votes([column("proposal_id", "int8")], &["proposals"]);
        assert_eq!(findings[0].severity, Severity::Note);
        assert_eq!(votes([column("proposal_id", "uuid")], &["proposals"]), []);
    }

    #[test]
    fn a_name_that_may_mean_two_tables_is_none() {
        let proposals = ["proposal", "circuit_proposal"];
        assert_eq!(votes([column("proposal_id", "int8")], &proposals), []);
    }

    #[test]
    fn a_column_whose_table_another_column_names_is_none() {
        let columns = [column("owner_id", "int8"), column("owner_kind", "int4")];
        assert_eq!(votes(columns, &["owners"]), []);
    }
}
