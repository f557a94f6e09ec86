use super::writers::writes;
use super::{Asked, Judge, Judged, Kind};
use crate::catalog::query::Table;
use crate::catalog::{Column, IndexTerm, QualifiedName};
use crate::declared::{Derive, Model, Span};
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};

pub(super) static LINE: Kind = Kind {
    id: "audit-log",
    title: "an audit log is there, and is written",
    asked: Some(Asked {
        is: |asked| asked.audit_log.is_some(),
        sentence: "audit_log = \"app.audit_log\": whether it says when who did what to which entity, with indexes, and is written",
    }),
    judge: Judge::Schema(judge),
};

/// What an entry has to say, and the names that columns have for it.
const FACTS: [(&str, &[&str]); 6] = [
    (
        "when",
        &[
            "ts",
            "at",
            "time",
            "timestamp",
            "created",
            "occurred",
            "logged",
            "changed",
            "recorded",
            "stamp",
            "date",
        ],
    ),
    (
        "who (actor)",
        &[
            "actor",
            "user",
            "admin",
            "moderator",
            "author",
            "by",
            "who",
            "owner",
            "principal",
            "role",
        ],
    ),
    (
        "what (action)",
        &["action", "operation", "op", "event", "verb"],
    ),
    (
        "which entity",
        &[
            "entity", "table", "record", "row", "object", "resource", "target", "subject",
            "relation",
        ],
    ),
    ("before", &["before", "old", "previous", "from"]),
    ("after", &["after", "new", "next", "to"]),
];

fn judge(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    let name = evidence.asked.audit_log.as_deref().unwrap_or_default();
    let table = match schema.table(name) {
        Ok(table) => table,
        Err(what) => return (Status::Red, vec![format!("{name} {what}")]),
    };
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for (fact, words) in FACTS {
        match columns(&table, fact, words).first() {
            Some(column) => good.push(format!("{fact}: {}", column.name)),
            None => bad.push(format!("no column of {name} says {fact}")),
        }
    }
    for (fact, words) in [FACTS[0], FACTS[3]] {
        let all = columns(&table, fact, words);
        let is_any_indexed = all.iter().any(|column| is_indexed(&table, column));
        if !all.is_empty() && !is_any_indexed {
            bad.push(format!(
                "no index of {name} begins with {fact}: `{}`",
                all[0].name
            ));
        }
    }
    let writers = writers(evidence, schema, &table);
    if writers.is_empty() {
        let unseen = match schema.declared_as(&table.name).next() {
            Some(_) => "no trigger, no test, and no struct that derives `Insertable`",
            None => {
                "no trigger; and what tests and code write is not seen, because schema.rs does not have it"
            }
        };
        bad.push(format!("nothing is seen to write {name}: {unseen}"));
    }
    if bad.is_empty() {
        let sentence = format!("{}; written by {}", good.join(", "), writers.join(" and "));
        return (Status::Green, vec![sentence]);
    }
    (Status::Yellow, bad)
}

/// Names of one document that says both what a row was and what it became.
const BOTH: [&str; 7] = [
    "diff",
    "diffs",
    "change",
    "changes",
    "delta",
    "changeset",
    "changed",
];

/// The columns that say a fact.
fn columns<'a>(table: &Table<'a>, fact: &str, words: &[&str]) -> Vec<&'a Column> {
    let named = columns_named(table, fact, words);
    if !named.is_empty() {
        return named;
    }
    let relation = table.relation();
    let has_word = |column: &Column, words: &[&str]| {
        let name = column.name.to_lowercase();
        name.split('_').any(|word| words.contains(&word))
    };
    let is_document = |column: &Column| ["json", "jsonb"].contains(&column.data_type.name.as_str());
    let refers = |column: &Column| {
        let mut keys = relation.foreign_keys.iter();
        keys.any(|key| key.columns.contains(&column.name))
    };
    let says = |column: &&Column| match fact {
        "before" | "after" => is_document(column) && has_word(column, &BOTH),
        // A log of one table's rows says which by referring to it.
        "which entity" => refers(column) && !has_word(column, FACTS[1].1),
        _ => false,
    };
    relation.columns.iter().filter(says).collect()
}

/// The columns whose names have one of the words for a fact; of the time, those that are one.
fn columns_named<'a>(table: &Table<'a>, fact: &str, words: &[&str]) -> Vec<&'a Column> {
    let says = |column: &&Column| {
        let is_time = column.data_type.name.starts_with("timestamp");
        let name = column.name.to_lowercase();
        // A flag or a number is no state of a row.
        let is_flag = ["bool", "int2", "int4", "int8"].contains(&column.data_type.name.as_str());
        let is_state = ["before", "after"].contains(&fact);
        is_time == (fact == FACTS[0].0)
            && !(is_state && is_flag)
            && name.split('_').any(|word| words.contains(&word))
    };
    table.relation().columns.iter().filter(says).collect()
}

fn is_indexed(table: &Table<'_>, column: &Column) -> bool {
    (table.indexes.iter()).any(|index| {
        let first = index.columns.first().map(|first| &first.term);
        let begins = matches!(first, Some(IndexTerm::Column(name)) if *name == column.name);
        begins && !index.invalid && index.predicate.is_none()
    })
}

/// Who writes it: functions of triggers, tests, and the code's own row types.
fn writers(evidence: &Evidence<'_>, schema: &Schema, table: &Table<'_>) -> Vec<String> {
    let is_fired = |name: &QualifiedName| {
        let mut triggers =
            (schema.catalog.relations.iter()).flat_map(|relation| &relation.triggers);
        triggers.any(|trigger| trigger.function == *name && trigger.enabled.fires())
    };
    let functions = (schema.catalog.functions.iter()).filter(|function| {
        function.returns.as_deref() == Some("trigger")
            && is_fired(&function.name)
            && writes(&schema.catalog, function, &table.name)
    });
    let mut writers: Vec<String> = functions
        .map(|function| format!("the trigger function {}", function.name))
        .collect();
    let tests = (evidence.exercises.iter())
        .filter(|test| {
            schema
                .declared_as(&table.name)
                .any(|place| test.writes.contains(&place))
        })
        .count();
    if tests > 0 {
        writers.push(crate::text::plural(tests, "test"));
    }
    let is_inserted = |model: &&Model| {
        let mut places = schema.declared_as(&table.name);
        model.derives_any(&[Derive::Insertable]) && places.any(|place| model.table == Some(place))
    };
    if let Some(model) = evidence.models.models.iter().find(is_inserted) {
        let Span { file, line, .. } = &model.span;
        let (name, file) = (&model.rust_name, file.display());
        writers.push(format!("the code, with `{name}` ({file}:{line})"));
    }
    writers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, DataType, ForeignKey, Relation};

    #[test]
    fn facts_are_told_by_columns() {
        let log = |columns: &[(&str, &str)], refers: &[&str]| Catalog {
            relations: vec![Relation {
                name: QualifiedName::new("app", "log"),
                columns: (columns.iter())
                    .map(|(name, data_type)| Column {
                        name: (*name).to_owned(),
                        data_type: DataType {
                            name: (*data_type).to_owned(),
                            ..DataType::default()
                        },
                        ..Column::default()
                    })
                    .collect(),
                foreign_keys: (refers.iter())
                    .map(|column| ForeignKey {
                        columns: vec![(*column).to_owned()],
                        ..ForeignKey::default()
                    })
                    .collect(),
                ..Relation::default()
            }],
            ..Catalog::default()
        };
        let told = |catalog: &Catalog| -> Vec<String> {
            let tables = catalog.tables();
            let table = tables.iter().next().unwrap();
            (FACTS.iter())
                .map(|(fact, words)| {
                    let columns = columns(table, fact, words);
                    columns
                        .first()
                        .map_or_else(String::new, |of| of.name.clone())
                })
                .collect()
        };
        let one_document = log(
            &[
                ("occurred_at", "timestamptz"),
                ("user_id", "int8"),
                ("event_type", "text"),
                ("record_id", "int8"),
                ("changes", "jsonb"),
            ],
            &[],
        );
        assert_eq!(
            told(&one_document),
            [
                "occurred_at",
                "user_id",
                "event_type",
                "record_id",
                "changes",
                "changes"
            ]
        );
        let of_one_table = log(
            &[
                ("time", "timestamptz"),
                ("user_id", "int4"),
                ("action", "int4"),
                ("version_id", "int4"),
                ("changed", "bool"),
            ],
            &["user_id", "version_id"],
        );
        assert_eq!(
            told(&of_one_table),
            ["time", "user_id", "action", "version_id", "", ""]
        );
    }
}
