use super::words::list;
use super::{Default, Rule, rule_fixture};
use crate::catalog::{Column, Index, IndexTerm, Persistence, Relation, RelationKind};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "primary-key-absent",
    severity: Severity::Warning,
    summary: "a table without a primary key; a note where another key can be it, and for an unlogged table",
    fixture: Some(rule_fixture!("primary-key-absent")),
    found: Found::ByRule(&Rule {
        because: "`diesel print-schema` stops at it and prints no schema at all. Nothing tells one row from another, so that a duplicate cannot be deleted \
                  alone, and logical replication refuses UPDATE and DELETE.",
        instead: "a primary key: a column of its own, or, in a table that joins two others, the two references",
        default: Default::On,
        others: &[
            (
                "splinter",
                "0004 `no_primary_key`, for each partition again",
            ),
            (
                "diesel-guard",
                "`create-table-without-pk`, also where a later statement adds it",
            ),
            ("active_record_doctor", "`table_without_primary_key`"),
        ],
        check,
    }),
    message: |finding| format!("table `{}` has no primary key", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter(|table| table.primary_key.is_none())
        .map(|table| {
            let finding = Finding::new(&KIND, Subject::Relation(table.name.clone()));
            let finding = match table.persistence {
                Persistence::Permanent => finding,
                // What may be lost at a crash is less often told apart.
                Persistence::Unlogged => finding.severity(Severity::Note),
            };
            match stands_in(&table, linted) {
                Some(columns) => finding.severity(Severity::Note).help(format!(
                    "({columns}) is unique and never null: write `ALTER TABLE {} ADD PRIMARY KEY ({columns});`",
                    table.name.to_sql()
                )),
                None => match of_parent(&table, linted).or_else(|| new_key(&table)) {
                    Some(key) => finding.help(format!(
                        "write `ALTER TABLE {} ADD {key};`",
                        table.name.to_sql()
                    )),
                    None => finding,
                },
            }
        })
        .collect()
}

/// The primary key of a table that this one inherits from: it has those columns, and not the key.
fn of_parent(table: &Relation, linted: &Linted<'_>) -> Option<String> {
    let mut parents = (table.inherits.iter()).filter_map(|parent| linted.relation(parent));
    let key = parents.find_map(|parent| parent.primary_key.as_ref())?;
    Some(format!("PRIMARY KEY ({})", list(&key.columns)))
}

/// A key that a table without any can get: the references of one that joins others, or a column of its own. That of a partitioned table has its partition
/// key in it.
fn new_key(table: &Relation) -> Option<String> {
    let refers = |column: &&Column| {
        (table.foreign_keys.iter()).any(|key| key.columns.contains(&column.name))
    };
    let references: Vec<&String> = (table.columns.iter().filter(refers))
        .map(|column| &column.name)
        .collect();
    match (table.kind, references.len(), table.column("id")) {
        (RelationKind::PartitionedTable, ..) => None,
        (_, 2.., _) => Some(format!("PRIMARY KEY ({})", list(references))),
        (_, _, None) => {
            Some("COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY".to_owned())
        }
        (_, _, Some(_)) => None,
    }
}

/// The columns of a unique index over all rows, none of which can be null.
fn stands_in(table: &Relation, linted: &Linted<'_>) -> Option<String> {
    let deferrable = |name: &Option<String>| {
        let mut keys = table.unique.iter();
        name.is_some() && keys.any(|key| Some(&key.name) == name.as_ref() && key.deferrable)
    };
    let names = |index: &Index| -> Option<Vec<String>> {
        let names = index.columns.iter().map(|column| match &column.term {
            IndexTerm::Column(name) => Some(name.clone()),
            IndexTerm::Expression(_) => None,
        });
        names.collect()
    };
    let never_null = |name: &String| {
        table
            .column(name)
            .is_some_and(|column| !linted.is_nullable(column, table))
    };
    (table.indexes.iter())
        .filter(|index| index.unique && !index.invalid && index.predicate.is_none())
        .filter(|index| !deferrable(&index.constraint))
        .filter_map(names)
        .find(|names| !names.is_empty() && names.iter().all(never_null))
        .map(list)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, table};
    use super::*;
    use crate::catalog::Key;

    #[test]
    fn a_child_has_the_columns_of_a_key_and_not_the_key() {
        let mut parent = table("parents", [column("id", "int8")]);
        parent.primary_key = Some(Key {
            columns: vec!["id".to_owned()],
            ..Key::default()
        });
        let mut child = table("children", [column("id", "int8")]);
        child.inherits.push(parent.name.clone());
        let findings = found(&KIND, [parent, child]);
        assert_eq!(
            findings[0].help,
            ["write `ALTER TABLE public.children ADD PRIMARY KEY (id);`"]
        );
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn a_table_that_may_be_lost_is_a_note() {
        let mut inbox = table("inbox", [column("line", "text")]);
        inbox.persistence = Persistence::Unlogged;
        assert_eq!(found(&KIND, [inbox])[0].severity, Severity::Note);
    }
}
