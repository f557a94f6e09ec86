use super::{Asked, Judge, Judged, Kind};
use crate::catalog::query::Table;
use crate::catalog::{Column, Enabled, IndexTerm, QualifiedName};
use crate::migrate::uncommented;
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
        if !all.is_empty() && !all.iter().any(|column| is_indexed(&table, column)) {
            bad.push(format!(
                "no index of {name} begins with {fact}: `{}`",
                all[0].name
            ));
        }
    }
    let writers = writers(evidence, schema, &table);
    if writers.is_empty() {
        bad.push(format!(
            "neither a trigger nor a test is seen to write {name}"
        ));
    }
    if bad.is_empty() {
        let sentence = format!("{}; written by {}", good.join(", "), writers.join(" and "));
        return (Status::Green, vec![sentence]);
    }
    (Status::Yellow, bad)
}

/// The columns whose names have one of the words for a fact; of the time, those that are one.
fn columns<'a>(table: &Table<'a>, fact: &str, words: &[&str]) -> Vec<&'a Column> {
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

/// Who writes it: functions of triggers, and tests.
fn writers(evidence: &Evidence<'_>, schema: &Schema, table: &Table<'_>) -> Vec<String> {
    let is_fired = |name: &QualifiedName| {
        let mut triggers =
            (schema.catalog.relations.iter()).flat_map(|relation| &relation.triggers);
        triggers.any(|trigger| {
            trigger.function == *name
                && matches!(trigger.enabled, Enabled::Origin | Enabled::Always)
        })
    };
    let functions = (schema.catalog.functions.iter()).filter(|function| {
        function.returns.as_deref() == Some("trigger")
            && is_fired(&function.name)
            && (function.body.as_deref())
                .is_some_and(|body| inserts_into(body, &table.name, &function.name.schema))
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
    writers
}

/// Whether a function's text has an INSERT into a table; a bare name is taken for one of the function's own schema.
fn inserts_into(body: &str, table: &QualifiedName, own_schema: &str) -> bool {
    let lower = uncommented(body).to_lowercase().replace('"', "");
    let words: Vec<&str> = (lower.split(|c: char| c.is_whitespace() || c == '('))
        .filter(|word| !word.is_empty())
        .collect();
    let is_it = |name: &str| {
        let (schema, name) = name.rsplit_once('.').unwrap_or((own_schema, name));
        schema == table.schema.to_lowercase() && name == table.name.to_lowercase()
    };
    words
        .windows(3)
        .any(|three| three[..2] == ["insert", "into"] && is_it(three[2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_is_seen_in_a_body() {
        let log = QualifiedName::new("app", "Audit_Log");
        let inserts = |body| inserts_into(body, &log, "app");
        assert!(inserts(
            "BEGIN\n  INSERT INTO app.audit_log(ts) VALUES (now()); END"
        ));
        assert!(inserts("insert into \"Audit_Log\" values (1)"));
        assert!(!inserts("insert into other.audit_log values (1)"));
        assert!(!inserts("SELECT 'insert'; UPDATE audit_log SET x = 1"));
    }
}
